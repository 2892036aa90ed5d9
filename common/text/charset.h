/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which charset bytes are in, by evidence, and the same text in UTF-8.
 *
 * A byte order mark decides; so does being well-formed UTF-8 with a character of three bytes or
 * several of two in it, which no text in another charset is by chance. Otherwise the bytes are read
 * in every charset at once, and the charset in which they are the likeliest Chinese
 * (charset_statistics.h) is taken; one that was declared is believed unless the characters speak
 * against it. The reading may change its charset at a line's beginning, where that pays for the
 * change: files are joined of parts. Bytes that are likely in no charset are UTF-8 with damage.
 */
#ifndef XUNZI_TEXT_CHARSET_H
#define XUNZI_TEXT_CHARSET_H

#include "base/buffer.h"

enum charset {
    CHARSET_UTF8,
    CHARSET_GB18030, /* and its subsets GBK and GB 2312 */
    CHARSET_BIG5,    /* Big5-HKSCS */
    CHARSET_UTF16LE,
    CHARSET_UTF16BE,
    CHARSET_KNOWN_COUNT,
    CHARSET_DECLARED = CHARSET_KNOWN_COUNT /* another one that was declared, and that ICU knows */
};

enum charset_reason {
    CHARSET_REASON_ASCII,       /* no byte above 0x7F: the same in UTF-8 */
    CHARSET_REASON_MARK,        /* a byte order mark */
    CHARSET_REASON_WELL_FORMED, /* well-formed UTF-8 */
    CHARSET_REASON_DECLARED,    /* declared, and likely */
    CHARSET_REASON_STATISTICS,  /* the likeliest */
    CHARSET_REASON_NONE         /* likely in no charset */
};

enum { CHARSET_NAME_SIZE = 40 };

struct charset_evidence {
    enum charset charset; /* of the most bytes, where there are several */
    enum charset_reason reason;
    char declared[CHARSET_NAME_SIZE]; /* the declared name; empty: none */
    bool weighed;                     /* cost and next are set: statistics were looked at */
    double cost; /* of a character beyond ASCII, mean, in nats: Chinese has about 7, what a wrong
                    charset makes 12 and more */
    enum charset
        next; /* the second likeliest, and by how many nats all of the text is less likely in it */
    double margin;
    size_t parts;      /* stretches of one charset; 1 mostly */
    size_t changes_at; /* the byte at which the second one begins */
    uint64_t
        ill_formed; /* sequences that are no character, read as U+FFFD; set by charset_to_utf8 */
};

/* "UTF-8", "GB18030", "Big5-HKSCS", "UTF-16LE", "UTF-16BE", "declared". */
const char *charset_name(enum charset charset);

/* The charset of a declared name ("gb2312", "x-gbk", "big5", "utf8" ...), CHARSET_DECLARED for
 * another one that ICU can read; CHARSET_UTF8 with *known false for none that is known. */
enum charset charset_of_name(const char *name, bool *known);

/* Tells the charset of bytes. declared: the name in an HTML page or from a user, or NULL. False: no
 * memory. */
bool charset_detect(const char *bytes, size_t size, const char *declared,
                    struct charset_evidence *evidence);

/* Tells the charset and appends the text to out as well-formed UTF-8, without a byte order mark.
 * False: no memory. */
bool charset_to_utf8(const char *bytes, size_t size, const char *declared, struct buffer *out,
                     struct charset_evidence *evidence);

/* Appends one clause for a person: "Big5-HKSCS: the likeliest by its characters (...)". False: no
 * memory. */
bool charset_describe(const struct charset_evidence *evidence, struct buffer *out);

#endif
