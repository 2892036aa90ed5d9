/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A writer killed at any instant leaves the last committed state. A child process does what a seed
 * tells it, commit by commit, and says through a pipe when it begins a commit and when that is
 * done; it is killed; what it leaves is compared with what the same seed says the collection holds
 * after that commit, or after the one that had begun. Each child keeps another number of documents
 * live and has another bound of memory, so that they are killed while they add, spill, seal, merge,
 * optimize and delete. The next writer removes what a killed one has left.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/catalog.h"
#include "support.h"

enum { KILLS = 200, IDS = 60, STEPS_MOST = 4000, BODY_MOST = 20000 };

/* The state after so many steps: which version of each document there is, 0 for none. */
struct state {
    uint32_t versions[IDS];
};

struct change {
    size_t id;
    uint32_t version; /* 0: delete */
};

/* The changes of a step, at most `most`; the same whenever asked. Every ninth step optimizes after
 * them. */
static size_t changes_of(size_t step, struct change *changes, size_t most) {
    struct random random = {7919 * (step + 1)};
    size_t count = 1 + random_below(&random, most);
    for (size_t i = 0; i < count; i++)
        changes[i] =
            (struct change){random_below(&random, IDS),
                            random_once_in(&random, 3) ? 0 : (uint32_t)(step * 16 + i + 1)};
    return count;
}

static bool optimizes(size_t step) {
    return step % 9 == 8;
}

static void apply(struct state *state, size_t step) {
    struct change changes[8];
    size_t count = changes_of(step, changes, 8);
    for (size_t i = 0; i < count; i++)
        state->versions[changes[i].id] = changes[i].version;
}

static struct state state_after(size_t steps) {
    struct state state = {0};
    for (size_t step = 0; step < steps; step++)
        apply(&state, step);
    return state;
}

/* A version's text: short, sometimes long, so that a commit writes from a few blocks to many. */
static void write_body(uint32_t version, char body[BODY_MOST]) {
    struct random random = {version};
    size_t length = random_below(&random, random_once_in(&random, 12) ? BODY_MOST - 8 : 1200);
    size_t at = (size_t)snprintf(body, BODY_MOST, "版本v%u 合作", (unsigned)version);
    while (at < length) {
        uint32_t han = 0x4E00 + (uint32_t)random_below(&random, 3000);
        body[at++] = (char)(0xE0 | han >> 12);
        body[at++] = (char)(0x80 | (han >> 6 & 0x3F));
        body[at++] = (char)(0x80 | (han & 0x3F));
    }
    body[at] = '\0';
}

static bool do_step(xunzi_writer *writer, size_t step, int pipe_end) {
    struct change changes[8];
    char id[16], *body = malloc(BODY_MOST);
    size_t count = changes_of(step, changes, 8);
    bool ok = body != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        snprintf(id, sizeof id, "id-%zu", changes[i].id);
        if (changes[i].version == 0) {
            xunzi_status status = xunzi_writer_delete(writer, xunzi_string_of(id));
            ok = status == XUNZI_OK || status == XUNZI_ERROR_NOT_FOUND;
            continue;
        }
        write_body(changes[i].version, body);
        const xunzi_document document = {.id = xunzi_string_of(id), .body = xunzi_string_of(body)};
        ok = xunzi_writer_add(writer, &document) == XUNZI_OK;
    }
    free(body);
    ok = ok && write(pipe_end, "b", 1) == 1;
    ok = ok && (optimizes(step) ? xunzi_writer_optimize(writer) : xunzi_writer_commit(writer)) ==
                   XUNZI_OK;
    return ok && write(pipe_end, "e", 1) == 1;
}

static xunzi_writer_options options_of(size_t round) {
    xunzi_writer_options options = xunzi_writer_options_default();
    const uint64_t live_most[] = {0, 8, options.live_most};
    options.live_most = live_most[round % 3];
    if (round % 5 == 0)
        options.memory = 1; /* as little as there can be: every document is spilled */
    return options;
}

/* The child: steps from `first` on until it is killed. */
static void run_child(const char *path, size_t round, size_t first, int pipe_end) {
    xunzi_writer *writer;
    xunzi_writer_options options = options_of(round);
    if (xunzi_writer_open(path, &options, &writer) == XUNZI_OK)
        for (size_t step = first; step < STEPS_MOST && do_step(writer, step, pipe_end);)
            step++;
    dprintf(pipe_end, "!%s", xunzi_error_message());
    _exit(1);
}

/* Runs a child from step `first`, kills it; returns how many steps it has begun to commit and how
 * many are done. */
