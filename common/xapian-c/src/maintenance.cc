/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compacting a database into a new one, and checking one for damage.
 */
#include "internal.h"

#include <ostream>
#include <streambuf>

namespace xapian_c {
namespace {

class callback_compactor : public Xapian::Compactor {
  public:
    explicit callback_compactor(const xapian_compactor &callbacks) : callbacks_(callbacks) {
    }

    void set_status(const std::string &table, const std::string &status) override {
        if (callbacks_.progress != nullptr &&
            callbacks_.progress(callbacks_.context, table.c_str(), status.c_str()) !=
                XAPIAN_CONTINUE) {
            throw stop_requested();
        }
    }

    std::string resolve_duplicate_metadata(const std::string &key, size_t count,
                                           const std::string values[]) override {
        if (callbacks_.resolve_metadata == nullptr) {
            return Xapian::Compactor::resolve_duplicate_metadata(key, count, values);
        }
        std::vector<xapian_slice> slices;
        slices.reserve(count);
        for (size_t i = 0; i < count; i++) {
            slices.push_back({values[i].data(), values[i].size()});
        }
        /* Xapian hands over the key of its table, where these two bytes go before the caller's. */
        const std::string table_prefix("\0\xc0", 2);
        const size_t skipped = key.compare(0, 2, table_prefix) == 0 ? 2 : 0;
        owned_string result;
        if (callbacks_.resolve_metadata(callbacks_.context, key.data() + skipped,
                                        key.size() - skipped, slices.data(), count,
                                        result.get()) != XAPIAN_CONTINUE) {
            throw stop_requested();
        }
        return result.str();
    }

  private:
    const xapian_compactor &callbacks_;
};

/* A stream of Xapian's reports into the caller's function. Unbuffered: reports are short. */
class callback_output : public std::streambuf {
  public:
    callback_output(xapian_output_function output, void *context)
        : output_(output), context_(context) {
    }

  protected:
    std::streamsize xsputn(const char *data, std::streamsize size) override {
        if (output_(context_, data, static_cast<size_t>(size)) != XAPIAN_CONTINUE) {
            throw stop_requested();
        }
        return size;
    }

    int_type overflow(int_type character) override {
        if (traits_type::eq_int_type(character, traits_type::eof())) {
            return traits_type::not_eof(character);
        }
        const char single = traits_type::to_char_type(character);
        xsputn(&single, 1);
        return character;
    }

  private:
    xapian_output_function output_;
    void *context_;
};

template <class Output>
void compact(const xapian_database *database, const Output &output, unsigned flags, int block_size,
             const xapian_compactor *callbacks) {
    Xapian::Database &source = database_of(database);
    if (callbacks == nullptr) {
        source.compact(output, flags, block_size);
    } else {
        callback_compactor compactor(*callbacks);
        source.compact(output, flags, block_size, compactor);
    }
}

} // namespace
} // namespace xapian_c

using namespace xapian_c;

xapian_status xapian_database_compact(const xapian_database *database, const char *path,
                                      unsigned flags, int block_size,
                                      const xapian_compactor *compactor) {
    return guard(__func__,
                 [&] { compact(database, path_text(path, "path"), flags, block_size, compactor); });
}

xapian_status xapian_database_compact_to_descriptor(const xapian_database *database, int descriptor,
                                                    unsigned flags, int block_size,
                                                    const xapian_compactor *compactor) {
    return guard(__func__, [&] { compact(database, descriptor, flags, block_size, compactor); });
}

xapian_status xapian_database_check(const char *path, int options, xapian_output_function output,
                                    void *context, size_t *errors) {
    return put(__func__, errors, [&] {
        const std::string checked = path_text(path, "path");
        if (output == nullptr) {
            return Xapian::Database::check(checked, options, nullptr);
        }
        callback_output buffer(output, context);
        std::ostream stream(&buffer);
        /* Without this the stream would swallow the request to stop. */
        stream.exceptions(std::ios::badbit);
        return Xapian::Database::check(checked, options, &stream);
    });
}
