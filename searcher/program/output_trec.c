/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers as a TREC run, "qid Q0 id rank score xunzi", which trec_eval and its like read: fields
 * are parted by white space, so an id can hold none. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/utf8.h"
#include "searcher/program/output.h"

/* Unicode's White_Space above U+0020, without the controls and separators that base/printable takes
 * care of. Readers in some languages part fields there too. */
static bool is_space(uint32_t code_point) {
    return code_point == ' ' || code_point == 0xA0 || code_point == 0x1680 ||
           (code_point >= 0x2000 && code_point <= 0x200A) || code_point == 0x202F ||
           code_point == 0x205F || code_point == 0x3000;
}

/* Whether a character is to be percent-encoded: white space, or shown otherwise than as it is by
 * base/printable. */
static bool must_be_encoded(const char *character, size_t size, uint32_t code_point,
                            struct buffer *scratch, bool *ok) {
    if (is_space(code_point) || code_point == UTF8_ILL_FORMED)
        return true;
    if (code_point > 0x20 && code_point < 0x7F)
        return false;
    buffer_clear(scratch);
    *ok = printable_append(scratch, character, size, true) && *ok;
    return scratch->size != size || memcmp(scratch->data, character, size) != 0;
}

/* Appends a field; each byte of a character that a field cannot hold becomes %XX. */
static bool append_field(struct buffer *line, xunzi_string field) {
    struct buffer scratch = {0};
    bool ok = true;
    for (size_t at = 0; at < field.size && ok;) {
        size_t start = at;
        uint32_t code_point = utf8_next(field.data, field.size, &at);
        if (!must_be_encoded(field.data + start, at - start, code_point, &scratch, &ok)) {
            ok = ok && buffer_append(line, field.data + start, at - start);
            continue;
        }
        for (size_t i = start; i < at && ok; i++)
            ok = buffer_printf(line, "%%%02X", (unsigned)(unsigned char)field.data[i]);
    }
    buffer_free(&scratch);
    return ok;
}

static bool append_qid(struct buffer *line, const struct output_answer *answer) {
    if (answer->has_qid)
        return append_field(line, answer->qid);
    return buffer_printf(line, "%" PRIu64, answer->batch ? answer->line : 1);
}

bool output_trec(const struct output_style *style, const struct output_answer *answer) {
    const xunzi_results *results = answer->results;
    struct buffer qid = {0}, line = {0};
    bool ok = append_qid(&qid, answer) && buffer_terminate(&qid);
    if (ok && style->count_only)
        printf("%s %" PRIu64 "\n", qid.data, xunzi_results_total(results));
    size_t count = style->count_only ? 0 : xunzi_results_count(results);
    for (size_t i = 0; ok && i < count && !ferror(stdout); i++) {
        const xunzi_hit *hit = xunzi_results_hit(results, i);
        buffer_clear(&line);
        ok = buffer_append(&line, qid.data, qid.size) && buffer_append_text(&line, " Q0 ") &&
             append_field(&line, hit->id) &&
             buffer_printf(&line, " %" PRIu64 " %.6f xunzi\n", hit->rank, hit->score);
        if (ok)
            fwrite(line.data, 1, line.size, stdout);
    }
    buffer_free(&qid);
    buffer_free(&line);
    return ok;
}
