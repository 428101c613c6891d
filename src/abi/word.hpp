// One number in one word: which C values are that, and how they enter and leave it (load_word and store_result of abi.hpp).
#pragma once

#include "abi/abi.hpp"

namespace ndcall {

// Integer or Float, without a place yet; None for void; `is_block` is set for everything that is no number in one word.
ValuePlace classify_word(const Type& type);

}  // namespace ndcall
