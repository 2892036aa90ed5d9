/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-searcher --batch as a user runs it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "searcher_fixture.h"

static void test_batch(void **state) {
    (void)state;
    static const char batch[] = "\xEF\xBB\xBFq1\t會診 協議\r\n"
                                "\n"
                                "  \t \r\n"
                                "深水泊位\n"
                                "q 3\x1B\t籃球錦標賽\n"
                                "q4\t\n"
                                "q5\t专科联盟成立";
    const char *path = runner_write("batch.tsv", batch, sizeof batch - 1);
    SEARCH("--mode", "and", "--batch", path, "--format", "trec");
    assert_int_equal(run.exit_status, 0);
    char *score;
    assert_int_equal(count_of(run.out, "\n"), 3);
    assert_memory_equal(run.out, "q1 Q0 coop-1 1 ", 15);
    assert_holds(run.out, "\n4 Q0 coop-3 1 ");
    score = strstr(run.out, "\nq5 Q0 coop-2 1 ");
    assert_non_null(score);
    assert_one_sentence("note: line 6: ");

    SEARCH("--mode", "and", "--count", "--batch", path);
    assert_string_equal(run.out, "1\n1\n0\n0\n1\n");
    SEARCH("--mode", "and", "--count", "--batch", path, "--format=trec");
    assert_string_equal(run.out, "q1 1\n4 1\nq%203%1B 0\nq4 0\nq5 1\n");

    SEARCH_WITH_INPUT(batch, sizeof batch - 1, "--index", index_path, "--mode=and", "--batch=-",
                      "--format=json");
    assert_int_equal(run.exit_status, 0);
    assert_safe(run.out, run.out_size, false);
    static const char *const queries[] = {"會診 協議", "深水泊位", "籃球錦標賽", "",
                                          "专科联盟成立"};
    static const char *const qids[] = {"q1", NULL, "q 3\033", "q4", "q5"};
    const char *line = run.out;
    for (size_t i = 0; i < 5; i++) {
        static const char *const names[] = {"qid",     "query", "total", "exact",
                                            "took_us", "hits",  NULL};
        const char *end = strchr(line, '\n');
        assert_non_null(end);
        struct json_object *object = parse_line(line, (size_t)(end - line));
        assert_members(object, qids[i] ? names : names + 1);
        assert_string_equal(string_member(object, "query"), queries[i]);
        if (qids[i])
            assert_string_equal(string_member(object, "qid"), qids[i]);
        json_object_put(object);
        line = end + 1;
    }
    assert_string_equal(line, "");

    SEARCH("--mode", "and", "--batch", path);
    assert_int_equal(run.exit_status, 0);
    assert_safe(run.out, run.out_size, false);
    assert_memory_equal(run.out, "[q1] 會診 協議\n1. 醫療聯盟簽約\n",
                        strlen("[q1] 會診 協議\n1. 醫療聯盟簽約\n"));
    assert_holds(run.out, "\n[4] 深水泊位\n1. 港口擴建\n");
    assert_holds(run.out, "\n[q 3\\x1B] 籃球錦標賽\n0 documents, ");
}

static void test_batch_exit_status(void **state) {
    (void)state;
    SEARCH_WITH_INPUT("籃球錦標賽\n", strlen("籃球錦標賽\n"), "--index", index_path, "--batch", "-",
                      "--format=trec");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.out, "");
    SEARCH("--batch", "-");
    assert_int_equal(run.exit_status, 1);
    assert_string_equal(run.out, "");
    SEARCH("--batch", runner_path("missing"));
    assert_int_equal(run.exit_status, 2);
    assert_one_sentence("xunzi-searcher: cannot open the batch file ");
    SEARCH("--batch", index_path);
    assert_int_equal(run.exit_status, 2);
    assert_one_sentence("xunzi-searcher: ");
    SEARCH_WITH_INPUT("泊位\n泊位\n", strlen("泊位\n泊位\n"), "--index", index_path, "--batch", "-",
                      "--since", "someday");
    assert_int_equal(run.exit_status, 2);
    assert_one_sentence("xunzi-searcher: standard input, line 1: ");
    assert_int_equal(count_of(run.err, "\n"), 1);
}

/* A line of a megabyte is cut with a note, one whose query id is too long is named, and what is
 * behind them is answered. */
static void test_batch_of_oversized_lines(void **state) {
    (void)state;
    enum { MEGABYTE = 1 << 20, LONG_QID = 5000 };
    static const char behind[] = "\nend\t深水泊位\n";
    char *batch = malloc(MEGABYTE + 64 + LONG_QID + sizeof behind);
    assert_non_null(batch);
    size_t size = 0;
    while (size < MEGABYTE) {
        memcpy(batch + size, "深水泊位 ", strlen("深水泊位 "));
        size += strlen("深水泊位 ");
    }
    batch[size++] = '\n';
    memset(batch + size, 'i', LONG_QID);
    size += LONG_QID;
    batch[size++] = '\t';
    memcpy(batch + size, behind, sizeof behind - 1);
    size += sizeof behind - 1;
    const char *path = runner_write("oversized.tsv", batch, size);
    free(batch);
    SEARCH("--batch", path, "--format=trec");
    assert_int_equal(run.exit_status, 2);
    assert_memory_equal(run.out, "1 Q0 coop-3 1 ", 14);
    assert_holds(run.out, "\nend Q0 coop-3 1 ");
    assert_one_sentence("note: line 1: ");
    assert_holds(run.err, "xunzi-searcher: ");
    assert_holds(run.err, ", line 2: the query id is over the limit");
    SEARCH("--batch", path);
    assert_memory_equal(run.out, "[1] 深水泊位 深水泊位 ", strlen("[1] 深水泊位 深水泊位 "));
    assert_holds(run.out, "…\n1. 港口擴建\n");
    assert_true(run.out_size < 4096);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch),
        cmocka_unit_test(test_batch_exit_status),
        cmocka_unit_test(test_batch_of_oversized_lines),
    };
    return cmocka_run_group_tests(tests, make_collection, remove_collection);
}
