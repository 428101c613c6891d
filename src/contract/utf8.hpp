#pragma once

#include <cstddef>
#include <string_view>

namespace ndcall::detail {

// How many bytes the character at `text[at]` has; 0 when they are not well-formed UTF-8.
std::size_t measure_character(std::string_view text, std::size_t at);

}  // namespace ndcall::detail
