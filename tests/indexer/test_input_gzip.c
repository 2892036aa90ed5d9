/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Compressed inputs: whole, in several members, cut, damaged, and ones that would unpack to more
 * than the limit. */
#include "input_reading.h"

#include <stdlib.h>
#include <string.h>

static struct reading reading;

static const char lines[] = "{\"id\":\"1\",\"body\":\"甲\"}\n{\"id\":\"2\",\"body\":\"乙\"}\n";

static void test_gzip_is_known_by_its_first_bytes(void **state) {
    (void)state;
    char *packed;
    size_t size = gzip(lines, strlen(lines), &packed);
    reading_of_data(&reading, "a.jsonl.gz", packed, size);
    assert_counts(&reading, 2, 0);
    assert_string_equal(reading.documents[1].body, "乙");
    assert_int_equal(reading.documents[1].line, 2);
    assert_int_equal(reading.progress.bytes_read, size);
    reading_of_data(&reading, "a.jsonl", packed, size);
    assert_counts(&reading, 2, 0);
    free(packed);
    reading_of_data(&reading, "plain.jsonl.gz", lines, strlen(lines));
    assert_counts(&reading, 2, 0);
    size = gzip("題\n文", strlen("題\n文"), &packed);
    const char *path = reading_of_data(&reading, "A.TXT.GZ", packed, size);
    assert_counts(&reading, 1, 0);
    assert_string_equal(reading.documents[0].id, path);
    assert_string_equal(reading.documents[0].title, "題");
    free(packed);
}

/* Two members, cut apart in the middle of a line, zeros between and behind. */
static void test_members_are_one_stream(void **state) {
    (void)state;
    char *first, *second, data[512] = "";
    size_t cut = 10;
    size_t first_size = gzip(lines, cut, &first);
    size_t second_size = gzip(lines + cut, strlen(lines) - cut, &second);
    memcpy(data, first, first_size);
    memcpy(data + first_size + 7, second, second_size);
    reading_of_data(&reading, "a.jsonl.gz", data, first_size + 7 + second_size + 100);
    assert_counts(&reading, 2, 0);
    assert_string_equal(reading.documents[0].body, "甲");

    memcpy(data + first_size + 7 + second_size, "garbage", 7);
    reading_of_data(&reading, "a.jsonl.gz", data, first_size + 7 + second_size + 7);
    assert_counts(&reading, 2, 1);
    assert_holds(reading.sentences[0], "behind its gzip data");
    free(first);
    free(second);
}

/* Whatever is missing at the end, what is given out is a beginning of the whole, and the cut is
 * told once. */
static void test_cut_anywhere(void **state) {
    (void)state;
    char *packed;
    size_t size = gzip(lines, strlen(lines), &packed);
    for (size_t kept = 2; kept < size; kept++) {
        reading_of_data(&reading, "a.jsonl.gz", packed, kept);
        assert_true(reading.document_count <= 2);
        assert_counts(&reading, reading.document_count, 1);
        assert_holds(reading.sentences[0], "is cut");
        if (reading.document_count > 0)
            assert_holds(reading.sentences[0],
                         reading.document_count == 1 ? "after line 1;" : "after line 2;");
    }
    /* Only the checksum is missing: both lines are there. */
    reading_of_data(&reading, "a.jsonl.gz", packed, size - 8);
    assert_counts(&reading, 2, 1);
    reading_of_data(&reading, "a.txt.gz", packed, size - 8);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "bytes of text");
    free(packed);
}

static void test_damaged_bytes(void **state) {
    (void)state;
    char *packed;
    size_t size = gzip(lines, strlen(lines), &packed);
    packed[size - 6] ^= 1; /* in the checksum */
    reading_of_data(&reading, "a.jsonl.gz", packed, size);
    assert_counts(&reading, 2, 1);
    assert_holds(reading.sentences[0], "damaged gzip data, after line 2;");
    packed[size - 6] ^= 1;
    for (size_t i = 2; i < size; i++) {
        packed[i] ^= 0x55;
        reading_of_data(&reading, "a.jsonl.gz", packed, size); /* anything but a crash or a hang */
        assert_true(reading.document_count <= 2);
        packed[i] ^= 0x55;
    }
    free(packed);
}

static void test_bombs(void **state) {
    (void)state;
    size_t large = (size_t)XUNZI_MAX_DOCUMENT_BYTES + (2u << 20);
    char *text = malloc(large), *packed;
    assert_non_null(text);
    memset(text, 'a', large);
    size_t size = gzip(text, large, &packed);
    assert_true(size < 1 << 20);
    reading_of_data(&reading, "bomb.txt.gz", packed, size);
    assert_counts(&reading, 0, 1);
    assert_holds(reading.sentences[0], "over the limit of");
    free(packed);

    /* As a line, it is passed over, and the lines around it are read. */
    memcpy(text, lines, strlen(lines));
    text[large - 1] = '\n';
    size = gzip(text, large, &packed);
    char *tail;
    size_t tail_size = gzip("{\"body\":\"丙\"}", strlen("{\"body\":\"丙\"}"), &tail);
    packed = realloc(packed, size + tail_size);
    assert_non_null(packed);
    memcpy(packed + size, tail, tail_size);
    reading_of_data(&reading, "bomb.jsonl.gz", packed, size + tail_size);
    assert_counts(&reading, 3, 1);
    assert_holds(reading.sentences[0], "line 3: is over the limit of");
    assert_int_equal(reading.documents[2].line, 4);
    free(tail);
    free(packed);
    free(text);
}

static int free_reading(void **state) {
    (void)state;
    reading_free(&reading);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_gzip_is_known_by_its_first_bytes, begin_folder,
                                        end_folder),
        cmocka_unit_test_setup_teardown(test_members_are_one_stream, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_cut_anywhere, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_damaged_bytes, begin_folder, end_folder),
        cmocka_unit_test_setup_teardown(test_bombs, begin_folder, end_folder),
    };
    return cmocka_run_group_tests(tests, NULL, free_reading);
}
