/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates: a hand-written reader, since strptime knows neither 年月日 nor full-width digits, Han
 * numerals and years of the Republic, nor which part was left out. */
#include "base/date.h"

#include <string.h>

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

/* The value of a Han numeral, of 零 to 九 a digit, of the others what it stands for: 十, 廿, 卅,
 * 百; -1: it is none. ○ is what charsets without 〇 have for it. */
static int han_numeral(uint32_t code_point) {
    static const struct {
        uint16_t character, value;
    } numerals[] = {{0x96F6 /* 零 */, 0},  {0x3007 /* 〇 */, 0},  {0x25CB /* ○ */, 0},
                    {0x4E00 /* 一 */, 1},  {0x4E8C /* 二 */, 2},  {0x4E09 /* 三 */, 3},
                    {0x56DB /* 四 */, 4},  {0x4E94 /* 五 */, 5},  {0x516D /* 六 */, 6},
                    {0x4E03 /* 七 */, 7},  {0x516B /* 八 */, 8},  {0x4E5D /* 九 */, 9},
                    {0x5341 /* 十 */, 10}, {0x5EFF /* 廿 */, 20}, {0x5345 /* 卅 */, 30},
                    {0x767E /* 百 */, 100}};
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++)
        if (numerals[i].character == code_point)
            return numerals[i].value;
    return -1;
}

static bool at_han_numeral(const struct reader *reader) {
    size_t behind;
    return han_numeral(peek(reader, &behind)) >= 0;
}

/* Reads a number in Han numerals, digit by digit (二〇二一) or, where that may be, as it is spoken
 * (二十八, 廿八, 一百一十二); returns how many numerals there were. */
static int read_han(struct reader *reader, bool may_be_spoken, uint32_t *value) {
    enum { NUMERALS_MOST = 6 };
    uint32_t in_place = 0, spoken = 0, pending = 0;
    int count = 0;
    *value = 0;
    for (size_t behind; count < NUMERALS_MOST; count++) {
        int numeral = han_numeral(peek(reader, &behind));
        if (numeral < 0 || (numeral >= 10 && !may_be_spoken))
            break;
        reader->at = behind;
        if (numeral < 10) {
            in_place = in_place * 10 + (uint32_t)numeral;
            pending = (uint32_t)numeral;
        } else {
            bool multiplies = pending > 0 && (numeral == 10 || numeral == 100);
            spoken += (uint32_t)numeral * (multiplies ? pending : 1);
            pending = 0;
        }
        *value = spoken > 0 ? spoken + pending : in_place;
    }
    return count;
}

static bool pass_character(struct reader *reader, uint32_t one, uint32_t other) {
    size_t behind;
    uint32_t next = peek(reader, &behind);
    if (next != one && next != other)
        return false;
    reader->at = behind;
    return true;
}

/* Passes over 民國 or 中華民國, in either script: its years are counted from 1912 on. */
static bool pass_republic(struct reader *reader) {
    struct reader after = *reader;
    if (pass_character(&after, 0x4E2D /* 中 */, 0x4E2D) &&
        !pass_character(&after, 0x83EF /* 華 */, 0x534E))
        return false;
    if (!pass_character(&after, 0x6C11 /* 民 */, 0x6C11) ||
        !pass_character(&after, 0x570B /* 國 */, 0x56FD))
        return false;
    pass_spaces(&after);
    *reader = after;
    return true;
}

/* Reads a year; *compact: it has no mark between it and a month (20240318, 202403). */
static bool read_year(struct reader *reader, uint32_t *year, bool *compact) {
    enum { REPUBLIC = 1911 };
    bool republic = pass_republic(reader);
    *compact = false;
    if (at_han_numeral(reader)) {
        int count = read_han(reader, republic, year);
        if (*year == 0 || (republic ? *year > 999 : count != 4))
            return false;
    } else if (republic) {
        if (read_digits(reader, 3, year) == 0 || *year == 0 || at_digit(reader))
            return false;
    } else {
        if (read_digits(reader, 4, year) != 4 || *year == 0)
            return false;
        *compact = at_digit(reader);
    }
    *year += republic ? REPUBLIC : 0;
    return true;
}

/* Reads a month or a day. */
static bool read_part(struct reader *reader, bool compact, uint32_t *value) {
    int digits = read_digits(reader, 2, value);
    return compact ? digits == 2 : digits > 0 || read_han(reader, true, value) > 0;
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
    if (!at_digit(&after) && !(next == han && at_han_numeral(&after)))
        return false;
    *reader = after;
    return true;
}

