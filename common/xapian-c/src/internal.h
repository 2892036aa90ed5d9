/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rooms of libxapian-c share: the handles' contents and the guard through which every
 * function of the interface passes.
 *
 * The guard is the only place where exceptions become statuses. Inside it the code is plain C++:
 * it throws Xapian's own exceptions for the caller's mistakes, so that they are reported in the
 * same way as Xapian's findings.
 */
#ifndef XAPIAN_C_INTERNAL_H
#define XAPIAN_C_INTERNAL_H

#include "xapian-c/xapian.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xapian.h>

namespace xapian_c {

/* Thrown out of Xapian's loops when a callback asks to stop. No std::exception and no
 * Xapian::Error, so that nothing in between takes it for a failure of its own. */
class stop_requested {};

/* To be called in a catch block: turns the exception into a status and the thread's message. */
xapian_status report_exception(const char *function) noexcept;

template <class Body>
xapian_status guard(const char *function, Body &&body) noexcept {
    try {
        if constexpr (std::is_void_v<decltype(body())>) {
            body();
            return XAPIAN_OK;
        } else {
            return body();
        }
    } catch (...) {
        return report_exception(function);
    }
}

/* For functions that cannot fail by contract: a value to fall back to instead of an exception. */
template <class Value, class Body>
Value guard_value(Value fallback, Body &&body) noexcept {
    try {
        return body();
    } catch (...) {
        return fallback;
    }
}

[[noreturn]] void throw_null(const char *what);

template <class Pointer>
Pointer *require(Pointer *pointer, const char *what) {
    if (pointer == nullptr) {
        throw_null(what);
    }
    return pointer;
}

std::string text(const char *data, size_t size, const char *what);
std::string path_text(const char *path, const char *what);

/* Throws InvalidArgumentError unless `number` is finite. */
double finite(double number, const char *what);

void assign(xapian_string *string, const std::string &value);

/* A xapian_string for callbacks to answer with. */
class owned_string {
  public:
    owned_string() = default;
    owned_string(const owned_string &) = delete;
    owned_string &operator=(const owned_string &) = delete;
    ~owned_string() {
        xapian_string_free(&string_);
    }

    xapian_string *get() {
        return &string_;
    }

    std::string str() const {
        return text(string_.data, string_.size, "the callback's answer");
    }

  private:
    xapian_string string_ = XAPIAN_STRING_INIT;
};

/* Guards a function that makes a handle: `body` returns it in a unique_ptr. */
template <class Handle, class Body>
xapian_status create(const char *function, Handle **out, Body &&body) noexcept {
    if (out != nullptr) {
        *out = nullptr;
    }
    return guard(function, [&] {
        require(out, "output");
        *out = body().release();
    });
}

/* Guards a function that puts out a number; the number is written only on success. */
template <class Number, class Body>
xapian_status put(const char *function, Number *out, Body &&body) noexcept {
    return guard(function, [&] {
        require(out, "output");
        *out = static_cast<Number>(body());
    });
}

/* Guards a function that fills a string. The string is emptied only after a failure, since the
 * caller's arguments may lie in it. */
template <class Body>
xapian_status fill(const char *function, xapian_string *out, Body &&body) noexcept {
    const xapian_status status = guard(function, [&] {
        require(out, "output string");
        assign(out, body());
    });
    if (status != XAPIAN_OK && out != nullptr) {
        out->size = 0;
        if (out->data != nullptr) {
            out->data[0] = '\0';
        }
    }
    return status;
}

/* A document and the number of changes made to it. Iterators over a document that was built in
 * memory walk the document's own map, so they refuse to go on when it was changed meanwhile. */
struct document_state {
    std::optional<Xapian::Document> document; /* empty only between two loans to a callback */
    uint64_t changes = 0;
    bool lent = false;
};

/* Xapian's unserialising reports damaged bytes by NetworkError in some places. */
template <class Body>
auto unserialise(Body &&body) {
    try {
        return body();
    } catch (const Xapian::NetworkError &error) {
        throw Xapian::SerialisationError(error.get_msg());
    }
}

/* Where an iterator stands. Xapian's iterators begin on the first item; ours before it. */
template <class Iterator>
class cursor {
    enum class place { before, on, end };

  public:
    template <class Begin>
    void begin(Begin &&begin_at) {
        iterator_ = begin_at();
    }

    xapian_status next() {
        return move([&](place from) {
            if (from == place::on) {
                ++iterator_;
            }
        });
    }

    template <class Target>
    xapian_status skip_to(const Target &target) {
        return move([&](place) {
            if (iterator_ != Iterator()) {
                iterator_.skip_to(target);
            }
        });
    }

    bool is_on() const {
        return place_ == place::on;
    }

    const Iterator &item() const {
        if (!is_on()) {
            throw Xapian::InvalidOperationError(
                place_ == place::before
                    ? "the iterator stands before its first item, call its _next function first"
                    : "the iterator has passed its last item");
        }
        return iterator_;
    }

  private:
    /* An exception leaves the cursor at its end: Xapian's iterators are of no use after one. */
    template <class Step>
    xapian_status move(Step &&step) {
        if (place_ == place::end) {
            return XAPIAN_END;
        }
        step(std::exchange(place_, place::end));
        if (iterator_ == Iterator()) {
            return XAPIAN_END;
        }
        place_ = place::on;
        return XAPIAN_OK;
    }

