/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sort keys made of values or by a function of the caller.
 */
#include "internal.h"

namespace xapian_c {
namespace {

class function_key_maker : public Xapian::KeyMaker {
  public:
    function_key_maker(xapian_key_function function, void *context)
        : function_(function), context_(context) {
    }

    std::string operator()(const Xapian::Document &document) const override {
        owned_string key;
        const xapian_step step = lender_.lend(document, [&](const xapian_document *lent) {
            return function_(context_, lent, key.get());
        });
        if (step != XAPIAN_CONTINUE) {
            throw stop_requested();
        }
        return key.str();
    }

  private:
    xapian_key_function function_;
    void *context_;
    document_lender lender_;
};

} // namespace
} // namespace xapian_c

using namespace xapian_c;

xapian_status xapian_key_maker_new_values(xapian_key_maker **out) {
    return create(__func__, out, [] {
        auto values = std::make_shared<Xapian::MultiValueKeyMaker>();
        auto handle = std::make_unique<xapian_key_maker>();
        handle->values = values.get();
        handle->maker = std::move(values);
        return handle;
    });
}

xapian_status xapian_key_maker_add_value(xapian_key_maker *maker, xapian_valueno slot, bool reverse,
                                         const char *default_value, size_t size) {
    return guard(__func__, [&] {
        if (require(maker, "key maker")->values == nullptr) {
            throw Xapian::InvalidOperationError("this key maker is a function and takes no values");
        }
        maker->values->add_value(slot, reverse, text(default_value, size, "default value"));
    });
}

xapian_status xapian_key_maker_new(xapian_key_function function, void *context,
                                   xapian_key_maker **out) {
    return create(__func__, out, [&] {
        require(function, "key function");
        auto handle = std::make_unique<xapian_key_maker>();
        handle->maker = std::make_shared<function_key_maker>(function, context);
        return handle;
    });
}

void xapian_key_maker_free(xapian_key_maker *maker) {
    delete maker;
}