static uint32_t days_in_month(uint32_t year, uint32_t month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool make_day(uint32_t year, uint32_t month, uint32_t day, date_day *out) {
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
        return false;
    *out = year * 10000 + month * 100 + day;
    return true;
}

bool date_parse(const char *text, size_t size, date_day *first, date_day *last) {
    struct reader reader = {text, size, 0};
    uint32_t year, month = 0, day = 0;
    bool compact;
    pass_spaces(&reader);
    if (!read_year(&reader, &year, &compact))
        return false;
    if (compact || pass_separator(&reader, 0x5E74 /* 年 */)) {
        if (!read_part(&reader, compact, &month) || month < 1 || month > 12)
            return false;
        if (compact ? at_digit(&reader) : pass_separator(&reader, 0x6708 /* 月 */)) {
            if (!read_part(&reader, compact, &day) || day < 1 || day > days_in_month(year, month))
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

/* Reads 14 or 12 digits, YYYYMMDDhhmmss or without seconds, and no more. */
static bool read_compact_time(struct reader *reader, date_day *day) {
    uint32_t year, month, date, hour, minute, second;
    if (read_digits(reader, 4, &year) != 4 || read_digits(reader, 2, &month) != 2 ||
        read_digits(reader, 2, &date) != 2 || read_digits(reader, 2, &hour) != 2 ||
        read_digits(reader, 2, &minute) != 2)
        return false;
    int digits = read_digits(reader, 2, &second);
    if (digits == 1 || at_digit(reader) || hour > 23 || minute > 59 || second > 60)
        return false;
    return make_day(year, month, date, day);
}

static bool at_letter(const struct reader *reader) {
    size_t behind;
    uint32_t next = peek(reader, &behind) | 0x20;
    return next >= 'a' && next <= 'z';
}

/* Reads a word of letters that is one of names, in any case, or its beginning of at least three;
 * its number from 1, or 0. */
static uint32_t read_name(struct reader *reader, const char *const *names, size_t count) {
    enum { NAME_MOST = 9, SHORT_MOST = 3 };
    char word[NAME_MOST + 1];
    size_t size = 0, behind;
    while (at_letter(reader)) {
        if (size == NAME_MOST)
            return 0;
        word[size++] = (char)(peek(reader, &behind) | 0x20);
        reader->at = behind;
    }
    for (size_t i = 0; i < count; i++)
        if (size >= SHORT_MOST && size <= strlen(names[i]) && memcmp(word, names[i], size) == 0)
            return (uint32_t)i + 1;
    return 0;
}

static uint32_t read_month(struct reader *reader) {
    static const char *const months[] = {"january",   "february", "march",    "april",
                                         "may",       "june",     "july",     "august",
                                         "september", "october",  "november", "december"};
    return read_name(reader, months, sizeof months / sizeof *months);
}

static void pass_weekday(struct reader *reader) {
    static const char *const days[] = {"monday", "tuesday",  "wednesday", "thursday",
                                       "friday", "saturday", "sunday"};
    struct reader after = *reader;
    if (read_name(&after, days, sizeof days / sizeof *days) > 0)
        *reader = after;
}

/* Passes over spaces, commas, hyphens and points; false: there are none. */
static bool pass_marks(struct reader *reader) {
    size_t begin = reader->at, behind;
    for (uint32_t next; (next = peek(reader, &behind)) == ' ' || next == ',' || next == '-' ||
                        next == '.' || next == 0x3000;)
        reader->at = behind;
    return reader->at > begin;
}

/* Reads a day with an English month, before or behind the number. */
static bool read_english(struct reader *reader, date_day *day) {
    uint32_t year, month = 0, date;
    pass_weekday(reader);
    pass_marks(reader);
    bool month_first = at_letter(reader);
    if (month_first && ((month = read_month(reader)) == 0 || !pass_marks(reader)))
        return false;
    if (read_digits(reader, 2, &date) == 0 || !pass_marks(reader))
        return false;
    if (!month_first && ((month = read_month(reader)) == 0 || !pass_marks(reader)))
        return false;
    return read_digits(reader, 4, &year) == 4 && !at_digit(reader) &&
           make_day(year, month, date, day);
}

bool date_parse_declared(const char *text, size_t size, date_day *first, date_day *last) {
    if (date_parse(text, size, first, last))
        return true;
    struct reader reader = {text, size, 0};
    pass_spaces(&reader);
    struct reader again = reader;
    if (!read_compact_time(&reader, first) && !read_english(&again, first))
        return false;
    *last = *first;
    return true;
}

bool date_is_listed(const char *text, size_t size, date_day listed) {
    date_day first, last;
    if (!date_parse_declared(text, size, &first, &last))
        return listed == 0;
    return listed == first || (listed == 0 && !date_parse(text, size, &first, &last));
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
