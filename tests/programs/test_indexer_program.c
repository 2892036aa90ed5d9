/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi-indexer as a user runs it: what it prints, where, and its exit status. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <json-c/json.h>

#include "program_runner.h"

static struct program_run run;

/* Runs the indexer with these arguments and no input. */
#define RUN(...) run_with(NULL, (const char *const[]){"xunzi-indexer", __VA_ARGS__, NULL})

static void run_with(const char *input, const char *const *arguments) {
    runner_run(&run, arguments, input, input ? strlen(input) : 0, NULL);
}

/* Adds JSON Lines from standard input to the index "i". */
static void add(const char *lines) {
    run_with(lines,
             (const char *const[]){"xunzi-indexer", "add", "--index", runner_path("i"), "-", NULL});
}

/* A mistake: exit status 2, nothing on standard output, and `lines` lines on standard error, the
 * first with `why`. */
static void assert_mistake(const char *why, int lines) {
    assert_exit(&run, 2);
    assert_string_equal(run.out, "");
    assert_int_equal(strncmp(run.err, "xunzi-indexer: ", 15), 0);
    assert_holds(run.err, why);
    int found = 0;
    for (const char *at = run.err; (at = strchr(at, '\n')); at++)
        found++;
    assert_int_equal(found, lines);
}

static void test_help_and_version(void **state) {
    (void)state;
    static const char *const commands[] = {"add", "delete", "optimize", "stats", "check", "export"};
    RUN("--version");
    assert_exit(&run, 0);
    assert_string_equal(run.out, "xunzi-indexer 0.1.0\n");
    RUN("--help");
    assert_exit(&run, 0);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        assert_holds(run.out, commands[i]);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        RUN(commands[i], "--help");
        assert_exit(&run, 0);
        assert_string_equal(run.err, "");
        char usage[64];
        snprintf(usage, sizeof usage, "Usage: xunzi-indexer %s --index DIR", commands[i]);
        assert_holds(run.out, usage);
        for (const char *line = run.out; *line; line = strchr(line, '\n') + 1)
            assert_true(strcspn(line, "\n") <= 79);
    }
}

static void test_usage_mistakes(void **state) {
    (void)state;
    const char *index = runner_path("i");
    run_with(NULL, (const char *const[]){"xunzi-indexer", NULL});
    assert_mistake("no command", 2);
    assert_holds(run.err, "Try 'xunzi-indexer --help'.\n");
    RUN("frobnicate");
    assert_mistake("there is no command 'frobnicate'", 2);
    RUN("add", "x");
    assert_mistake("--index", 2);
    assert_holds(run.err, "Try 'xunzi-indexer add --help'.\n");
    RUN("add", "--index", "", "x");
    assert_mistake("--index", 2);
    RUN("add", "--index");
    assert_mistake("option '--index' needs a value", 2);
    RUN("add", "--index", index);
    assert_mistake("no PATH", 2);
    RUN("delete", "--index", index);
    assert_mistake("no ID", 2);
    RUN("add", "--index", index, "--keep-some", "x");
    assert_mistake("there is no option '--keep-some'", 2);
    RUN("add", "--index", index, "-q", "x");
    assert_mistake("there is no option '-q'", 2);
    RUN("stats", "--index=i", "-qx"); /* the second letter is not read */
    assert_mistake("there is no option '-q'", 2);
    RUN("stats", "--index", index, "--json=x");
    assert_mistake("option '--json' takes no value", 2);
    RUN("stats", "--index", index, "more");
    assert_mistake("'more'", 2);
    RUN("export", "--index", index, "--json");
    assert_mistake("there is no option '--json'", 2);
    RUN("add", "--index", index, "--format", "pdf", "x");
    assert_mistake("--format is auto, text, html or jsonl, not 'pdf'", 2);
    RUN("add", "--index", index, "--profile", "tiny", "x");
    assert_mistake("--profile is full or bigram, not 'tiny'", 2);
    static const char *const threads[] = {"two", "0", "-1", "257", "4x", ""};
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        RUN("add", "--index", index, "--threads", threads[i], "x");
        assert_mistake("--threads is a number of threads from 1 to 256", 2);
    }
    static const char *const sizes[] = {"much", "0",   "15M",          "-1G",
                                        "512T", "1Gx", "99999999999G", ""};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        RUN("add", "--index", index, "--memory", sizes[i], "x");
        assert_mistake("--memory is a size such as 512M or 2G, from 16M on", 2);
    }
    assert_int_equal(access(index, F_OK), -1);
}

