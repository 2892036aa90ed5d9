/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From libxapian-c's failures to Xunzi's. */
#ifndef XUNZI_CATALOG_XAPIAN_ERROR_H
#define XUNZI_CATALOG_XAPIAN_ERROR_H

#include <xapian-c/xapian.h>
#include <xunzi/xunzi.h>

/* Sets the sentence "WHAT: what Xapian says" from a printf format for WHAT, and returns the status
 * that fits. */
xunzi_status error_set_xapian(xapian_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
