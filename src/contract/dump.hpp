// The tree itself as an s-expression, without positions: two texts mean the same exactly when their dumps are equal.
#pragma once

#include <string>

#include "contract/entry.hpp"

namespace ndcall {

std::string dump(const Expression& expression);
std::string dump(const Contract& contract);
std::string dump(const Entry& entry);

}  // namespace ndcall
