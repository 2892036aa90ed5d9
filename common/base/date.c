/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates: a hand-written reader, since strptime knows neither 年月日 nor full-width digits nor which
 * part was left out. */
#include "base/date.h"

#include "base/utf8.h"

struct reader {
    const char *text;
    size_t size, at;
};

/* The next code point without moving, full-width digits and punctuation (U+FF01..U+FF5E) as ASCII;
 * 0 at the end. */
static uint32_t peek(const struct reader *reader, size_t *behind) {
    *behind = reader->at;
    if (reader->at >= reader->size)
        return 0;
    uint32_t code_point = utf8_next(reader->text, reader->size, behind);
    return code_point >= 0xFF01 && code_point <= 0xFF5E ? code_point - 0xFEE0 : code_point;
}

/* Reads up to `most` digits; returns how many there were. */
static int read_digits(struct reader *reader, int most, uint32_t *value) {
    int count = 0;
    *value = 0;
    while (count < most) {
        size_t behind;
        uint32_t digit = peek(reader, &behind);
        if (digit < '0' || digit > '9')
            break;
        *value = *value * 10 + (digit - '0');
        reader->at = behind;
        count++;
    }
    return count;
}

static bool at_digit(const struct reader *reader) {
    size_t behind;
    uint32_t next = peek(reader, &behind);
    return next >= '0' && next <= '9';
}

static void pass_spaces(struct reader *reader) {
    size_t behind;
    while (peek(reader, &behind) == ' ' || peek(reader, &behind) == 0x3000)
        reader->at = behind;
}

/* Passes over a separator of year, month and day where a digit follows it. Spaces about 年 and 月
 * are as if they were not there. */
static bool pass_separator(struct reader *reader, uint32_t han) {
    struct reader after = *reader;
    size_t behind;
    pass_spaces(&after);
    uint32_t next = peek(&after, &behind);
    if (next != han && (after.at != reader->at || (next != '-' && next != '/' && next != '.')))
        return false;
    after.at = behind;
    if (next == han)
        pass_spaces(&after);
    if (!at_digit(&after))
        return false;
    *reader = after;
    return true;
}

static uint32_t days_in_month(uint32_t year, uint32_t month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

bool date_parse(const char *text, size_t size, date_day *first, date_day *last) {
    struct reader reader = {text, size, 0};
    uint32_t year, month = 0, day = 0;
    pass_spaces(&reader);
    if (read_digits(&reader, 4, &year) != 4 || year == 0)
        return false;
    bool compact = at_digit(&reader); /* 20240318, 202403 */
    if (compact || pass_separator(&reader, 0x5E74 /* 年 */)) {
        int digits = read_digits(&reader, 2, &month);
        if (digits == 0 || (compact && digits != 2) || month < 1 || month > 12)
            return false;
        if (compact ? at_digit(&reader) : pass_separator(&reader, 0x6708 /* 月 */)) {
            digits = read_digits(&reader, 2, &day);
            if (digits == 0 || (compact && digits != 2) || day < 1 ||
                day > days_in_month(year, month))
                return false;
        }
    }
    if (at_digit(&reader))
        return false;
    uint32_t first_month = month ? month : 1, last_month = month ? month : 12;
    *first = year * 10000 + first_month * 100 + (day ? day : 1);
    *last = year * 10000 + last_month * 100 + (day ? day : days_in_month(year, last_month));
    return true;
}

bool date_parse_bound(const char *text, size_t size, bool is_last, date_day *day) {
    date_day first, last;
    if (size == 0)
        return true;
    if (!date_parse(text, size, &first, &last))
        return false;
    *day = is_last ? last : first;
    return true;
}

/* Days since a day of the past. Years are counted from March, so that a leap day is a year's last:
 * then the first m months have (153 m + 2) / 5 days (Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms"). */
static int64_t day_number(date_day date) {
    int64_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    year -= month <= 2;
    month += month <= 2 ? 9 : -3;
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
}

uint32_t date_days_apart(date_day a, date_day b) {
    int64_t days = day_number(a) - day_number(b);
    return (uint32_t)(days < 0 ? -days : days);
}
