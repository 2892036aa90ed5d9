/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Showing the tokens of a text. */
#include "base/error.h"
#include "text/tokenize.h"

xunzi_status xunzi_analyze(xunzi_string text, xunzi_profile profile, xunzi_token_visitor *visit,
                           void *context) {
    struct tokenizer *tokenizer;
    struct buffer term = {0};
    struct token token;
    xunzi_status status = tokenizer_new(profile, &tokenizer);
    if (status == XUNZI_OK)
        status = tokenizer_set_text(tokenizer, text.data, text.size);
    while (status == XUNZI_OK && tokenizer_next(tokenizer, &token)) {
        buffer_clear(&term);
        if (!tokenizer_append_term(tokenizer, &token, &term)) {
            status = error_no_memory();
            break;
        }
        const xunzi_token public_token = {
            token.kind, token.position, {token.begin, token.end}, {term.data, term.size}};
        visit(context, &public_token);
    }
    buffer_free(&term);
    tokenizer_free(tokenizer);
    return status;
}
