/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From exceptions to statuses and sentences, and the checks of arguments that all rooms use.
 */
#include "internal.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>

namespace xapian_c {
namespace {

/* A fixed buffer: reporting must work when memory has run out. A longer sentence is cut. */
constexpr size_t message_capacity = 1024;
thread_local char message[message_capacity] = "";

struct status_text {
    const char *name;
    const char *advice; /* what to do, or "" where the sentence of the failure says it all */
};

status_text describe(xapian_status status) noexcept {
    switch (status) {
    case XAPIAN_OK:
        return {"XAPIAN_OK", ""};
    case XAPIAN_END:
        return {"XAPIAN_END", ""};
    case XAPIAN_ERROR_INVALID_ARGUMENT:
        return {"XAPIAN_ERROR_INVALID_ARGUMENT", ""};
    case XAPIAN_ERROR_INVALID_OPERATION:
        return {"XAPIAN_ERROR_INVALID_OPERATION", ""};
    case XAPIAN_ERROR_UNIMPLEMENTED:
        return {"XAPIAN_ERROR_UNIMPLEMENTED", "this kind of database or object cannot do it"};
    case XAPIAN_ERROR_ASSERTION:
        return {"XAPIAN_ERROR_ASSERTION", "this is a mistake inside Xapian"};
    case XAPIAN_ERROR_DATABASE:
        return {"XAPIAN_ERROR_DATABASE", ""};
    case XAPIAN_ERROR_DATABASE_CLOSED:
        return {"XAPIAN_ERROR_DATABASE_CLOSED", "open it anew to use it"};
    case XAPIAN_ERROR_DATABASE_CORRUPT:
        return {"XAPIAN_ERROR_DATABASE_CORRUPT", "check the database, then restore or rebuild it"};
    case XAPIAN_ERROR_DATABASE_CREATE:
        return {"XAPIAN_ERROR_DATABASE_CREATE", ""};
    case XAPIAN_ERROR_DATABASE_LOCK:
        return {"XAPIAN_ERROR_DATABASE_LOCK",
                "if another writer has it open, try again when that one is done"};
    case XAPIAN_ERROR_DATABASE_MODIFIED:
        return {"XAPIAN_ERROR_DATABASE_MODIFIED", "reopen the database and do it again"};
    case XAPIAN_ERROR_DATABASE_NOT_FOUND:
        return {"XAPIAN_ERROR_DATABASE_NOT_FOUND", "check the path, or create the database"};
    case XAPIAN_ERROR_DATABASE_OPENING:
        return {"XAPIAN_ERROR_DATABASE_OPENING", ""};
    case XAPIAN_ERROR_DATABASE_VERSION:
        return {"XAPIAN_ERROR_DATABASE_VERSION",
                "another version of Xapian made it: use that one, or rebuild the database"};
    case XAPIAN_ERROR_DOC_NOT_FOUND:
        return {"XAPIAN_ERROR_DOC_NOT_FOUND", ""};
    case XAPIAN_ERROR_FEATURE_UNAVAILABLE:
        return {"XAPIAN_ERROR_FEATURE_UNAVAILABLE", "this build of Xapian does not have it"};
    case XAPIAN_ERROR_INTERNAL:
        return {"XAPIAN_ERROR_INTERNAL", "this is a mistake inside Xapian"};
    case XAPIAN_ERROR_NETWORK:
        return {"XAPIAN_ERROR_NETWORK", "check that the server runs and can be reached"};
    case XAPIAN_ERROR_NETWORK_TIMEOUT:
        return {"XAPIAN_ERROR_NETWORK_TIMEOUT", "check the server, or allow more time"};
    case XAPIAN_ERROR_QUERY_PARSER:
        return {"XAPIAN_ERROR_QUERY_PARSER", ""};
    case XAPIAN_ERROR_RANGE:
        return {"XAPIAN_ERROR_RANGE", ""};
    case XAPIAN_ERROR_SERIALISATION:
        return {"XAPIAN_ERROR_SERIALISATION",
                "the bytes are damaged or were made by another version of Xapian"};
    case XAPIAN_ERROR_WILDCARD:
        return {"XAPIAN_ERROR_WILDCARD", "give a longer prefix or a higher limit"};
    case XAPIAN_ERROR_NO_MEMORY:
        return {"XAPIAN_ERROR_NO_MEMORY", ""};
    case XAPIAN_ERROR_STOPPED:
        return {"XAPIAN_ERROR_STOPPED", ""};
    case XAPIAN_ERROR_UNEXPECTED:
        return {"XAPIAN_ERROR_UNEXPECTED", ""};
    }
    return {"XAPIAN_STATUS_UNKNOWN", ""};
}

/* The parts are what failed, where (Xapian's context), and why (the system's error). */
xapian_status report(xapian_status status, const char *function, const char *what,
                     const char *where, const char *why) noexcept {
    const char *advice = describe(status).advice;
    std::snprintf(message, message_capacity, "%s: %s%s%s%s%s%s%s%s%s.", function, what,
                  *where ? " [" : "", where, *where ? "]" : "", *why ? " (" : "", why,
                  *why ? ")" : "", *advice ? "; " : "", advice);
    return status;
}

xapian_status report(xapian_status status, const char *function, const char *what) noexcept {
    return report(status, function, what, "", "");
}

xapian_status report(xapian_status status, const char *function,
                     const Xapian::Error &error) noexcept {
    const char *why = nullptr;
    try {
        why = error.get_error_string();
    } catch (...) {
        why = nullptr; /* no memory for the system's sentence: go without */
    }
    return report(status, function, error.get_msg().c_str(), error.get_context().c_str(),
                  why == nullptr ? "" : why);
}

} // namespace

xapian_status report_exception(const char *function) noexcept {
    /* Derived classes before their bases. */
    try {
        throw;
    } catch (const stop_requested &) {
        return report(XAPIAN_ERROR_STOPPED, function, "stopped because a callback asked for it");
    } catch (const Xapian::InvalidArgumentError &error) {
        return report(XAPIAN_ERROR_INVALID_ARGUMENT, function, error);
    } catch (const Xapian::InvalidOperationError &error) {
        return report(XAPIAN_ERROR_INVALID_OPERATION, function, error);
    } catch (const Xapian::UnimplementedError &error) {
        return report(XAPIAN_ERROR_UNIMPLEMENTED, function, error);
    } catch (const Xapian::AssertionError &error) {
        return report(XAPIAN_ERROR_ASSERTION, function, error);
    } catch (const Xapian::DatabaseNotFoundError &error) {
        return report(XAPIAN_ERROR_DATABASE_NOT_FOUND, function, error);
    } catch (const Xapian::DatabaseVersionError &error) {
        return report(XAPIAN_ERROR_DATABASE_VERSION, function, error);
    } catch (const Xapian::DatabaseOpeningError &error) {
        return report(XAPIAN_ERROR_DATABASE_OPENING, function, error);
    } catch (const Xapian::DatabaseClosedError &error) {
        return report(XAPIAN_ERROR_DATABASE_CLOSED, function, error);
    } catch (const Xapian::DatabaseCorruptError &error) {
        return report(XAPIAN_ERROR_DATABASE_CORRUPT, function, error);
    } catch (const Xapian::DatabaseCreateError &error) {
        return report(XAPIAN_ERROR_DATABASE_CREATE, function, error);
    } catch (const Xapian::DatabaseLockError &error) {
        return report(XAPIAN_ERROR_DATABASE_LOCK, function, error);
    } catch (const Xapian::DatabaseModifiedError &error) {
        return report(XAPIAN_ERROR_DATABASE_MODIFIED, function, error);
    } catch (const Xapian::DatabaseError &error) {
        return report(XAPIAN_ERROR_DATABASE, function, error);
    } catch (const Xapian::DocNotFoundError &error) {
        return report(XAPIAN_ERROR_DOC_NOT_FOUND, function, error);
    } catch (const Xapian::FeatureUnavailableError &error) {
        return report(XAPIAN_ERROR_FEATURE_UNAVAILABLE, function, error);
    } catch (const Xapian::InternalError &error) {
        return report(XAPIAN_ERROR_INTERNAL, function, error);
    } catch (const Xapian::NetworkTimeoutError &error) {
        return report(XAPIAN_ERROR_NETWORK_TIMEOUT, function, error);
    } catch (const Xapian::NetworkError &error) {
        return report(XAPIAN_ERROR_NETWORK, function, error);
    } catch (const Xapian::QueryParserError &error) {
        return report(XAPIAN_ERROR_QUERY_PARSER, function, error);
    } catch (const Xapian::SerialisationError &error) {
        return report(XAPIAN_ERROR_SERIALISATION, function, error);
    } catch (const Xapian::RangeError &error) {
        return report(XAPIAN_ERROR_RANGE, function, error);
    } catch (const Xapian::WildcardError &error) {
        return report(XAPIAN_ERROR_WILDCARD, function, error);
    } catch (const Xapian::Error &error) {
        return report(XAPIAN_ERROR_UNEXPECTED, function, error);
    } catch (const std::bad_alloc &) {
        return report(XAPIAN_ERROR_NO_MEMORY, function, "there is not enough memory");
    } catch (const std::exception &error) {
        return report(XAPIAN_ERROR_UNEXPECTED, function, error.what());
    } catch (...) {
        return report(XAPIAN_ERROR_UNEXPECTED, function, "an exception of an unknown kind came up");
    }
}

void throw_null(const char *what) {
    throw Xapian::InvalidArgumentError(std::string("the ") + what + " is NULL");
}

std::string text(const char *data, size_t size, const char *what) {
    if (size == 0) {
        return std::string();
    }
    return std::string(require(data, what), size);
}

std::string path_text(const char *path, const char *what) {
    return std::string(require(path, what));
}

double finite(double number, const char *what) {
    if (!std::isfinite(number)) {
        throw Xapian::InvalidArgumentError(std::string(what) + " is not a finite number");
    }
    return number;
}

void assign(xapian_string *string, const std::string &value) {
    const size_t size = value.size();
    if (string->data == nullptr || size >= string->capacity) {
        size_t capacity = string->data == nullptr ? 32 : string->capacity;
        while (capacity <= size) {
            capacity = capacity > SIZE_MAX / 2 ? size + 1 : capacity * 2;
        }
        char *data = static_cast<char *>(std::realloc(string->data, capacity));
        if (data == nullptr) {
            throw std::bad_alloc();
        }
        string->data = data;
        string->capacity = capacity;
    }
    std::memcpy(string->data, value.data(), size);
    string->data[size] = '\0';
    string->size = size;
}

} // namespace xapian_c

using namespace xapian_c;

const char *xapian_status_name(xapian_status status) {
    return describe(status).name;
}

const char *xapian_error_message(void) {
    return message;
}

xapian_status xapian_string_set(xapian_string *string, const char *data, size_t size) {
    return guard(__func__, [&] {
        require(string, "string");
        const std::string copy = text(data, size, "text");
        string->size = 0;
        assign(string, copy);
    });
}

void xapian_string_free(xapian_string *string) {
    if (string != nullptr) {
        std::free(string->data);
        *string = XAPIAN_STRING_INIT;
    }
}
