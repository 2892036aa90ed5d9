/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See support.h. */
#define _XOPEN_SOURCE 700

#include "support.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void assert_status_at(xapian_status expected, xapian_status status, const char *call,
                      const char *file, int line) {
    if (status != expected) {
        print_error("%s\n  gave %s, not %s; the last message is: %s\n", call,
                    xapian_status_name(status), xapian_status_name(expected),
                    xapian_error_message());
        _fail(file, line);
    }
    if (expected > XAPIAN_END) {
        _assert_true(xapian_error_message()[0] != '\0', "a message for the error", file, line);
    }
}

int make_folder(void **state) {
    const char *parent = getenv("TMPDIR");
    char path[4096];
    const int size = snprintf(path, sizeof path, "%s/xapian-c-XXXXXX",
                              parent == NULL || parent[0] == '\0' ? "/tmp" : parent);
    if (size < 0 || (size_t)size >= sizeof path || mkdtemp(path) == NULL) {
        return -1;
    }
    *state = strdup(path);
    return *state == NULL ? -1 : 0;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

int remove_folder(void **state) {
    const int result = nftw(*state, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(*state);
    return result;
}

const char *in_folder(void **state, const char *name) {
    static char paths[8][4096];
    static unsigned turn;
    char *path = paths[turn++ % 8];
    const int size = snprintf(path, sizeof paths[0], "%s/%s", (const char *)*state, name);
    assert_true(size > 0 && (size_t)size < sizeof paths[0]);
    return path;
}

xapian_docid add_words(xapian_database *database, const char *data, const char *words) {
    xapian_document *document = NULL;
    xapian_docid docid = 0;
    xapian_termpos position = 0;
    assert_ok(xapian_document_new(&document));
    assert_ok(xapian_document_set_data(document, data, strlen(data)));
    while (*words != '\0') {
        const size_t size = strcspn(words, " ");
        assert_ok(xapian_document_add_posting(document, words, size, ++position, 1));
        words += size;
        words += strspn(words, " ");
    }
    assert_ok(xapian_database_add_document(database, document, &docid));
    xapian_document_free(document);
    return docid;
}

const char *joined_terms(xapian_term_iterator *iterator) {
    static char joined[1024];
    xapian_string term = XAPIAN_STRING_INIT;
    size_t size = 0;
    xapian_status status;
    joined[0] = '\0';
    while ((status = xapian_term_iterator_next(iterator)) == XAPIAN_OK) {
        assert_ok(xapian_term_iterator_term(iterator, &term));
        assert_true(size + term.size + 2 < sizeof joined);
        if (size > 0) {
            joined[size++] = ' ';
        }
        memcpy(joined + size, term.data, term.size + 1);
        size += term.size;
    }
    assert_status(XAPIAN_END, status);
    xapian_string_free(&term);
    xapian_term_iterator_free(iterator);
    return joined;
}

const char *matches(const xapian_database *database, xapian_query *query,
                    const xapian_weight *weight) {
    static char joined[1024];
    xapian_enquire *enquire = NULL;
    xapian_mset *mset = NULL;
    size_t size = 0;
    joined[0] = '\0';
    assert_ok(xapian_enquire_new(database, &enquire));
    assert_ok(xapian_enquire_set_query(enquire, query, 0));
    if (weight != NULL) {
        assert_ok(xapian_enquire_set_weight(enquire, weight));
    }
    assert_ok(xapian_enquire_get_mset(enquire, 0, 100, 0, NULL, NULL, &mset));
    for (xapian_doccount i = 0; i < xapian_mset_size(mset); i++) {
        xapian_mset_item item;
        assert_ok(xapian_mset_get_item(mset, i, &item));
        const int added = snprintf(joined + size, sizeof joined - size, size == 0 ? "%u" : " %u",
                                   (unsigned)item.docid);
        assert_true(added > 0 && size + (size_t)added < sizeof joined);
        size += (size_t)added;
    }
    xapian_mset_free(mset);
    xapian_enquire_free(enquire);
    xapian_query_free(query);
    return joined;
}

xapian_query *term_query(const char *term) {
    xapian_query *query = NULL;
    assert_ok(xapian_query_term(term, strlen(term), 1, 0, &query));
    return query;
}

xapian_query *pair_query(xapian_op op, xapian_query *left, xapian_query *right) {
    const xapian_query *const pair[] = {left, right};
    xapian_query *query = NULL;
    assert_ok(xapian_query_combine(op, pair, 2, 0, &query));
    xapian_query_free(left);
    xapian_query_free(right);
    return query;
}