/* The index is the same whatever the threads and the memory. */
static void test_threads_and_memory(void **state) {
    (void)state;
    const char *text = runner_write("a.txt", "文", 3);
    static const char *const threads[] = {"1", "2", "8"}, *const sizes[] = {"16M", "1g", "512MB"};
    for (size_t i = 0; i < 3; i++) {
        const char *index = runner_path(sizes[i]);
        RUN("add", "--index", index, "--threads", threads[i], "--memory", sizes[i], text);
        assert_exit(&run, 0);
        RUN("export", "--index", index);
        assert_exit(&run, 0);
        assert_non_null(strstr(run.out, "\"body\":\"文\""));
    }
}

/* The value of a member of the JSON object that was printed. */
static struct json_object *statistic(const char *name) {
    static struct json_object *object;
    json_object_put(object);
    object = NULL;
    if (!name)
        return NULL;
    object = json_tokener_parse(run.out);
    assert_non_null(object);
    assert_int_equal(json_object_object_length(object), 7);
    struct json_object *value;
    assert_true(json_object_object_get_ex(object, name, &value));
    return value;
}

static void assert_documents(int64_t count) {
    RUN("stats", "--json", "--index", runner_path("i"));
    assert_exit(&run, 0);
    assert_int_equal(json_object_get_int64(statistic("documents")), count);
    statistic(NULL);
}

static void test_add_and_stats(void **state) {
    (void)state;
    assert_int_equal(mkdir(runner_path("texts"), 0755), 0);
    runner_write("texts/一.txt", "題目\n這是正文。", strlen("題目\n這是正文。"));
    runner_write("texts/二.txt", "另外一篇。", strlen("另外一篇。"));
    const char *lines = runner_write("l.jsonl", "{\"id\":\"三\",\"body\":\"第三篇\"}\n",
                                     strlen("{\"id\":\"三\",\"body\":\"第三篇\"}\n"));
    /* Options before and behind the paths. */
    RUN("add", runner_path("texts"), "--profile", "bigram", lines, "--index", runner_path("i"));
    assert_exit(&run, 0);
    assert_string_equal(run.out, "");
    assert_holds(run.err, "xunzi-indexer: 3 documents added, 0 replaced (");
    assert_lacks(run.err, "skipped");
    RUN("stats", "--index", runner_path("i"), "--json");
    assert_exit(&run, 0);
    assert_int_equal(json_object_get_int(statistic("documents")), 3);
    assert_string_equal(json_object_get_string(statistic("profile")), "bigram");
    assert_true(json_object_get_int64(statistic("terms")) > 0);
    assert_true(json_object_get_int64(statistic("postings")) > 0);
    assert_true(json_object_get_int64(statistic("bytes")) > 0);
    assert_true(json_object_is_type(statistic("live_documents"), json_type_int));
    assert_true(json_object_is_type(statistic("segments"), json_type_int));
    statistic(NULL);
    RUN("stats", "--index", runner_path("i"));
    assert_exit(&run, 0);
    assert_holds(run.out, "documents                          3\n");
    assert_holds(run.out, "profile                       bigram\n");
    RUN("check", "--index", runner_path("i"));
    assert_exit(&run, 0);
    assert_holds(run.out, "/i: sound\n");
    RUN("add", "--index", runner_path("i"), "--profile", "full", lines);
    assert_mistake("bigram", 1);
    RUN("add", "--index", runner_path("i"), lines);
    assert_exit(&run, 0);
    assert_holds(run.err, "0 documents added, 1 replaced");
    assert_documents(3);
}

