/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/date: every day of the calendar against the C library's, every way of writing, and what is
 * no date. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/utf8.h"

static uint64_t random_state = 0xD1B54A32D192ED03u;

static uint32_t random_below(uint32_t bound) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 32) % bound;
}

/* Whether the day exists: the C library moves one that does not to another. */
static bool day_exists(uint32_t year, uint32_t month, uint32_t day) {
    struct tm tm = {
        .tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day, .tm_hour = 12};
    struct tm moved = tm;
    timegm(&moved);
    return moved.tm_mon == tm.tm_mon && moved.tm_mday == tm.tm_mday && moved.tm_year == tm.tm_year;
}

static void assert_read(const char *text, date_day first, date_day last) {
    date_day read_first = 0, read_last = 0;
    if (!date_parse(text, strlen(text), &read_first, &read_last))
        fail_msg("not read as a date: %s", text);
    assert_int_equal(read_first, first);
    assert_int_equal(read_last, last);
}

static void assert_refused(const char *text) {
    date_day first = 1, last = 2;
    if (date_parse(text, strlen(text), &first, &last))
        fail_msg("read as a date, %u to %u: %s", (unsigned)first, (unsigned)last, text);
}

static void test_every_day_of_the_calendar(void **state) {
    (void)state;
    for (uint32_t year = 1; year <= 9999; year++) {
        for (uint32_t month = 0; month <= 13; month++) {
            for (uint32_t day = month == 2 ? 28 : 30; day <= 32; day++) {
                char text[32];
                snprintf(text, sizeof text, "%04u-%02u-%02u", (unsigned)year, (unsigned)month,
                         (unsigned)day);
                date_day first = 0, last = 0, expected = year * 10000 + month * 100 + day;
                bool read = date_parse(text, strlen(text), &first, &last);
                bool exists = month >= 1 && month <= 12 && day_exists(year, month, day);
                if (read != exists)
                    fail_msg("%s: read %d, exists %d", text, read, exists);
                if (read) {
                    assert_int_equal(first, expected);
                    assert_int_equal(last, expected);
                }
            }
        }
    }
}

static void test_ways_of_writing_a_day(void **state) {
    (void)state;
    static const char *const formats[] = {
        "%04u-%02u-%02u",
        "%04u/%02u/%02u",
        "%04u.%02u.%02u",
        "%04u年%02u月%02u日",
        "%04u-%u-%u",
        "%04u/%u/%u",
        "%04u.%u.%u",
        "%04u年%u月%u日",
        "%04u%02u%02u",
        "%04u-%02u-%02uT08:30Z",
        "%04u-%02u-%02u 08:30:00",
        "%04u年%u月%u日 星期三",
        " %04u-%02u-%02u",
        "　%04u/%u/%u　",
        "%04u%02u%02uT0830",
        "%04u 年 %02u 月 %02u 日",
        "%04u　年　%u　月　%u　日",
        "%04u年 %u月 %u日",
    };
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        for (uint32_t month = 1; month <= 12; month++) {
            for (uint32_t day = 1; day <= 28; day += 3) {
                char text[96];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
                snprintf(text, sizeof text, formats[i], 2024u, (unsigned)month, (unsigned)day);
#pragma GCC diagnostic pop
                assert_read(text, 20240000 + month * 100 + day, 20240000 + month * 100 + day);
            }
        }
    }
    assert_read("２０２４年３月１８日", 20240318, 20240318);
    assert_read("２０２４－０３－１８", 20240318, 20240318);
    assert_read("２０２４／３／１８", 20240318, 20240318);
    assert_read("2024-02-29", 20240229, 20240229);
}

