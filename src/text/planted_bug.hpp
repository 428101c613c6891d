// Two places forget to look where a text ends when NDCALL_PLANTED_BUG is defined: the proof that the fuzzers would notice. No build but
// that of tests/fuzz defines it.
#pragma once

namespace ndcall {

#ifdef NDCALL_PLANTED_BUG
constexpr bool has_planted_bug = true;
#else
constexpr bool has_planted_bug = false;
#endif

}  // namespace ndcall
