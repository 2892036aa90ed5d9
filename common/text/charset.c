/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The evidence for a charset, weighed. */
#include "text/charset.h"

#include <ctype.h>
#include <stdio.h>
#include <unicode/ucnv.h>

#include "base/utf8.h"
#include "text/charset_convert.h"
#include "text/charset_reading.h"
#include "text/charset_statistics.h"

/* In nats. Text without a byte order mark is seldom UTF-16; a declaration is often copied from
 * another page, but it decides where the text is so short that its characters cannot; a mark is
 * hardly ever wrong for the first part. */
static const double BIAS_UTF8 = -8, BIAS_UTF16 = 12, BIAS_DECLARED = -15, BIAS_MARK = -1000;

/* Chinese has a mean of 7 nats, texts of rare characters 10; what is not in a charset and read in
 * it has 12 to 15. */
static const double LIKELY_MEAN = 12;

const char *charset_name(enum charset charset) {
    static const char *const names[] = {"UTF-8",    "GB18030",  "Big5-HKSCS",
                                        "UTF-16LE", "UTF-16BE", "declared"};
    return names[charset];
}

enum charset charset_of_name(const char *name, bool *known) {
    static const struct {
        const char *name; /* lower case, letters and digits only */
        enum charset charset;
    } names[] = {{"utf8", CHARSET_UTF8},          {"unicode11utf8", CHARSET_UTF8},
                 {"usascii", CHARSET_UTF8},       {"ascii", CHARSET_UTF8},
                 {"gb2312", CHARSET_GB18030},     {"gb231280", CHARSET_GB18030},
                 {"csgb2312", CHARSET_GB18030},   {"euccn", CHARSET_GB18030},
                 {"gbk", CHARSET_GB18030},        {"xgbk", CHARSET_GB18030},
                 {"gb18030", CHARSET_GB18030},    {"cp936", CHARSET_GB18030},
                 {"windows936", CHARSET_GB18030}, {"chinese", CHARSET_GB18030},
                 {"big5", CHARSET_BIG5},          {"big5hkscs", CHARSET_BIG5},
                 {"xxbig5", CHARSET_BIG5},        {"csbig5", CHARSET_BIG5},
                 {"cnbig5", CHARSET_BIG5},        {"cp950", CHARSET_BIG5},
                 {"windows950", CHARSET_BIG5},    {"utf16", CHARSET_UTF16LE},
                 {"unicode", CHARSET_UTF16LE},    {"utf16le", CHARSET_UTF16LE},
                 {"utf16be", CHARSET_UTF16BE}};
    char plain[CHARSET_NAME_SIZE];
    size_t size = 0;
    for (const char *at = name; *at && size + 1 < sizeof plain; at++)
        if (isalnum((unsigned char)*at))
            plain[size++] = (char)tolower((unsigned char)*at);
    plain[size] = '\0';
    *known = true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(plain, names[i].name) == 0)
            return names[i].charset;
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = size > 0 ? ucnv_open(name, &code) : NULL;
    *known = converter && U_SUCCESS(code);
    ucnv_close(converter);
    return *known ? CHARSET_DECLARED : CHARSET_UTF8;
}

/* The charset of the byte order mark that bytes begin with, and its size; 0: there is none. */
static size_t mark_of(const char *bytes, size_t size, enum charset *charset) {
    static const struct {
        const char *mark;
        size_t size;
        enum charset charset;
    } marks[] = {{"\xEF\xBB\xBF", 3, CHARSET_UTF8},
                 {"\xFF\xFE", 2, CHARSET_UTF16LE},
                 {"\xFE\xFF", 2, CHARSET_UTF16BE},
                 {"\x84\x31\x95\x33", 4, CHARSET_GB18030}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (size >= marks[i].size && memcmp(bytes, marks[i].mark, marks[i].size) == 0) {
            *charset = marks[i].charset;
            return marks[i].size;
        }
    }
    return 0;
}

/* Whether all bytes are text of 7 bits: no byte above, and no control character that text does not
 * have. ESC is in terminal logs. */
static bool is_ascii(const char *bytes, size_t size) {
    for (size_t i = 0; i < size; i++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (byte >= 0x80 || byte == 0)
            return false;
    }
    return true;
}

/* Whether text, well-formed UTF-8, is so by more than chance. One pair in five of GBK is a
 * character of two bytes in UTF-8, but hardly two in a row make one of three. */
static bool is_utf8_for_certain(const char *text, size_t size) {
    enum { SHORT_CHARACTERS = 10 };
    size_t characters = 0;
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] >= 0xE0)
            return true;
        characters += (unsigned char)text[i] >= 0xC0;
    }
    return characters >= SHORT_CHARACTERS;
}

/* The parts that bytes are to be converted in, and the evidence; the parts' memory is the caller's
 * also on failure. */
struct judgement {
    const char *bytes;
    size_t size;
    struct charset_evidence *evidence;
    struct charset_reading reading;
    bool well_formed; /* as UTF-8 */
    bool declared_known;
    enum charset declared;
};

