/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Setting up and running a query.
 */
#include "internal.h"

/* Xapian's Enquire refers to its spies and its sorter without owning them. It may outlive this
 * handle inside an mset, but uses them only while running. */
struct xapian_enquire {
    explicit xapian_enquire(const Xapian::Database &database) : enquire(database) {
    }

    std::vector<std::shared_ptr<Xapian::MatchSpy>> spies;
    std::shared_ptr<Xapian::KeyMaker> sorter;
    Xapian::Enquire enquire;
};

namespace xapian_c {
namespace {

bool is_accepted(xapian_verdict verdict) {
    if (verdict != XAPIAN_ACCEPT && verdict != XAPIAN_REJECT) {
        throw stop_requested();
    }
    return verdict == XAPIAN_ACCEPT;
}

class function_match_decider : public Xapian::MatchDecider {
  public:
    explicit function_match_decider(const xapian_match_decider &decider) : decider_(decider) {
        require(decider.decide, "match decider's function");
    }

    bool operator()(const Xapian::Document &document) const override {
        return is_accepted(lender_.lend(document, [&](const xapian_document *lent) {
            return decider_.decide(decider_.context, lent);
        }));
    }

  private:
    const xapian_match_decider &decider_;
    document_lender lender_;
};

class function_expand_decider : public Xapian::ExpandDecider {
  public:
    explicit function_expand_decider(const xapian_expand_decider &decider) : decider_(decider) {
        require(decider.decide, "expand decider's function");
    }

    bool operator()(const std::string &term) const override {
        return is_accepted(decider_.decide(decider_.context, term.data(), term.size()));
    }

  private:
    const xapian_expand_decider &decider_;
};

Xapian::Enquire &enquire_of(xapian_enquire *handle) {
    return require(handle, "enquire")->enquire;
}

const Xapian::Enquire &enquire_of(const xapian_enquire *handle) {
    return require(handle, "enquire")->enquire;
}

template <class Set>
xapian_status set_sorter(const char *function, xapian_enquire *enquire,
                         const xapian_key_maker *maker, Set &&set) noexcept {
    return guard(function, [&] {
        Xapian::Enquire &changed = enquire_of(enquire);
        std::shared_ptr<Xapian::KeyMaker> sorter = require(maker, "key maker")->maker;
        set(changed, sorter.get());
        enquire->sorter = std::move(sorter);
    });
}

} // namespace
} // namespace xapian_c

using namespace xapian_c;

xapian_status xapian_enquire_new(const xapian_database *database, xapian_enquire **out) {
    return create(__func__, out,
                  [&] { return std::make_unique<xapian_enquire>(database_of(database)); });
}

void xapian_enquire_free(xapian_enquire *enquire) {
    delete enquire;
}

xapian_status xapian_enquire_set_query(xapian_enquire *enquire, const xapian_query *query,
                                       xapian_termcount query_length) {
    return guard(__func__, [&] { enquire_of(enquire).set_query(query_of(query), query_length); });
}

xapian_status xapian_enquire_get_query(const xapian_enquire *enquire, xapian_query **out) {
    return create(__func__, out, [&] { return wrap_query(enquire_of(enquire).get_query()); });
}

xapian_status xapian_enquire_set_weight(xapian_enquire *enquire, const xapian_weight *weight) {
    return guard(__func__, [&] {
        enquire_of(enquire).set_weighting_scheme(*require(weight, "weight")->weight);
    });
}

xapian_status xapian_enquire_set_expansion_scheme(xapian_enquire *enquire, const char *name,
                                                  double k) {
    return guard(__func__, [&] {
        enquire_of(enquire).set_expansion_scheme(path_text(name, "name"), finite(k, "k"));
    });
}

xapian_status xapian_enquire_set_collapse_key(xapian_enquire *enquire, xapian_valueno slot,
                                              xapian_doccount max) {
    return guard(__func__, [&] { enquire_of(enquire).set_collapse_key(slot, max); });
}

xapian_status xapian_enquire_set_docid_order(xapian_enquire *enquire, xapian_docid_order order) {
    return guard(__func__, [&] {
        if (order != XAPIAN_DOCID_ASCENDING && order != XAPIAN_DOCID_DESCENDING &&
            order != XAPIAN_DOCID_DONT_CARE) {
            throw Xapian::InvalidArgumentError("the docid order is none of the known kinds");
        }
        enquire_of(enquire).set_docid_order(static_cast<Xapian::Enquire::docid_order>(order));
    });
}

xapian_status xapian_enquire_set_cutoff(xapian_enquire *enquire, int percent, double weight) {
    return guard(__func__, [&] {
        if (percent < 0 || percent > 100) {
            throw Xapian::InvalidArgumentError("the percentage is not between 0 and 100");
        }
        enquire_of(enquire).set_cutoff(percent, finite(weight, "the weight"));
    });
}

