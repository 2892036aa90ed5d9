/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From paths to files: the order of a walk, what it leaves out, links in circles, depth, and files
 * that are not there, not allowed, or not files. */
#include "input_reading.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct reading reading;

static void make_folder(const char *name) {
    assert_int_equal(mkdir(runner_path(name), 0755), 0);
}

static void write_text(const char *name) {
    runner_write(name, name, strlen(name));
}

static void make_link(const char *target, const char *name) {
    assert_int_equal(symlink(target, runner_path(name)), 0);
}

/* Asserts that the documents' ids are these names in the folder, in this order. names ends with
 * NULL. */
static void assert_ids(const char *const *names) {
    size_t count = 0;
    while (names[count])
        count++;
    assert_int_equal(reading.document_count, count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(reading.documents[i].id, runner_path(names[i]));
}

static void test_order_and_hidden_names(void **state) {
    (void)state;
    make_folder("f");
    make_folder("f/b");
    make_folder("f/.git");
    write_text("f/Z.txt");
    write_text("f/a.txt");
    write_text("f/b/1");
    write_text("f/b/.hidden");
    write_text("f/.git/config");
    write_text("f/c.txt");
    write_text("f/中.txt");
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, runner_path("f"));
    assert_counts(&reading, 5, 0);
    assert_ids((const char *const[]){"f/Z.txt", "f/a.txt", "f/b/1", "f/c.txt", "f/中.txt", NULL});

    /* A slash behind a folder's name is not doubled; hidden files that are named are read; paths
     * keep their order. */
    char slash[4096];
    snprintf(slash, sizeof slash, "%s/", runner_path("f/b"));
    reading_of(&reading, XUNZI_FORMAT_AUTO,
               (const char *const[]){runner_path("f/c.txt"), slash, runner_path("f/b/.hidden"),
                                     runner_path("f/.git"), NULL});
    assert_counts(&reading, 4, 0);
    assert_ids((const char *const[]){"f/c.txt", "f/b/1", "f/b/.hidden", "f/.git/config", NULL});
}

static void test_collections_are_left_out(void **state) {
    (void)state;
    make_folder("f");
    make_folder("f/index");
    make_folder("f/index/catalog");
    make_folder("f/catalog");
    write_text("f/index/catalog/iamglass");
    write_text("f/index/catalog/postlist.glass");
    write_text("f/catalog/a.txt"); /* a folder of that name alone makes no collection */
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, runner_path("f"));
    assert_counts(&reading, 1, 0);
    assert_ids((const char *const[]){"f/catalog/a.txt", NULL});
}

static void test_links(void **state) {
    (void)state;
    make_folder("f");
    make_folder("f/a");
    make_folder("f/a/b");
    make_folder("outside");
    write_text("f/a/b/t");
    write_text("outside/o");
    make_link("../..", "f/a/b/up"); /* being walked */
    make_link(".", "f/a/b/self");   /* being walked */
    make_link("../outside", "f/x"); /* elsewhere: followed */
    make_link("../outside", "f/y"); /* walked by now */
    make_link("a/b/t", "f/z");      /* a file */
    make_link("nowhere", "f/broken");
    make_link("circle2", "f/circle1");
    make_link("circle1", "f/circle2");
    make_link("../f", "outside/back");
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, runner_path("f"));
    assert_counts(&reading, 3, 3);
    assert_ids((const char *const[]){"f/a/b/t", "f/x/o", "f/z", NULL});
    assert_holds(reading.sentences[0], runner_path("f/broken"));
    assert_holds(reading.sentences[0], "link");
    assert_holds(reading.sentences[1], runner_path("f/circle1"));
    assert_holds(reading.sentences[2], runner_path("f/circle2"));
    /* A link that is named is followed. */
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, runner_path("f/x"));
    assert_counts(&reading, 3, 3);
}

static void make_socket(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    assert_true(strlen(path) < sizeof address.sun_path);
    strcpy(address.sun_path, path);
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_true(descriptor >= 0);
    assert_int_equal(bind(descriptor, (struct sockaddr *)&address, sizeof address), 0);
    close(descriptor);
}