static void test_skipped_inputs_are_named(void **state) {
    (void)state;
    add("{\"id\":\"1\",\"body\":\"甲\"}\n{\"id\":\"2\"}\nx\n{\"id\":\"3\",\"body\":\"!\"}\n"
        "{\"id\":\"4\",\"body\":\"乙\xFF\"}\n");
    assert_exit(&run, 1);
    assert_string_equal(run.out, "");
    assert_holds(run.err, "xunzi-indexer: standard input, line 2: has no \"body\"; line skipped\n");
    assert_holds(run.err, "xunzi-indexer: standard input, line 3: is not JSON");
    assert_holds(run.err, "xunzi-indexer: standard input, line 4: ");
    assert_lacks(run.err, "line 5");
    assert_holds(run.err, "2 documents added, 0 replaced");
    assert_holds(run.err, "3 inputs skipped");
    assert_holds(run.err,
                 "1 document held bytes that are no characters; U+FFFD stands for them, 1 times");
    RUN("add", "--index", runner_path("i"), runner_path("missing"),
        runner_write("p.html", "<p>", 3), runner_write("t.txt", "丙", 3));
    assert_exit(&run, 1);
    assert_holds(run.err, "missing: there is no such file or folder; skipped\n");
    assert_holds(run.err, "p.html: has no visible text; skipped\n");
    assert_holds(run.err, "1 document added");
    assert_documents(3);
    /* Half a surrogate pair: the file is UTF-16, and said to be no other. */
    RUN("add", "--index", runner_path("i"),
        runner_write("u.txt", "\xFF\xFE\x01\x4E\x00\xD8\x8C\x4E", 8));
    assert_exit(&run, 0);
    assert_holds(run.err, "1 document held bytes that are no characters");
    assert_lacks(run.err, "UTF-8");
    assert_documents(4);
}

/* An id over the limit is refused by the writer; one just at a size that Xapian would not take is
 * not. */
static void test_long_ids(void **state) {
    (void)state;
    size_t sizes[] = {10 * 1024, 70 * 1024};
    char *lines = calloc(1, 100 * 1024);
    assert_non_null(lines);
    size_t size = 0;
    for (size_t i = 0; i < 2; i++) {
        size += (size_t)sprintf(lines + size, "{\"body\":\"甲\",\"id\":\"");
        memset(lines + size, 'a', sizes[i]);
        size += sizes[i];
        size += (size_t)sprintf(lines + size, "\"}\n");
    }
    add(lines);
    free(lines);
    assert_exit(&run, 1);
    assert_holds(run.err, "standard input, line 2: ");
    assert_holds(run.err, "1 document added");
    RUN("export", "--index", runner_path("i"));
    assert_exit(&run, 0);
    assert_int_equal(run.out_size, sizes[0] + strlen("{\"id\":\"\",\"body\":\"甲\"}\n"));
}

static void test_nothing_to_add(void **state) {
    (void)state;
    RUN("add", "--index", runner_path("i"), runner_path("missing"));
    assert_exit(&run, 1);
    assert_holds(run.err, "missing: there is no such file or folder");
    assert_int_equal(access(runner_path("i"), F_OK), -1);
    add("{\"body\":\"甲\"}\n");
    assert_exit(&run, 0);
    RUN("add", "--index", runner_path("i"), runner_write("empty.txt", "", 0));
    assert_exit(&run, 1);
    assert_holds(run.err, "empty.txt: is empty; skipped");
    assert_documents(1);
}