static bool set_whole(struct judgement *judgement, enum charset charset,
                      enum charset_reason reason) {
    judgement->evidence->charset = charset;
    judgement->evidence->reason = reason;
    struct charset_reading *reading = &judgement->reading;
    if (!array_reserve(&reading->parts, &reading->part_capacity, 1, sizeof *reading->parts))
        return false;
    reading->parts[0] = (struct charset_part){charset, 0, judgement->size};
    reading->part_count = 1;
    return true;
}

/* The evidence about all parts: the charset of the most bytes, the mean cost, the second likeliest.
 */
static void sum_up(struct judgement *judgement) {
    const struct charset_reading *reading = &judgement->reading;
    struct charset_evidence *evidence = judgement->evidence;
    size_t bytes_in[CHARSET_KNOWN_COUNT] = {0};
    for (size_t i = 0; i < reading->part_count; i++)
        bytes_in[reading->parts[i].charset] += reading->parts[i].end - reading->parts[i].begin;
    evidence->charset = reading->parts[0].charset;
    for (enum charset charset = 0; charset < CHARSET_KNOWN_COUNT; charset++)
        if (bytes_in[charset] > bytes_in[evidence->charset])
            evidence->charset = charset;
    enum charset last = reading->parts[reading->part_count - 1].charset;
    evidence->next = CHARSET_KNOWN_COUNT;
    for (enum charset charset = 0; charset < CHARSET_KNOWN_COUNT; charset++)
        if (charset != last && (evidence->next == CHARSET_KNOWN_COUNT ||
                                reading->cost[charset] < reading->cost[evidence->next]))
            evidence->next = charset;
    evidence->margin = reading->cost[evidence->next] - reading->cost[last];
    evidence->parts = reading->part_count;
    evidence->changes_at = reading->part_count > 1 ? reading->parts[1].begin : 0;
    evidence->weighed = true;
}

/* Parts that are unlikely in their charset are UTF-8 with damage, if anything. */
static void doubt_parts(struct judgement *judgement) {
    struct charset_reading *reading = &judgement->reading;
    size_t kept = 0, doubted = 0;
    for (size_t i = 0; i < reading->part_count; i++) {
        struct charset_part *part = &reading->parts[i];
        double mean = charset_reading_mean(part->charset, judgement->bytes + part->begin,
                                           part->end - part->begin);
        if (part->charset != CHARSET_UTF8 && mean > LIKELY_MEAN) {
            part->charset = CHARSET_UTF8;
            doubted += part->end - part->begin;
        }
        if (kept > 0 && reading->parts[kept - 1].charset == part->charset)
            reading->parts[kept - 1].end = part->end;
        else
            reading->parts[kept++] = *part;
    }
    reading->part_count = kept;
    if (doubted > judgement->size / 2)
        judgement->evidence->reason = CHARSET_REASON_NONE;
}

/* Whether the declared charset, which is none of the known ones, makes likelier characters of the
 * bytes. */
static bool declared_is_likelier(const struct judgement *judgement, double than) {
    struct buffer text = {0};
    uint64_t ill_formed = 0, cost = 0;
    bool ok = charset_convert(CHARSET_DECLARED, judgement->evidence->declared, judgement->bytes,
                              judgement->size, &text, &ill_formed);
    for (size_t at = 0; ok && at < text.size;) {
        uint32_t c = utf8_next(text.data, text.size, &at);
        cost += c == UTF8_REPLACEMENT ? CHARSET_COST_ILL_FORMED : charset_cost(c);
    }
    buffer_free(&text);
    return ok && (double)cost / CHARSET_COST_UNIT + BIAS_DECLARED < than;
}

/* Where neither a mark nor well-formedness decides, or a mark may not hold to the end. */
static bool weigh(struct judgement *judgement, const enum charset *mark) {
    double bias[CHARSET_KNOWN_COUNT] = {
        [CHARSET_UTF8] = BIAS_UTF8, [CHARSET_UTF16LE] = BIAS_UTF16, [CHARSET_UTF16BE] = BIAS_UTF16};
    bool declared_here = judgement->declared_known && judgement->declared < CHARSET_KNOWN_COUNT;
    if (declared_here)
        bias[judgement->declared] += BIAS_DECLARED;
    if (mark)
        bias[*mark] += BIAS_MARK;
    if (!charset_reading_find(&judgement->reading, judgement->bytes, judgement->size, bias))
        return false;
    sum_up(judgement);
    struct charset_evidence *evidence = judgement->evidence;
    if (judgement->declared_known && !declared_here && !mark) {
        /* The costs found count from the lowest bias on. */
        double likeliest =
            judgement->reading
                .cost[judgement->reading.parts[judgement->reading.part_count - 1].charset];
        if (declared_is_likelier(judgement, likeliest + BIAS_UTF8)) {
            evidence->weighed = false;
            evidence->parts = 1;
            return set_whole(judgement, CHARSET_DECLARED, CHARSET_REASON_DECLARED);
        }
    }
    evidence->reason = mark ? CHARSET_REASON_MARK
                       : declared_here && evidence->charset == judgement->declared
                           ? CHARSET_REASON_DECLARED
                           : CHARSET_REASON_STATISTICS;
    if (!mark)
        doubt_parts(judgement);
    sum_up(judgement);
    evidence->cost = charset_reading_mean(evidence->charset, judgement->bytes, judgement->size);
    return true;
}

