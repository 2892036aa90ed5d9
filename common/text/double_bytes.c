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

static void fill(struct double_bytes *table, const char *charset) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(charset, &code);
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    if (U_FAILURE(code)) {
        failure = code;
        failed_charset = charset;
        return;
    }
    for (unsigned lead = DOUBLE_BYTES_FIRST_LEAD; lead <= DOUBLE_BYTES_LAST_LEAD; lead++) {
        for (unsigned trail = DOUBLE_BYTES_FIRST_TRAIL; trail <= DOUBLE_BYTES_LAST_TRAIL; trail++) {
            const char bytes[2] = {(char)lead, (char)trail};
            UChar units[4];
            code = U_ZERO_ERROR;
            int32_t count = ucnv_toUChars(converter, units, 4, bytes, 2, &code);
            if (U_FAILURE(code) || count != 1)
                continue;
            table->pairs[units[0]] = table->pairs[units[0]] == 0 ? (uint16_t)(lead << 8 | trail)
                                                                 : preferred(converter, units[0]);
            if (units[0] < 0xE000 || units[0] >= 0xF900)
                table->characters[(lead << 8 | trail) - 0x8000] = units[0];
        }
    }
    ucnv_close(converter);
}

static void fill_all(void) {
    fill(&tables.gbk, "gb18030");
    fill(&tables.big5, "Big5-HKSCS");
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
