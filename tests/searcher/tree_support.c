/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree_support.h"

#include "searcher/parse.h"
#include "searcher/ranking.h"

xunzi_index *tree_indexes[2];

int tree_set_up(void **state) {
    if (make_folder(state) != 0)
        return -1;
    for (int profile = 0; profile < 2; profile++) {
        const char *path = in_folder(state, profile ? "bigram" : "full");
        const xunzi_document documents[] = {document_of("1", "圖書館", "中國人民 a", NULL, NULL),
                                            document_of("2", NULL, "圖書 b c", NULL, NULL)};
        add_documents(path, (xunzi_profile)profile, documents, 2);
        tree_indexes[profile] = open_index(path);
    }
    return 0;
}

int tree_tear_down(void **state) {
    xunzi_index_close(tree_indexes[0]);
    xunzi_index_close(tree_indexes[1]);
    return remove_folder(state);
}

void tree_write(const struct query *query, bool in_phrase, struct buffer *out) {
    static const char *const names[] = {"nothing", "all", "term", "phrase", "or",   "and",
                                        "maybe",   "not", "late", "filter", "date", "source"};
    double usual = ranking_weight(query->kind, !query->covered);
    switch (query->op) {
    case QUERY_TERM:
    case QUERY_SOURCE:
        if (query->op == QUERY_SOURCE)
            assert_true(buffer_append_text(out, "source:"));
        assert_true(buffer_append(out, query->term.data, query->term.size));
        if (query->op == QUERY_TERM && fabs(query->weight - usual) > 1e-9)
            assert_true(buffer_printf(out, "*%g", query->weight / usual));
        if (in_phrase)
            assert_true(buffer_printf(out, "@%u", (unsigned)query->offset));
        return;
    case QUERY_DATE:
        assert_true(
            buffer_printf(out, "date:%u..%u", (unsigned)query->since, (unsigned)query->until));
        return;
    default:
        assert_true(buffer_append_text(out, names[query->op]));
    }
    if (query->child_count == 0)
        return;
    assert_true(buffer_append_byte(out, '('));
    for (size_t i = 0; i < query->child_count; i++) {
        if (i > 0)
            assert_true(buffer_append_byte(out, ' '));
        tree_write(query->children[i], query->op == QUERY_PHRASE, out);
    }
    assert_true(buffer_append_byte(out, ')'));
}

void assert_tree(xunzi_profile profile, xunzi_mode mode, xunzi_string text, const char *tree,
                 const char *note) {
    struct arena arena = {0};
    struct query *query = NULL;
    const char *got = "unset";
    struct buffer out = {0};
    char *exact = exact_copy(text.data, text.size);
    assert_ok(parse_query(tree_indexes[profile], &arena, (xunzi_string){exact, text.size}, mode,
                          &query, &got));
    free(exact); /* the tree holds copies */
    tree_write(query, false, &out);
    if (out.size != strlen(tree) || memcmp(out.data, tree, out.size) != 0)
        fail_msg("%.*s\n  gave %.*s\n   not %s", (int)text.size, text.data, (int)out.size, out.data,
                 tree);
    if (note ? !got || !strstr(got, note) : got != NULL)
        fail_msg("%.*s: the note is %s", (int)text.size, text.data, got ? got : "missing");
    buffer_free(&out);
    arena_free(&arena);
}