static void test_beginnings_are_a_whole_month_or_year(void **state) {
    (void)state;
    assert_read("2024", 20240101, 20241231);
    assert_read("2024年", 20240101, 20241231);
    assert_read("2024-", 20240101, 20241231);
    assert_read("2024-02", 20240201, 20240229);
    assert_read("2023-02", 20230201, 20230228);
    assert_read("1900.2", 19000201, 19000228);
    assert_read("2000/2", 20000201, 20000229);
    assert_read("2024年3月", 20240301, 20240331);
    assert_read("2024-04", 20240401, 20240430);
    assert_read("202403", 20240301, 20240331);
    assert_read("2024.12 起", 20241201, 20241231);
    assert_read("2024 年 3 月", 20240301, 20240331);
    assert_read("2024 -03", 20240101, 20241231);
    assert_read("2024- 03", 20240101, 20241231);
    assert_read("2024 3", 20240101, 20241231);
    assert_read("0001", 10101, 11231);
    assert_read("9999", 99990101, 99991231);
}

static void test_what_is_no_date(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",           " ",          "yesterday",  "0000",       "0000-01-01", "24-03-18",
        "024-03-18",  "2024-13",    "2024-00",    "2024-02-30", "2023-02-29", "2024-04-31",
        "20240",      "202413",     "2024031",    "20240230",   "-2024",      "+2024",
        "2024-03-00", "2024-03-32", "2024-3-181", "2024-031",   "202403181",  "２０２",
        "三月",       "2024013099",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_refused(texts[i]);
}

static void test_a_nul_ends_the_date_only(void **state) {
    (void)state;
    date_day first, last;
    assert_true(date_parse("2024\0-03", 8, &first, &last));
    assert_int_equal(first, 20240101);
    assert_int_equal(last, 20241231);
    assert_false(date_parse("\0002024", 5, &first, &last));
}

static void test_bounds_of_a_range(void **state) {
    (void)state;
    date_day day = 7;
    assert_true(date_parse_bound("", 0, true, &day));
    assert_int_equal(day, 7);
    assert_false(date_parse_bound("2024-13", 7, true, &day));
    assert_int_equal(day, 7);
    assert_true(date_parse_bound("2024-02", 7, false, &day));
    assert_int_equal(day, 20240201);
    assert_true(date_parse_bound("2024-02", 7, true, &day));
    assert_int_equal(day, 20240229);
}

/* Whatever the bytes: no read behind the end (for the sanitizer: blocks of exact size), and a date
 * that is read exists. */
static void test_generated_bytes(void **state) {
    (void)state;
    static const char *const pieces[] = {
        "2024",        "20", "1",  "0",  "9",   "-",    "/",    ".",        "年",
        "月",          "日", " ",  "　", "３",  "－",   "\xE5", "\xEF\xBC", "\xFF",
        "99999999999", "12", "31", "T",  "May", "Fri,", "0528"};
    size_t dates = 0;
    for (int round = 0; round < 200000; round++) {
        char bytes[96];
        size_t size = 0;
        if (random_below(2)) {
            memcpy(bytes, "2024", 4);
            size = 4;
        }
        for (uint32_t count = random_below(7); count > 0; count--) {
            const char *piece = pieces[random_below(sizeof pieces / sizeof pieces[0])];
            memcpy(bytes + size, piece, strlen(piece));
            size += strlen(piece);
        }
        char *text = malloc(size ? size : 1);
        assert_non_null(text);
        memcpy(text, bytes, size);
        date_day first = 0, last = 0;
        if (date_parse_declared(text, size, &first, &last)) {
            assert_true(first <= last);
            assert_true(day_exists(first / 10000, first / 100 % 100, first % 100));
            assert_true(day_exists(last / 10000, last / 100 % 100, last % 100));
            assert_int_equal(first / 10000, last / 10000);
            dates++;
        }
        free(text);
    }
    assert_true(dates > 1000);
}