static void test_what_is_no_file(void **state) {
    (void)state;
    make_folder("f");
    assert_int_equal(mkfifo(runner_path("f/pipe"), 0644), 0);
    make_socket(runner_path("f/socket"));
    make_link("/dev/null", "f/zdevice");
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, runner_path("f"));
    assert_counts(&reading, 0, 3);
    assert_holds(reading.sentences[0], "f/pipe: is a named pipe");
    assert_holds(reading.sentences[1], "f/socket: is a socket");
    assert_holds(reading.sentences[2], "f/zdevice: is a device");
    reading_of(&reading, XUNZI_FORMAT_AUTO,
               (const char *const[]){runner_path("f/pipe"), runner_path("missing"), "", NULL});
    assert_counts(&reading, 0, 3);
    assert_holds(reading.sentences[1], "missing: there is no such file or folder; skipped");
}

/* As root nothing is forbidden; the test then reads as another user. */
static void test_what_is_not_allowed(void **state) {
    (void)state;
    enum { NOBODY = 65534 };
    assert_int_equal(chmod(runner_path(""), 0755), 0);
    make_folder("f");
    make_folder("f/closed");
    write_text("f/closed/t");
    write_text("f/locked");
    write_text("f/open");
    assert_int_equal(chmod(runner_path("f/closed"), 0), 0);
    assert_int_equal(chmod(runner_path("f/locked"), 0), 0);
    bool root = geteuid() == 0;
    if (root)
        assert_int_equal(seteuid(NOBODY), 0);
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, runner_path("f"));
    if (root)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(chmod(runner_path("f/closed"), 0755), 0);
    assert_counts(&reading, 1, 2);
    assert_holds(reading.sentences[0], "f/closed: the folder cannot be opened: Permission denied");
    assert_holds(reading.sentences[1], "f/locked: cannot be opened: Permission denied");
}

/* Makes `levels` folders of this name one in another, below the folder `top`, a file "t" in each.
 */
static void make_deep(const char *top, const char *name, int levels) {
    make_folder(top);
    int current = open(runner_path(top), O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < levels; i++) {
        assert_int_equal(mkdirat(current, name, 0755), 0);
        int next = openat(current, name, O_RDONLY | O_DIRECTORY);
        assert_true(next >= 0);
        close(current);
        current = next;
        int file = openat(current, "t", O_WRONLY | O_CREAT, 0644);
        assert_int_equal(write(file, "text", 4), 4);
        close(file);
    }
    close(current);
}

/* Removes what make_deep made, whose paths may be too long for the system. Each folder is moved to
 * the top, then emptied. */
static void remove_deep(const char *top, const char *name) {
    int folder = open(runner_path(top), O_RDONLY | O_DIRECTORY);
    char inner[500], inner_file[300];
    snprintf(inner, sizeof inner, "%s/%s", name, name);
    snprintf(inner_file, sizeof inner_file, "%s/t", name);
    for (;;) {
        bool more = renameat(folder, inner, folder, "next") == 0;
        unlinkat(folder, inner_file, 0);
        assert_int_equal(unlinkat(folder, name, AT_REMOVEDIR), 0);
        if (!more)
            break;
        assert_int_equal(renameat(folder, "next", folder, name), 0);
    }
    close(folder);
}

/* In each folder the file comes behind the folder in it, so that the walk comes back to every
 * level. */
static void test_depth(void **state) {
    (void)state;
    enum { LEVELS = 1000 };
    make_deep("f", "d", LEVELS);
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, runner_path("f"));
    assert_counts(&reading, LEVELS, 0);
    size_t shortest = strlen(runner_path("f")) + strlen("/d/t");
    for (size_t i = 0; i < LEVELS; i++)
        assert_int_equal(strlen(reading.documents[i].id), shortest + 2 * (LEVELS - 1 - i));
    remove_deep("f", "d");
}

static void test_paths_longer_than_the_system_takes(void **state) {
    (void)state;
    char name[201];
    memset(name, 'd', 200);
    name[200] = '\0';
    make_deep("f", name, 60);
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, runner_path("f"));
    assert_counts(&reading, 60, 0);
    assert_true(strlen(reading.documents[0].id) > 12000);
    assert_string_equal(reading.documents[0].body, "text");
    remove_deep("f", name);
    /* A sentence about a long path still tells the reason. */
    char path[3001];
    memset(path, 'p', 3000);
    path[3000] = '\0';
    reading_of_path(&reading, XUNZI_FORMAT_AUTO, path);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "ppp…ppp");
    assert_holds(reading.sentences[0], "File name too long; skipped");
}

