/* SPDX-License-Identifier: GPL-2.0-or-later */
/* xunzi_check: that it finds nothing in a sound collection, and each kind of damage that is done
 * here through libxapian-c, which keeps Xapian's own tables sound, and to the bytes of the table
 * files. */
#include "collection_support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "catalog/live_document.h"
#include "catalog/record.h"

struct findings {
    size_t count;
    char first[2048];
};

static void take_finding(void *context, const char *sentence) {
    struct findings *findings = context;
    if (findings->count++ == 0)
        snprintf(findings->first, sizeof findings->first, "%s", sentence);
}

static void assert_sound(const char *path) {
    struct findings findings = {0};
    xunzi_status status = xunzi_check(path, take_finding, &findings);
    if (status != XUNZI_OK)
        fail_msg("%s", findings.first);
    assert_int_equal(0, findings.count);
}

/* Asserts that the check finds something, and that one of its sentences says so in these words. */
static void assert_finds(const char *path, const char *words) {
    struct findings findings = {0};
    assert_status(XUNZI_ERROR_CORRUPT, xunzi_check(path, take_finding, &findings));
    assert_true(findings.count > 0);
    assert_non_null(strstr(findings.first, path));
    if (!strstr(findings.first, words))
        fail_msg("\"%s\" does not say \"%s\"", findings.first, words);
    assert_non_null(strstr(xunzi_error_message(), path));
}

enum { DOCUMENTS = 5 };

static void make_collection(const char *path, xunzi_profile profile) {
    const xunzi_document documents[DOCUMENTS] = {
        document_of("1", "圖書館", "圖書館的書很多，開放到晚上。", "2024-03-18", "某報"),
        document_of("2", "河流", "長江與黃河", "2023", "某刊"),
        document_of("3", "", "no date, no source", NULL, NULL),
        document_of("4", "山", "高山流水", "not a date", "某報"),
        document_of("5", "火車", "高速鐵路", "2024-03-18", "！？"),
    };
    add_documents(path, profile, documents, DOCUMENTS);
}

static void test_sound_collections(void **state) {
    const char *empty = in_folder(state, "empty");
    xunzi_writer_close(open_writer(empty, XUNZI_PROFILE_FULL));
    assert_sound(empty);
    for (int profile = 0; profile < 2; profile++) {
        const char *path = in_folder(state, profile ? "bigram" : "full");
        make_collection(path, (xunzi_profile)profile);
        assert_sound(path);
        xunzi_writer *writer = open_writer(path, (xunzi_profile)profile);
        assert_ok(xunzi_writer_delete(writer, TEXT("2")));
        assert_ok(xunzi_writer_commit(writer));
        assert_sound(path); /* beside a writer */
        assert_ok(xunzi_writer_optimize(writer));
        assert_sound(path);
        xunzi_writer_close(writer);
    }
}

static void ignore_finding(void *context, const char *sentence) {
    (void)context;
    (void)sentence;
    fail();
}

static void test_what_is_no_collection(void **state) {
    assert_status(XUNZI_ERROR_NOT_FOUND,
                  xunzi_check(in_folder(state, "none"), ignore_finding, NULL));
    assert_status(XUNZI_ERROR_NOT_A_COLLECTION, xunzi_check(*state, ignore_finding, NULL));
}

/* Opens the catalog and takes out a document, to be changed and put back. */
static xapian_database *take_document(const char *path, xapian_docid docid,
                                      xapian_document **document) {
    xapian_database *database = open_catalog_for_damage(path);
    assert_xapian_ok(xapian_database_get_document(database, docid, 0, document));
    return database;
}

static void put_back(xapian_database *database, xapian_docid docid, xapian_document *document) {
    assert_xapian_ok(xapian_database_replace_document(database, docid, document));
    assert_xapian_ok(xapian_database_commit(database));
    xapian_document_free(document);
    xapian_database_free(database);
}

static void test_a_changed_record(void **state) {
    static const char *const records[] = {"", "\002", "junk", "\001\177\177\177\177\177\177\177"};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        char name[8];
        snprintf(name, sizeof name, "c%zu", i);
        const char *path = in_folder(state, name);
        xapian_document *document;
        make_collection(path, XUNZI_PROFILE_FULL);
        xapian_database *database = take_document(path, 2, &document);
        assert_xapian_ok(xapian_document_set_data(document, records[i], strlen(records[i])));
        put_back(database, 2, document);
        assert_finds(path, "document 2 cannot be read");
        /* Who reads that document is told; the others are there. */
        xunzi_index *index = open_index(path);
        xunzi_document read;
        assert_status(XUNZI_ERROR_CORRUPT, xunzi_index_document(index, TEXT("2"), &read));
        assert_ok(xunzi_index_document(index, TEXT("3"), &read));
        xunzi_index_close(index);
    }
}

