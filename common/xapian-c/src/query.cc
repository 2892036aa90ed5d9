/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queries: leaves, operators, and what a query tells about itself.
 */
#include "internal.h"

namespace xapian_c {
namespace {

/* An iterator that dereferences to std::string, over terms of the caller. */
std::vector<std::string> texts(const xapian_slice *terms, size_t count) {
    std::vector<std::string> result;
    result.reserve(count);
    for (size_t i = 0; i < count; i++) {
        result.push_back(text(terms[i].data, terms[i].size, "term"));
    }
    return result;
}

} // namespace

Xapian::Query::op joining_operator(xapian_op op) {
    switch (op) {
    case XAPIAN_OP_AND:
    case XAPIAN_OP_OR:
    case XAPIAN_OP_AND_NOT:
    case XAPIAN_OP_XOR:
    case XAPIAN_OP_AND_MAYBE:
    case XAPIAN_OP_FILTER:
    case XAPIAN_OP_NEAR:
    case XAPIAN_OP_PHRASE:
    case XAPIAN_OP_ELITE_SET:
    case XAPIAN_OP_SYNONYM:
    case XAPIAN_OP_MAX:
        return static_cast<Xapian::Query::op>(op);
    case XAPIAN_OP_VALUE_RANGE:
    case XAPIAN_OP_SCALE_WEIGHT:
    case XAPIAN_OP_VALUE_GE:
    case XAPIAN_OP_VALUE_LE:
    case XAPIAN_OP_WILDCARD:
    case XAPIAN_OP_INVALID:
    case XAPIAN_LEAF_TERM:
    case XAPIAN_LEAF_POSTING_SOURCE:
    case XAPIAN_LEAF_MATCH_ALL:
    case XAPIAN_LEAF_MATCH_NOTHING:
        break;
    }
    throw Xapian::InvalidArgumentError("operator " + std::to_string(static_cast<int>(op)) +
                                       " does not join queries");
}

} // namespace xapian_c

using namespace xapian_c;

void xapian_query_free(xapian_query *query) {
    delete query;
}

xapian_status xapian_query_copy(const xapian_query *query, xapian_query **out) {
    return create(__func__, out, [&] { return wrap_query(query_of(query)); });
}

xapian_status xapian_query_match_nothing(xapian_query **out) {
    return create(__func__, out, [] { return wrap_query(Xapian::Query()); });
}

xapian_status xapian_query_match_all(xapian_query **out) {
    /* Not Query::MatchAll: threads would race on that object's reference count. */
    return create(__func__, out, [] { return wrap_query(Xapian::Query(std::string())); });
}

xapian_status xapian_query_term(const char *term, size_t size, xapian_termcount wqf,
                                xapian_termpos position, xapian_query **out) {
    return create(__func__, out, [&] {
        return wrap_query(Xapian::Query(text(term, size, "term"), wqf, position));
    });
}

xapian_status xapian_query_combine(xapian_op op, const xapian_query *const *queries, size_t count,
                                   xapian_termcount parameter, xapian_query **out) {
    return create(__func__, out, [&] {
        const Xapian::Query::op joining = joining_operator(op);
        std::vector<Xapian::Query> parts;
        parts.reserve(count);
        for (size_t i = 0; i < count; i++) {
            parts.push_back(query_of(require(queries, "array of queries")[i]));
        }
        return wrap_query(Xapian::Query(joining, parts.begin(), parts.end(), parameter));
    });
}

xapian_status xapian_query_combine_terms(xapian_op op, const xapian_slice *terms, size_t count,
                                         xapian_termcount parameter, xapian_query **out) {
    return create(__func__, out, [&] {
        const Xapian::Query::op joining = joining_operator(op);
        if (count > 0) {
            require(terms, "array of terms");
        }
        const std::vector<std::string> parts = texts(terms, count);
        return wrap_query(Xapian::Query(joining, parts.begin(), parts.end(), parameter));
    });
}

