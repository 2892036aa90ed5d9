/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Failures of the operating system, made to order. The test's executable defines the functions that
 * change files, and its definitions come before the C library's for all of the process, libxapian
 * included. While armed they are counted, and the one asked for fails: fsync and fdatasync with
 * EIO, mapping a file with ENOMEM, all others with ENOSPC. What is written is never synced, which
 * would only take time: these tests do not cut the power.
 */
#ifndef XUNZI_TESTS_LIBRARY_FAULTS_H
#define XUNZI_TESTS_LIBRARY_FAULTS_H

#include <stdbool.h>
#include <stddef.h>

/* From now on the n-th call, from 1, fails; and, where `lasting`, all that come after it. */
void faults_arm(size_t n, bool lasting);

/* Nothing fails any more. Returns how many calls failed. */
size_t faults_disarm(void);

/* Whether a sentence tells a reason that failures made here have. */
bool faults_explain(const char *sentence);

#endif
