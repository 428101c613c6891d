// Text to be parsed that still knows, byte by byte, where the user wrote it: braces are stepped and comment marks dropped before
// parsing, and errors point into the original.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "text/error.hpp"

namespace ndcall::detail {

struct MappedText {
    std::string text;
    std::vector<std::uint32_t> offsets;  // of each byte in the original
    std::uint32_t end = 0;               // where the text ends in the original

    // `piece` stands at `offset` in the original.
    void append(std::string_view piece, std::uint32_t offset) {
        text += piece;
        for (std::size_t i = 0; i < piece.size(); ++i) offsets.push_back(offset + static_cast<std::uint32_t>(i));
        end = offset + static_cast<std::uint32_t>(piece.size());
    }

    // As `append`, for a piece of another mapped text.
    void append(const MappedText& other, std::size_t begin, std::size_t finish) {
        text.append(other.text, begin, finish - begin);
        for (std::size_t i = begin; i < finish; ++i) offsets.push_back(other.offsets[i]);
        end = finish == other.text.size() ? other.end : other.offsets[finish];
    }

    Span find_span(std::size_t begin, std::size_t finish) const {
        const std::uint32_t first = begin < offsets.size() ? offsets[begin] : end;
        return {first, finish > begin ? offsets[finish - 1] + 1 : first};
    }
};

}  // namespace ndcall::detail
