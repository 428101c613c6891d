// Declarations as they travel: only what is needed, and nothing of the machine they were read on.
#pragma once

#include <functional>
#include <string>

#include "declaration/declaration.hpp"

namespace ndcall {

// The functions that `kept` lets through, and everything that is no function; files without their folders, and only those that something
// stands in; comments of functions as their prose alone. The result borrows its types from `whole`.
Declarations prune(const Declarations& whole, const std::function<bool(const std::string&)>& kept);

}  // namespace ndcall
