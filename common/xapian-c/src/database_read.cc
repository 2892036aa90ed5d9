/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a database: statistics, single documents, metadata, spelling suggestions, and the
 * iterators over its tables.
 */
#include "internal.h"

using namespace xapian_c;

xapian_status xapian_database_document_count(const xapian_database *database,
                                             xapian_doccount *count) {
    return put(__func__, count, [&] { return database_of(database).get_doccount(); });
}

xapian_status xapian_database_last_docid(const xapian_database *database, xapian_docid *docid) {
    return put(__func__, docid, [&] { return database_of(database).get_lastdocid(); });
}

xapian_status xapian_database_average_length(const xapian_database *database, double *length) {
    return put(__func__, length, [&] { return database_of(database).get_average_length(); });
}

xapian_status xapian_database_total_length(const xapian_database *database,
                                           xapian_totallength *length) {
    return put(__func__, length, [&] { return database_of(database).get_total_length(); });
}

xapian_status xapian_database_term_frequency(const xapian_database *database, const char *term,
                                             size_t size, xapian_doccount *frequency) {
    return put(__func__, frequency,
               [&] { return database_of(database).get_termfreq(text(term, size, "term")); });
}

xapian_status xapian_database_collection_frequency(const xapian_database *database,
                                                   const char *term, size_t size,
                                                   xapian_termcount *frequency) {
    return put(__func__, frequency,
               [&] { return database_of(database).get_collection_freq(text(term, size, "term")); });
}

xapian_status xapian_database_term_exists(const xapian_database *database, const char *term,
                                          size_t size, bool *exists) {
    return put(__func__, exists,
               [&] { return database_of(database).term_exists(text(term, size, "term")); });
}

xapian_status xapian_database_has_positions(const xapian_database *database, bool *has_positions) {
    return put(__func__, has_positions, [&] { return database_of(database).has_positions(); });
}

xapian_status xapian_database_document_length(const xapian_database *database, xapian_docid docid,
                                              xapian_termcount *length) {
    return put(__func__, length, [&] { return database_of(database).get_doclength(docid); });
}

xapian_status xapian_database_unique_terms(const xapian_database *database, xapian_docid docid,
                                           xapian_termcount *count) {
    return put(__func__, count, [&] { return database_of(database).get_unique_terms(docid); });
}

xapian_status xapian_database_document_length_lower_bound(const xapian_database *database,
                                                          xapian_termcount *length) {
    return put(__func__, length, [&] { return database_of(database).get_doclength_lower_bound(); });
}

xapian_status xapian_database_document_length_upper_bound(const xapian_database *database,
                                                          xapian_termcount *length) {
    return put(__func__, length, [&] { return database_of(database).get_doclength_upper_bound(); });
}

xapian_status xapian_database_wdf_upper_bound(const xapian_database *database, const char *term,
                                              size_t size, xapian_termcount *wdf) {
    return put(__func__, wdf,
               [&] { return database_of(database).get_wdf_upper_bound(text(term, size, "term")); });
}

xapian_status xapian_database_value_frequency(const xapian_database *database, xapian_valueno slot,
                                              xapian_doccount *frequency) {
    return put(__func__, frequency, [&] { return database_of(database).get_value_freq(slot); });
}

xapian_status xapian_database_value_lower_bound(const xapian_database *database,
                                                xapian_valueno slot, xapian_string *value) {
    return fill(__func__, value, [&] { return database_of(database).get_value_lower_bound(slot); });
}

xapian_status xapian_database_value_upper_bound(const xapian_database *database,
                                                xapian_valueno slot, xapian_string *value) {
    return fill(__func__, value, [&] { return database_of(database).get_value_upper_bound(slot); });
}

xapian_status xapian_database_get_document(const xapian_database *database, xapian_docid docid,
                                           unsigned flags, xapian_document **out) {
    return create(__func__, out,
                  [&] { return wrap_document(database_of(database).get_document(docid, flags)); });
}

xapian_status xapian_database_get_metadata(const xapian_database *database, const char *key,
                                           size_t key_size, xapian_string *value) {
    return fill(__func__, value,
                [&] { return database_of(database).get_metadata(text(key, key_size, "key")); });
}

xapian_status xapian_database_spelling_suggestion(const xapian_database *database, const char *word,
                                                  size_t size, unsigned max_edit_distance,
                                                  xapian_string *suggestion) {
    return fill(__func__, suggestion, [&] {
        return database_of(database).get_spelling_suggestion(text(word, size, "word"),
                                                             max_edit_distance);
    });
}

xapian_status xapian_database_all_terms(const xapian_database *database, const char *prefix,
                                        size_t size, xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        return make_terms(database_of(database), [&](const Xapian::Database &own) {
            return own.allterms_begin(text(prefix, size, "prefix"));
        });
    });
}

xapian_status xapian_database_document_terms(const xapian_database *database, xapian_docid docid,
                                             xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        return make_terms(database_of(database),
                          [&](const Xapian::Database &own) { return own.termlist_begin(docid); });
    });
}

xapian_status xapian_database_postings(const xapian_database *database, const char *term,
                                       size_t size, xapian_posting_iterator **out) {
    return create(__func__, out, [&] {
        auto handle = std::make_unique<xapian_posting_iterator>();
        handle->database = database_of(database);
        handle->cursor.begin(
            [&] { return handle->database.postlist_begin(text(term, size, "term")); });
        return handle;
    });
}

xapian_status xapian_database_positions(const xapian_database *database, xapian_docid docid,
                                        const char *term, size_t size,
                                        xapian_position_iterator **out) {
    return create(__func__, out, [&] {
        auto handle = std::make_unique<xapian_position_iterator>();
        handle->database = database_of(database);
        handle->cursor.begin(
            [&] { return handle->database.positionlist_begin(docid, text(term, size, "term")); });
        return handle;
    });
}

xapian_status xapian_database_values(const xapian_database *database, xapian_valueno slot,
                                     xapian_value_iterator **out) {
    return create(__func__, out, [&] {
        auto handle = std::make_unique<xapian_value_iterator>();
        handle->database = database_of(database);
        handle->stream.begin([&] { return handle->database.valuestream_begin(slot); });
        return handle;
    });
}

xapian_status xapian_database_metadata_keys(const xapian_database *database, const char *prefix,
                                            size_t size, xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        return make_terms(database_of(database), [&](const Xapian::Database &own) {
            return own.metadata_keys_begin(text(prefix, size, "prefix"));
        });
    });
}

xapian_status xapian_database_spellings(const xapian_database *database,
                                        xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        return make_terms(database_of(database),
                          [](const Xapian::Database &own) { return own.spellings_begin(); });
    });
}

xapian_status xapian_database_synonyms(const xapian_database *database, const char *term,
                                       size_t size, xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        return make_terms(database_of(database), [&](const Xapian::Database &own) {
            return own.synonyms_begin(text(term, size, "term"));
        });
    });
}

xapian_status xapian_database_synonym_keys(const xapian_database *database, const char *prefix,
                                           size_t size, xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        return make_terms(database_of(database), [&](const Xapian::Database &own) {
            return own.synonym_keys_begin(text(prefix, size, "prefix"));
        });
    });
}
