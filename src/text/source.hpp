// A text that a user wrote, kept so that an error found later can still show it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "text/error.hpp"

namespace ndcall {

struct SourceText {
    std::string origin;  // "filter.contract", "contracts=", "filter.c"
    std::string text;
    std::uint32_t first_line = 1;  // of `text` in its file
};

inline TextError make_error(const SourceText& source, Span at, std::string_view message) {
    return {source.origin, source.text, at.begin, message, source.first_line};
}

// In the whole file, not in `text` alone.
inline Place find_place(const SourceText& source, Span at) { return find_place(source.text, at.begin, source.first_line); }

}  // namespace ndcall
