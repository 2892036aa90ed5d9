/* SPDX-License-Identifier: GPL-2.0-or-later */
/* base/error: the sentence is a thread's own, printable and never cut inside a character. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>
#include <pthread.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/utf8.h"

static void *read_sentence_of_new_thread(void *context) {
    *(const char **)context = strdup(xunzi_error_message());
    error_set(XUNZI_ERROR_IO, "told in the other thread");
    return NULL;
}

static void test_each_thread_has_its_own(void **state) {
    (void)state;
    assert_int_equal(error_set(XUNZI_ERROR_LIMIT, "%s is over %d", "此", 5), XUNZI_ERROR_LIMIT);
    assert_string_equal(xunzi_error_message(), "此 is over 5");
    pthread_t thread;
    char *first = NULL;
    assert_int_equal(pthread_create(&thread, NULL, read_sentence_of_new_thread, &first), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(first, "no error");
    free(first);
    assert_string_equal(xunzi_error_message(), "此 is over 5");
}

static void test_control_characters_are_made_visible(void **state) {
    (void)state;
    error_set(XUNZI_ERROR_IO, "%s: cannot be read", "a\x1B[2Jb\n\xE2\x80\xAE");
    assert_string_equal(xunzi_error_message(), "a\\x1B[2Jb \\u{202E}: cannot be read");
    error_set_errno(EACCES, "%s", "x\x1By");
    assert_non_null(strstr(xunzi_error_message(), "x\\x1By: "));
}

static void test_long_sentences_end_at_a_character(void **state) {
    (void)state;
    for (size_t lead = 0; lead < 4; lead++) {
        struct buffer text = {0};
        for (size_t i = 0; i < lead; i++)
            assert_true(buffer_append_byte(&text, 'a'));
        for (int i = 0; i < 5000; i++)
            assert_true(buffer_append_text(&text, "字"));
        assert_true(buffer_terminate(&text));
        error_set(XUNZI_ERROR_IO, "%s", text.data);
        const char *sentence = xunzi_error_message();
        size_t size = strlen(sentence);
        assert_true(size > 1000 && size < text.size);
        assert_memory_equal(sentence, text.data, size);
        assert_int_equal(utf8_valid_prefix(sentence, size), size);
        buffer_free(&text);
    }
}

static void test_errno_gives_status_and_reason(void **state) {
    (void)state;
    static const struct {
        int number;
        xunzi_status status;
    } cases[] = {
        {ENOENT, XUNZI_ERROR_NOT_FOUND}, {ENOTDIR, XUNZI_ERROR_NOT_FOUND},
        {ENOMEM, XUNZI_ERROR_NO_MEMORY}, {EACCES, XUNZI_ERROR_IO},
        {ENOSPC, XUNZI_ERROR_IO},        {EIO, XUNZI_ERROR_IO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(error_set_errno(cases[i].number, "cannot open %s", "新聞"),
                         cases[i].status);
        const char *sentence = xunzi_error_message();
        assert_memory_equal(sentence, "cannot open 新聞: ", strlen("cannot open 新聞: "));
        assert_string_equal(sentence + strlen("cannot open 新聞: "), strerror(cases[i].number));
    }
}

static void test_running_out_of_memory_is_told(void **state) {
    (void)state;
    error_set(XUNZI_ERROR_IO, "before");
    assert_int_equal(error_no_memory(), XUNZI_ERROR_NO_MEMORY);
    assert_string_equal(xunzi_error_message(), "not enough memory");
}

static void test_every_status_has_a_name_of_its_own(void **state) {
    (void)state;
    for (int status = XUNZI_OK; status <= XUNZI_ERROR_INTERNAL; status++) {
        const char *name = xunzi_status_name((xunzi_status)status);
        assert_true(strlen(name) > 0);
        assert_string_not_equal(name, "unknown status");
        for (int other = XUNZI_OK; other < status; other++)
            assert_string_not_equal(name, xunzi_status_name((xunzi_status)other));
    }
    assert_string_equal(xunzi_status_name((xunzi_status)(XUNZI_ERROR_INTERNAL + 1)),
                        "unknown status");
}

static void test_string_of(void **state) {
    (void)state;
    assert_int_equal(xunzi_string_of(NULL).size, 0);
    assert_int_equal(xunzi_string_of("").size, 0);
    assert_int_equal(xunzi_string_of("尋字").size, 6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_thread_has_its_own),
        cmocka_unit_test(test_control_characters_are_made_visible),
        cmocka_unit_test(test_long_sentences_end_at_a_character),
        cmocka_unit_test(test_errno_gives_status_and_reason),
        cmocka_unit_test(test_running_out_of_memory_is_told),
        cmocka_unit_test(test_every_status_has_a_name_of_its_own),
        cmocka_unit_test(test_string_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
