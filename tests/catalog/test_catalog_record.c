/* SPDX-License-Identifier: GPL-2.0-or-later */
/* catalog/record: what is written comes back, and damaged or hostile bytes give an error or a
 * document, never more. */
#include "collection_support.h"

#include <zlib.h>

#include "catalog/record.h"

static xunzi_document sample(void) {
    return (xunzi_document){.id = TEXT("編號/1"),
                            .title = TEXT("圖書館"),
                            .body = TEXT("正文\0有 NUL，重複重複重複重複重複"),
                            .date = TEXT("2024-03-18"),
                            .source = TEXT("某報"),
                            .url = TEXT("https://example.org/1"),
                            .extra = TEXT("{\"a\":1}")};
}

/* Decodes a copy of just its size. */
static xunzi_status decode(const char *data, size_t size, struct buffer *storage,
                           xunzi_document *document) {
    char *exact = exact_copy(data, size);
    xunzi_status status = record_decode(exact, size, storage, document, NULL);
    free(exact);
    return status;
}

static void assert_round_trip(const xunzi_document *document) {
    struct buffer record = {0}, storage = {0};
    xunzi_document back;
    assert_ok(record_encode(document, NULL, &record));
    assert_ok(decode(record.data, record.size, &storage, &back));
    assert_same_document(document, &back);
    buffer_free(&record);
    buffer_free(&storage);
}

static void test_round_trips(void **state) {
    (void)state;
    xunzi_document document = sample(), empty = {0};
    assert_round_trip(&document);
    assert_round_trip(&empty);
    xunzi_string *members[] = {&document.id,     &document.title, &document.body, &document.date,
                               &document.source, &document.url,   &document.extra};
    for (size_t i = 0; i < 7; i++) {
        document = sample();
        *members[i] = (xunzi_string){0};
        assert_round_trip(&document);
    }
    struct buffer text = {0};
    random_seed(41);
    for (int round = 0; round < 300; round++) {
        random_text(&text, 1 + random_below(400));
        document = sample();
        *members[random_below(7)] = (xunzi_string){text.data, text.size};
        assert_round_trip(&document);
    }
    buffer_free(&text);
}

static void test_the_largest_document(void **state) {
    (void)state;
    char *body = malloc(XUNZI_MAX_DOCUMENT_BYTES);
    assert_non_null(body);
    for (size_t i = 0; i < XUNZI_MAX_DOCUMENT_BYTES; i++)
        body[i] = (char)('a' + i % 23);
    xunzi_document document = {.body = {body, XUNZI_MAX_DOCUMENT_BYTES}};
    assert_round_trip(&document);
    free(body);
}

/* Records are appended to what a buffer holds. */
static void test_appends(void **state) {
    (void)state;
    struct buffer record = {0}, storage = {0};
    xunzi_document document = sample(), back;
    assert_true(buffer_append_text(&record, "before"));
    assert_ok(record_encode(&document, NULL, &record));
    assert_memory_equal(record.data, "before", 6);
    assert_ok(decode(record.data + 6, record.size - 6, &storage, &back));
    assert_same_document(&document, &back);
    buffer_free(&record);
    buffer_free(&storage);
}

static void test_every_truncation_is_an_error(void **state) {
    (void)state;
    struct buffer record = {0}, storage = {0};
    xunzi_document document = sample(), back;
    assert_ok(record_encode(&document, NULL, &record));
    for (size_t size = 0; size < record.size; size++)
        assert_status(XUNZI_ERROR_CORRUPT, decode(record.data, size, &storage, &back));
    buffer_free(&record);
    buffer_free(&storage);
}

/* Every byte, every other value: zlib's checksum and the sizes let none pass as another text. */
static void test_every_changed_byte(void **state) {
    (void)state;
    struct buffer record = {0}, storage = {0};
    xunzi_document document = sample(), back;
    assert_ok(record_encode(&document, NULL, &record));
    size_t errors = 0, documents = 0;
    for (size_t at = 0; at < record.size; at++)
        for (int change = 1; change < 256; change++) {
            record.data[at] = (char)(record.data[at] ^ change);
            xunzi_status status = decode(record.data, record.size, &storage, &back);
            record.data[at] = (char)(record.data[at] ^ change);
            if (status == XUNZI_OK) {
                documents++;
                assert_text(document.body, back.body);
            } else {
                assert_int_equal(status, XUNZI_ERROR_CORRUPT);
                errors++;
            }
        }
    assert_true(errors > 100 * documents);
    buffer_free(&record);
    buffer_free(&storage);
}

