/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opening collections: what is one, what is not, who may write, and what each refusal says. */
#include "collection_support.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const xunzi_writer_options CREATE = {.create = true};
static const xunzi_writer_options OPEN = {.create = false};

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(0, fclose(file));
}

/* Asserts that neither side opens the collection, both for the same reason, told with the path. */
static void assert_refused(const char *path, const xunzi_writer_options *options,
                           xunzi_status expected) {
    xunzi_index *index = (xunzi_index *)&index;
    xunzi_writer *writer = (xunzi_writer *)&writer;
    assert_status(expected, xunzi_index_open(path, &index));
    assert_null(index);
    assert_non_null(strstr(xunzi_error_message(), path));
    assert_status(expected, xunzi_writer_open(path, options, &writer));
    assert_null(writer);
    assert_non_null(strstr(xunzi_error_message(), path));
}

static void test_create_and_open(void **state) {
    for (int profile = 0; profile < 2; profile++) {
        const char *path = in_folder(state, profile ? "bigram" : "full");
        xunzi_writer *writer = open_writer(path, (xunzi_profile)profile);
        assert_int_equal(0, xunzi_writer_documents(writer));
        xunzi_writer_close(writer);
        xunzi_index *index =
            open_index(path); /* a new collection is one at once, without a commit */
        assert_int_equal(profile, xunzi_index_profile(index));
        xunzi_index_close(index);
        assert_ok(xunzi_writer_open(path, &OPEN, &writer));
        xunzi_writer_close(writer);
        /* The profile of an existing collection stays, where no other is asked for. */
        xunzi_writer_options options = {.create = true, .profile = (xunzi_profile)!profile};
        assert_ok(xunzi_writer_open(path, &options, &writer));
        xunzi_writer_close(writer);
        options.profile_given = true;
        assert_status(XUNZI_ERROR_INVALID_ARGUMENT, xunzi_writer_open(path, &options, &writer));
        assert_non_null(strstr(xunzi_error_message(), xunzi_profile_name((xunzi_profile)profile)));
        assert_non_null(strstr(xunzi_error_message(), xunzi_profile_name((xunzi_profile)!profile)));
        assert_null(writer);
        options.profile = (xunzi_profile)profile;
        assert_ok(xunzi_writer_open(path, &options, &writer)); /* a refusal holds no lock */
        xunzi_writer_close(writer);
    }
}

static void test_an_empty_folder_becomes_one(void **state) {
    const char *path = in_folder(state, "empty");
    assert_int_equal(0, mkdir(path, 0777));
    assert_refused(path, &OPEN, XUNZI_ERROR_NOT_A_COLLECTION);
    xunzi_writer *writer;
    assert_ok(xunzi_writer_open(path, &CREATE, &writer));
    xunzi_writer_close(writer);
    xunzi_index_close(open_index(path));
}

/* A maker that was killed leaves a catalog that holds nothing: the next one goes on from there. */
static void test_what_a_killed_maker_leaves(void **state) {
    const char *path = in_folder(state, "killed");
    char catalog[4200];
    snprintf(catalog, sizeof catalog, "%s/catalog", path);
    assert_int_equal(0, mkdir(path, 0777));
    assert_int_equal(0, mkdir(catalog, 0777));
    assert_refused(path, &OPEN, XUNZI_ERROR_NOT_A_COLLECTION);
    xunzi_writer *writer;
    assert_ok(xunzi_writer_open(path, &CREATE, &writer));
    xunzi_writer_close(writer);
    xunzi_index_close(open_index(path));

    /* Further on: Xapian has its lock file, and nothing else. */
    path = in_folder(state, "killed-later");
    char lock[4300];
    snprintf(catalog, sizeof catalog, "%s/catalog", path);
    snprintf(lock, sizeof lock, "%s/flintlock", catalog);
    assert_int_equal(0, mkdir(path, 0777));
    assert_int_equal(0, mkdir(catalog, 0777));
    write_file(lock, "");
    assert_ok(xunzi_writer_open(path, &CREATE, &writer));
    xunzi_writer_close(writer);
    xunzi_index_close(open_index(path));

    /* And last: a database without a manifest. */
    path = in_folder(state, "killed-last");
    snprintf(catalog, sizeof catalog, "%s/catalog", path);
    assert_int_equal(0, mkdir(path, 0777));
    xapian_database *database;
    assert_xapian_ok(xapian_database_open_writable(catalog, XAPIAN_DB_BACKEND_GLASS, 0, &database));
    assert_xapian_ok(xapian_database_commit(database));
    xapian_database_free(database);
    assert_refused(path, &OPEN, XUNZI_ERROR_NOT_A_COLLECTION);
    assert_ok(xunzi_writer_open(path, &CREATE, &writer));
    xunzi_writer_close(writer);
    xunzi_index_close(open_index(path));
}