static bool judge(struct judgement *judgement, const char *declared) {
    struct charset_evidence *evidence = judgement->evidence;
    *evidence = (struct charset_evidence){.parts = 1};
    if (declared && *declared) {
        snprintf(evidence->declared, sizeof evidence->declared, "%s", declared);
        judgement->declared = charset_of_name(evidence->declared, &judgement->declared_known);
    }
    enum charset mark;
    bool marked = mark_of(judgement->bytes, judgement->size, &mark) > 0;
    bool well_formed = utf8_valid_prefix(judgement->bytes, judgement->size) == judgement->size;
    judgement->well_formed = well_formed;
    if (well_formed && marked)
        return set_whole(judgement, CHARSET_UTF8, CHARSET_REASON_MARK);
    if (well_formed && is_ascii(judgement->bytes, judgement->size))
        return set_whole(judgement, CHARSET_UTF8, CHARSET_REASON_ASCII);
    if (well_formed && is_utf8_for_certain(judgement->bytes, judgement->size))
        return set_whole(judgement, CHARSET_UTF8, CHARSET_REASON_WELL_FORMED);
    return weigh(judgement, marked ? &mark : NULL);
}

bool charset_detect(const char *bytes, size_t size, const char *declared,
                    struct charset_evidence *evidence) {
    struct judgement judgement = {.bytes = bytes, .size = size, .evidence = evidence};
    bool ok = judge(&judgement, declared);
    charset_reading_free(&judgement.reading);
    return ok;
}

bool charset_to_utf8(const char *bytes, size_t size, const char *declared, struct buffer *out,
                     struct charset_evidence *evidence) {
    struct judgement judgement = {.bytes = bytes, .size = size, .evidence = evidence};
    bool ok = judge(&judgement, declared);
    for (size_t i = 0; ok && i < judgement.reading.part_count; i++) {
        const struct charset_part *part = &judgement.reading.parts[i];
        size_t begin = out->size;
        bool as_it_is = part->charset == CHARSET_UTF8 && judgement.well_formed;
        ok = as_it_is ? buffer_append(out, bytes + part->begin, part->end - part->begin)
                      : charset_convert(part->charset, evidence->declared, bytes + part->begin,
                                        part->end - part->begin, out, &evidence->ill_formed);
        size_t got = out->size - begin;
        if (ok && got >= 3 && memcmp(out->data + begin, "\xEF\xBB\xBF", 3) == 0) {
            memmove(out->data + begin, out->data + begin + 3, got - 3);
            out->size -= 3;
        }
    }
    charset_reading_free(&judgement.reading);
    return ok;
}

bool charset_describe(const struct charset_evidence *evidence, struct buffer *out) {
    const char *name = evidence->charset == CHARSET_DECLARED ? evidence->declared
                                                             : charset_name(evidence->charset);
    bool ok = buffer_printf(out, "%s: ", name);
    switch (evidence->reason) {
    case CHARSET_REASON_ASCII:
        ok = ok && buffer_append_text(out, "ASCII only");
        break;
    case CHARSET_REASON_MARK:
        ok = ok && buffer_append_text(out, "a byte order mark");
        break;
    case CHARSET_REASON_WELL_FORMED:
        ok = ok && buffer_append_text(out, "well-formed");
        break;
    case CHARSET_REASON_DECLARED:
        ok = ok && buffer_append_text(out, "declared, and likely by its characters");
        break;
    case CHARSET_REASON_STATISTICS:
        ok = ok && buffer_append_text(out, "the likeliest by its characters");
        break;
    case CHARSET_REASON_NONE:
        ok = ok && buffer_append_text(out, "likely in no charset");
        break;
    }
    if (evidence->declared[0] && evidence->reason != CHARSET_REASON_DECLARED)
        ok = ok && buffer_printf(out, "; declared: %s", evidence->declared);
    if (evidence->weighed && (evidence->reason == CHARSET_REASON_DECLARED ||
                              evidence->reason == CHARSET_REASON_STATISTICS))
        ok = ok && buffer_printf(out, "; cost of a character %.1f nats, %s is %.0f nats behind",
                                 evidence->cost, charset_name(evidence->next), evidence->margin);
    if (evidence->parts > 1)
        ok = ok && buffer_printf(out, "; %zu parts of different charsets, the second from byte %zu",
                                 evidence->parts, evidence->changes_at);
    if (evidence->ill_formed > 0)
        ok = ok && buffer_printf(out,
                                 evidence->ill_formed == 1 ? "; %llu sequence is no character"
                                                           : "; %llu sequences are no characters",
                                 (unsigned long long)evidence->ill_formed);
    return ok;
}
