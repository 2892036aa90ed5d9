/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The public header is good C++ too, by itself and first, and links: the smallest embedding. */
#include <xunzi/xunzi.h>

#include <cstring>

static void count(void *context, const xunzi_token *token) {
    *static_cast<size_t *>(context) += token->kind == XUNZI_TOKEN_BIGRAM;
}

int main() {
    size_t bigrams = 0;
    xunzi_index *index = nullptr;
    xunzi_search_options options = xunzi_search_options_default();
    bool right = xunzi_analyze(xunzi_string_of("專科聯盟"), XUNZI_PROFILE_BIGRAM, count,
                               &bigrams) == XUNZI_OK &&
                 bigrams == 3 && options.limit == 10 && options.snippets &&
                 xunzi_index_open("/nonexistent/collection", &index) == XUNZI_ERROR_NOT_FOUND &&
                 index == nullptr && std::strlen(xunzi_error_message()) > 0;
    return right ? 0 : 1;
}