static void test_missing_collections(void **state) {
    const char *path = in_folder(state, "none");
    assert_refused(path, &OPEN, XUNZI_ERROR_NOT_FOUND);
    assert_int_not_equal(0, access(path, F_OK)); /* and nothing was made */
    xunzi_writer *writer;
    assert_status(XUNZI_ERROR_NOT_FOUND,
                  xunzi_writer_open(in_folder(state, "none/below"), &CREATE, &writer));
    assert_null(writer);
}

/* What belongs to somebody else is refused and stays as it is. */
static void test_foreign_folders(void **state) {
    const char *file = in_folder(state, "file"), *folder = in_folder(state, "folder");
    write_file(file, "not a folder");
    assert_refused(file, &CREATE, XUNZI_ERROR_NOT_A_COLLECTION);
    assert_int_equal(0, mkdir(folder, 0777));
    write_file(in_folder(state, "folder/letter.txt"), "text");
    assert_refused(folder, &CREATE, XUNZI_ERROR_NOT_A_COLLECTION);
    /* A folder "catalog" that is none, a file of that name. */
    const char *museum = in_folder(state, "museum");
    assert_int_equal(0, mkdir(museum, 0777));
    assert_int_equal(0, mkdir(in_folder(state, "museum/catalog"), 0777));
    write_file(in_folder(state, "museum/catalog/vases.txt"), "text");
    assert_refused(museum, &CREATE, XUNZI_ERROR_NOT_A_COLLECTION);
    assert_int_not_equal(0, access(in_folder(state, "museum/catalog/iamglass"), F_OK));
    assert_int_equal(0, mkdir(in_folder(state, "odd"), 0777));
    write_file(in_folder(state, "odd/catalog"), "text");
    assert_refused(in_folder(state, "odd"), &CREATE, XUNZI_ERROR_NOT_A_COLLECTION);
}

static void test_foreign_databases(void **state) {
    const char *path = in_folder(state, "foreign");
    char catalog[4200];
    snprintf(catalog, sizeof catalog, "%s/catalog", path);
    assert_int_equal(0, mkdir(path, 0777));
    xapian_database *database;
    xapian_document *document;
    assert_xapian_ok(xapian_database_open_writable(catalog, XAPIAN_DB_BACKEND_GLASS, 0, &database));
    assert_xapian_ok(xapian_document_new(&document));
    assert_xapian_ok(xapian_database_add_document(database, document, NULL));
    assert_xapian_ok(xapian_database_commit(database));
    xapian_document_free(document);
    xapian_database_free(database);
    assert_refused(path, &CREATE, XUNZI_ERROR_NOT_A_COLLECTION);
    database = open_catalog_database(path);
    xapian_doccount count = 0;
    assert_xapian_ok(xapian_database_document_count(database, &count));
    assert_int_equal(1, count);
    xapian_database_free(database);
}

static void set_manifest(const char *path, const char *key, const char *value) {
    xapian_database *database = open_catalog_for_damage(path);
    assert_xapian_ok(
        xapian_database_set_metadata(database, key, strlen(key), value, strlen(value)));
    assert_xapian_ok(xapian_database_commit(database));
    xapian_database_free(database);
}

