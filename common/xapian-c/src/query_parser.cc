/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small part of Xapian's query parser.
 */
#include "internal.h"

struct xapian_query_parser {
    Xapian::QueryParser parser;
};

using namespace xapian_c;

xapian_status xapian_query_parser_new(xapian_query_parser **out) {
    return create(__func__, out, [] { return std::make_unique<xapian_query_parser>(); });
}

void xapian_query_parser_free(xapian_query_parser *parser) {
    delete parser;
}

xapian_status xapian_query_parser_set_database(xapian_query_parser *parser,
                                               const xapian_database *database) {
    return guard(__func__,
                 [&] { require(parser, "parser")->parser.set_database(database_of(database)); });
}

xapian_status xapian_query_parser_set_default_op(xapian_query_parser *parser, xapian_op op) {
    return guard(__func__,
                 [&] { require(parser, "parser")->parser.set_default_op(joining_operator(op)); });
}

xapian_status xapian_query_parser_add_prefix(xapian_query_parser *parser, const char *field,
                                             const char *prefix) {
    return guard(__func__, [&] {
        require(parser, "parser")
            ->parser.add_prefix(path_text(field, "field"), path_text(prefix, "prefix"));
    });
}

xapian_status xapian_query_parser_add_boolean_prefix(xapian_query_parser *parser, const char *field,
                                                     const char *prefix) {
    return guard(__func__, [&] {
        require(parser, "parser")
            ->parser.add_boolean_prefix(path_text(field, "field"), path_text(prefix, "prefix"));
    });
}

xapian_status xapian_query_parser_parse(xapian_query_parser *parser, const char *query, size_t size,
                                        unsigned flags, xapian_query **out) {
    return create(__func__, out, [&] {
        return wrap_query(
            require(parser, "parser")->parser.parse_query(text(query, size, "query"), flags));
    });
}
