// SPDX-License-Identifier: GPL-2.0-or-later
//
// Every allocation of C++ fails once: each time the call must give XAPIAN_ERROR_NO_MEMORY and leak
// nothing. Only calls that stay in this library and in simple parts of Xapian are
// tried.
//
#include "xapian-c/xapian.h"

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

extern "C" {
#include <cmocka.h>
}

namespace {

// How many allocations succeed before one fails; negative: all succeed.
long allocations_left = -1;

void *allocate(std::size_t size) {
    if (allocations_left == 0) {
        throw std::bad_alloc();
    }
    if (allocations_left > 0) {
        allocations_left--;
    }
    void *memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

// Calls `call` with ever more allocations granted until it succeeds; returns how often it failed.
template <class Call>
unsigned fail_until_it_succeeds(Call &&call) {
    for (unsigned granted = 0;; granted++) {
        allocations_left = static_cast<long>(granted);
        const xapian_status status = call();
        allocations_left = -1;
        if (status == XAPIAN_OK) {
            return granted;
        }
        assert_int_equal(XAPIAN_ERROR_NO_MEMORY, status);
        assert_non_null(std::strstr(xapian_error_message(), "memory"));
        assert_true(granted < 1000);
    }
}

const char long_text[] = "a text that is too long for the small buffer inside of a std::string";

// After a change that ran out of memory a document may only be freed, so each attempt has its own.
template <class Change>
void assert_change_fails_cleanly(Change &&change) {
    assert_true(fail_until_it_succeeds([&] {
                    const long granted = allocations_left;
                    xapian_document *document = nullptr;
                    allocations_left = -1;
                    assert_int_equal(XAPIAN_OK, xapian_document_new(&document));
                    allocations_left = granted;
                    const xapian_status status = change(document);
                    xapian_document_free(document);
                    return status;
                }) > 0);
}

void test_changing_documents(void **) {
    static const xapian_termpos positions[] = {1, 2, 3};
    assert_change_fails_cleanly([](xapian_document *document) {
        return xapian_document_set_data(document, long_text, sizeof long_text);
    });
    assert_change_fails_cleanly([](xapian_document *document) {
        return xapian_document_add_postings(document, long_text, sizeof long_text, positions, 3, 1);
    });
    assert_change_fails_cleanly([](xapian_document *document) {
        return xapian_document_set_value(document, 1, long_text, sizeof long_text);
    });
}

void test_documents(void **) {
    xapian_document *document = nullptr;
    xapian_document *copy = nullptr;
    xapian_string string = XAPIAN_STRING_INIT;
    assert_true(fail_until_it_succeeds([&] {
                    const xapian_status status = xapian_document_new(&document);
                    assert_true((status == XAPIAN_OK) == (document != nullptr));
                    return status;
                }) > 0);
    assert_int_equal(XAPIAN_OK, xapian_document_set_data(document, long_text, sizeof long_text));
    assert_int_equal(XAPIAN_OK,
                     xapian_document_set_value(document, 1, long_text, sizeof long_text));
    assert_int_equal(XAPIAN_OK, xapian_document_add_term(document, long_text, sizeof long_text, 1));
    assert_true(fail_until_it_succeeds([&] { return xapian_document_data(document, &string); }) >
                0);
    assert_int_equal(sizeof long_text, string.size);
    assert_true(
        fail_until_it_succeeds([&] { return xapian_document_serialise(document, &string); }) > 0);
    assert_true(fail_until_it_succeeds([&] {
                    return xapian_document_unserialise(string.data, string.size, &copy);
                }) > 0);
    xapian_document_free(copy);
    xapian_value_iterator *values = nullptr;
    assert_true(fail_until_it_succeeds([&] { return xapian_document_values(document, &values); }) >
                0);
    xapian_value_iterator_free(values);
    xapian_term_iterator *terms = nullptr;
    assert_true(fail_until_it_succeeds([&] { return xapian_document_terms(document, &terms); }) >
                0);
    xapian_term_iterator_free(terms);
    xapian_document_free(document);
    xapian_string_free(&string);
}

void test_queries(void **) {
    xapian_query *term = nullptr;
    xapian_query *query = nullptr;
    xapian_string string = XAPIAN_STRING_INIT;
    assert_true(fail_until_it_succeeds([&] {
                    return xapian_query_term(long_text, sizeof long_text, 1, 0, &term);
                }) > 0);
    const xapian_query *const pair[] = {term, term};
    assert_true(fail_until_it_succeeds(
                    [&] { return xapian_query_combine(XAPIAN_OP_OR, pair, 2, 0, &query); }) > 0);
    assert_true(fail_until_it_succeeds([&] { return xapian_query_serialise(query, &string); }) > 0);
    xapian_query_free(query);
    xapian_query_free(term);
    xapian_string_free(&string);
}

void test_weights_and_small_handles(void **) {
    xapian_weight *weight = nullptr;
    xapian_key_maker *maker = nullptr;
    xapian_match_spy *spy = nullptr;
    xapian_rset *rset = nullptr;
    assert_true(fail_until_it_succeeds(
                    [&] { return xapian_weight_saturation(1, 0.5, 9, 1, &weight); }) > 0);
    assert_true(fail_until_it_succeeds([&] { return xapian_key_maker_new_values(&maker); }) > 0);
    assert_true(fail_until_it_succeeds([&] { return xapian_match_spy_new_value_count(0, &spy); }) >
                0);
    assert_true(fail_until_it_succeeds([&] { return xapian_rset_new(&rset); }) > 0);
    xapian_rset_free(rset);
    xapian_match_spy_free(spy);
    xapian_key_maker_free(maker);
    xapian_weight_free(weight);
}

} // namespace

void *operator new(std::size_t size) {
    return allocate(size);
}

void *operator new[](std::size_t size) {
    return allocate(size);
}

void operator delete(void *memory) noexcept {
    std::free(memory);
}

void operator delete[](void *memory) noexcept {
    std::free(memory);
}

void operator delete(void *memory, std::size_t) noexcept {
    std::free(memory);
}

void operator delete[](void *memory, std::size_t) noexcept {
    std::free(memory);
}

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_changing_documents),
        cmocka_unit_test(test_documents),
        cmocka_unit_test(test_queries),
        cmocka_unit_test(test_weights_and_small_handles),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
