// The name a user most likely meant.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ndcall {

// Up to `most` of the candidates that are near enough to be a slip of the keyboard (edit distance with transposition, at most a third of
// the longer name; a difference only in case or underscores always counts), best first. Of one or two letters: the one candidate that shares
// a letter and is one slip away, if there is just one.
std::vector<std::string> find_nearest(std::string_view name, std::span<const std::string> candidates, std::size_t most = 3);

// "; did you mean 'x'?", or "; did you mean 'x' or 'y'?", or "" when nothing is near.
std::string suggest_nearest(std::string_view name, std::span<const std::string> candidates);

}  // namespace ndcall
