/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Weighting schemes of this library: term frequency saturation alone, and the caller's own
 * functions.
 *
 * Saturation gives a term with within-document frequency wdf in a document of length len
 *
 *     factor * unit * wdf / (wdf + k1 * (1 - b + b * len / average_length)),
 *
 * rounded to a whole number, and 1 more. The fraction is the one part of BM25 (Robertson and
 * Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009, section 3.4) that looks
 * into the document. It is computed in single precision, by the operations that the header gives:
 * whoever repeats them gets the same number.
 */
#include "internal.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace xapian_c {
namespace {

constexpr char saturation_name[] = "xapian_c::saturation";

/* The four parameters, each as the eight bytes of an IEEE double, low byte first. */
constexpr size_t serialised_size = 4 * 8;

void append_double(std::string &bytes, double number) {
    uint64_t bits = 0;
    static_assert(sizeof bits == sizeof number);
    std::memcpy(&bits, &number, sizeof bits);
    for (unsigned shift = 0; shift < 64; shift += 8) {
        bytes.push_back(static_cast<char>(static_cast<unsigned char>(bits >> shift)));
    }
}

double read_double(const std::string &bytes, size_t offset) {
    uint64_t bits = 0;
    for (unsigned i = 0; i < 8; i++) {
        bits |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i);
    }
    double number = 0;
    std::memcpy(&number, &bits, sizeof number);
    return number;
}

/* The largest float that an int32_t can hold. */
constexpr float most_of_a_term = 2147483520.0f;

class saturation_weight : public Xapian::Weight {
  public:
    saturation_weight(double k1, double b, double average_length, double unit)
        : k1_(finite(k1, "k1")), b_(finite(b, "b")),
          average_length_(finite(average_length, "the average length")),
          unit_(finite(unit, "the unit")), constant_(static_cast<float>(k1 * (1 - b))),
          per_length_(static_cast<float>(k1 * b / average_length)), factor_(0) {
        if (k1 < 0) {
            throw Xapian::InvalidArgumentError("k1 is negative");
        }
        if (b < 0 || b > 1) {
            throw Xapian::InvalidArgumentError("b is not between 0 and 1");
        }
        if (average_length <= 0) {
            throw Xapian::InvalidArgumentError("the average length is not above 0");
        }
        if (unit <= 0) {
            throw Xapian::InvalidArgumentError("the unit is not above 0");
        }
        need_stat(WDF);
        need_stat(DOC_LENGTH);
    }

    saturation_weight *clone() const override {
        return new saturation_weight(k1_, b_, average_length_, unit_);
    }

    std::string name() const override {
        return saturation_name;
    }

    std::string serialise() const override {
        std::string bytes;
        append_double(bytes, k1_);
        append_double(bytes, b_);
        append_double(bytes, average_length_);
        append_double(bytes, unit_);
        return bytes;
    }

    saturation_weight *unserialise(const std::string &bytes) const override {
        if (bytes.size() != serialised_size) {
            throw Xapian::SerialisationError("the parameters of the saturation weight are damaged");
        }
        return new saturation_weight(read_double(bytes, 0), read_double(bytes, 8),
                                     read_double(bytes, 16), read_double(bytes, 24));
    }

    double get_sumpart(Xapian::termcount wdf, Xapian::termcount length,
                       Xapian::termcount) const override {
        return whole(wdf, length);
    }

    /* More than any document reaches, so that Xapian never exchanges an operator for a stricter
     * one. In 1.4 an AND_MAYBE that becomes an AND begins that behind where its second part stands
     * (AndMaybePostList::next), and so loses the document there when the first part was before it.
     */
    double get_maxpart() const override {
        return 1e12;
    }

    double get_sumextra(Xapian::termcount, Xapian::termcount) const override {
        return 0;
    }

    double get_maxextra() const override {
        return 0;
    }

  private:
    void init(double factor) override {
        factor_ = static_cast<float>(factor * unit_);
    }

    double whole(Xapian::termcount wdf, Xapian::termcount length) const {
        if (wdf == 0) {
            return 1; /* also where k1 is 0, which would make it 0 / 0 */
        }
        const float frequency = static_cast<float>(wdf);
        const float saturation =
            frequency / (frequency + (constant_ + per_length_ * static_cast<float>(length)));
        return static_cast<int32_t>(std::min(factor_ * saturation + 0.5f, most_of_a_term)) + 1.0;
    }

