// SPDX-License-Identifier: GPL-2.0-or-later
//
// The header is good C++, and a C++ callback that throws does no harm.
//
#include "xapian-c/xapian.h"

#include <csetjmp>
#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>

extern "C" {
#include <cmocka.h>
}

namespace {

xapian_step throw_error(void *, const xapian_document *, double) {
    throw std::runtime_error("thrown by a spy");
}

xapian_step throw_number(void *, const xapian_document *, double) {
    throw 42;
}

void test_throwing_callback(void **) {
    xapian_database *database = nullptr;
    xapian_document *document = nullptr;
    xapian_query *query = nullptr;
    assert_int_equal(XAPIAN_OK, xapian_database_new_in_memory(&database));
    assert_int_equal(XAPIAN_OK, xapian_document_new(&document));
    assert_int_equal(XAPIAN_OK, xapian_database_add_document(database, document, nullptr));
    assert_int_equal(XAPIAN_OK, xapian_query_match_all(&query));
    for (xapian_match_spy_function function : {throw_error, throw_number}) {
        xapian_enquire *enquire = nullptr;
        xapian_match_spy *spy = nullptr;
        xapian_mset *mset = nullptr;
        assert_int_equal(XAPIAN_OK, xapian_enquire_new(database, &enquire));
        assert_int_equal(XAPIAN_OK, xapian_enquire_set_query(enquire, query, 0));
        assert_int_equal(XAPIAN_OK, xapian_match_spy_new(function, nullptr, &spy));
        assert_int_equal(XAPIAN_OK, xapian_enquire_add_match_spy(enquire, spy));
        assert_int_equal(XAPIAN_ERROR_UNEXPECTED,
                         xapian_enquire_get_mset(enquire, 0, 1, 1, nullptr, nullptr, &mset));
        assert_null(mset);
        const char *expected = function == throw_error ? "thrown by a spy" : "unknown kind";
        assert_non_null(std::strstr(xapian_error_message(), expected));
        xapian_match_spy_free(spy);
        xapian_enquire_free(enquire);
    }
    xapian_query_free(query);
    xapian_document_free(document);
    xapian_database_free(database);
}

void test_string_initialiser(void **) {
    xapian_string string = XAPIAN_STRING_INIT;
    assert_int_equal(XAPIAN_OK, xapian_string_set(&string, "text", 4));
    assert_string_equal("text", string.data);
    xapian_string_free(&string);
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_throwing_callback),
        cmocka_unit_test(test_string_initialiser),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