static void test_delete(void **state) {
    (void)state;
    add("{\"id\":\"一\",\"body\":\"甲\"}\n{\"id\":\"二\",\"body\":\"乙\"}\n{\"id\":\"-x\",\"body\":"
        "\"丙\"}\n");
    assert_exit(&run, 0);
    RUN("delete", "--index", runner_path("i"), "一", "無", "\033[31m");
    assert_exit(&run, 1);
    assert_holds(run.err, "there is no document '無' in ");
    assert_holds(run.err, "'\\x1B[31m'");
    assert_lacks(run.err, "\033");
    assert_holds(run.err, "1 document deleted");
    assert_documents(2);
    RUN("delete", "--index", runner_path("i"), "--", "-x");
    assert_exit(&run, 0);
    RUN("delete", "--index", runner_path("i"), "-x");
    assert_mistake("there is no option '-x'", 2);
    RUN("delete", "--index", runner_path("i"), "一");
    assert_exit(&run, 1);
    assert_documents(1);
    RUN("delete", "--index", runner_path("none"), "一");
    assert_mistake("none", 1);
    assert_int_equal(access(runner_path("none"), F_OK), -1);
}

static void test_optimize_keeps_the_collection(void **state) {
    (void)state;
    add("{\"id\":\"1\",\"body\":\"甲乙丙\"}\n{\"id\":\"2\",\"body\":\"乙丙丁\"}\n");
    add("{\"id\":\"1\",\"body\":\"戊己庚\"}\n");
    RUN("export", "--index", runner_path("i"));
    char *before = strdup(run.out);
    assert_non_null(before);
    RUN("optimize", "--index", runner_path("i"));
    assert_exit(&run, 0);
    assert_string_equal(run.out, "");
    RUN("export", "--index", runner_path("i"));
    assert_string_equal(run.out, before);
    free(before);
    RUN("check", "--index", runner_path("i"));
    assert_exit(&run, 0);
}

static void test_indexes_that_are_none(void **state) {
    (void)state;
    static const char *const commands[] = {"optimize", "stats", "check", "export"};
    const char *file = runner_write("file", "x", 1);
    assert_int_equal(mkdir(runner_path("other"), 0755), 0);
    runner_write("other/notes.txt", "x", 1);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        RUN(commands[i], "--index", runner_path("none"));
        assert_mistake("none", 1);
        assert_int_equal(access(runner_path("none"), F_OK), -1);
        RUN(commands[i], "--index", file);
        assert_mistake("file", 1);
        RUN(commands[i], "--index", runner_path("other"));
        assert_mistake("other", 1);
    }
    RUN("add", "--index", file, runner_write("a.txt", "甲", 3));
    assert_mistake("file", 1);
    RUN("add", "--index", runner_path("other"), runner_path("a.txt"));
    assert_mistake("other", 1);
    assert_int_equal(access(runner_path("other/notes.txt"), F_OK), 0);
}

/* Every byte that a terminal could take for a command is escaped, and the export, added to another
 * index, is the same collection. */
