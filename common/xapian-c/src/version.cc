/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Versions, and the proof at compile time that this interface's numbers are Xapian's.
 */
#include "internal.h"

#include <limits>

#define XAPIAN_C_TEXT_OF(number) #number
#define XAPIAN_C_DOTTED(major, minor, patch) \
    XAPIAN_C_TEXT_OF(major) "." XAPIAN_C_TEXT_OF(minor) "." XAPIAN_C_TEXT_OF(patch)

static_assert(std::is_same_v<xapian_docid, Xapian::docid>);
static_assert(std::is_same_v<xapian_doccount, Xapian::doccount>);
static_assert(std::is_same_v<xapian_termcount, Xapian::termcount>);
static_assert(std::is_same_v<xapian_termpos, Xapian::termpos>);
static_assert(std::is_same_v<xapian_valueno, Xapian::valueno>);
static_assert(sizeof(xapian_totallength) >= sizeof(Xapian::totallength));
static_assert(sizeof(xapian_revision) >= sizeof(Xapian::rev));
static_assert(XAPIAN_BAD_VALUENO == Xapian::BAD_VALUENO);

static_assert(XAPIAN_DB_CREATE_OR_OPEN == Xapian::DB_CREATE_OR_OPEN);
static_assert(XAPIAN_DB_CREATE_OR_OVERWRITE == Xapian::DB_CREATE_OR_OVERWRITE);
static_assert(XAPIAN_DB_CREATE == Xapian::DB_CREATE);
static_assert(XAPIAN_DB_OPEN == Xapian::DB_OPEN);
static_assert(XAPIAN_DB_NO_SYNC == Xapian::DB_NO_SYNC);
static_assert(XAPIAN_DB_FULL_SYNC == Xapian::DB_FULL_SYNC);
static_assert(XAPIAN_DB_DANGEROUS == Xapian::DB_DANGEROUS);
static_assert(XAPIAN_DB_NO_TERMLIST == Xapian::DB_NO_TERMLIST);
static_assert(XAPIAN_DB_RETRY_LOCK == Xapian::DB_RETRY_LOCK);
static_assert(XAPIAN_DB_BACKEND_GLASS == Xapian::DB_BACKEND_GLASS);
static_assert(XAPIAN_DB_BACKEND_CHERT == Xapian::DB_BACKEND_CHERT);
static_assert(XAPIAN_DB_BACKEND_STUB == Xapian::DB_BACKEND_STUB);
static_assert(XAPIAN_DB_BACKEND_INMEMORY == Xapian::DB_BACKEND_INMEMORY);
static_assert(XAPIAN_DOC_ASSUME_VALID == Xapian::DOC_ASSUME_VALID);

static_assert(XAPIAN_COMPACT_STANDARD == unsigned(Xapian::Compactor::STANDARD));
static_assert(XAPIAN_COMPACT_FULL == unsigned(Xapian::Compactor::FULL));
static_assert(XAPIAN_COMPACT_FULLER == unsigned(Xapian::Compactor::FULLER));
static_assert(XAPIAN_COMPACT_NO_RENUMBER == Xapian::DBCOMPACT_NO_RENUMBER);
static_assert(XAPIAN_COMPACT_MULTIPASS == Xapian::DBCOMPACT_MULTIPASS);
static_assert(XAPIAN_COMPACT_SINGLE_FILE == Xapian::DBCOMPACT_SINGLE_FILE);
static_assert(XAPIAN_CHECK_SHORT_TREE == Xapian::DBCHECK_SHORT_TREE);
static_assert(XAPIAN_CHECK_FULL_TREE == Xapian::DBCHECK_FULL_TREE);
static_assert(XAPIAN_CHECK_SHOW_FREELIST == Xapian::DBCHECK_SHOW_FREELIST);
static_assert(XAPIAN_CHECK_SHOW_STATS == Xapian::DBCHECK_SHOW_STATS);
static_assert(XAPIAN_CHECK_FIX == Xapian::DBCHECK_FIX);

