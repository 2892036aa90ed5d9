/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The prompt of xunzi-searcher, on a pseudoterminal: queries in UTF-8, commands, Ctrl-C and Ctrl-D,
 * the history, lines broken at the terminal's width, documents added meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/ioctl.h>

#include <cmocka.h>

#include "program/fail.h"
#include "program/terminal.h"
#include "program_runner.h"

enum { COLUMNS = 46 };

static const char PROMPT[] = "尋字> ";

static const char DOCUMENTS[] =
    "{\"id\":\"long\",\"title\":\"渡輪航線調整\",\"body\":"
    "\"北灣港務處表示，「自下月起，渡輪航線將由四條增為六條，（週末）另加開夜航」。"
    "Ferry tickets stay at the same "
    "price；旅客可以憑卡乘船，老人與兒童半價。渡輪碼頭同時整修，工期約三個月。\\r\\n"
    "第二段：船員正在受訓。\",\"date\":\"2024-06-01\",\"source\":\"北灣時報\"}\n"
    "{\"id\":\"second\",\"title\":\"渡輪歷史\",\"body\":\"第一艘渡輪\\u001b[31m在百年前下水。\"}\n"
    "{\"id\":\"third\",\"title\":\"乘船須知\",\"body\":\"搭乘渡輪請提早到達。\"}\n";

static const char *index_path;
static struct terminal_session session;
static size_t seen; /* how far session.out has been looked at */

static void add_documents(const char *documents) {
    struct program_run run = {0};
    const char *path = runner_write("documents.jsonl", documents, strlen(documents));
    runner_run(&run,
               (const char *const[]){"xunzi-indexer", "add", "--index", index_path, path, NULL},
               NULL, 0, NULL);
    if (run.exit_status != 0)
        fail_msg("xunzi-indexer: exit status %d, %s", run.exit_status, run.err);
    program_run_free(&run);
}

static int make_collection(void **state) {
    (void)state;
    runner_begin();
    program_begin("test"); /* for the widths of characters */
    index_path = runner_path("collection");
    add_documents(DOCUMENTS);
    return 0;
}

static int remove_collection(void **state) {
    (void)state;
    runner_end();
    return 0;
}

static void begin(const char *option, const char *value) {
    terminal_begin(
        &session,
        (const char *const[]){"xunzi-searcher", "--index", index_path, option, value, NULL},
        COLUMNS);
    seen = terminal_expect(&session, 0, PROMPT);
}

/* Types a line and waits for text in the answer, then for the next prompt. */
static void type_and_expect(const char *line, const char *text) {
    terminal_type(&session, line);
    terminal_type(&session, "\r");
    seen = terminal_expect(&session, seen, "\n"); /* the terminal's own echo of the line */
    seen = terminal_expect(&session, seen, text);
    seen = terminal_expect(&session, seen, PROMPT);
}

static void end(void) {
    assert_int_equal(terminal_end(&session), 0);
    free(session.out);
}

static void test_queries_and_commands(void **state) {
    (void)state;
    begin("--color", "never");
    type_and_expect(":open 1", "no hits have been shown");
    type_and_expect(":more", "no query yet");
    type_and_expect(":limit 1", "limit: 1");
    type_and_expect(":limit 0", ":limit is followed by");
    type_and_expect(":limit", "limit: 1");
    type_and_expect(":sort date", "sort: date");
    type_and_expect(":sort size", ":sort is followed by");
    type_and_expect("渡轮", "1. 渡輪航線調整");
    type_and_expect(":more", "2. 渡輪歷史");
    type_and_expect(":more", "3. 乘船須知");
    type_and_expect(":more", "No more hits.");
    type_and_expect(":open 1", "第二段：船員正在受訓。\r\n");
    type_and_expect(":open 4", "there is no hit 4; the last query has shown 1 to 3");
    type_and_expect(":open x", ":open is followed by");
    type_and_expect(":like x", ":like is followed by");
    type_and_expect(":like 4", "there is no hit 4; the last query has shown 1 to 3");
    type_and_expect(":like 1", "1. 乘船須知");
    type_and_expect(":more", "2. 渡輪歷史");
    type_and_expect(":like 2", "1. 渡輪航線調整");
    type_and_expect("渡轮", "1. 渡輪航線調整");
    type_and_expect(":mode phrase", "mode: phrase");
    type_and_expect(":mode", "mode: phrase");
    type_and_expect("輪渡", "No document matches.");
    type_and_expect(":open 1", "no hits have been shown");
    type_and_expect(":mode and ", "mode: and");
    type_and_expect("歷史 渡輪", "1. 渡輪歷史");
    type_and_expect(":open 1", "第一艘渡輪\\x1B[31m在百年前下水。");
    type_and_expect(":what", "there is no command ':what'");
    type_and_expect(":help", ":quit");
    type_and_expect("   ", "");
    terminal_type(&session, ":quit\r");
    end();
}

