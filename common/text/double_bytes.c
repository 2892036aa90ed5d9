/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of two-byte charsets, filled from ICU's converters. */
#include "text/double_bytes.h"

#include <pthread.h>
#include <unicode/ucnv.h>

#include "base/error.h"

static struct double_bytes_tables tables;
static UErrorCode failure;
static const char *failed_charset;

/* The pair that a character is written as, where several are read as it: Big5 has U+5341 twice. */
static uint16_t preferred(UConverter *converter, UChar unit) {
    UErrorCode code = U_ZERO_ERROR;
    char bytes[4];
    int32_t count = ucnv_fromUChars(converter, bytes, sizeof bytes, &unit, 1, &code);
    if (U_FAILURE(code) || count != 2)
        return 0;
    unsigned pair = (unsigned)(unsigned char)bytes[0] << 8 | (unsigned char)bytes[1];
    return (uint16_t)pair;
}

/* A converter that stops at what is no character; NULL where ICU has none. */
static UConverter *open_converter(const char *charset) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset, &code);
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    if (U_SUCCESS(code))
        return converter;
    failure = code;
    failed_charset = charset;
    return NULL;
}

/* The unit that a pair is read as; 0: none, or several. */
static UChar read_pair(UConverter *converter, unsigned lead, unsigned trail) {
    UErrorCode code = U_ZERO_ERROR;
    const char bytes[2] = {(char)lead, (char)trail};
    UChar units[4];
    int32_t count = ucnv_toUChars(converter, units, 4, bytes, 2, &code);
    return U_SUCCESS(code) && count == 1 ? units[0] : 0;
}

static bool is_private(UChar unit) {
    return unit >= 0xE000 && unit < 0xF900;
}

static void fill(struct double_bytes *table, const char *charset, const char *old_charset) {
    UConverter *converter = open_converter(charset), *old = open_converter(old_charset);
    for (unsigned lead = DOUBLE_BYTES_FIRST_LEAD;
         converter && old && lead <= DOUBLE_BYTES_LAST_LEAD; lead++) {
        for (unsigned trail = DOUBLE_BYTES_FIRST_TRAIL; trail <= DOUBLE_BYTES_LAST_TRAIL; trail++) {
            unsigned pair = lead << 8 | trail;
            UChar unit = read_pair(converter, lead, trail), of_old = read_pair(old, lead, trail);
            if (of_old != 0 && !is_private(of_old))
                table->old[(pair - 0x8000) / 32] |= 1u << pair % 32;
            if (unit == 0)
                continue;
            table->pairs[unit] =
                table->pairs[unit] == 0 ? (uint16_t)pair : preferred(converter, unit);
            if (!is_private(unit))
                table->characters[pair - 0x8000] = unit;
        }
    }
    ucnv_close(converter);
    ucnv_close(old);
}
static void fill_all(void) {
    fill(&tables.gbk, "gb18030", "GBK");
    fill(&tables.big5, "Big5-HKSCS", "Big5");
}

const struct double_bytes_tables *double_bytes_tables(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, fill_all);
    if (U_SUCCESS(failure))
        return &tables;
    error_set(XUNZI_ERROR_INTERNAL, "ICU cannot convert %s: %s", failed_charset,
              u_errorName(failure));
    return NULL;
}
