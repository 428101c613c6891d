#include "call/argument_name.hpp"

#include <algorithm>

namespace ndcall {

namespace {

template <class T>
auto find_array(const std::vector<T>& list, std::uint16_t index) {
    return std::find_if(list.begin(), list.end(), [&](const T& entry) { return entry.form == Form::Array && entry.index == index; });
}

}  // namespace

const std::string& name_array(const Plan& plan, std::uint16_t index) {
    if (const auto input = find_array(plan.inputs, index); input != plan.inputs.end()) return input->name;
    const auto result = find_array(plan.results, index);
    return result != plan.results.end() ? result->name : plan.arrays[index].name;
}

Mismatch begin_array_mismatch(const Plan& plan, MismatchKind kind, std::uint16_t index, Side side) {
    Mismatch mismatch;
    mismatch.kind = kind;
    mismatch.argument = name_array(plan, index);
    const auto input = find_array(plan.inputs, index);
    const bool is_result = side == Side::Written && plan.arrays[index].is_result;
    if (input != plan.inputs.end() && !is_result) mismatch.position = static_cast<std::int32_t>(input - plan.inputs.begin());
    return mismatch;
}

}  // namespace ndcall