/* All pairs of days around month and year ends, against the C library's count of seconds. */
static void test_days_apart(void **state) {
    (void)state;
    static const unsigned years[] = {1, 1600, 1899, 1900, 1999, 2000, 2023, 2024, 9999};
    date_day days[9 * 12 * 5];
    time_t seconds[9 * 12 * 5];
    size_t count = 0;
    for (size_t y = 0; y < 9; y++)
        for (unsigned month = 1; month <= 12; month++)
            for (unsigned day = 1; day <= 31; day += day == 1 ? 27 : 1) {
                if (!day_exists(years[y], month, day))
                    continue;
                struct tm tm = {
                    .tm_year = (int)years[y] - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day};
                days[count] = years[y] * 10000 + month * 100 + day;
                seconds[count++] = timegm(&tm);
            }
    assert_true(count > 200);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++)
            assert_int_equal(date_days_apart(days[i], days[k]),
                             labs((seconds[i] - seconds[k]) / 86400));
    assert_int_equal(date_days_apart(20240301, 20240229), 1);
    date_days_apart(UINT32_MAX, 0); /* no day; read as if there were one */
}

/* Writes 1 to 99 as it is spoken. */
static void write_spoken(char *out, size_t size, uint32_t value, bool short_tens) {
    static const char *const digits[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    const char *ones = digits[value % 10], *tens = value / 10 > 1 ? digits[value / 10] : "";
    if (short_tens && value / 10 == 2)
        snprintf(out, size, "廿%s", ones);
    else if (short_tens && value / 10 == 3)
        snprintf(out, size, "卅%s", ones);
    else
        snprintf(out, size, "%s%s%s", tens, value >= 10 ? "十" : "", ones);
}

static void test_han_numerals(void **state) {
    (void)state;
    for (uint32_t month = 1; month <= 12; month++) {
        for (uint32_t day = 1; day <= 31; day++) {
            char text[64], han_month[16], han_day[16];
            write_spoken(han_month, sizeof han_month, month, false);
            write_spoken(han_day, sizeof han_day, day, day % 2);
            snprintf(text, sizeof text, "二〇二一年%s月%s日 上午", han_month, han_day);
            date_day expected = 20210000 + month * 100 + day;
            if (day_exists(2021, month, day))
                assert_read(text, expected, expected);
            else
                assert_refused(text);
        }
    }
    assert_read("一九四九年", 19490101, 19491231);
    assert_read("二○○八年八月", 20080801, 20080831);
    assert_read("二零二一年 5 月 28 日", 20210528, 20210528);
    assert_read("2021年五月二十八日", 20210528, 20210528);
    assert_read("二〇二一-五", 20210101, 20211231); /* "-" is no mark of theirs */
    static const char *const none[] = {
        "二十一年五月",     "一二三",         "一二三四五年", "零零零零年", "九百九百年",
        "二〇二一年十三月", "二〇二一年零月", "十",           "百",         "一月二日"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_refused(none[i]);
}

static void test_years_of_the_republic(void **state) {
    (void)state;
    static const char *const days[] = {"民國112年5月28日",
                                       "民国112年05月28日",
                                       "中華民國一一二年五月二十八日",
                                       "中华民国 112 年 5 月 28 日",
                                       "民國一百一十二年五月廿八日",
                                       "民國１１２年５月２８日",
                                       "民國112/05/28",
                                       "民國112-5-28",
                                       "民國112.5.28"};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++)
        assert_read(days[i], 20230528, 20230528);
    assert_read("民國99年", 20100101, 20101231);
    assert_read("民國八十八年九月", 19990901, 19990930);
    assert_read("民國1年", 19120101, 19121231);
    static const char *const none[] = {"民國",      "民國年",    "民國0年",         "民國1234年",
                                       "民112年",   "中民國1年", "華民國1年",       "112年",
                                       "中華112年", "民國零年",  "民國112年2月30日"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_refused(none[i]);
}

static void test_declared_dates(void **state) {
    (void)state;
    static const char *const days[] = {"Fri, 28 May 2021 10:00:00 GMT",
                                       "Fri, 28 May 2021 10:00:00 +0800",
                                       "Friday, May 28, 2021",
                                       "28 May 2021",
                                       "28-May-2021 08:00",
                                       "May 28, 2021",
                                       "MAY 28 2021",
                                       "Fri May 28 2021 10:00:00 GMT+0800",
                                       "  Fri. 28. may. 2021",
                                       "20210528100000",
                                       "202105281000",
                                       "２０２１０５２８１０００００",
                                       "20210528",
                                       "20210528T100000",
                                       "2021-5-28T10:00",
                                       "2021-05-28T10:00:00+08:00",
                                       "2021年5月28日 10:00"};
    static const char *const none[] = {"",
                                       "May 2021",
                                       "28 May",
                                       "28 May 21",
                                       "28 May 20211",
                                       "30 Feb 2021",
                                       "29 February 2023",
                                       "0 May 2021",
                                       "32 May 2021",
                                       "28 Mayday 2021",
                                       "28 Ma 2021",
                                       "28May2021",
                                       "May28 2021",
                                       "Fri",
                                       "Fry, 28 May 2021",
                                       "28 Septemberly 2021",
                                       "28 May 0000",
                                       "2021052810",
                                       "20210528100",
                                       "2021052810000",
                                       "202105281000000",
                                       "20210528240000",
                                       "20210528106000",
                                       "20210532100000",
                                       "00000528100000",
                                       "1622167200",
                                       "1622167200000"};
    date_day first, last;
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        if (!date_parse_declared(days[i], strlen(days[i]), &first, &last))
            fail_msg("not read as a date: %s", days[i]);
        assert_int_equal(first, 20210528);
        assert_int_equal(last, 20210528);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (date_parse_declared(none[i], strlen(none[i]), &first, &last))
            fail_msg("read as a date, %u: %s", (unsigned)first, none[i]);
    static const char *const months[] = {"January", "FEB",     "march", "Apr.",
                                         "may",     "June",    "jul",   "august",
                                         "Sept.",   "October", "Nov",   "December"};
    for (unsigned month = 1; month <= 12; month++) {
        char text[64];
        snprintf(text, sizeof text, "Sunday, %s 9, 1999", months[month - 1]);
        assert_true(date_parse_declared(text, strlen(text), &first, &last));
        assert_int_equal(first, 19990009 + month * 100);
    }
    assert_true(date_parse_declared("2021-05", 7, &first, &last)); /* as date_parse */
    assert_int_equal(first, 20210501);
    assert_int_equal(last, 20210531);
    /* Running text goes through date_parse. */
    assert_refused("28 May 2021");
    assert_refused("20210528100000");
}

static void test_what_documents_are_listed_under(void **state) {
    (void)state;
    static const char new_form[] = "28 May 2021", old_form[] = "2021-05-28", none[] = "in May";
    assert_true(date_is_listed(new_form, strlen(new_form), 20210528));
    assert_true(date_is_listed(new_form, strlen(new_form), 0)); /* by an older program */
    assert_false(date_is_listed(new_form, strlen(new_form), 20210529));
    assert_true(date_is_listed(old_form, strlen(old_form), 20210528));
    assert_false(date_is_listed(old_form, strlen(old_form), 0));
    assert_true(date_is_listed(none, strlen(none), 0));
    assert_false(date_is_listed(none, strlen(none), 20210501));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_han_numerals),
        cmocka_unit_test(test_years_of_the_republic),
        cmocka_unit_test(test_every_day_of_the_calendar),
        cmocka_unit_test(test_ways_of_writing_a_day),
        cmocka_unit_test(test_beginnings_are_a_whole_month_or_year),
        cmocka_unit_test(test_what_is_no_date),
        cmocka_unit_test(test_bounds_of_a_range),
        cmocka_unit_test(test_a_nul_ends_the_date_only),
        cmocka_unit_test(test_generated_bytes),
        cmocka_unit_test(test_declared_dates),
        cmocka_unit_test(test_what_documents_are_listed_under),
        cmocka_unit_test(test_days_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
