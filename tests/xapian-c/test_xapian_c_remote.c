/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Remote databases: xapian-progsrv through a pipe, and xapian-tcpsrv through TCP on this machine.
 * Both come with Xapian's tools; where they are not installed the tests are skipped.
 */
#define _XOPEN_SOURCE 700

#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { patience_milliseconds = 20000 };

static bool is_on_path(const char *program) {
    const char *path = getenv("PATH");
    while (path != NULL && *path != '\0') {
        char candidate[4096];
        const int length = (int)strcspn(path, ":");
        snprintf(candidate, sizeof candidate, "%.*s/%s", length, path, program);
        if (access(candidate, X_OK) == 0) {
            return true;
        }
        path += length;
        path += *path == ':';
    }
    return false;
}

static void make_database(void **state) {
    xapian_database *database = NULL;
    assert_ok(
        xapian_database_open_writable(in_folder(state, "db"), XAPIAN_DB_CREATE, 0, &database));
    add_words(database, "one", "apple banana");
    add_words(database, "two", "banana banana");
    assert_ok(xapian_database_set_metadata(database, TEXT("key"), TEXT("value")));
    assert_ok(xapian_database_commit(database));
    xapian_database_free(database);
}

/* What every remote database must do; frees it. */
static void assert_reads(xapian_database *database) {
    xapian_term_iterator *terms = NULL;
    xapian_posting_iterator *postings = NULL;
    xapian_document *document = NULL;
    xapian_string text = XAPIAN_STRING_INIT;
    xapian_weight *constant = NULL;
    xapian_weight *saturation = NULL;
    xapian_doccount count = 0;
    assert_ok(xapian_database_keep_alive(database));
    assert_ok(xapian_database_document_count(database, &count));
    assert_int_equal(2, count);
    assert_ok(xapian_database_get_metadata(database, TEXT("key"), &text));
    assert_text("value", &text);
    assert_ok(xapian_database_all_terms(database, NULL, 0, &terms));
    assert_string_equal("apple banana", joined_terms(terms));
    assert_ok(xapian_database_get_document(database, 1, 0, &document));
    assert_ok(xapian_document_data(document, &text));
    assert_text("one", &text);
    xapian_document_free(document);
    assert_status(XAPIAN_ERROR_DOC_NOT_FOUND,
                  xapian_database_get_document(database, 77, 0, &document));
    assert_string_equal("2 1", matches(database, term_query("banana"), NULL));
    assert_ok(xapian_weight_constant(&constant));
    assert_string_equal("1 2", matches(database, term_query("banana"), constant));

    /* A server knows only the schemes registered with it, and says so. */
    xapian_enquire *enquire = NULL;
    xapian_mset *mset = NULL;
    xapian_query *query = term_query("banana");
    assert_ok(xapian_weight_saturation(1.2, 0.75, 2, 1, &saturation));
    assert_ok(xapian_enquire_new(database, &enquire));
    assert_ok(xapian_enquire_set_query(enquire, query, 0));
    assert_ok(xapian_enquire_set_weight(enquire, saturation));
    assert_status(XAPIAN_ERROR_INVALID_ARGUMENT,
                  xapian_enquire_get_mset(enquire, 0, 10, 0, NULL, NULL, &mset));
    assert_non_null(strstr(xapian_error_message(), "xapian_c::saturation"));
    assert_null(mset);
    xapian_enquire_free(enquire);
    xapian_query_free(query);

    assert_ok(xapian_database_postings(database, TEXT("banana"), &postings));
    xapian_database_free(database);
    assert_ok(xapian_posting_iterator_next(postings));
    assert_ok(xapian_posting_iterator_next(postings));
    assert_int_equal(2, xapian_posting_iterator_docid(postings));
    assert_status(XAPIAN_END, xapian_posting_iterator_next(postings));
    xapian_posting_iterator_free(postings);
    xapian_weight_free(saturation);
    xapian_weight_free(constant);
    xapian_string_free(&text);
}

