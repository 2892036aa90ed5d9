/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The thread's last error: a status and one sentence. Every failing function of Xunzi sets it
 * exactly once, where the failure is understood, and hands the status up. */
#ifndef XUNZI_BASE_ERROR_H
#define XUNZI_BASE_ERROR_H

#include <xunzi/xunzi.h>

/* Sets the thread's sentence from a printf format and returns status, so that a caller can `return
 * error_set(...)`. What would be a control sequence on a terminal is made visible. */
xunzi_status error_set(xunzi_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same for a failed system call: appends ": " and the text of errno value `error_number`;
 * ENOMEM gives XUNZI_ERROR_NO_MEMORY, ENOENT and ENOTDIR XUNZI_ERROR_NOT_FOUND, all else
 * XUNZI_ERROR_IO. */
xunzi_status error_set_errno(int error_number, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* XUNZI_ERROR_NO_MEMORY with its sentence. */
xunzi_status error_no_memory(void);

#endif