static void test_files_that_vanish(void **state) {
    (void)state;
    make_folder("f");
    make_folder("f/b");
    write_text("f/a");
    write_text("f/b/t");
    write_text("f/c");
    write_text("f/d");
    const char *path = runner_path("f");
    xunzi_input *input;
    xunzi_document document;
    assert_int_equal(xunzi_input_open(&path, 1, XUNZI_FORMAT_AUTO, &input), XUNZI_OK);
    assert_int_equal(xunzi_input_next(input, &document), XUNZI_OK);
    assert_int_equal(unlink(runner_path("f/c")), 0);
    assert_int_equal(unlink(runner_path("f/b/t")), 0);
    assert_int_equal(rmdir(runner_path("f/b")), 0);
    assert_int_equal(xunzi_input_next(input, &document), XUNZI_SKIPPED);
    assert_holds(xunzi_error_message(), "f/b: has vanished");
    assert_int_equal(xunzi_input_next(input, &document), XUNZI_SKIPPED);
    assert_holds(xunzi_error_message(), "f/c: has vanished");
    /* Asking for progress, which looks at the files too, leaves the sentence. */
    assert_int_equal(xunzi_input_get_progress(input).bytes_total, strlen("f/a") + strlen("f/d"));
    assert_holds(xunzi_error_message(), "f/c: has vanished");
    assert_int_equal(xunzi_input_next(input, &document), XUNZI_OK);
    assert_int_equal(xunzi_input_next(input, &document), XUNZI_END);
    assert_int_equal(xunzi_input_next(input, &document), XUNZI_END);
    xunzi_input_close(input);
}

/* More levels than descriptors are held open for, then the tree is moved away: the walk cannot come
 * back, and says so. */
static void test_folder_that_moves(void **state) {
    (void)state;
    make_deep("f", "d", 100);
    const char *path = runner_path("f");
    xunzi_input *input;
    xunzi_document document;
    assert_int_equal(xunzi_input_open(&path, 1, XUNZI_FORMAT_AUTO, &input), XUNZI_OK);
    assert_int_equal(xunzi_input_next(input, &document), XUNZI_OK);
    assert_int_equal(rename(runner_path("f/d/d"), runner_path("f/moved")), 0);
    size_t read = 1, skipped = 0;
    for (xunzi_status status; (status = xunzi_input_next(input, &document)) != XUNZI_END;) {
        read += status == XUNZI_OK;
        skipped += status == XUNZI_SKIPPED;
        if (status == XUNZI_SKIPPED)
            assert_holds(xunzi_error_message(), "moved or removed");
    }
    xunzi_input_close(input);
    assert_int_equal(rename(runner_path("f/moved"), runner_path("f/d/d")), 0);
    remove_deep("f", "d");
    assert_true(skipped > 0);
    assert_int_equal(read + skipped, 100);
}

static void test_formats_by_name(void **state) {
    (void)state;
    static const char line[] = "{\"body\":\"x\"}";
    static const char *const json_names[] = {"a.jsonl", "a.NDJSON", "a.Json", "a.jsonl.GZ"};
    static const char *const html_names[] = {"a.html", "a.HTM", "a.xhtml", "a.html.gz"};
    for (size_t i = 0; i < 4; i++) {
        const char *path = reading_of_data(&reading, json_names[i], line, strlen(line));
        assert_counts(&reading, 1, 0);
        assert_string_equal(reading.documents[0].body, "x");
        reading_of_path(&reading, XUNZI_FORMAT_TEXT, path);
        assert_string_equal(reading.documents[0].body, line);
        path = reading_of_data(&reading, html_names[i], line, strlen(line));
        assert_counts(&reading, 1, 0);
        assert_string_equal(reading.documents[0].body, "{\"body\":\"x\"}\n");
        reading_of_path(&reading, XUNZI_FORMAT_JSONL, path);
        assert_counts(&reading, 1, 0);
    }
    reading_of_data(&reading, "jsonl", line, strlen(line));
    assert_string_equal(reading.documents[0].body, line);
}

