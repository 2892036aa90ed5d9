/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Xapian's own weighting schemes.
 */
#include "internal.h"

namespace xapian_c {
namespace {

template <class Weight, class... Numbers>
xapian_status make(const char *function, xapian_weight **out, Numbers... parameters) noexcept {
    return create(function, out, [&] {
        (finite(parameters, "a parameter"), ...);
        auto handle = std::make_unique<xapian_weight>();
        handle->weight = std::make_unique<Weight>(parameters...);
        return handle;
    });
}

} // namespace
} // namespace xapian_c

using namespace xapian_c;

void xapian_weight_free(xapian_weight *weight) {
    delete weight;
}

xapian_status xapian_weight_name(const xapian_weight *weight, xapian_string *name) {
    return fill(__func__, name, [&] { return require(weight, "weight")->weight->name(); });
}

xapian_status xapian_weight_bool(xapian_weight **out) {
    return make<Xapian::BoolWeight>(__func__, out);
}

xapian_status xapian_weight_coord(xapian_weight **out) {
    return make<Xapian::CoordWeight>(__func__, out);
}

xapian_status xapian_weight_constant(xapian_weight **out) {
    /* CoordWeight's part of a term is just the factor. */
    return make<Xapian::CoordWeight>(__func__, out);
}

xapian_status xapian_weight_trad(double k, xapian_weight **out) {
    return make<Xapian::TradWeight>(__func__, out, k);
}

xapian_status xapian_weight_bm25(double k1, double k2, double k3, double b, double min_normlen,
                                 xapian_weight **out) {
    return make<Xapian::BM25Weight>(__func__, out, k1, k2, k3, b, min_normlen);
}

xapian_status xapian_weight_bm25_plus(double k1, double k2, double k3, double b, double min_normlen,
                                      double delta, xapian_weight **out) {
    return make<Xapian::BM25PlusWeight>(__func__, out, k1, k2, k3, b, min_normlen, delta);
}

xapian_status xapian_weight_tfidf(const char *normalizations, xapian_weight **out) {
    return create(__func__, out, [&] {
        auto handle = std::make_unique<xapian_weight>();
        handle->weight =
            std::make_unique<Xapian::TfIdfWeight>(path_text(normalizations, "normalizations"));
        return handle;
    });
}

xapian_status xapian_weight_lm(double log_parameter, xapian_smoothing smoothing, double sigma1,
                               double sigma2, xapian_weight **out) {
    return create(__func__, out, [&] {
        if (smoothing < XAPIAN_SMOOTHING_TWO_STAGE || smoothing > XAPIAN_SMOOTHING_DIRICHLET_PLUS) {
            throw Xapian::InvalidArgumentError("the smoothing is none of the known kinds");
        }
        auto handle = std::make_unique<xapian_weight>();
        handle->weight = std::make_unique<Xapian::LMWeight>(
            finite(log_parameter, "the log parameter"),
            static_cast<Xapian::Weight::type_smoothing>(smoothing), finite(sigma1, "sigma1"),
            finite(sigma2, "sigma2"));
        return handle;
    });
}

xapian_status xapian_weight_pl2(double c, xapian_weight **out) {
    return make<Xapian::PL2Weight>(__func__, out, c);
}

xapian_status xapian_weight_pl2_plus(double c, double delta, xapian_weight **out) {
    return make<Xapian::PL2PlusWeight>(__func__, out, c, delta);
}

xapian_status xapian_weight_inl2(double c, xapian_weight **out) {
    return make<Xapian::InL2Weight>(__func__, out, c);
}

xapian_status xapian_weight_ifb2(double c, xapian_weight **out) {
    return make<Xapian::IfB2Weight>(__func__, out, c);
}

xapian_status xapian_weight_ineb2(double c, xapian_weight **out) {
    return make<Xapian::IneB2Weight>(__func__, out, c);
}

xapian_status xapian_weight_bb2(double c, xapian_weight **out) {
    return make<Xapian::BB2Weight>(__func__, out, c);
}

xapian_status xapian_weight_dlh(xapian_weight **out) {
    return make<Xapian::DLHWeight>(__func__, out);
}

xapian_status xapian_weight_dph(xapian_weight **out) {
    return make<Xapian::DPHWeight>(__func__, out);
}
