// Comments of C and C++ taken apart: what is mark, what is prose, what is a contract.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "contract/mapped_text.hpp"

namespace ndcall::detail {

// One line of a comment without its mark.
struct CommentLine {
    std::string_view text;     // behind the mark, up to the end of the line or the closing mark
    std::size_t offset = 0;    // of `text` in the comment
    std::uint32_t line = 0;    // counted from the comment's first
    std::size_t column = 0;    // of `text` in its line
    bool has_mark = false;     // `///` or the ` * ` of a block comment
    bool opens_block = false;  // behind `/*`
    bool is_contract = false;  // the line with "ndcall:" or one that continues it
    bool begins_contract = false;
};

std::vector<CommentLine> split_comment(std::string_view comment);

}  // namespace ndcall::detail