static void test_manifests(void **state) {
    const char *path = in_folder(state, "manifest");
    xunzi_writer_close(open_writer(path, XUNZI_PROFILE_FULL));
    static const struct {
        const char *key, *value;
        xunzi_status status;
    } cases[] = {
        {"xunzi.format", "2", XUNZI_ERROR_NEWER_FORMAT},
        {"xunzi.format", "99999999999999999999", XUNZI_ERROR_NEWER_FORMAT},
        {"xunzi.format", "0", XUNZI_ERROR_CORRUPT},
        {"xunzi.format", "-1", XUNZI_ERROR_CORRUPT},
        {"xunzi.format", "1x", XUNZI_ERROR_CORRUPT},
        {"xunzi.format", "one", XUNZI_ERROR_CORRUPT},
        {"xunzi.profile", "trigram", XUNZI_ERROR_CORRUPT},
        {"xunzi.profile", "", XUNZI_ERROR_CORRUPT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        set_manifest(path, "xunzi.format", "1");
        set_manifest(path, "xunzi.profile", "full");
        xunzi_index_close(open_index(path));
        set_manifest(path, cases[i].key, cases[i].value);
        assert_refused(path, &CREATE, cases[i].status);
    }
}

/* ---- Locks ---- */

static void test_one_writer_in_a_process(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_writer *first = open_writer(path, XUNZI_PROFILE_FULL), *second;
    assert_status(XUNZI_ERROR_LOCKED, xunzi_writer_open(path, &CREATE, &second));
    assert_null(second);
    xunzi_index_close(open_index(path)); /* readers are let in */
    xunzi_document document = document_of("1", "題", "文", NULL, NULL);
    assert_ok(xunzi_writer_add(first, &document));
    assert_ok(xunzi_writer_optimize(first));
    assert_status(
        XUNZI_ERROR_LOCKED,
        xunzi_writer_open(path, &CREATE, &second)); /* still, though the catalog is another */
    xunzi_writer_close(first);
    assert_ok(xunzi_writer_open(path, &CREATE, &second));
    xunzi_writer_close(second);
}

/* Runs a child that takes a lock and holds it until told to end; returns what ends it. */
static int start_holder(const char *path, bool by_xapian, pid_t *child) {
    int ready[2], end[2];
    char byte;
    assert_int_equal(0, pipe(ready));
    assert_int_equal(0, pipe(end));
    *child = fork();
    assert_true(*child >= 0);
    if (*child == 0) {
        close(end[1]);
        bool held = false;
        xapian_database *database = NULL;
        char catalog[4200];
        snprintf(catalog, sizeof catalog, "%s/catalog", path);
        if (by_xapian)
            held = xapian_database_open_writable(catalog, XAPIAN_DB_BACKEND_GLASS | XAPIAN_DB_OPEN,
                                                 0, &database) == XAPIAN_OK;
        else
            held = flock(open(path, O_RDONLY | O_DIRECTORY), LOCK_EX | LOCK_NB) == 0;
        byte = held ? 'y' : 'n';
        if (write(ready[1], &byte, 1) == 1 && read(end[0], &byte, 1) >= 0)
            _exit(0);
        _exit(1);
    }
    close(ready[1]);
    close(end[0]);
    assert_int_equal(1, read(ready[0], &byte, 1));
    assert_int_equal('y', byte);
    close(ready[0]);
    return end[1];
}

static void test_one_writer_among_processes(void **state) {
    const char *path = in_folder(state, "c");
    xunzi_writer_close(open_writer(path, XUNZI_PROFILE_FULL));
    for (int by_xapian = 0; by_xapian < 2; by_xapian++) {
        pid_t child;
        xunzi_writer *writer;
        int end = start_holder(path, by_xapian != 0, &child);
        assert_status(XUNZI_ERROR_LOCKED, xunzi_writer_open(path, &CREATE, &writer));
        assert_non_null(strstr(xunzi_error_message(), path));
        xunzi_index_close(open_index(path));
        close(end);
        assert_int_equal(child, waitpid(child, NULL, 0));
        assert_ok(xunzi_writer_open(path, &CREATE, &writer));
        xunzi_writer_close(writer);
    }
}

/* ---- Permission ---- */

enum { NOBODY = 65534 };

/* In a child without privileges: the status of opening for writing (less than 100), or for reading.
 */
static int status_without_privileges(const char *path, bool write) {
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(NOBODY) != 0 || setuid(NOBODY) != 0))
            _exit(100);
        xunzi_writer *writer = NULL;
        xunzi_index *index = NULL;
        xunzi_status status =
            write ? xunzi_writer_open(path, &OPEN, &writer) : xunzi_index_open(path, &index);
        xunzi_writer_close(writer);
        xunzi_index_close(index);
        _exit((int)status);
    }
    int result;
    assert_int_equal(child, waitpid(child, &result, 0));
    assert_true(WIFEXITED(result));
    return WEXITSTATUS(result);
}

static void test_folders_without_permission(void **state) {
    const char *path = in_folder(state, "c");
    char catalog[4200];
    snprintf(catalog, sizeof catalog, "%s/catalog", path);
    xunzi_writer_close(open_writer(path, XUNZI_PROFILE_FULL));
    assert_int_equal(0, chmod(*state, 0755));
    assert_int_equal(0, chmod(path, 0555));
    assert_int_equal(0, chmod(catalog, 0555));
    assert_int_equal(XUNZI_OK, status_without_privileges(path, false));
    assert_int_equal(XUNZI_ERROR_IO, status_without_privileges(path, true));
    assert_int_equal(0, chmod(catalog, 0));
    assert_true(status_without_privileges(path, false) >= XUNZI_ERROR_INVALID_ARGUMENT);
    assert_int_equal(XUNZI_ERROR_IO, status_without_privileges(path, true));
    assert_int_equal(0, chmod(path, 0));
    assert_int_equal(XUNZI_ERROR_IO, status_without_privileges(path, false));
    assert_int_equal(XUNZI_ERROR_IO, status_without_privileges(path, true));
    assert_int_equal(0, chmod(path, 0755));
    assert_int_equal(0, chmod(catalog, 0755));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_create_and_open, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_an_empty_folder_becomes_one, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_what_a_killed_maker_leaves, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_missing_collections, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_foreign_folders, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_foreign_databases, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_manifests, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_one_writer_in_a_process, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_one_writer_among_processes, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(test_folders_without_permission, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