xapian_status xapian_query_scale_weight(const xapian_query *query, double factor,
                                        xapian_query **out) {
    return create(__func__, out, [&] {
        return wrap_query(Xapian::Query(finite(factor, "the factor"), query_of(query)));
    });
}

xapian_status xapian_query_value_range(xapian_valueno slot, const char *lower, size_t lower_size,
                                       const char *upper, size_t upper_size, xapian_query **out) {
    return create(__func__, out, [&] {
        return wrap_query(Xapian::Query(Xapian::Query::OP_VALUE_RANGE, slot,
                                        text(lower, lower_size, "lower bound"),
                                        text(upper, upper_size, "upper bound")));
    });
}

xapian_status xapian_query_value_at_least(xapian_valueno slot, const char *limit, size_t size,
                                          xapian_query **out) {
    return create(__func__, out, [&] {
        return wrap_query(
            Xapian::Query(Xapian::Query::OP_VALUE_GE, slot, text(limit, size, "limit")));
    });
}

xapian_status xapian_query_value_at_most(xapian_valueno slot, const char *limit, size_t size,
                                         xapian_query **out) {
    return create(__func__, out, [&] {
        return wrap_query(
            Xapian::Query(Xapian::Query::OP_VALUE_LE, slot, text(limit, size, "limit")));
    });
}

xapian_status xapian_query_wildcard(const char *prefix, size_t size, xapian_termcount max_expansion,
                                    xapian_wildcard_limit limit, xapian_op combiner,
                                    xapian_query **out) {
    return create(__func__, out, [&] {
        if (limit != XAPIAN_WILDCARD_LIMIT_ERROR && limit != XAPIAN_WILDCARD_LIMIT_FIRST &&
            limit != XAPIAN_WILDCARD_LIMIT_MOST_FREQUENT) {
            throw Xapian::InvalidArgumentError("the wildcard limit is none of the known kinds");
        }
        return wrap_query(Xapian::Query(Xapian::Query::OP_WILDCARD, text(prefix, size, "prefix"),
                                        max_expansion, static_cast<int>(limit),
                                        joining_operator(combiner)));
    });
}

xapian_termcount xapian_query_length(const xapian_query *query) {
    return query == nullptr ? 0 : query->query.get_length();
}

bool xapian_query_is_empty(const xapian_query *query) {
    return query != nullptr && query->query.empty();
}

xapian_op xapian_query_type(const xapian_query *query) {
    return query == nullptr ? XAPIAN_OP_INVALID : static_cast<xapian_op>(query->query.get_type());
}

size_t xapian_query_subquery_count(const xapian_query *query) {
    return query == nullptr ? 0 : query->query.get_num_subqueries();
}

xapian_status xapian_query_subquery(const xapian_query *query, size_t index, xapian_query **out) {
    return create(__func__, out, [&] {
        const Xapian::Query &whole = query_of(query);
        if (index >= whole.get_num_subqueries()) {
            throw Xapian::RangeError("the query has only " +
                                     std::to_string(whole.get_num_subqueries()) +
                                     " subqueries, there is no number " + std::to_string(index));
        }
        return wrap_query(whole.get_subquery(index));
    });
}

xapian_status xapian_query_terms(const xapian_query *query, xapian_term_iterator **out) {
    return create(__func__, out,
                  [&] { return make_terms([&] { return query_of(query).get_terms_begin(); }); });
}

xapian_status xapian_query_unique_terms(const xapian_query *query, xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        return make_terms([&] { return query_of(query).get_unique_terms_begin(); });
    });
}

xapian_status xapian_query_serialise(const xapian_query *query, xapian_string *bytes) {
    return fill(__func__, bytes, [&] { return query_of(query).serialise(); });
}

xapian_status xapian_query_unserialise(const char *bytes, size_t size, xapian_query **out) {
    return create(__func__, out, [&] {
        const std::string serialised = text(bytes, size, "serialised text");
        return wrap_query(unserialise([&] { return Xapian::Query::unserialise(serialised); }));
    });
}

xapian_status xapian_query_description(const xapian_query *query, xapian_string *description) {
    return fill(__func__, description, [&] { return query_of(query).get_description(); });
}
