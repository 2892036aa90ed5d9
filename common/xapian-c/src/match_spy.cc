/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Match spies: counting a slot's values, or a function of the caller.
 */
#include "internal.h"

namespace xapian_c {
namespace {

class function_match_spy : public Xapian::MatchSpy {
  public:
    function_match_spy(xapian_match_spy_function function, void *context)
        : function_(function), context_(context) {
    }

    void operator()(const Xapian::Document &document, double weight) override {
        const xapian_step step = lender_.lend(document, [&](const xapian_document *lent) {
            return function_(context_, lent, weight);
        });
        if (step != XAPIAN_CONTINUE) {
            throw stop_requested();
        }
    }

  private:
    xapian_match_spy_function function_;
    void *context_;
    document_lender lender_;
};

const Xapian::ValueCountMatchSpy &counts_of(const xapian_match_spy *spy) {
    if (require(spy, "match spy")->counts == nullptr) {
        throw Xapian::InvalidOperationError("this match spy is a function and counts no values");
    }
    return *spy->counts;
}

} // namespace
} // namespace xapian_c

using namespace xapian_c;

xapian_status xapian_match_spy_new_value_count(xapian_valueno slot, xapian_match_spy **out) {
    return create(__func__, out, [&] {
        auto counts = std::make_shared<Xapian::ValueCountMatchSpy>(slot);
        auto handle = std::make_unique<xapian_match_spy>();
        handle->counts = counts.get();
        handle->spy = std::move(counts);
        return handle;
    });
}

size_t xapian_match_spy_total(const xapian_match_spy *spy) {
    return spy == nullptr || spy->counts == nullptr ? 0 : spy->counts->get_total();
}

xapian_status xapian_match_spy_values(const xapian_match_spy *spy, xapian_term_iterator **out) {
    return create(__func__, out,
                  [&] { return make_terms([&] { return counts_of(spy).values_begin(); }); });
}

xapian_status xapian_match_spy_top_values(const xapian_match_spy *spy, size_t max_values,
                                          xapian_term_iterator **out) {
    return create(__func__, out, [&] {
        return make_terms([&] { return counts_of(spy).top_values_begin(max_values); });
    });
}

xapian_status xapian_match_spy_new(xapian_match_spy_function function, void *context,
                                   xapian_match_spy **out) {
    return create(__func__, out, [&] {
        require(function, "match spy function");
        auto handle = std::make_unique<xapian_match_spy>();
        handle->spy = std::make_shared<function_match_spy>(function, context);
        return handle;
    });
}

void xapian_match_spy_free(xapian_match_spy *spy) {
    delete spy;
}
