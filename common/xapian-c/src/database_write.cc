/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that changes a database: commits and transactions, documents, metadata, spelling and
 * synonyms.
 */
#include "internal.h"

namespace xapian_c {

void discard_changes(Xapian::WritableDatabase &database) {
    /* Xapian has no call for it, but cancelling a transaction that was begun without a commit drops
     * the changes made before it too; its own remote server discards in the same way. */
    try {
        database.begin_transaction(false);
    } catch (const Xapian::InvalidOperationError &) {
        /* A transaction is under way already: cancelling that one does it. */
    }
    database.cancel_transaction();
}

} // namespace xapian_c

using namespace xapian_c;

xapian_status xapian_database_commit(xapian_database *database) {
    return guard(__func__, [&] { writable_of(database).commit(); });
}

xapian_status xapian_database_discard(xapian_database *database) {
    return guard(__func__, [&] { discard_changes(writable_of(database)); });
}

xapian_status xapian_database_begin_transaction(xapian_database *database, bool flushed) {
    return guard(__func__, [&] { writable_of(database).begin_transaction(flushed); });
}

xapian_status xapian_database_commit_transaction(xapian_database *database) {
    return guard(__func__, [&] { writable_of(database).commit_transaction(); });
}

xapian_status xapian_database_cancel_transaction(xapian_database *database) {
    return guard(__func__, [&] { writable_of(database).cancel_transaction(); });
}

xapian_status xapian_database_add_document(xapian_database *database,
                                           const xapian_document *document, xapian_docid *docid) {
    return guard(__func__, [&] {
        const Xapian::docid added = writable_of(database).add_document(whole_document_of(document));
        if (docid != nullptr) {
            *docid = added;
        }
    });
}

xapian_status xapian_database_replace_document(xapian_database *database, xapian_docid docid,
                                               const xapian_document *document) {
    return guard(__func__, [&] {
        writable_of(database).replace_document(docid, whole_document_of(document));
    });
}

xapian_status xapian_database_replace_document_by_term(xapian_database *database, const char *term,
                                                       size_t size, const xapian_document *document,
                                                       xapian_docid *docid) {
    return guard(__func__, [&] {
        const Xapian::docid replaced = writable_of(database).replace_document(
            text(term, size, "term"), whole_document_of(document));
        if (docid != nullptr) {
            *docid = replaced;
        }
    });
}

xapian_status xapian_database_delete_document(xapian_database *database, xapian_docid docid) {
    return guard(__func__, [&] { writable_of(database).delete_document(docid); });
}

xapian_status xapian_database_delete_document_by_term(xapian_database *database, const char *term,
                                                      size_t size) {
    return guard(__func__,
                 [&] { writable_of(database).delete_document(text(term, size, "term")); });
}

xapian_status xapian_database_set_metadata(xapian_database *database, const char *key,
                                           size_t key_size, const char *value, size_t value_size) {
    return guard(__func__, [&] {
        writable_of(database).set_metadata(text(key, key_size, "key"),
                                           text(value, value_size, "value"));
    });
}

xapian_status xapian_database_add_spelling(xapian_database *database, const char *word, size_t size,
                                           xapian_termcount frequency_increase) {
    return guard(__func__, [&] {
        writable_of(database).add_spelling(text(word, size, "word"), frequency_increase);
    });
}

xapian_status xapian_database_remove_spelling(xapian_database *database, const char *word,
                                              size_t size, xapian_termcount frequency_decrease) {
    return guard(__func__, [&] {
        writable_of(database).remove_spelling(text(word, size, "word"), frequency_decrease);
    });
}

xapian_status xapian_database_add_synonym(xapian_database *database, const char *term,
                                          size_t term_size, const char *synonym,
                                          size_t synonym_size) {
    return guard(__func__, [&] {
        writable_of(database).add_synonym(text(term, term_size, "term"),
                                          text(synonym, synonym_size, "synonym"));
    });
}

xapian_status xapian_database_remove_synonym(xapian_database *database, const char *term,
                                             size_t term_size, const char *synonym,
                                             size_t synonym_size) {
    return guard(__func__, [&] {
        writable_of(database).remove_synonym(text(term, term_size, "term"),
                                             text(synonym, synonym_size, "synonym"));
    });
}

xapian_status xapian_database_clear_synonyms(xapian_database *database, const char *term,
                                             size_t size) {
    return guard(__func__, [&] { writable_of(database).clear_synonyms(text(term, size, "term")); });
}
