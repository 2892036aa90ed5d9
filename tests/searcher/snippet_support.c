/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/searcher/snippet_support.h"

#include "base/utf8.h"
#include "searcher/parse.h"
#include "searcher/passage_steps.h"
#include "searcher/plan.h"

static const char ELLIPSIS[] = "…";
enum { ELLIPSIS_SIZE = sizeof ELLIPSIS - 1 };

static xunzi_index *collection;

int snippet_set_up(void **state) {
    if (make_folder(state) != 0)
        return -1;
    const char *path = in_folder(state, "c");
    const xunzi_document documents[] = {
        document_of("1", "圖書館", "中國人民 a 水 火車站 春夏 秋冬 日月 河流", NULL, NULL),
        document_of("2", NULL, "圖書 b c", NULL, NULL),
        document_of("3", NULL, "國 里 1 中文 聯合 é 가 山 河", NULL, NULL)};
    add_documents(path, XUNZI_PROFILE_FULL, documents, 3);
    collection = open_index(path);
    return 0;
}

int snippet_tear_down(void **state) {
    xunzi_index_close(collection);
    return remove_folder(state);
}

/* Gives terms that the small collection lacks the weight of rare ones. */
static void allow(void *context, struct query *term) {
    (void)context;
    term->absent = false;
}

struct highlighter *highlighter_of(const char *query, struct arena *arena) {
    struct query *tree;
    struct highlighter *highlighter;
    const char *note;
    double sum;
    assert_ok(parse_query(collection, arena, xunzi_string_of(query), XUNZI_MODE_OR, &tree, &note));
    assert_ok(plan_query(collection, arena, tree, &sum));
    query_visit_scored(tree, allow, NULL);
    assert_ok(highlighter_new(tree, &highlighter));
    return highlighter;
}

void make_snippet(struct made *made, const char *query, xunzi_string body,
                  const struct edits *edits) {
    *made = (struct made){.body = exact_copy(body.data, body.size), .edits = edits};
    made->text = (xunzi_string){made->body, body.size};
    made->highlighter = highlighter_of(query, &made->arena);
    assert_ok(snippet_make(made->highlighter, made->text, edits, &made->arena,
                                  &made->snippet, &made->ranges, &made->count));
}

void unmake_snippet(struct made *made) {
    highlighter_free(made->highlighter);
    arena_free(&made->arena);
    free(made->body);
}

size_t characters_in(xunzi_string text) {
    size_t count = 0;
    for (size_t at = 0; at < text.size; count++)
        utf8_next(text.data, text.size, &at);
    return count;
}

bool is_at_boundary(xunzi_string text, size_t at) {
    return at == text.size || (at < text.size && ((unsigned char)text.data[at] & 0xC0) != 0x80);
}

void append_flat(const struct made *made, struct buffer *flat) {
    bool gap = true;
    size_t next = 0, count = made->edits ? made->edits->count : 0;
    for (size_t at = 0, begin = 0; at < made->text.size; begin = at) {
        const struct edit *edit = next < count ? &made->edits->items[next] : NULL;
        if (edit && edit->begin == at) {
            next++;
            if (edit->kind == EDIT_ASIDE || edit->reason == EDIT_REASON_LINE_BREAK) {
                at = edit->end;
                if (edit->kind == EDIT_ASIDE)
                    assert_true(buffer_append_byte(flat, '\1'));
                gap = edit->kind == EDIT_ASIDE;
                continue;
            }
        }
        bool space = passage_is_space(utf8_next(made->text.data, made->text.size, &at));
        if (!space)
            assert_true(buffer_append(flat, made->text.data + begin, at - begin));
        else if (!gap)
            assert_true(buffer_append_byte(flat, ' '));
        gap = space;
    }
}

