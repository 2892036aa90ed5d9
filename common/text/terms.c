/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Term names. */
#include "text/terms.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/utf8.h"

bool term_append_hash(struct buffer *out, const void *data, size_t size) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(data, size));
    for (size_t i = 0; i < sizeof canonical.digest; i++)
        if (!buffer_printf(out, "%02x", canonical.digest[i]))
            return false;
    return true;
}

bool term_append(struct buffer *out, const char *prefix, const char *name, size_t size) {
    if (!buffer_append_text(out, prefix))
        return false;
    if (size <= TERM_NAME_MOST && (size == 0 || (name[0] != 1 && !memchr(name, 0, size))))
        return buffer_append(out, name, size);
    return buffer_append_byte(out, 1) && term_append_hash(out, name, size);
}

bool term_append_id(struct buffer *out, xunzi_string id) {
    if (utf8_valid_prefix(id.data, id.size) == id.size)
        return term_append(out, TERM_PREFIX_ID, id.data, id.size);
    struct buffer repaired = {0};
    uint64_t replaced = 0;
    bool ok = utf8_append_repaired(&repaired, id.data, id.size, &replaced) &&
              term_append(out, TERM_PREFIX_ID, repaired.data, repaired.size);
    buffer_free(&repaired);
    return ok;
}

const char *term_prefix_of(xunzi_token_kind kind) {
    return kind == XUNZI_TOKEN_WORD ? TERM_PREFIX_WORD : TERM_PREFIX_NONE;
}

bool term_is_ranked(const char *term, size_t size) {
    if (size == 0 || term[0] < 'A' || term[0] > 'Z')
        return size > 0;
    size_t prefix = strlen(TERM_PREFIX_WORD);
    return size > prefix && memcmp(term, TERM_PREFIX_WORD, prefix) == 0;
}