static void test_export_round_trip(void **state) {
    (void)state;
    static const char lines[] =
        "{\"id\":\"1\",\"title\":\"題\\u001b[31m\",\"body\":\"甲\\u0000\\n\\t\\\"\\\\/"
        "\\u202e\\u0085𠮷\U000E0041\","
        "\"date\":\"2024-03-18\",\"source\":\"報\",\"url\":\"https://example.org/?a=1&b=2\"}\n"
        "{\"id\":\"2\",\"body\":\"乙\",\"n\":1.50,\"big\":12345678901234567890123,\"date\":"
        "\"昨天\",\"list\":"
        "[\"x\\u200e\u200E\", {\"body\":null}]}\n"
        "{\"body\":\"沒有編號\",\"url\":\"\"}\n"
        "{\"title\":\"只有題目\",\"body\":\"\",\"id\":\"3\"}\n";
    add(lines);
    assert_exit(&run, 0);
    RUN("export", "--index", runner_path("i"));
    assert_exit(&run, 0);
    assert_string_equal(run.err, "");
    char *first = strdup(run.out);
    assert_non_null(first);
    static const char begin[] =
        "{\"id\":\"1\",\"title\":\"題\\u001b[31m\",\"body\":\"甲\\u0000\\n\\t\\\"\\\\/"
        "\\u202e\\u0085𠮷\\udb40\\udc41\","
        "\"date\":\"2024-03-18\",\"source\":\"報\",\"url\":\"https://example.org/?a=1&b=2\"}\n"
        "{\"id\":\"2\",\"body\":\"乙\",\"date\":\"昨天\",\"n\":1.50,\"big\":"
        "12345678901234567890123,\"list\":"
        "[\"x\\u200e\\u200e\", {\"body\":null}]}\n";
    if (strncmp(first, begin, strlen(begin)) != 0)
        fail_msg("export printed %s", first);
    assert_lacks(first, "\"url\":\"\"");
    assert_holds(first, "{\"id\":\"3\",\"title\":\"只有題目\",\"body\":\"\"}\n");
    for (const char *at = first; *at; at++)
        assert_true(*at == '\n' || (unsigned char)*at >= 0x20);

    run_with(first, (const char *const[]){"xunzi-indexer", "add", "--index", runner_path("copy"),
                                          "-", NULL});
    assert_exit(&run, 0);
    RUN("export", "--index", runner_path("copy"));
    assert_exit(&run, 0);
    assert_string_equal(run.out, first);
    free(first);
}

static void test_output_that_cannot_be_written(void **state) {
    (void)state;
    add("{\"id\":\"1\",\"body\":\"甲\"}\n");
    static const char *const commands[] = {"export", "stats", "check"};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        const char *const arguments[] = {"xunzi-indexer", commands[i], "--index", runner_path("i"),
                                         NULL};
        runner_run(&run, arguments, NULL, 0, "/dev/full");
        assert_mistake("cannot write to standard output: No space left on device", 1);
    }
}

/* Changes bytes in the middle of every larger file of the index. */
static int damage_files(const char *folder) {
    int damaged = 0;
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));) {
        char path[8192];
        struct stat status;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.' || stat(path, &status) != 0)
            continue;
        if (S_ISDIR(status.st_mode)) {
            damaged += damage_files(path);
        } else if (status.st_size >= 4096) {
            int descriptor = open(path, O_WRONLY);
            char garbage[2048];
            memset(garbage, 0xA5, sizeof garbage);
            assert_int_equal(pwrite(descriptor, garbage, sizeof garbage, status.st_size / 2),
                             sizeof garbage);
            close(descriptor);
            damaged++;
        }
    }
    closedir(directory);
    return damaged;
}

static void test_check_finds_damage(void **state) {
    (void)state;
    size_t capacity = 400000, size = 0;
    char *lines = malloc(capacity);
    assert_non_null(lines);
    for (int i = 0; i < 1500; i++)
        size += (size_t)snprintf(lines + size, capacity - size,
                                 "{\"id\":\"%d\",\"body\":\"第%d篇文章講%d%d\"}\n", i, i, i * 7919,
                                 i * 104729 % 65537);
    add(lines);
    free(lines);
    assert_exit(&run, 0);
    assert_true(damage_files(runner_path("i")) > 0);
    RUN("check", "--index", runner_path("i"));
    assert_exit(&run, 2);
    assert_string_equal(run.out, "");
    assert_int_equal(strncmp(run.err, "xunzi-indexer: ", 15), 0);
}

/* The file of the same name as what an escape sequence would clear the screen with. */
static void test_nothing_acts_on_a_terminal(void **state) {
    (void)state;
    RUN("add", "--index", runner_path("i"),
        "\033[2J\xC2\x9B"
        "2J\u202Egnp.exe",
        "\xFF");
    assert_exit(&run, 1);
    assert_holds(run.err, "\\x1B[2J\\u{009B}2J\\u{202E}gnp.exe: there is no such file");
    assert_holds(run.err, "\\xFF: there is no such file");
    RUN("add", "--index", runner_path("i"), "--\033[2J", "x");
    assert_mistake("'--\\x1B[2J'", 2);
    RUN("stats", "--index", "\033]0;x\a");
    assert_mistake("\\x1B]0;x\\x07", 1);
    RUN("\033[2J");
    assert_mistake("\\x1B", 2);
}