xapian_status xapian_enquire_set_sort_by_relevance(xapian_enquire *enquire) {
    return guard(__func__, [&] { enquire_of(enquire).set_sort_by_relevance(); });
}

xapian_status xapian_enquire_set_sort_by_value(xapian_enquire *enquire, xapian_valueno slot,
                                               bool reverse) {
    return guard(__func__, [&] { enquire_of(enquire).set_sort_by_value(slot, reverse); });
}

xapian_status xapian_enquire_set_sort_by_value_then_relevance(xapian_enquire *enquire,
                                                              xapian_valueno slot, bool reverse) {
    return guard(__func__,
                 [&] { enquire_of(enquire).set_sort_by_value_then_relevance(slot, reverse); });
}

xapian_status xapian_enquire_set_sort_by_relevance_then_value(xapian_enquire *enquire,
                                                              xapian_valueno slot, bool reverse) {
    return guard(__func__,
                 [&] { enquire_of(enquire).set_sort_by_relevance_then_value(slot, reverse); });
}

xapian_status xapian_enquire_set_sort_by_key(xapian_enquire *enquire, const xapian_key_maker *maker,
                                             bool reverse) {
    return set_sorter(__func__, enquire, maker, [&](auto &changed, Xapian::KeyMaker *sorter) {
        changed.set_sort_by_key(sorter, reverse);
    });
}

xapian_status xapian_enquire_set_sort_by_key_then_relevance(xapian_enquire *enquire,
                                                            const xapian_key_maker *maker,
                                                            bool reverse) {
    return set_sorter(__func__, enquire, maker, [&](auto &changed, Xapian::KeyMaker *sorter) {
        changed.set_sort_by_key_then_relevance(sorter, reverse);
    });
}

xapian_status xapian_enquire_set_sort_by_relevance_then_key(xapian_enquire *enquire,
                                                            const xapian_key_maker *maker,
                                                            bool reverse) {
    return set_sorter(__func__, enquire, maker, [&](auto &changed, Xapian::KeyMaker *sorter) {
        changed.set_sort_by_relevance_then_key(sorter, reverse);
    });
}

xapian_status xapian_enquire_set_time_limit(xapian_enquire *enquire, double seconds) {
    return guard(__func__, [&] {
        if (finite(seconds, "the time limit") < 0) {
            throw Xapian::InvalidArgumentError("the time limit is negative");
        }
        enquire_of(enquire).set_time_limit(seconds);
    });
}

xapian_status xapian_enquire_add_match_spy(xapian_enquire *enquire, xapian_match_spy *spy) {
    return guard(__func__, [&] {
        Xapian::Enquire &changed = enquire_of(enquire);
        enquire->spies.push_back(require(spy, "match spy")->spy);
        changed.add_matchspy(enquire->spies.back().get());
    });
}

xapian_status xapian_enquire_clear_match_spies(xapian_enquire *enquire) {
    return guard(__func__, [&] {
        enquire_of(enquire).clear_matchspies();
        enquire->spies.clear();
    });
}

xapian_status xapian_enquire_get_mset(const xapian_enquire *enquire, xapian_doccount first,
                                      xapian_doccount max_items, xapian_doccount check_at_least,
                                      const xapian_rset *rset, const xapian_match_decider *decider,
                                      xapian_mset **out) {
    return create(__func__, out, [&] {
        const Xapian::Enquire &prepared = enquire_of(enquire);
        const Xapian::RSet *relevant = rset == nullptr ? nullptr : &rset->rset;
        std::optional<function_match_decider> function;
        if (decider != nullptr) {
            function.emplace(*decider);
        }
        auto handle = std::make_unique<xapian_mset>();
        handle->mset = prepared.get_mset(first, max_items, check_at_least, relevant,
                                         function.has_value() ? &*function : nullptr);
        return handle;
    });
}

xapian_status xapian_enquire_get_eset(const xapian_enquire *enquire, xapian_termcount max_items,
                                      const xapian_rset *rset, int flags,
                                      const xapian_expand_decider *decider, double min_weight,
                                      xapian_eset **out) {
    return create(__func__, out, [&] {
        const Xapian::Enquire &prepared = enquire_of(enquire);
        const Xapian::RSet &relevant = require(rset, "rset")->rset;
        std::optional<function_expand_decider> function;
        if (decider != nullptr) {
            function.emplace(*decider);
        }
        auto handle = std::make_unique<xapian_eset>();
        handle->eset = prepared.get_eset(max_items, relevant, flags,
                                         function.has_value() ? &*function : nullptr, min_weight);
        return handle;
    });
}

xapian_status xapian_enquire_matching_terms(const xapian_enquire *enquire, xapian_docid docid,
                                            xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        return make_terms([&] { return enquire_of(enquire).get_matching_terms_begin(docid); });
    });
}

xapian_status xapian_enquire_description(const xapian_enquire *enquire,
                                         xapian_string *description) {
    return fill(__func__, description, [&] { return enquire_of(enquire).get_description(); });
}
