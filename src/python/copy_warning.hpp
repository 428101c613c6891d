// A large copy is said once per function and argument.
#pragma once

#include <string>

#include "python/function_object.hpp"
#include "python/take_array.hpp"

namespace ndcall {

// False: the warning became an exception.
bool warn_of_copy(FunctionState& state, const Plan& plan, const std::string& argument, const TakenArray& taken);

}  // namespace ndcall