/* One document's record in another's place: whole, but not what its id leads to. */
static void test_an_exchanged_record(void **state) {
    const char *path = in_folder(state, "c");
    xapian_document *from, *to;
    xapian_string data = XAPIAN_STRING_INIT;
    make_collection(path, XUNZI_PROFILE_FULL);
    xapian_database *database = take_document(path, 1, &from);
    assert_xapian_ok(xapian_document_data(from, &data));
    xapian_document_free(from);
    assert_xapian_ok(xapian_database_get_document(database, 5, 0, &to));
    assert_xapian_ok(xapian_document_set_data(to, data.data, data.size));
    xapian_string_free(&data);
    put_back(database, 5, to);
    assert_finds(path, "document 5 is not the one that its id leads to");
}

static void test_wrong_values(void **state) {
    static const struct {
        xapian_docid docid;
        xapian_valueno slot;
        const char *value, *words;
    } cases[] = {
        {1, LIVE_SLOT_DATE, "20240319", "document 1 is sorted under another date"},
        {1, LIVE_SLOT_DATE, "", "document 1 is sorted under another date"},
        {3, LIVE_SLOT_DATE, "20240319", "document 3 is sorted under another date"},
        {4, LIVE_SLOT_DATE, "00000000", "document 4 is sorted under another date"},
        {1, LIVE_SLOT_SOURCE, "某", "document 1 is kept under another source"},
        {2, LIVE_SLOT_SOURCE, "", "document 2 is kept under another source"},
        {3, LIVE_SLOT_SOURCE, "某報", "document 3 is kept under another source"},
        {2, LIVE_SLOT_FINGERPRINT, "sixteen bytes...", "document 2 has another fingerprint"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[8];
        snprintf(name, sizeof name, "c%zu", i);
        const char *path = in_folder(state, name);
        xapian_document *document;
        make_collection(path, XUNZI_PROFILE_BIGRAM);
        xapian_database *database = take_document(path, cases[i].docid, &document);
        assert_xapian_ok(xapian_document_set_value(document, cases[i].slot, cases[i].value,
                                                   strlen(cases[i].value)));
        put_back(database, cases[i].docid, document);
        assert_finds(path, cases[i].words);
    }
}

static void test_wrong_terms(void **state) {
    static const struct {
        xapian_docid docid;
        const char *removed, *added, *words;
    } cases[] = {
        {1, "Q1", NULL, "document 1 is not the one that its id leads to"},
        {1, "Q1", "Q9", "document 1 is not the one that its id leads to"},
        {2, NULL, "Q1", "document 1 is not the one that its id leads to"}, /* two of one id */
        {1, "XSOURCE某报", NULL, "document 1 is not found by its source"},
        {5, "XSOURCE", NULL, "document 5 is not found by its source"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[8];
        snprintf(name, sizeof name, "c%zu", i);
        const char *path = in_folder(state, name);
        xapian_document *document;
        make_collection(path, XUNZI_PROFILE_FULL);
        xapian_database *database = take_document(path, cases[i].docid, &document);
        if (cases[i].removed)
            assert_xapian_ok(
                xapian_document_remove_term(document, cases[i].removed, strlen(cases[i].removed)));
        if (cases[i].added)
            assert_xapian_ok(
                xapian_document_add_boolean_term(document, cases[i].added, strlen(cases[i].added)));
        put_back(database, cases[i].docid, document);
        assert_finds(path, cases[i].words);
    }
}

/* A document that Xunzi did not write, with a record that has no id. */
static void test_a_stranger(void **state) {
    const char *path = in_folder(state, "c");
    make_collection(path, XUNZI_PROFILE_FULL);
    xapian_database *database = open_catalog_for_damage(path);
    xapian_document *document;
    struct buffer record = {0};
    const xunzi_document nameless = {.body = TEXT("文")};
    assert_ok(record_encode(&nameless, NULL, &record));
    assert_xapian_ok(xapian_document_new(&document));
    assert_xapian_ok(xapian_document_set_data(document, record.data, record.size));
    put_back(database, 6, document);
    buffer_free(&record);
    assert_finds(path, "document 6 is not the one that its id leads to");
}

/* ---- Bytes ---- */

/* Checks and reads everything in a child, so that a crash or a hang is seen as such; whether the
 * check found something. */
static bool child_finds_damage(const char *path, const char *what) {
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct findings findings = {0};
        signal(SIGSEGV, SIG_DFL); /* cmocka's handler would go on with the tests, in the child */
        signal(SIGABRT, SIG_DFL);
        signal(SIGFPE, SIG_DFL);
        signal(SIGBUS, SIG_DFL);
        alarm(60);
        xunzi_status status = xunzi_check(path, take_finding, &findings);
        xunzi_index *index = NULL;
        xunzi_cursor *cursor = NULL;
        xunzi_document document;
        if (xunzi_index_open(path, &index) == XUNZI_OK &&
            xunzi_cursor_open(index, &cursor) == XUNZI_OK)
            for (int i = 0; i < 100 && xunzi_cursor_next(cursor, &document) == XUNZI_OK; i++)
                ;
        xunzi_cursor_close(cursor);
        xunzi_index_close(index);
        _exit(status == XUNZI_OK && findings.count == 0 ? 0 : status != XUNZI_OK ? 1 : 2);
    }
    int result;
    assert_int_equal(child, waitpid(child, &result, 0));
    if (!WIFEXITED(result))
        fail_msg("with damage in %s it ends by signal %d", what, WTERMSIG(result));
    assert_in_range(WEXITSTATUS(result), 0, 1);
    return WEXITSTATUS(result) == 1;
}

static void change_byte(const char *file, off_t at, unsigned char change) {
    int descriptor = open(file, O_RDWR);
    unsigned char byte;
    assert_true(descriptor >= 0);
    assert_int_equal(1, pread(descriptor, &byte, 1, at));
    byte ^= change;
    assert_int_equal(1, pwrite(descriptor, &byte, 1, at));
    close(descriptor);
}

/* Xapian keeps no checksums, so a changed byte in a key or in slack space can go unseen; most of
 * the documents' own bytes cannot, since a record has one. The term lists are left out: Xapian 1.4
 * takes the length of a term in them on trust, in its check as in its reading, and may read past
 * the end of a damaged one. */
static void test_changed_bytes_of_tables(void **state) {
    static const char *const tables[] = {"docdata.glass", "postlist.glass", "position.glass",
                                         "iamglass"};
    const char *path = in_folder(state, "c");
    make_collection(path, XUNZI_PROFILE_FULL);
    random_seed(61);
    size_t found = 0;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        char file[4300];
        struct stat about;
        snprintf(file, sizeof file, "%s/catalog/%s", path, tables[t]);
        assert_int_equal(0, stat(file, &about));
        assert_true(about.st_size > 0);
        for (int i = 0; i < 12; i++) {
            off_t at = (off_t)random_below((uint32_t)about.st_size);
            unsigned char change = (unsigned char)(1 + random_below(255));
            change_byte(file, at, change);
            found += child_finds_damage(path, tables[t]);
            change_byte(file, at, change);
        }
    }
    assert_true(found > 0);
    assert_sound(path);
}

