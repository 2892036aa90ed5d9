/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the public interface offers for its smallest values: strings and names. */
#include <xunzi/xunzi.h>

#include <string.h>

#include "base/error.h"
#include "base/printable.h"

xunzi_string xunzi_string_of(const char *text) {
    return text ? (xunzi_string){text, strlen(text)} : (xunzi_string){0};
}

xunzi_status xunzi_print_safe(xunzi_string text, bool one_line, char **out) {
    *out = NULL;
    struct buffer safe = {0};
    if (!printable_append(&safe, text.data, text.size, one_line) || !buffer_terminate(&safe)) {
        buffer_free(&safe);
        return error_no_memory();
    }
    *out = safe.data;
    return XUNZI_OK;
}

const char *xunzi_profile_name(xunzi_profile profile) {
    return profile == XUNZI_PROFILE_BIGRAM ? "bigram" : "full";
}

const char *xunzi_token_kind_name(xunzi_token_kind kind) {
    switch (kind) {
    case XUNZI_TOKEN_BIGRAM:
        return "bigram";
    case XUNZI_TOKEN_CHARACTER:
        return "character";
    case XUNZI_TOKEN_WORD:
        return "word";
    case XUNZI_TOKEN_LATIN:
        return "latin";
    }
    return "unknown";
}