static void run_and_kill(const char *path, size_t round, size_t first, struct random *random,
                         size_t *begun, size_t *done) {
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(ends[0]);
        run_child(path, round, first, ends[1]);
    }
    close(ends[1]);
    /* At a number of messages, and a random time after: in the middle of adding, of a commit, of an
     * optimization. */
    size_t messages = random_below(random, 24), seen = 0;
    char text[4096];
    *begun = *done = first;
    while (seen < messages && read(ends[0], text, 1) == 1 && text[0] != '!') {
        *(text[0] == 'b' ? begun : done) += 1;
        seen++;
    }
    usleep((useconds_t)random_below(random, 6000));
    kill(child, SIGKILL);
    ssize_t rest;
    while ((rest = read(ends[0], text, sizeof text - 1)) > 0) {
        text[rest] = '\0';
        if (strchr(text, '!'))
            fail_msg("the child failed: %s", strchr(text, '!') + 1);
        for (ssize_t i = 0; i < rest; i++)
            *(text[i] == 'b' ? begun : done) += 1;
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Whether the collection holds just that state, by its documents and by searching. */
static bool holds(xunzi_index *index, const struct state *state) {
    xunzi_document document;
    char id[16], *body = malloc(BODY_MOST), query[32];
    size_t documents = 0;
    bool same = body != NULL;
    for (size_t i = 0; i < IDS && same; i++) {
        snprintf(id, sizeof id, "id-%zu", i);
        xunzi_status status = xunzi_index_document(index, xunzi_string_of(id), &document);
        if (state->versions[i] == 0) {
            same = status == XUNZI_ERROR_NOT_FOUND;
            continue;
        }
        documents++;
        write_body(state->versions[i], body);
        same = status == XUNZI_OK && same_string(document.body, xunzi_string_of(body));
        snprintf(query, sizeof query, "v%u", (unsigned)state->versions[i]);
        xunzi_results *results = search_all(index, xunzi_string_of(query), XUNZI_MODE_AND);
        same = same && xunzi_results_count(results) == 1 &&
               same_string(xunzi_results_hit(results, 0)->id, xunzi_string_of(id));
        xunzi_results_free(results);
    }
    free(body);
    xunzi_results *all = search_all(index, xunzi_string_of("合作"), XUNZI_MODE_OR);
    same = same && xunzi_results_count(all) == documents;
    xunzi_results_free(all);
    return same;
}

/* Whether there is anything begun and not part of the collection: by name, or more segments than it
 * says. */
static bool has_leftovers(const char *path) {
    struct catalog_snapshot snapshot;
    size_t entries = 0;
    assert_ok(catalog_open(path, &snapshot));
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));)
        entries += entry->d_name[0] != '.';
    closedir(folder);
    size_t expected = 1 + snapshot.manifest.count;
    catalog_close(&snapshot);
    return entries != expected;
}

static void test_kills(void **folder) {
    const char *path = in_folder(folder, "collection");
    struct random random = {200};
    size_t steps = 0, within_commit = 0, untidy = 0;
    for (size_t round = 0; round < KILLS; round++) {
        size_t begun, done;
        run_and_kill(path, round, steps, &random, &begun, &done);
        xunzi_index *index;
        xunzi_status opened = xunzi_index_open(path, &index);
        if (opened != XUNZI_OK) {
            /* Killed before there was a collection: only then is there none. */
            assert_true(steps == 0 && begun == 0);
            continue;
        }
        assert_sound(path);
        struct state before = state_after(done), after = state_after(begun);
        bool at_done = holds(index, &before);
        if (!at_done && !(begun > done && holds(index, &after)))
            fail_msg(
                "after kill %zu the collection is neither as after step %zu nor as after step %zu",
                round, done, begun);
        within_commit += begun > done;
        steps =
            at_done && begun > done && memcmp(&before, &after, sizeof before) != 0 ? done : begun;
        xunzi_index_close(index);
        untidy += has_leftovers(path);
        if (random_once_in(&random, 4)) { /* else the next child finds it all */
            xunzi_writer *writer;
            assert_ok(xunzi_writer_open(path, NULL, &writer));
            xunzi_writer_close(writer);
            assert_tidy(path);
        }
    }
    print_message("%d kills, %zu of them within a commit, %zu left something behind, %zu steps\n",
                  KILLS, within_commit, untidy, steps);
    assert_true(steps > KILLS && within_commit > 0 && untidy > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_kills, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("durability", tests, NULL, NULL);
}