static void test_unusable_arguments(void **state) {
    (void)state;
    const char *path = "a";
    xunzi_input *input = NULL;
    assert_int_equal(xunzi_input_open(&path, 1, (xunzi_format)17, &input),
                     XUNZI_ERROR_INVALID_ARGUMENT);
    path = NULL;
    assert_int_equal(xunzi_input_open(&path, 1, XUNZI_FORMAT_AUTO, &input),
                     XUNZI_ERROR_INVALID_ARGUMENT);
    assert_int_equal(xunzi_input_open(NULL, 0, XUNZI_FORMAT_AUTO, &input), XUNZI_OK);
    xunzi_document document;
    assert_int_equal(xunzi_input_next(input, &document), XUNZI_END);
    xunzi_input_close(input);
    xunzi_input_close(NULL);
}

/* Puts the file of these bytes, or nothing at all, in the place of standard input for one reading
 * of "-". */
static void read_standard_input(const char *data, xunzi_format format) {
    int kept = dup(STDIN_FILENO);
    if (data) {
        int file = open(runner_write("in", data, strlen(data)), O_RDONLY);
        assert_int_equal(dup2(file, STDIN_FILENO), STDIN_FILENO);
        close(file);
    } else {
        close(STDIN_FILENO);
    }
    reading_of_path(&reading, format, "-");
    if (kept >= 0) {
        assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
        close(kept);
    }
}

static void test_standard_input(void **state) {
    (void)state;
    read_standard_input("{\"id\":\"1\",\"body\":\"x\"}\nno\n", XUNZI_FORMAT_AUTO);
    assert_counts(&reading, 1, 1);
    assert_string_equal(reading.documents[0].where, "standard input");
    assert_holds(reading.sentences[0], "standard input, line 2: ");
    read_standard_input("題\n文", XUNZI_FORMAT_TEXT);
    assert_counts(&reading, 1, 0);
    assert_string_equal(reading.documents[0].id, "-");
    read_standard_input("", XUNZI_FORMAT_AUTO);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "standard input: is empty");
    read_standard_input(NULL, XUNZI_FORMAT_AUTO);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "standard input: is not open");
}

static void test_progress(void **state) {
    (void)state;
    make_folder("f");
    runner_write("f/a.jsonl", "{\"body\":\"x\"}\n{\"body\":\"y\"}\n", 26);
    runner_write("f/b.txt", "0123456789", 10);
    const char *path = runner_path("f");
    xunzi_input *input;
    xunzi_document document;
    assert_int_equal(xunzi_input_open(&path, 1, XUNZI_FORMAT_AUTO, &input), XUNZI_OK);
    assert_int_equal(xunzi_input_get_progress(input).bytes_total, 36);
    assert_int_equal(xunzi_input_get_progress(input).bytes_read, 0);
    assert_int_equal(xunzi_input_next(input, &document), XUNZI_OK);
    assert_int_equal(xunzi_input_get_progress(input).documents, 1);
    assert_int_equal(xunzi_input_get_progress(input).bytes_read, 26);
    while (xunzi_input_next(input, &document) == XUNZI_OK)
        continue;
    assert_int_equal(xunzi_input_get_progress(input).documents, 3);
    assert_int_equal(xunzi_input_get_progress(input).bytes_read, 36);
    assert_int_equal(xunzi_input_get_progress(input).bytes_total, 36);
    xunzi_input_close(input);
}

/* Whatever a name holds, a sentence about it does nothing to a terminal. */
static void test_names_in_sentences_are_printable(void **state) {
    (void)state;
    reading_of_data(&reading, "\033[31m\n\xFF\u202E.txt", "", 0);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "\\x1B[31m \\xFF\\u{202E}.txt: is empty");
}

static int free_reading(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order_and_hidden_names, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_collections_are_left_out, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_links, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_what_is_no_file, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_what_is_not_allowed, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_depth, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_paths_longer_than_the_system_takes, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_files_that_vanish, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_folder_that_moves, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_formats_by_name, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_unusable_arguments, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_standard_input, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_progress, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_names_in_sentences_are_printable, begin_folder,
                                        end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, free_reading);
}
