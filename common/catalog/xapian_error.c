/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From libxapian-c's failures to Xunzi's. */
#include "catalog/xapian_error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"

static xunzi_status status_of(xapian_status status) {
    switch (status) {
    case XAPIAN_OK:
        return XUNZI_OK;
    case XAPIAN_ERROR_NO_MEMORY:
        return XUNZI_ERROR_NO_MEMORY;
    case XAPIAN_ERROR_DATABASE_LOCK: /* held, or not to be made, say for want of space */
        return strstr(xapian_error_message(), "already locked") ? XUNZI_ERROR_LOCKED
                                                                : XUNZI_ERROR_IO;
    case XAPIAN_ERROR_DATABASE_NOT_FOUND:
        return XUNZI_ERROR_NOT_A_COLLECTION;
    case XAPIAN_ERROR_DATABASE_VERSION:
        return XUNZI_ERROR_NEWER_FORMAT;
    case XAPIAN_ERROR_DATABASE_CORRUPT:
    case XAPIAN_ERROR_SERIALISATION:
    case XAPIAN_ERROR_RANGE:
        return XUNZI_ERROR_CORRUPT;
    case XAPIAN_ERROR_DOC_NOT_FOUND:
        return XUNZI_ERROR_NOT_FOUND;
    case XAPIAN_ERROR_DATABASE:
    case XAPIAN_ERROR_DATABASE_CREATE:
    case XAPIAN_ERROR_DATABASE_CLOSED:
    case XAPIAN_ERROR_DATABASE_MODIFIED:
    case XAPIAN_ERROR_DATABASE_OPENING: /* also that of a commit which cannot write its last file */
    case XAPIAN_ERROR_NETWORK:
    case XAPIAN_ERROR_NETWORK_TIMEOUT:
        return XUNZI_ERROR_IO;
    default:
        return XUNZI_ERROR_INTERNAL;
    }
}

xunzi_status error_set_xapian(xapian_status status, const char *format, ...) {
    char what[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_set(status_of(status), "%s: %s", what, xapian_error_message());
}
