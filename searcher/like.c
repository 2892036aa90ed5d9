/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Choosing the terms that say most about a document. */
#include "searcher/like.h"

#include "base/error.h"
#include "searcher/plan.h"
#include "searcher/ranking.h"
#include "searcher/term_list.h"
#include "text/terms.h"

/* How much of a text is read: it ends with a character, and before what is edited as a whole. */
static size_t size_to_read(xunzi_string text, const struct edits *edits) {
    size_t size = LIKE_BYTES_MOST;
    if (text.size <= size)
        return text.size;
    while (size > 0 && ((unsigned char)text.data[size] & 0xC0) == 0x80)
        size--;
    size_t edit = edits_find(edits, size);
    return edit < edits->count && edits->items[edit].begin < size ? edits->items[edit].begin : size;
}

static xunzi_status add_text(struct term_list *list, struct tokenizer *tokenizer, xunzi_string text,
                             const struct edits *edits) {
    xunzi_status status = tokenizer_set_edited_text(tokenizer, text.data, 0,
                                                    size_to_read(text, edits), edits, FOLD_MENDED);
    return status == XUNZI_OK ? term_list_add_tokens(list, tokenizer) : status;
}

/* Words and the characters of bigrams would tell the same once more: the bigram profile's tokens
 * are enough. */
static xunzi_status add_document(struct term_list *list, uint64_t ordinal) {
    struct tokenizer *tokenizer = NULL;
    xunzi_document document;
    struct document_edits edits = {0};
    xunzi_status status = index_read_document(list->index, ordinal, &document, &edits);
    if (status == XUNZI_OK)
        status = tokenizer_new(XUNZI_PROFILE_BIGRAM, &tokenizer);
    if (status == XUNZI_OK)
        status = add_text(list, tokenizer, document.title, &edits.title);
    if (status == XUNZI_OK)
        status = add_text(list, tokenizer, document.body, &edits.body);
    tokenizer_free(tokenizer);
    document_edits_free(&edits);
    return status;
}

/* Leaves the terms that say most; what only the document itself has would find nothing. */
static xunzi_status keep_telling(struct term_list *list) {
    xunzi_status status = XUNZI_OK;
    size_t count = query_join_equal(list->terms, list->term_count), kept = 0;
    for (size_t i = 0; i < count && status == XUNZI_OK; i++) {
        struct query *term = list->terms[i];
        if (term->weight == 0)
            continue;
        status = plan_term(list->index, list->arena, term);
        if (term->frequency > 1)
            list->terms[kept++] = term;
    }
    query_sort_by_worth(list->terms, kept);
    list->term_count = kept < RANKING_TERMS_MOST ? kept : RANKING_TERMS_MOST;
    return status;
}

/* NULL: no memory. */
static struct query *document_node(const xunzi_index *index, struct arena *arena, xunzi_string id,
                                   uint64_t ordinal) {
    struct query *node = query_new(arena, QUERY_DOCUMENT, 0);
    struct buffer name = {0};
    const char *copy =
        node && term_append_id(&name, id) ? arena_copy(arena, name.data, name.size) : NULL;
    if (copy) {
        node->term = (xunzi_string){copy, name.size};
        node->segment = index_segment_of(index, ordinal);
        if (node->segment < index->segment_count)
            node->document = (uint32_t)(ordinal - index->segments[node->segment].ordinal);
    }
    buffer_free(&name);
    return copy ? node : NULL;
}

xunzi_status like_query(xunzi_index *index, struct arena *arena, xunzi_string id,
                        struct query **out, const char **note) {
    struct term_list list = {.index = index, .arena = arena};
    uint64_t ordinal;
    xunzi_status status = index_find_document(index, id, &ordinal);
    if (status == XUNZI_OK)
        status = add_document(&list, ordinal);
    if (status == XUNZI_OK)
        status = keep_telling(&list);
    if (status == XUNZI_OK) {
        struct query *parts[2] = {query_combine(arena, QUERY_OR, list.terms, list.term_count),
                                  document_node(index, arena, id, ordinal)};
        *out = parts[0] && parts[1] ? query_combine(arena, QUERY_NOT, parts, 2) : NULL;
        *note = list.term_count == 0 ? "the document has no term to look for in others" : NULL;
        if (!*out)
            status = error_no_memory();
    }
    term_list_free(&list);
    return status;
}
