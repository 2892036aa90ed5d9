/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening, joining and closing databases, and what a database says about itself as a whole.
 */
#include "internal.h"

namespace xapian_c {

Xapian::Database &database_of(const xapian_database *handle) {
    return *require(handle, "database")->database;
}

Xapian::WritableDatabase &writable_of(const xapian_database *handle) {
    if (require(handle, "database")->writable == nullptr) {
        throw Xapian::InvalidOperationError("the database is open for reading only");
    }
    return *handle->writable;
}

namespace {

std::unique_ptr<xapian_database> wrap(Xapian::Database database) {
    auto handle = std::make_unique<xapian_database>();
    handle->database = std::make_unique<Xapian::Database>(std::move(database));
    return handle;
}

std::unique_ptr<xapian_database> wrap(Xapian::WritableDatabase database) {
    auto writable = std::make_unique<Xapian::WritableDatabase>(std::move(database));
    auto handle = std::make_unique<xapian_database>();
    handle->writable = writable.get();
    handle->database = std::move(writable);
    return handle;
}

} // namespace
} // namespace xapian_c

using namespace xapian_c;

xapian_status xapian_database_open(const char *path, int flags, xapian_database **out) {
    return create(__func__, out,
                  [&] { return wrap(Xapian::Database(path_text(path, "path"), flags)); });
}

xapian_status xapian_database_open_writable(const char *path, int flags, int block_size,
                                            xapian_database **out) {
    return create(__func__, out, [&] {
        return wrap(Xapian::WritableDatabase(path_text(path, "path"), flags, block_size));
    });
}

xapian_status xapian_database_open_descriptor(int descriptor, xapian_database **out) {
    return create(__func__, out, [&] { return wrap(Xapian::Database(descriptor)); });
}

xapian_status xapian_database_new_in_memory(xapian_database **out) {
    return create(__func__, out, [&] {
        return wrap(Xapian::WritableDatabase(std::string(), Xapian::DB_BACKEND_INMEMORY));
    });
}

xapian_status xapian_database_new_group(xapian_database **out) {
    return create(__func__, out, [&] { return wrap(Xapian::Database()); });
}

xapian_status xapian_database_open_remote(const char *host, unsigned port,
                                          unsigned timeout_milliseconds,
                                          unsigned connect_timeout_milliseconds,
                                          xapian_database **out) {
    return create(__func__, out, [&] {
        return wrap(Xapian::Remote::open(path_text(host, "host"), port, timeout_milliseconds,
                                         connect_timeout_milliseconds));
    });
}

xapian_status xapian_database_open_remote_writable(const char *host, unsigned port,
                                                   unsigned timeout_milliseconds,
                                                   unsigned connect_timeout_milliseconds, int flags,
                                                   xapian_database **out) {
    return create(__func__, out, [&] {
        return wrap(Xapian::Remote::open_writable(path_text(host, "host"), port,
                                                  timeout_milliseconds,
                                                  connect_timeout_milliseconds, flags));
    });
}

xapian_status xapian_database_open_program(const char *program, const char *arguments,
                                           unsigned timeout_milliseconds, xapian_database **out) {
    return create(__func__, out, [&] {
        return wrap(Xapian::Remote::open(path_text(program, "program"),
                                         path_text(arguments, "arguments"), timeout_milliseconds));
    });
}

xapian_status xapian_database_open_program_writable(const char *program, const char *arguments,
                                                    unsigned timeout_milliseconds, int flags,
                                                    xapian_database **out) {
    return create(__func__, out, [&] {
        return wrap(Xapian::Remote::open_writable(path_text(program, "program"),
                                                  path_text(arguments, "arguments"),
                                                  timeout_milliseconds, flags));
    });
}

xapian_status xapian_database_add_database(xapian_database *database, const xapian_database *part) {
    return guard(__func__, [&] {
        Xapian::Database &group = database_of(database);
        const Xapian::Database &addition = database_of(part);
        if (database->writable == nullptr) {
            group.add_database(addition);
        } else {
            database->writable->add_database(writable_of(part));
        }
    });
}

size_t xapian_database_part_count(const xapian_database *database) {
    return database == nullptr ? 0 : database->database->size();
}

bool xapian_database_is_writable(const xapian_database *database) {
    return database != nullptr && database->writable != nullptr;
}

xapian_status xapian_database_close(xapian_database *database) {
    return guard(__func__, [&] { database_of(database).close(); });
}

void xapian_database_free(xapian_database *database) {
    if (database != nullptr && database->writable != nullptr) {
        /* Nothing to drop in a database that is closed or knows no discarding. */
        guard_value(false, [&] {
            discard_changes(*database->writable);
            return true;
        });
    }
    delete database;
}

xapian_status xapian_database_reopen(xapian_database *database, bool *changed) {
    return guard(__func__, [&] {
        const bool newer = database_of(database).reopen();
        if (changed != nullptr) {
            *changed = newer;
        }
    });
}

xapian_status xapian_database_keep_alive(xapian_database *database) {
    return guard(__func__, [&] { database_of(database).keep_alive(); });
}

xapian_status xapian_database_locked(const xapian_database *database, bool *locked) {
    return put(__func__, locked, [&] { return database_of(database).locked(); });
}

xapian_status xapian_database_uuid(const xapian_database *database, xapian_string *uuid) {
    return fill(__func__, uuid, [&] { return database_of(database).get_uuid(); });
}

xapian_status xapian_database_revision(const xapian_database *database, xapian_revision *revision) {
    return put(__func__, revision, [&] { return database_of(database).get_revision(); });
}

xapian_status xapian_database_description(const xapian_database *database,
                                          xapian_string *description) {
    return fill(__func__, description, [&] { return database_of(database).get_description(); });
}