/* Each byte of the stored documents themselves. */
static void test_changed_bytes_of_records(void **state) {
    const char *path = in_folder(state, "c");
    const xunzi_document document = document_of(
        "only", "題目", "本文沒有重複的字，so it deflates little 0123456789", NULL, NULL);
    add_documents(path, XUNZI_PROFILE_FULL, &document, 1);
    struct buffer record = {0};
    assert_ok(record_encode(&document, NULL, &record));
    char file[4300];
    snprintf(file, sizeof file, "%s/catalog/docdata.glass", path);
    static char bytes[1 << 16];
    int descriptor = open(file, O_RDONLY);
    ssize_t size = read(descriptor, bytes, sizeof bytes);
    close(descriptor);
    assert_true(size > 0 && size < (ssize_t)sizeof bytes);
    const char *stored = memmem(bytes, (size_t)size, record.data, record.size);
    assert_non_null(stored);
    for (size_t at = 0; at < record.size; at += 3) {
        change_byte(file, (off_t)(stored - bytes) + (off_t)at, 0x10);
        assert_finds(path, "");
        change_byte(file, (off_t)(stored - bytes) + (off_t)at, 0x10);
    }
    assert_sound(path);
    buffer_free(&record);
}

static void test_cut_tables(void **state) {
    static const char *const tables[] = {"docdata.glass", "postlist.glass", "termlist.glass",
                                         "position.glass", "iamglass"};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        char name[8], file[4300];
        struct stat about;
        snprintf(name, sizeof name, "c%zu", t);
        const char *path = in_folder(state, name);
        make_collection(path, XUNZI_PROFILE_FULL);
        snprintf(file, sizeof file, "%s/catalog/%s", path, tables[t]);
        assert_int_equal(0, stat(file, &about));
        for (int part = 2; part >= 0; part--) { /* half of it, nothing of it, no file */
            assert_int_equal(0, part > 0 ? truncate(file, part > 1 ? about.st_size / 2 : 0)
                                         : unlink(file));
            if (!child_finds_damage(path, tables[t]))
                fail_msg("%s, part %d", tables[t], part);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_sound_collections, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_what_is_no_collection, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_changed_record, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_an_exchanged_record, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_wrong_values, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_wrong_terms, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_a_stranger, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_changed_bytes_of_tables, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_changed_bytes_of_records, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_cut_tables, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
