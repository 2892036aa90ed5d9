/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Relevance sets and expansion sets.
 */
#include "internal.h"

using namespace xapian_c;

xapian_status xapian_rset_new(xapian_rset **out) {
    return create(__func__, out, [] { return std::make_unique<xapian_rset>(); });
}

void xapian_rset_free(xapian_rset *rset) {
    delete rset;
}

xapian_status xapian_rset_add_document(xapian_rset *rset, xapian_docid docid) {
    return guard(__func__, [&] { require(rset, "rset")->rset.add_document(docid); });
}

xapian_status xapian_rset_remove_document(xapian_rset *rset, xapian_docid docid) {
    return guard(__func__, [&] { require(rset, "rset")->rset.remove_document(docid); });
}

bool xapian_rset_contains(const xapian_rset *rset, xapian_docid docid) {
    return guard_value(false, [&] { return require(rset, "rset")->rset.contains(docid); });
}

xapian_doccount xapian_rset_size(const xapian_rset *rset) {
    return guard_value(xapian_doccount{0}, [&] { return require(rset, "rset")->rset.size(); });
}

void xapian_eset_free(xapian_eset *eset) {
    delete eset;
}

xapian_doccount xapian_eset_size(const xapian_eset *eset) {
    return eset == nullptr ? 0 : eset->eset.size();
}

xapian_termcount xapian_eset_bound(const xapian_eset *eset) {
    return eset == nullptr ? 0 : eset->eset.get_ebound();
}

xapian_status xapian_eset_term(const xapian_eset *eset, xapian_doccount index, xapian_string *term,
                               double *weight) {
    return fill(__func__, term, [&] {
        const Xapian::ESet &terms = require(eset, "eset")->eset;
        if (index >= terms.size()) {
            throw Xapian::RangeError("the eset has only " + std::to_string(terms.size()) +
                                     " terms, there is no number " + std::to_string(index));
        }
        const Xapian::ESetIterator found = terms[index];
        if (weight != nullptr) {
            *weight = found.get_weight();
        }
        return *found;
    });
}
