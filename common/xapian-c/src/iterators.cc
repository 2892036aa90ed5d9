/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stepping through terms, postings, positions and values.
 */
#include "internal.h"

#include <algorithm>

namespace xapian_c {
namespace {

template <class Handle>
Handle *unchanged(Handle *handle) {
    require(handle, "iterator");
    if (handle->document != nullptr && handle->document->changes != handle->document_changes) {
        throw Xapian::InvalidOperationError(
            "the document was changed since the iterator was made, make a new one");
    }
    return handle;
}

const Xapian::TermIterator &item_of(const xapian_term_iterator *iterator) {
    return unchanged(iterator)->cursor.item();
}

const Xapian::PostingIterator &item_of(const xapian_posting_iterator *iterator) {
    return require(iterator, "iterator")->cursor.item();
}

/* Moves to the value at `index` among a document's values. */
xapian_status go_to_value(xapian_value_iterator &iterator, size_t index) {
    iterator.at_end = index >= iterator.values.size();
    iterator.next_value = iterator.at_end ? iterator.values.size() : index + 1;
    return iterator.at_end ? XAPIAN_END : XAPIAN_OK;
}

const std::pair<xapian_valueno, std::string> &
document_value_of(const xapian_value_iterator &iterator) {
    if (iterator.at_end || iterator.next_value == 0) {
        throw Xapian::InvalidOperationError(
            iterator.at_end
                ? "the iterator has passed its last item"
                : "the iterator stands before its first item, call its _next function first");
    }
    return iterator.values[iterator.next_value - 1];
}

} // namespace
} // namespace xapian_c

using namespace xapian_c;

void xapian_term_iterator_free(xapian_term_iterator *iterator) {
    delete iterator;
}

xapian_status xapian_term_iterator_next(xapian_term_iterator *iterator) {
    return guard(__func__, [&] { return unchanged(iterator)->cursor.next(); });
}

xapian_status xapian_term_iterator_skip_to(xapian_term_iterator *iterator, const char *term,
                                           size_t size) {
    return guard(__func__, [&] {
        const std::string target = text(term, size, "term");
        return unchanged(iterator)->cursor.skip_to(target);
    });
}

xapian_status xapian_term_iterator_term(const xapian_term_iterator *iterator, xapian_string *term) {
    return fill(__func__, term, [&] { return *item_of(iterator); });
}

xapian_status xapian_term_iterator_wdf(const xapian_term_iterator *iterator,
                                       xapian_termcount *wdf) {
    return put(__func__, wdf, [&] { return item_of(iterator).get_wdf(); });
}

xapian_status xapian_term_iterator_frequency(const xapian_term_iterator *iterator,
                                             xapian_doccount *frequency) {
    return put(__func__, frequency, [&] { return item_of(iterator).get_termfreq(); });
}

xapian_status xapian_term_iterator_position_count(const xapian_term_iterator *iterator,
                                                  xapian_termcount *count) {
    return put(__func__, count, [&] { return item_of(iterator).positionlist_count(); });
}

xapian_status xapian_term_iterator_positions(const xapian_term_iterator *iterator,
                                             xapian_position_iterator **out) {
    return create(__func__, out, [&] {
        const Xapian::TermIterator &item = item_of(iterator);
        auto handle = std::make_unique<xapian_position_iterator>();
        handle->database = iterator->database;
        handle->document = iterator->document;
        handle->document_changes = iterator->document_changes;
        handle->cursor.begin([&] { return item.positionlist_begin(); });
        return handle;
    });
}

void xapian_posting_iterator_free(xapian_posting_iterator *iterator) {
    delete iterator;
}

xapian_status xapian_posting_iterator_next(xapian_posting_iterator *iterator) {
    return guard(__func__, [&] { return require(iterator, "iterator")->cursor.next(); });
}

xapian_status xapian_posting_iterator_skip_to(xapian_posting_iterator *iterator,
                                              xapian_docid docid) {
    return guard(__func__, [&] { return require(iterator, "iterator")->cursor.skip_to(docid); });
}