static void test_interrupt_and_end_of_input(void **state) {
    (void)state;
    begin("--color", "never");
    terminal_type(&session, "half a line");
    seen = terminal_expect(&session, seen, "half a line");
    terminal_type(&session, "\x03");
    seen = terminal_expect(&session, seen, PROMPT);
    /* A terminal that changes its size does not disturb the line. */
    terminal_type(&session, "乘船");
    seen = terminal_expect(&session, seen, "乘船");
    struct winsize size = {.ws_row = 40, .ws_col = COLUMNS + 10};
    assert_int_equal(ioctl(session.descriptor, TIOCSWINSZ, &size), 0);
    type_and_expect("須知", "1. 乘船須知");
    terminal_type(&session, "\x04");
    end();
}

static void test_documents_added_meanwhile_are_found(void **state) {
    (void)state;
    begin("--color", "never");
    type_and_expect("燈塔", "No document matches.");
    add_documents("{\"id\":\"new\",\"title\":\"燈塔開放\",\"body\":\"燈塔今起開放參觀。\"}\n");
    type_and_expect("燈塔", "1. 燈塔開放");
    terminal_type(&session, "\x04");
    end();
}

static void test_history_lasts(void **state) {
    (void)state;
    begin("--color", "never");
    type_and_expect("提早到達", "1. 乘船須知");
    terminal_type(&session, "\x04");
    end();
    begin("--color", "never");
    type_and_expect("\x1B[A", "1. 乘船須知"); /* arrow up */
    terminal_type(&session, "\x04");
    end();
}

/* No line is wider than the terminal, and none begins with a mark that closes. */
static void test_lines_are_broken_at_the_width(void **state) {
    (void)state;
    static const char *const closing[] = {"，", "。", "」", "）", "；", "、"};
    begin("--color", "always");
    size_t from = seen;
    type_and_expect("渡輪航線", "北灣港務處");
    type_and_expect(":open 1", "第二段");
    terminal_type(&session, "\x04");
    int status = terminal_end(&session);
    assert_int_equal(status, 0);
    size_t lines = 0;
    for (char *line = strtok(session.out + from, "\r\n"); line; line = strtok(NULL, "\r\n")) {
        char plain[1024];
        size_t size = 0;
        for (const char *at = line; *at && size < sizeof plain - 1; at++) {
            if (*at == '\033')
                at += strcspn(at, "mGKCP");
            else
                plain[size++] = *at;
        }
        plain[size] = '\0';
        /* Lines of id, date, source and url are left to the terminal; those here are short. */
        if (terminal_text_width(plain, size) > COLUMNS)
            fail_msg("wider than the terminal: %s", plain);
        const char *text = plain + strspn(plain, " ");
        for (size_t i = 0; i < sizeof closing / sizeof closing[0]; i++) {
            if (strncmp(text, closing[i], strlen(closing[i])) == 0)
                fail_msg("begins with a closing mark: %s", plain);
        }
        lines++;
    }
    assert_true(lines > 12);
    free(session.out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queries_and_commands),
        cmocka_unit_test(test_interrupt_and_end_of_input),
        cmocka_unit_test(test_documents_added_meanwhile_are_found),
        cmocka_unit_test(test_history_lasts),
        cmocka_unit_test(test_lines_are_broken_at_the_width),
    };
    return cmocka_run_group_tests(tests, make_collection, remove_collection);
}