void assert_sound(const struct made *made) {
    struct buffer flat = {0};
    append_flat(made, &flat);
    const char *at = made->snippet.data, *end = at + made->snippet.size;
    size_t found = 0, parts = 0;
    while (at < end) {
        const char *stop = memmem(at, (size_t)(end - at), ELLIPSIS, ELLIPSIS_SIZE);
        size_t size = (size_t)((stop ? stop : end) - at);
        if (size > 0) {
            const char *here = memmem(flat.data + found, flat.size - found, at, size);
            assert_non_null(here);
            assert_int_not_equal(' ', at[0]);
            assert_int_not_equal(' ', at[size - 1]);
            found = (size_t)(here - flat.data) + size;
            parts++;
        }
        at = stop ? stop + ELLIPSIS_SIZE : end;
    }
    assert_in_range(parts, 0, 2);
    for (size_t i = 0; i < made->snippet.size;) {
        uint32_t c = utf8_next(made->snippet.data, made->snippet.size, &i);
        assert_true(c != UTF8_ILL_FORMED && (c == ' ' || !passage_is_space(c)));
    }
    size_t shown = characters_in(made->snippet);
    size_t has = characters_in((xunzi_string){flat.data, flat.size});
    assert_in_range(shown, 0, SNIPPET_MOST);
    if (!made->edits && shown < SNIPPET_LEAST) /* then it is the whole; flat may end with a space */
        assert_in_range(has, shown, shown + 1);
    buffer_free(&flat);
}

void assert_ranges(const struct made *made) {
    const xunzi_string snippet = made->snippet;
    for (size_t i = 0; i < made->count; i++) {
        assert_true(i == 0 || made->ranges[i].begin > made->ranges[i - 1].end);
        assert_true(made->ranges[i].begin < made->ranges[i].end);
        assert_true(is_at_boundary(snippet, made->ranges[i].begin) &&
                    is_at_boundary(snippet, made->ranges[i].end));
    }
    struct arena arena = {0};
    const struct match *matches;
    const xunzi_range *ranges;
    size_t match_count, count;
    assert_ok(highlighter_find(made->highlighter, snippet, NULL, &matches, &match_count));
    assert_true(highlight_ranges(matches, match_count, &arena, &ranges, &count));
    assert_int_equal(count, made->count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(ranges[i].begin, made->ranges[i].begin);
        assert_int_equal(ranges[i].end, made->ranges[i].end);
    }
    arena_free(&arena);
}

/* The weight of the distinct terms among matches [first, last]. */
static double weight_of(const struct match *matches, size_t first, size_t last, size_t terms) {
    bool *seen = calloc(terms + 1, sizeof *seen);
    assert_non_null(seen);
    double weight = 0;
    for (size_t i = first; i <= last; i++)
        if (!seen[matches[i].term]) {
            seen[matches[i].term] = true;
            weight += matches[i].weight;
        }
    free(seen);
    return weight;
}

double shown_weight(const struct made *made) {
    const struct match *matches;
    size_t count;
    assert_ok(highlighter_find(made->highlighter, made->snippet, NULL, &matches, &count));
    return count > 0 ? weight_of(matches, 0, count - 1, highlighter_term_count(made->highlighter))
                     : 0;
}

double best_weight(const struct made *made, size_t characters) {
    const struct match *matches;
    size_t count;
    double best = 0;
    assert_ok(highlighter_find(made->highlighter, made->text, NULL, &matches, &count));
    for (size_t first = 0; first < count; first++)
        for (size_t last = first; last < count; last++) {
            const xunzi_string stretch = {made->text.data + matches[first].begin,
                                          matches[last].end - matches[first].begin};
            if (characters_in(stretch) > characters)
                break;
            double weight =
                weight_of(matches, first, last, highlighter_term_count(made->highlighter));
            best = weight > best ? weight : best;
        }
    return best;
}

void append_times(struct buffer *out, const char *text, size_t times) {
    for (size_t i = 0; i < times; i++)
        assert_true(buffer_append_text(out, text));
}