static void test_program(void **state) {
    xapian_database *database = NULL;
    xapian_doccount count = 0;
    char arguments[4200];
    if (!is_on_path("xapian-progsrv")) {
        skip();
    }
    make_database(state);
    assert_ok(xapian_database_open_program("xapian-progsrv", in_folder(state, "db"),
                                           patience_milliseconds, &database));
    assert_false(xapian_database_is_writable(database));
    assert_reads(database);

    snprintf(arguments, sizeof arguments, "--writable %s", in_folder(state, "db"));
    assert_ok(xapian_database_open_program_writable("xapian-progsrv", arguments,
                                                    patience_milliseconds, 0, &database));
    assert_true(xapian_database_is_writable(database));
    assert_int_equal(3, add_words(database, "three", "cherry"));
    assert_ok(xapian_database_commit(database));
    add_words(database, "four", "cherry");
    assert_ok(xapian_database_discard(database));
    assert_ok(xapian_database_document_count(database, &count));
    assert_int_equal(3, count);
    add_words(database, "four", "cherry");
    xapian_database_free(database);
    assert_ok(xapian_database_open_program("xapian-progsrv", in_folder(state, "db"),
                                           patience_milliseconds, &database));
    assert_ok(xapian_database_document_count(database, &count));
    assert_int_equal(3, count);
    xapian_database_free(database);
}

static void test_program_that_fails(void **state) {
    xapian_database *database = NULL;
    assert_status(XAPIAN_ERROR_NETWORK,
                  xapian_database_open_program("false", "", patience_milliseconds, &database));
    assert_null(database);
    assert_status(XAPIAN_ERROR_NETWORK,
                  xapian_database_open_program(in_folder(state, "no-such-program"), "",
                                               patience_milliseconds, &database));
    assert_null(database);
}

/* A port that was free just now. */
static unsigned free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(descriptor >= 0);
    assert_int_equal(0, bind(descriptor, (struct sockaddr *)&address, sizeof address));
    assert_int_equal(0, getsockname(descriptor, (struct sockaddr *)&address, &size));
    assert_int_equal(0, close(descriptor));
    return ntohs(address.sin_port);
}

static void test_tcp(void **state) {
    static const char *const modes[] = {"--quiet", "--writable"};
    if (!is_on_path("xapian-tcpsrv")) {
        skip();
    }
    make_database(state);
    for (int writable = 0; writable < 2; writable++) {
        const char *path = in_folder(state, "db");
        const unsigned port = free_port();
        char port_text[16];
        xapian_database *database = NULL;
        xapian_status status = XAPIAN_ERROR_NETWORK;
        snprintf(port_text, sizeof port_text, "%u", port);
        const pid_t server = fork();
        assert_true(server >= 0);
        if (server == 0) {
            execlp("xapian-tcpsrv", "xapian-tcpsrv", "--one-shot", "--quiet", "--interface",
                   "127.0.0.1", "--port", port_text, modes[writable], path, (char *)NULL);
            _exit(127);
        }
        /* The server needs a moment until it listens. */
        for (int attempt = 0; attempt < 500 && status == XAPIAN_ERROR_NETWORK; attempt++) {
            const struct timespec moment = {.tv_sec = 0, .tv_nsec = 20000000};
            nanosleep(&moment, NULL);
            status =
                writable == 1
                    ? xapian_database_open_remote_writable("127.0.0.1", port, patience_milliseconds,
                                                           patience_milliseconds, 0, &database)
                    : xapian_database_open_remote("127.0.0.1", port, patience_milliseconds,
                                                  patience_milliseconds, &database);
        }
        assert_status(XAPIAN_OK, status);
        if (writable == 1) {
            assert_int_equal(3, add_words(database, "three", "cherry"));
            assert_ok(xapian_database_commit(database));
            assert_string_equal("3", matches(database, term_query("cherry"), NULL));
            xapian_database_free(database);
        } else {
            assert_reads(database);
        }
        /* It serves one connection and ends. */
        int result = 0;
        assert_int_equal(server, waitpid(server, &result, 0));
        assert_true(WIFEXITED(result));
    }
}

static void test_no_server(void **state) {
    xapian_database *database = NULL;
    (void)state;
    assert_status(XAPIAN_ERROR_NETWORK,
                  xapian_database_open_remote("127.0.0.1", free_port(), patience_milliseconds,
                                              patience_milliseconds, &database));
    assert_null(database);
    assert_non_null(strstr(xapian_error_message(), "server"));
    assert_status(XAPIAN_ERROR_NETWORK, xapian_database_open_remote_writable(
                                            "127.0.0.1", free_port(), patience_milliseconds,
                                            patience_milliseconds, 0, &database));
    assert_null(database);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)
        WITH_FOLDER(test_program),
        WITH_FOLDER(test_program_that_fails),
        WITH_FOLDER(test_tcp),
        cmocka_unit_test(test_no_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