xapian_docid xapian_posting_iterator_docid(const xapian_posting_iterator *iterator) {
    if (iterator == nullptr || !iterator->cursor.is_on()) {
        return 0;
    }
    return guard_value(xapian_docid{0}, [&] { return *iterator->cursor.item(); });
}

xapian_status xapian_posting_iterator_wdf(const xapian_posting_iterator *iterator,
                                          xapian_termcount *wdf) {
    return put(__func__, wdf, [&] { return item_of(iterator).get_wdf(); });
}

xapian_status xapian_posting_iterator_document_length(const xapian_posting_iterator *iterator,
                                                      xapian_termcount *length) {
    return put(__func__, length, [&] { return item_of(iterator).get_doclength(); });
}

xapian_status xapian_posting_iterator_unique_terms(const xapian_posting_iterator *iterator,
                                                   xapian_termcount *count) {
    return put(__func__, count, [&] { return item_of(iterator).get_unique_terms(); });
}

xapian_status xapian_posting_iterator_positions(const xapian_posting_iterator *iterator,
                                                xapian_position_iterator **out) {
    return create(__func__, out, [&] {
        const Xapian::PostingIterator &item = item_of(iterator);
        auto handle = std::make_unique<xapian_position_iterator>();
        handle->database = iterator->database;
        handle->cursor.begin([&] { return item.positionlist_begin(); });
        return handle;
    });
}

void xapian_position_iterator_free(xapian_position_iterator *iterator) {
    delete iterator;
}

xapian_status xapian_position_iterator_next(xapian_position_iterator *iterator) {
    return guard(__func__, [&] { return unchanged(iterator)->cursor.next(); });
}

xapian_status xapian_position_iterator_skip_to(xapian_position_iterator *iterator,
                                               xapian_termpos position) {
    return guard(__func__, [&] { return unchanged(iterator)->cursor.skip_to(position); });
}

xapian_termpos xapian_position_iterator_position(const xapian_position_iterator *iterator) {
    if (iterator == nullptr || !iterator->cursor.is_on()) {
        return 0;
    }
    return guard_value(xapian_termpos{0}, [&] { return *unchanged(iterator)->cursor.item(); });
}

void xapian_value_iterator_free(xapian_value_iterator *iterator) {
    delete iterator;
}

xapian_status xapian_value_iterator_next(xapian_value_iterator *iterator) {
    return guard(__func__, [&] {
        require(iterator, "iterator");
        return iterator->over_document ? go_to_value(*iterator, iterator->next_value)
                                       : iterator->stream.next();
    });
}

xapian_status xapian_value_iterator_skip_to(xapian_value_iterator *iterator,
                                            uint32_t docid_or_slot) {
    return guard(__func__, [&] {
        require(iterator, "iterator");
        if (!iterator->over_document) {
            return iterator->stream.skip_to(docid_or_slot);
        }
        const size_t current = iterator->at_end            ? iterator->values.size()
                               : iterator->next_value == 0 ? 0
                                                           : iterator->next_value - 1;
        const auto begin = iterator->values.begin();
        const auto found =
            std::find_if(begin + static_cast<std::ptrdiff_t>(current), iterator->values.end(),
                         [&](const auto &value) { return value.first >= docid_or_slot; });
        return go_to_value(*iterator, static_cast<size_t>(found - begin));
    });
}

xapian_status xapian_value_iterator_value(const xapian_value_iterator *iterator,
                                          xapian_string *value) {
    return fill(__func__, value, [&] {
        require(iterator, "iterator");
        return iterator->over_document ? document_value_of(*iterator).second
                                       : *iterator->stream.item();
    });
}

xapian_status xapian_value_iterator_docid(const xapian_value_iterator *iterator,
                                          xapian_docid *docid) {
    return put(__func__, docid, [&] {
        require(iterator, "iterator");
        if (iterator->over_document) {
            document_value_of(*iterator);
            return iterator->docid;
        }
        return iterator->stream.item().get_docid();
    });
}

xapian_status xapian_value_iterator_slot(const xapian_value_iterator *iterator,
                                         xapian_valueno *slot) {
    return put(__func__, slot, [&] {
        require(iterator, "iterator");
        return iterator->over_document ? document_value_of(*iterator).first
                                       : iterator->stream.item().get_valueno();
    });
}