static void test_progress_bar_on_a_terminal(void **state) {
    (void)state;
    const char *lines = runner_write("l.jsonl", "{\"id\":\"1\",\"body\":\"甲\"}\nno\n",
                                     strlen("{\"id\":\"1\",\"body\":\"甲\"}\nno\n"));
    struct terminal_session session;
    terminal_begin(
        &session,
        (const char *const[]){"xunzi-indexer", "add", "--index", runner_path("i"), lines, NULL},
        70);
    size_t at = terminal_expect(&session, 0, "\r[                        ]   0%  0 documents, ");
    at = terminal_expect(&session, at, "\r\033[Kxunzi-indexer: ");
    terminal_expect(&session, at, "1 document added");
    assert_int_equal(terminal_end(&session), 1);
    free(session.out);
}

/* Starts `add` from a pipe that stays open, and waits until it has read all that is in there. */
static pid_t start_adding(int *input, const char *error_path) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const char *index = runner_path("i");
    fflush(NULL);
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        int error = open(error_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (error < 0 || dup2(ends[0], 0) < 0 || dup2(error, 2) < 0)
            _exit(125);
        close(ends[0]);
        close(ends[1]);
        signal(SIGINT,
               SIG_DFL); /* a test run in the background may have been started to ignore it */
        signal(SIGHUP, SIG_DFL);
        execl(XUNZI_BINARY_DIR "/xunzi-indexer", "xunzi-indexer", "add", "--index", index, "-",
              (char *)NULL);
        _exit(126);
    }
    *input = ends[1];
    for (int i = 0; i < 1000; i++) {
        char line[64];
        int size = snprintf(line, sizeof line, "{\"id\":\"new %d\",\"body\":\"新文章\"}\n", i);
        assert_int_equal(write(*input, line, (size_t)size), size);
    }
    int unread = 1;
    while (unread > 0 && waitpid(process, NULL, WNOHANG) == 0) {
        usleep(1000);
        assert_int_equal(ioctl(ends[0], FIONREAD, &unread), 0);
    }
    close(ends[0]);
    return process;
}

static void test_interruption_adds_nothing(void **state) {
    (void)state;
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    add("{\"id\":\"old\",\"body\":\"舊\"}\n");
    assert_exit(&run, 0);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int input;
        const char *error_path = runner_path("interrupted-error");
        pid_t process = start_adding(&input, error_path);
        assert_int_equal(kill(process, numbers[i]), 0);
        close(input); /* should the signal have come just before a read, the read ends too */
        int status;
        assert_int_equal(waitpid(process, &status, 0), process);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 2);
        FILE *file = fopen(error_path, "r");
        char text[1024] = "";
        assert_non_null(file);
        assert_true(fread(text, 1, sizeof text - 1, file) > 0);
        fclose(file);
        assert_holds(text, "xunzi-indexer: interrupted: nothing was added; ");
        RUN("export", "--index", runner_path("i"));
        assert_exit(&run, 0);
        assert_string_equal(run.out, "{\"id\":\"old\",\"body\":\"舊\"}\n");
    }
}

static int free_run(void **state) {
    (void)state;
    program_run_free(&run);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_help_and_version, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_usage_mistakes, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_threads_and_memory, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_add_and_stats, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_skipped_inputs_are_named, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_long_ids, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_nothing_to_add, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_delete, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_optimize_keeps_the_collection, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_indexes_that_are_none, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_export_round_trip, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_output_that_cannot_be_written, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_check_finds_damage, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_nothing_acts_on_a_terminal, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_progress_bar_on_a_terminal, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_interruption_adds_nothing, begin_folder, end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, free_run);
}