static_assert(int(XAPIAN_OP_AND) == int(Xapian::Query::OP_AND));
static_assert(int(XAPIAN_OP_OR) == int(Xapian::Query::OP_OR));
static_assert(int(XAPIAN_OP_AND_NOT) == int(Xapian::Query::OP_AND_NOT));
static_assert(int(XAPIAN_OP_XOR) == int(Xapian::Query::OP_XOR));
static_assert(int(XAPIAN_OP_AND_MAYBE) == int(Xapian::Query::OP_AND_MAYBE));
static_assert(int(XAPIAN_OP_FILTER) == int(Xapian::Query::OP_FILTER));
static_assert(int(XAPIAN_OP_NEAR) == int(Xapian::Query::OP_NEAR));
static_assert(int(XAPIAN_OP_PHRASE) == int(Xapian::Query::OP_PHRASE));
static_assert(int(XAPIAN_OP_VALUE_RANGE) == int(Xapian::Query::OP_VALUE_RANGE));
static_assert(int(XAPIAN_OP_SCALE_WEIGHT) == int(Xapian::Query::OP_SCALE_WEIGHT));
static_assert(int(XAPIAN_OP_ELITE_SET) == int(Xapian::Query::OP_ELITE_SET));
static_assert(int(XAPIAN_OP_VALUE_GE) == int(Xapian::Query::OP_VALUE_GE));
static_assert(int(XAPIAN_OP_VALUE_LE) == int(Xapian::Query::OP_VALUE_LE));
static_assert(int(XAPIAN_OP_SYNONYM) == int(Xapian::Query::OP_SYNONYM));
static_assert(int(XAPIAN_OP_MAX) == int(Xapian::Query::OP_MAX));
static_assert(int(XAPIAN_OP_WILDCARD) == int(Xapian::Query::OP_WILDCARD));
static_assert(int(XAPIAN_OP_INVALID) == int(Xapian::Query::OP_INVALID));
static_assert(int(XAPIAN_LEAF_TERM) == int(Xapian::Query::LEAF_TERM));
static_assert(int(XAPIAN_LEAF_POSTING_SOURCE) == int(Xapian::Query::LEAF_POSTING_SOURCE));
static_assert(int(XAPIAN_LEAF_MATCH_ALL) == int(Xapian::Query::LEAF_MATCH_ALL));
static_assert(int(XAPIAN_LEAF_MATCH_NOTHING) == int(Xapian::Query::LEAF_MATCH_NOTHING));
static_assert(int(XAPIAN_WILDCARD_LIMIT_ERROR) == int(Xapian::Query::WILDCARD_LIMIT_ERROR));
static_assert(int(XAPIAN_WILDCARD_LIMIT_FIRST) == int(Xapian::Query::WILDCARD_LIMIT_FIRST));
static_assert(int(XAPIAN_WILDCARD_LIMIT_MOST_FREQUENT) ==
              int(Xapian::Query::WILDCARD_LIMIT_MOST_FREQUENT));

using parser = Xapian::QueryParser;
static_assert(XAPIAN_PARSER_BOOLEAN == int(parser::FLAG_BOOLEAN));
static_assert(XAPIAN_PARSER_PHRASE == int(parser::FLAG_PHRASE));
static_assert(XAPIAN_PARSER_LOVEHATE == int(parser::FLAG_LOVEHATE));
static_assert(XAPIAN_PARSER_BOOLEAN_ANY_CASE == int(parser::FLAG_BOOLEAN_ANY_CASE));
static_assert(XAPIAN_PARSER_WILDCARD == int(parser::FLAG_WILDCARD));
static_assert(XAPIAN_PARSER_PURE_NOT == int(parser::FLAG_PURE_NOT));
static_assert(XAPIAN_PARSER_PARTIAL == int(parser::FLAG_PARTIAL));
static_assert(XAPIAN_PARSER_CJK_NGRAM == int(parser::FLAG_CJK_NGRAM));
static_assert(XAPIAN_PARSER_DEFAULT == int(parser::FLAG_DEFAULT));

static_assert(int(XAPIAN_SMOOTHING_TWO_STAGE) == int(Xapian::Weight::TWO_STAGE_SMOOTHING));
static_assert(int(XAPIAN_SMOOTHING_DIRICHLET) == int(Xapian::Weight::DIRICHLET_SMOOTHING));
static_assert(int(XAPIAN_SMOOTHING_ABSOLUTE_DISCOUNT) ==
              int(Xapian::Weight::ABSOLUTE_DISCOUNT_SMOOTHING));
static_assert(int(XAPIAN_SMOOTHING_JELINEK_MERCER) ==
              int(Xapian::Weight::JELINEK_MERCER_SMOOTHING));
static_assert(int(XAPIAN_SMOOTHING_DIRICHLET_PLUS) ==
              int(Xapian::Weight::DIRICHLET_PLUS_SMOOTHING));
static_assert(int(XAPIAN_DOCID_DESCENDING) == int(Xapian::Enquire::DESCENDING));
static_assert(int(XAPIAN_DOCID_ASCENDING) == int(Xapian::Enquire::ASCENDING));
static_assert(int(XAPIAN_DOCID_DONT_CARE) == int(Xapian::Enquire::DONT_CARE));
static_assert(XAPIAN_EXPAND_INCLUDE_QUERY_TERMS == Xapian::Enquire::INCLUDE_QUERY_TERMS);
static_assert(XAPIAN_EXPAND_USE_EXACT_TERM_FREQUENCY == Xapian::Enquire::USE_EXACT_TERMFREQ);
static_assert(XAPIAN_SNIPPET_BACKGROUND_MODEL == int(Xapian::MSet::SNIPPET_BACKGROUND_MODEL));
static_assert(XAPIAN_SNIPPET_EXHAUSTIVE == int(Xapian::MSet::SNIPPET_EXHAUSTIVE));
static_assert(XAPIAN_SNIPPET_EMPTY_WITHOUT_MATCH == int(Xapian::MSet::SNIPPET_EMPTY_WITHOUT_MATCH));
static_assert(XAPIAN_SNIPPET_CJK_NGRAM == int(Xapian::MSet::SNIPPET_CJK_NGRAM));

const char *xapian_version_string(void) {
    return Xapian::version_string();
}

int xapian_version_major(void) {
    return Xapian::major_version();
}

int xapian_version_minor(void) {
    return Xapian::minor_version();
}

int xapian_version_revision(void) {
    return Xapian::revision();
}

const char *xapian_c_version_string(void) {
    return XAPIAN_C_DOTTED(XAPIAN_C_VERSION_MAJOR, XAPIAN_C_VERSION_MINOR, XAPIAN_C_VERSION_PATCH);
}
