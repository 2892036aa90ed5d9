/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Documents: terms, values and data; and numbers as sortable bytes.
 */
#include "internal.h"

#include <cmath>
#include <cstring>

namespace xapian_c {
namespace {

/* For a change: iterators over the document learn of it even when it fails half-way. */
Xapian::Document &changing(xapian_document *handle) {
    document_state &state = *require(handle, "document")->state;
    state.changes++;
    return *state.document;
}

} // namespace

const Xapian::Document &document_of(const xapian_document *handle) {
    return *require(handle, "document")->state->document;
}

const Xapian::Document &whole_document_of(const xapian_document *handle) {
    if (require(handle, "document")->state->lent) {
        throw Xapian::InvalidOperationError(
            "of a document lent to a callback only the data, the terms and single values can be "
            "read");
    }
    return document_of(handle);
}

std::unique_ptr<xapian_document> wrap_document(const Xapian::Document &document) {
    auto handle = std::make_unique<xapian_document>();
    handle->state = std::make_shared<document_state>(document_state{document, 0, false});
    return handle;
}

} // namespace xapian_c

using namespace xapian_c;

xapian_status xapian_document_new(xapian_document **out) {
    return create(__func__, out, [] { return wrap_document(Xapian::Document()); });
}

void xapian_document_free(xapian_document *document) {
    delete document;
}

xapian_status xapian_document_copy(const xapian_document *document, xapian_document **out) {
    return create(__func__, out, [&] {
        /* Copies of a Xapian::Document share their contents; this is its one way to new ones. */
        return wrap_document(
            Xapian::Document::unserialise(whole_document_of(document).serialise()));
    });
}

xapian_docid xapian_document_docid(const xapian_document *document) {
    return guard_value(xapian_docid{0}, [&] { return document_of(document).get_docid(); });
}

xapian_status xapian_document_data(const xapian_document *document, xapian_string *data) {
    return fill(__func__, data, [&] { return document_of(document).get_data(); });
}

xapian_status xapian_document_set_data(xapian_document *document, const char *data, size_t size) {
    return guard(__func__, [&] { changing(document).set_data(text(data, size, "data")); });
}

xapian_status xapian_document_add_term(xapian_document *document, const char *term, size_t size,
                                       xapian_termcount wdf_increase) {
    return guard(__func__,
                 [&] { changing(document).add_term(text(term, size, "term"), wdf_increase); });
}

xapian_status xapian_document_add_boolean_term(xapian_document *document, const char *term,
                                               size_t size) {
    return guard(__func__, [&] { changing(document).add_boolean_term(text(term, size, "term")); });
}

xapian_status xapian_document_add_posting(xapian_document *document, const char *term, size_t size,
                                          xapian_termpos position, xapian_termcount wdf_increase) {
    return guard(__func__, [&] {
        changing(document).add_posting(text(term, size, "term"), position, wdf_increase);
    });
}

xapian_status xapian_document_add_postings(xapian_document *document, const char *term, size_t size,
                                           const xapian_termpos *positions, size_t count,
                                           xapian_termcount wdf_increase) {
    return guard(__func__, [&] {
        Xapian::Document &changed = changing(document);
        const std::string name = text(term, size, "term");
        if (count > 0) {
            require(positions, "array of positions");
        }
        changed.add_term(name, wdf_increase);
        for (size_t i = 0; i < count; i++) {
            changed.add_posting(name, positions[i], 0);
        }
    });
}

xapian_status xapian_document_remove_term(xapian_document *document, const char *term,
                                          size_t size) {
    return guard(__func__, [&] { changing(document).remove_term(text(term, size, "term")); });
}

xapian_status xapian_document_remove_posting(xapian_document *document, const char *term,
                                             size_t size, xapian_termpos position,
                                             xapian_termcount wdf_decrease) {
    return guard(__func__, [&] {
        changing(document).remove_posting(text(term, size, "term"), position, wdf_decrease);
    });
}

xapian_status xapian_document_remove_postings(xapian_document *document, const char *term,
                                              size_t size, xapian_termpos first,
                                              xapian_termpos last, xapian_termcount wdf_decrease,
                                              xapian_termpos *removed) {
    return guard(__func__, [&] {
        const Xapian::termpos count =
            changing(document).remove_postings(text(term, size, "term"), first, last, wdf_decrease);
        if (removed != nullptr) {
            *removed = count;
        }
    });
}

xapian_status xapian_document_clear_terms(xapian_document *document) {
    return guard(__func__, [&] { changing(document).clear_terms(); });
}

xapian_status xapian_document_term_count(const xapian_document *document, xapian_termcount *count) {
    return put(__func__, count, [&] { return whole_document_of(document).termlist_count(); });
}

xapian_status xapian_document_terms(const xapian_document *document, xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        auto handle = std::make_unique<xapian_term_iterator>();
        handle->document = require(document, "document")->state;
        handle->document_changes = handle->document->changes;
        handle->cursor.begin([&] { return handle->document->document->termlist_begin(); });
        return handle;
    });
}

xapian_status xapian_document_value(const xapian_document *document, xapian_valueno slot,
                                    xapian_string *value) {
    return fill(__func__, value, [&] { return document_of(document).get_value(slot); });
}

xapian_status xapian_document_set_value(xapian_document *document, xapian_valueno slot,
                                        const char *value, size_t size) {
    return guard(__func__, [&] { changing(document).add_value(slot, text(value, size, "value")); });
}

xapian_status xapian_document_remove_value(xapian_document *document, xapian_valueno slot) {
    return guard(__func__, [&] { changing(document).remove_value(slot); });
}

xapian_status xapian_document_clear_values(xapian_document *document) {
    return guard(__func__, [&] { changing(document).clear_values(); });
}

xapian_status xapian_document_value_count(const xapian_document *document,
                                          xapian_termcount *count) {
    return put(__func__, count, [&] { return whole_document_of(document).values_count(); });
}

xapian_status xapian_document_values(const xapian_document *document, xapian_value_iterator **out) {
    return create(__func__, out, [&] {
        const Xapian::Document &source = whole_document_of(document);
        auto handle = std::make_unique<xapian_value_iterator>();
        handle->over_document = true;
        handle->docid = source.get_docid();
        for (auto value = source.values_begin(); value != source.values_end(); ++value) {
            handle->values.emplace_back(value.get_valueno(), *value);
        }
        return handle;
    });
}

xapian_status xapian_document_serialise(const xapian_document *document, xapian_string *bytes) {
    return fill(__func__, bytes, [&] { return whole_document_of(document).serialise(); });
}

xapian_status xapian_document_unserialise(const char *bytes, size_t size, xapian_document **out) {
    return create(__func__, out, [&] {
        const std::string serialised = text(bytes, size, "serialised text");
        return wrap_document(
            unserialise([&] { return Xapian::Document::unserialise(serialised); }));
    });
}

xapian_status xapian_document_description(const xapian_document *document,
                                          xapian_string *description) {
    return fill(__func__, description, [&] { return document_of(document).get_description(); });
}

size_t xapian_sortable_serialise(double number, char buffer[XAPIAN_SORTABLE_SIZE]) {
    if (buffer == nullptr || std::isnan(number)) {
        return 0;
    }
    return guard_value(size_t{0}, [&] {
        const std::string bytes = Xapian::sortable_serialise(number);
        std::memcpy(buffer, bytes.data(), bytes.size());
        return bytes.size();
    });
}

double xapian_sortable_unserialise(const char *bytes, size_t size) {
    return guard_value(
        0.0, [&] { return Xapian::sortable_unserialise(text(bytes, size, "sortable number")); });
}
