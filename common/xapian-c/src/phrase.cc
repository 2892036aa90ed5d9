/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Phrases with gaps. Xapian's own phrase operator knows a window, not places; this posting source
 * finds the documents that hold each term at its own offset. It walks the terms' posting lists
 * together, from the rarest on (leapfrog), and then their position lists in the same way.
 */
#include "internal.h"

#include <algorithm>

namespace xapian_c {
namespace {

struct placed_term {
    std::string term;
    Xapian::termpos offset;
};

class aligned_phrase_source : public Xapian::PostingSource {
  public:
    explicit aligned_phrase_source(std::vector<placed_term> terms) : terms_(std::move(terms)) {
    }

    Xapian::doccount get_termfreq_min() const override {
        return 0;
    }

    /* Most documents that have all terms of a phrase do not have the phrase. */
    Xapian::doccount get_termfreq_est() const override {
        return (frequency_max_ + 1) / 2;
    }

    Xapian::doccount get_termfreq_max() const override {
        return frequency_max_;
    }

    void init(const Xapian::Database &database) override {
        slots_.clear();
        standing_ = ended_ = false;
        docid_ = 0;
        for (const placed_term &placed : terms_) {
            slots_.push_back({database.postlist_begin(placed.term),
                              database.get_termfreq(placed.term), placed.offset,
                              Xapian::PositionIterator()});
        }
        std::sort(slots_.begin(), slots_.end(),
                  [](const slot &a, const slot &b) { return a.frequency < b.frequency; });
        frequency_max_ = slots_.front().frequency;
        ended_ = frequency_max_ == 0;
    }

    Xapian::docid get_docid() const override {
        return docid_;
    }

    void next(double) override {
        settle(docid_ + 1);
    }

    void skip_to(Xapian::docid docid, double) override {
        if (!standing_ || docid > docid_) {
            settle(docid);
        }
    }

    bool check(Xapian::docid docid, double) override {
        if (standing_ && docid <= docid_) {
            return true;
        }
        standing_ = !ended_ && all_at(docid) && aligned();
        docid_ = docid; /* where not standing, next() goes on behind it */
        return standing_ || ended_;
    }

    bool at_end() const override {
        return ended_;
    }

    PostingSource *clone() const override {
        return new aligned_phrase_source(terms_);
    }

  private:
    struct slot {
        Xapian::PostingIterator postings;
        Xapian::doccount frequency;
        Xapian::termpos offset;
        Xapian::PositionIterator positions;
    };

    /* Moves every posting list to `docid`; false where one of them does not have it. */
    bool all_at(Xapian::docid docid) {
        for (slot &one : slots_) {
            one.postings.skip_to(docid);
            if (one.postings == Xapian::PostingIterator()) {
                ended_ = true;
                return false;
            }
            if (*one.postings != docid) {
                return false;
            }
        }
        return true;
    }

    /* Stands on the first document from `docid` on that has the phrase. */
    void settle(Xapian::docid docid) {
        standing_ = false;
        while (!ended_) {
            Xapian::docid furthest = docid;
            for (slot &one : slots_) {
                one.postings.skip_to(furthest);
                if (one.postings == Xapian::PostingIterator()) {
                    ended_ = true;
                    return;
                }
                furthest = *one.postings;
                if (furthest != docid) {
                    break;
                }
            }
            if (furthest != docid) {
                docid = furthest;
            } else if (aligned()) {
                docid_ = docid;
                standing_ = true;
                return;
            } else {
                docid++;
            }
        }
    }

    /* Whether there is a place from which each term stands at its offset. All posting lists are at
     * one document. */
    bool aligned() {
        for (slot &one : slots_) {
            one.positions = one.postings.positionlist_begin();
            if (one.positions == Xapian::PositionIterator()) {
                return false;
            }
        }
        Xapian::termpos place = 0;
        for (size_t agreed = 0; agreed < slots_.size();) {
            slot &one = slots_[agreed];
            one.positions.skip_to(place + one.offset);
            if (one.positions == Xapian::PositionIterator()) {
                return false;
            }
            const Xapian::termpos found = *one.positions - one.offset;
            agreed = found == place ? agreed + 1 : 0;
            place = found;
        }
        return true;
    }

    std::vector<placed_term> terms_;
    std::vector<slot> slots_;
    Xapian::doccount frequency_max_ = 0;
    Xapian::docid docid_ = 0;
    bool standing_ = false; /* on a document that has the phrase: docid_ */
    bool ended_ = false;
};

} // namespace
} // namespace xapian_c

using namespace xapian_c;

xapian_status xapian_query_aligned_phrase(const xapian_slice *terms, const xapian_termpos *offsets,
                                          size_t count, xapian_query **out) {
    return create(__func__, out, [&] {
        if (count == 0) {
            throw Xapian::InvalidArgumentError("a phrase needs a term");
        }
        require(terms, "terms");
        require(offsets, "offsets");
        std::vector<placed_term> placed;
        for (size_t i = 0; i < count; i++) {
            if (terms[i].size == 0) {
                throw Xapian::InvalidArgumentError("a phrase cannot hold the empty term");
            }
            placed.push_back({text(terms[i].data, terms[i].size, "term"), offsets[i]});
        }
        auto *source = new aligned_phrase_source(std::move(placed));
        return wrap_query(Xapian::Query(source->release()));
    });
}