/* A record of these sizes over this text. */
static void forge(struct buffer *record, const uint64_t sizes[7], const char *text, size_t size) {
    buffer_clear(record);
    assert_true(buffer_append_byte(record, 1));
    for (size_t i = 0; i < 7; i++)
        assert_true(buffer_append_varint(record, sizes[i]));
    uLongf deflated = compressBound((uLong)size);
    assert_true(buffer_reserve(record, deflated));
    assert_int_equal(Z_OK, compress2((Bytef *)record->data + record->size, &deflated,
                                     (const Bytef *)text, (uLong)size, 9));
    record->size += deflated;
}

static void test_sizes_that_lie(void **state) {
    (void)state;
    struct buffer record = {0}, storage = {0};
    xunzi_document back;
    forge(&record, (const uint64_t[7]){1, 1, 1, 1, 1, 1, 1}, "abcdefg", 7);
    assert_ok(decode(record.data, record.size, &storage, &back));
    assert_text(TEXT("g"), back.extra);
    static const uint64_t lies[][7] = {
        {1, 1, 1, 1, 1, 1, 0},
        {1, 1, 1, 1, 1, 1, 2},
        {0, 0, 0, 0, 0, 0, 0},
        {XUNZI_MAX_DOCUMENT_BYTES, 0, 0, 0, 0, 0, 0},
        {XUNZI_MAX_DOCUMENT_BYTES, 1},
        {UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX},
        {UINT64_MAX, 8},
        {(uint64_t)1 << 32, 7},
        {0, 0, 0, 0, 0, 0, UINT64_MAX},
        {XUNZI_MAX_DOCUMENT_BYTES - 1, XUNZI_MAX_DOCUMENT_BYTES - 1},
    };
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        forge(&record, lies[i], "abcdefg", 7);
        assert_status(XUNZI_ERROR_CORRUPT, decode(record.data, record.size, &storage, &back));
    }
    buffer_free(&record);
    buffer_free(&storage);
}

/* A short record that inflates to 200 MiB of nothing takes no more memory than a document may. */
static void test_a_bomb(void **state) {
    (void)state;
    enum { SIZE = 200 << 20 };
    struct buffer record = {0}, storage = {0};
    xunzi_document back;
    char *zeroes = calloc(1, SIZE);
    assert_non_null(zeroes);
    forge(&record, (const uint64_t[7]){100}, zeroes, SIZE);
    free(zeroes);
    assert_true(record.size < 1 << 20);
    assert_status(XUNZI_ERROR_CORRUPT, decode(record.data, record.size, &storage, &back));
    assert_true(storage.capacity < 2 * XUNZI_MAX_DOCUMENT_BYTES);
    buffer_free(&record);
    buffer_free(&storage);
}

static void test_random_bytes(void **state) {
    (void)state;
    struct buffer storage = {0};
    xunzi_document back;
    random_seed(42);
    for (int i = 0; i < 20000; i++) {
        char bytes[64];
        size_t size = random_below(sizeof bytes);
        for (size_t b = 0; b < size; b++)
            bytes[b] = (char)random_below(b == 0 ? 3 : b < 9 ? 40 : 256);
        assert_status(XUNZI_ERROR_CORRUPT, decode(bytes, size, &storage, &back));
    }
    buffer_free(&storage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_the_largest_document),
        cmocka_unit_test(test_appends),
        cmocka_unit_test(test_every_truncation_is_an_error),
        cmocka_unit_test(test_every_changed_byte),
        cmocka_unit_test(test_sizes_that_lie),
        cmocka_unit_test(test_a_bomb),
        cmocka_unit_test(test_random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
