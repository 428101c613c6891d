// An array of the plan as the caller knows it, for messages.
#pragma once

#include <string>

#include "plan/mismatch.hpp"
#include "plan/plan.hpp"

namespace ndcall {

// Its name in Python: of the input, else of the result; of a struct's member, which is neither, in the contract.
const std::string& name_array(const Plan& plan, std::uint16_t index);

// A mismatch of this array, to be given a problem. Of a name on both sides C writes into the result: `Side::Written` speaks of that.
enum class Side : std::uint8_t { Given, Written };
Mismatch begin_array_mismatch(const Plan& plan, MismatchKind kind, std::uint16_t index, Side side = Side::Given);

}  // namespace ndcall
