/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Calendar dates as people and machines write them, to numbers that sort. */
#ifndef XUNZI_BASE_DATE_H
#define XUNZI_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A day as the decimal number YYYYMMDD; 0: none. */
typedef uint32_t date_day;

/* Reads 2024-03-18, 2024/3/18, 2024.3.18, 2024年3月18日, 20240318 and their beginnings (2024,
 * 2024-03, 2024年3月, 202403), anything not a digit behind (a time) left aside; full-width digits
 * too, 二〇二四年三月十八日, and years of the Republic, 民國113年3月18日. Years 1 to 9999, days
 * that exist. What is left out of a beginning gives *first and *last day of that year or month;
 * both are the day itself otherwise. False: not a date. */
bool date_parse(const char *text, size_t size, date_day *first, date_day *last);

/* Reads what a document declares its date to be: what date_parse reads; 20240318093000 and
 * 202403180930; and a day with an English month, as in HTTP and in mail: Mon, 18 Mar 2024 09:30:00
 * GMT, 18 March 2024, 18-Mar-2024, March 18, 2024, what is behind it left aside. Not for text that
 * may have such words and numbers by chance. */
bool date_parse_declared(const char *text, size_t size, date_day *first, date_day *last);

/* Whether a document that declares this date is rightly listed under the first day `listed`; 0:
 * under none. Collections made when only date_parse was there list what it does not read under
 * none. */
bool date_is_listed(const char *text, size_t size, date_day listed);

/* One end of a range: the first day of what date_parse reads, or the last one. Empty text is no
 * bound and leaves *day as it is. False: not a date. */
bool date_parse_bound(const char *text, size_t size, bool is_last, date_day *day);

/* How many days lie between two days, in whichever order; numbers that are no day are read as if
 * months and days went on. */
uint32_t date_days_apart(date_day a, date_day b);

#endif
