// A contract file's lines. One that begins with two blanks continues the one above; blanks that all lines begin with do not count.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "contract/messages.hpp"

namespace ndcall::detail {

struct LogicalLine {
    std::string_view text;         // with its continuation lines and the comments between them
    std::uint32_t first_line = 1;  // counted from the text's first
    // A line that neither begins an entry nor continues one: it spoils the entry it stands under.
    std::optional<Message> problem;
    std::uint32_t problem_at = 0;  // offset in `text`
};

std::vector<LogicalLine> split_lines(std::string_view text);

}  // namespace ndcall::detail
