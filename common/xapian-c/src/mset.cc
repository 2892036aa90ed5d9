/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The matches of a query.
 */
#include "internal.h"

namespace xapian_c {
namespace {

const Xapian::MSet &mset_of(const xapian_mset *handle) {
    return require(handle, "mset")->mset;
}

Xapian::MSetIterator item_at(const xapian_mset *handle, xapian_doccount index) {
    const Xapian::MSet &mset = mset_of(handle);
    if (index >= mset.size()) {
        throw Xapian::RangeError("the mset has only " + std::to_string(mset.size()) +
                                 " items, there is no number " + std::to_string(index));
    }
    return mset[index];
}

/* For the numbers an mset knows from the start. */
template <class Number>
Number number_of(const xapian_mset *handle, Number (Xapian::MSet::*get)() const) noexcept {
    return guard_value(Number{0}, [&] { return (mset_of(handle).*get)(); });
}

} // namespace
} // namespace xapian_c

using namespace xapian_c;

void xapian_mset_free(xapian_mset *mset) {
    delete mset;
}

xapian_doccount xapian_mset_size(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::size);
}

xapian_doccount xapian_mset_first_item(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::get_firstitem);
}

xapian_doccount xapian_mset_matches_lower_bound(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::get_matches_lower_bound);
}

xapian_doccount xapian_mset_matches_estimated(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::get_matches_estimated);
}

xapian_doccount xapian_mset_matches_upper_bound(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::get_matches_upper_bound);
}

xapian_doccount xapian_mset_uncollapsed_matches_lower_bound(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::get_uncollapsed_matches_lower_bound);
}

xapian_doccount xapian_mset_uncollapsed_matches_estimated(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::get_uncollapsed_matches_estimated);
}

xapian_doccount xapian_mset_uncollapsed_matches_upper_bound(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::get_uncollapsed_matches_upper_bound);
}

double xapian_mset_max_possible(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::get_max_possible);
}

double xapian_mset_max_attained(const xapian_mset *mset) {
    return number_of(mset, &Xapian::MSet::get_max_attained);
}

xapian_status xapian_mset_get_item(const xapian_mset *mset, xapian_doccount index,
                                   xapian_mset_item *item) {
    return put(__func__, item, [&] {
        const Xapian::MSetIterator found = item_at(mset, index);
        xapian_mset_item result = xapian_mset_item();
        result.docid = *found;
        result.rank = found.get_rank();
        result.weight = found.get_weight();
        result.percent = found.get_percent();
        result.collapse_count = found.get_collapse_count();
        return result;
    });
}

xapian_status xapian_mset_sort_key(const xapian_mset *mset, xapian_doccount index,
                                   xapian_string *key) {
    return fill(__func__, key, [&] { return item_at(mset, index).get_sort_key(); });
}

xapian_status xapian_mset_collapse_key(const xapian_mset *mset, xapian_doccount index,
                                       xapian_string *key) {
    return fill(__func__, key, [&] { return item_at(mset, index).get_collapse_key(); });
}

xapian_status xapian_mset_document(const xapian_mset *mset, xapian_doccount index,
                                   xapian_document **out) {
    return create(__func__, out,
                  [&] { return wrap_document(item_at(mset, index).get_document()); });
}

xapian_status xapian_mset_fetch(const xapian_mset *mset, xapian_doccount first,
                                xapian_doccount count) {
    return guard(__func__, [&] {
        const Xapian::MSet &matches = mset_of(mset);
        const Xapian::doccount size = matches.size();
        if (first < size && count > 0) {
            const Xapian::doccount last = count < size - first ? first + count : size;
            matches.fetch(matches[first], matches[last]);
        }
    });
}

int xapian_mset_convert_to_percent(const xapian_mset *mset, double weight) {
    return guard_value(0, [&] { return mset_of(mset).convert_to_percent(weight); });
}

xapian_status xapian_mset_term_frequency(const xapian_mset *mset, const char *term, size_t size,
                                         xapian_doccount *frequency) {
    return put(__func__, frequency,
               [&] { return mset_of(mset).get_termfreq(text(term, size, "term")); });
}

xapian_status xapian_mset_term_weight(const xapian_mset *mset, const char *term, size_t size,
                                      double *weight) {
    return put(__func__, weight,
               [&] { return mset_of(mset).get_termweight(text(term, size, "term")); });
}

xapian_status xapian_mset_snippet(const xapian_mset *mset, const char *body, size_t size,
                                  size_t length, unsigned flags, const char *highlight_start,
                                  const char *highlight_end, const char *omit,
                                  xapian_string *snippet) {
    return fill(__func__, snippet, [&] {
        return mset_of(mset).snippet(text(body, size, "text"), length, Xapian::Stem(), flags,
                                     path_text(highlight_start, "highlight start"),
                                     path_text(highlight_end, "highlight end"),
                                     path_text(omit, "omission mark"));
    });
}

xapian_status xapian_mset_description(const xapian_mset *mset, xapian_string *description) {
    return fill(__func__, description, [&] { return mset_of(mset).get_description(); });
}