    Iterator iterator_;
    place place_ = place::before;
};

} // namespace xapian_c

struct xapian_database {
    std::unique_ptr<Xapian::Database> database;
    Xapian::WritableDatabase *writable = nullptr; /* the same object, or NULL when read-only */
};

struct xapian_document {
    std::shared_ptr<xapian_c::document_state> state;
};

struct xapian_query {
    Xapian::Query query;
};

struct xapian_weight {
    std::unique_ptr<Xapian::Weight> weight;
};

struct xapian_key_maker {
    std::shared_ptr<Xapian::KeyMaker> maker;
    Xapian::MultiValueKeyMaker *values = nullptr; /* the same object, or NULL for a function's */
};

struct xapian_match_spy {
    std::shared_ptr<Xapian::MatchSpy> spy;
    Xapian::ValueCountMatchSpy *counts = nullptr; /* the same object, or NULL for a function's */
};

struct xapian_rset {
    Xapian::RSet rset;
};

struct xapian_eset {
    Xapian::ESet eset;
};

struct xapian_mset {
    Xapian::MSet mset;
};

/* Xapian's iterators over a group of databases refer to the Database object they were made from, so
 * each iterator has its own, declared first in order to be destroyed last. */
struct xapian_term_iterator {
    Xapian::Database database;
    std::shared_ptr<xapian_c::document_state> document;
    uint64_t document_changes = 0;
    xapian_c::cursor<Xapian::TermIterator> cursor;
};

struct xapian_posting_iterator {
    Xapian::Database database;
    xapian_c::cursor<Xapian::PostingIterator> cursor;
};

struct xapian_position_iterator {
    Xapian::Database database;
    std::shared_ptr<xapian_c::document_state> document;
    uint64_t document_changes = 0;
    xapian_c::cursor<Xapian::PositionIterator> cursor;
};

/* A document's values are copied into the handle when the iteration begins: they are few, and a
 * document lent to a callback does not outlive it. A slot's values are streamed. */
struct xapian_value_iterator {
    Xapian::Database database;
    xapian_c::cursor<Xapian::ValueIterator> stream;
    bool over_document = false;
    xapian_docid docid = 0;
    std::vector<std::pair<xapian_valueno, std::string>> values;
    size_t next_value = 0; /* one past the current one; 0 before the first */
    bool at_end = false;
};

namespace xapian_c {

Xapian::Database &database_of(const xapian_database *handle);

/* Drops what was not committed, and ends a transaction. */
void discard_changes(Xapian::WritableDatabase &database);

/* Throws InvalidOperationError for a read-only database. */
Xapian::WritableDatabase &writable_of(const xapian_database *handle);

const Xapian::Document &document_of(const xapian_document *handle);

/* For what reads the document as a whole: Xapian keeps what it then reads in the document object,
 * and would show it in the next documents too when it is one that the matcher reuses. Throws
 * InvalidOperationError for a document lent to a callback. */
const Xapian::Document &whole_document_of(const xapian_document *handle);

std::unique_ptr<xapian_document> wrap_document(const Xapian::Document &document);

/* Makes an iterator over terms; `begin` gets the handle's own copy of the database. */
template <class Begin>
std::unique_ptr<xapian_term_iterator> make_terms(const Xapian::Database &database, Begin &&begin) {
    auto handle = std::make_unique<xapian_term_iterator>();
    handle->database = database;
    handle->cursor.begin([&]() -> Xapian::TermIterator { return begin(handle->database); });
    return handle;
}

/* The same for terms that do not come from a database. */
template <class Begin>
std::unique_ptr<xapian_term_iterator> make_terms(Begin &&begin) {
    auto handle = std::make_unique<xapian_term_iterator>();
    handle->cursor.begin(begin);
    return handle;
}

inline const Xapian::Query &query_of(const xapian_query *handle) {
    return require(handle, "query")->query;
}

inline std::unique_ptr<xapian_query> wrap_query(Xapian::Query query) {
    auto handle = std::make_unique<xapian_query>();
    handle->query = std::move(query);
    return handle;
}

/* The C++ operator of a constant of the interface, for operators that join queries. */
Xapian::Query::op joining_operator(xapian_op op);

/* Lends documents to a callback. The matcher reuses its document object, and destroys it at the end
 * of the match, so nothing may hold on to it when the callback has returned: not even an iterator
 * that the callback forgot to free. */
class document_lender {
  public:
    document_lender() {
        handle_.state = std::make_shared<document_state>();
        handle_.state->lent = true;
    }

    template <class Call>
    auto lend(const Xapian::Document &document, Call &&call) const {
        const loan current(*handle_.state, document);
        return call(static_cast<const xapian_document *>(&handle_));
    }

  private:
    struct loan {
        loan(document_state &lent, const Xapian::Document &document) : state(lent) {
            state.document.emplace(document);
        }
        loan(const loan &) = delete;
        loan &operator=(const loan &) = delete;
        ~loan() {
            state.changes++;
            state.document.reset();
        }

        document_state &state;
    };

    xapian_document handle_;
};

} // namespace xapian_c

#endif