    double k1_, b_, average_length_, unit_;
    float constant_, per_length_;
    float factor_; /* in units */
};

class function_weight : public Xapian::Weight {
  public:
    explicit function_weight(const xapian_weight_functions &functions)
        : functions_(functions), statistics_() {
        for (unsigned flag = 1; flag <= UNIQUE_TERMS; flag <<= 1) {
            if ((functions.statistics & flag) != 0) {
                need_stat(static_cast<stat_flags>(flag));
            }
        }
    }

    function_weight *clone() const override {
        return new function_weight(functions_);
    }

    double get_sumpart(Xapian::termcount wdf, Xapian::termcount length,
                       Xapian::termcount unique_terms) const override {
        return functions_.sum_part(functions_.context, &statistics_, wdf, length, unique_terms);
    }

    double get_maxpart() const override {
        return functions_.max_part(functions_.context, &statistics_);
    }

    double get_sumextra(Xapian::termcount length, Xapian::termcount unique_terms) const override {
        if (functions_.sum_extra == nullptr) {
            return 0;
        }
        return functions_.sum_extra(functions_.context, &statistics_, length, unique_terms);
    }

    double get_maxextra() const override {
        return functions_.max_extra == nullptr
                   ? 0
                   : functions_.max_extra(functions_.context, &statistics_);
    }

  private:
    /* Xapian sets only the statistics asked for and, for the term-independent part (factor 0), only
     * those that do not depend on a term: the others are not to be read. */
    void init(double factor) override {
        const bool of_term = factor != 0;
        statistics_ = xapian_weight_statistics();
        statistics_.factor = factor;
        read(COLLECTION_SIZE, statistics_.collection_size, [&] { return get_collection_size(); });
        read(RSET_SIZE, statistics_.rset_size, [&] { return get_rset_size(); });
        read(AVERAGE_LENGTH, statistics_.average_length, [&] { return get_average_length(); });
        read(QUERY_LENGTH, statistics_.query_length, [&] { return get_query_length(); });
        read(DOC_LENGTH_MIN, statistics_.document_length_min,
             [&] { return get_doclength_lower_bound(); });
        read(DOC_LENGTH_MAX, statistics_.document_length_max,
             [&] { return get_doclength_upper_bound(); });
        if (of_term) {
            read(TERMFREQ, statistics_.term_frequency, [&] { return get_termfreq(); });
            read(RELTERMFREQ, statistics_.relevant_term_frequency,
                 [&] { return get_reltermfreq(); });
            read(COLLECTION_FREQ, statistics_.collection_frequency,
                 [&] { return get_collection_freq(); });
            read(WQF, statistics_.wqf, [&] { return get_wqf(); });
            read(WDF_MAX, statistics_.wdf_max, [&] { return get_wdf_upper_bound(); });
        }
    }

    template <class Number, class Get>
    void read(stat_flags flag, Number &number, Get &&get) {
        if ((functions_.statistics & static_cast<unsigned>(flag)) != 0) {
            number = get();
        }
    }

    xapian_weight_functions functions_;
    xapian_weight_statistics statistics_;
};

} // namespace
} // namespace xapian_c

using namespace xapian_c;

xapian_status xapian_weight_saturation(double k1, double b, double average_length, double unit,
                                       xapian_weight **out) {
    return create(__func__, out, [&] {
        auto handle = std::make_unique<xapian_weight>();
        handle->weight = std::make_unique<saturation_weight>(k1, b, average_length, unit);
        return handle;
    });
}

xapian_status xapian_weight_new(const xapian_weight_functions *functions, xapian_weight **out) {
    return create(__func__, out, [&] {
        require(functions, "struct of weight functions");
        require(functions->sum_part, "sum_part function");
        require(functions->max_part, "max_part function");
        if ((functions->sum_extra == nullptr) != (functions->max_extra == nullptr)) {
            throw Xapian::InvalidArgumentError(
                "sum_extra and max_extra must both be set or both be NULL");
        }
        auto handle = std::make_unique<xapian_weight>();
        handle->weight = std::make_unique<function_weight>(*functions);
        return handle;
    });
}
