#include "python/copy_warning.hpp"

#include "python/raise.hpp"

namespace ndcall {

namespace {

constexpr npy_intp silent_bytes = npy_intp{1} << 20;

std::string show_megabytes(npy_intp bytes) {
    char text[32];
    PyOS_snprintf(text, sizeof text, "%.1f MB", static_cast<double>(bytes) / 1e6);
    return text;
}

}  // namespace

bool warn_of_copy(FunctionState& state, const Plan& plan, const std::string& argument, const TakenArray& taken) {
    const npy_intp bytes = PyArray_NBYTES(taken.array.get());
    if (bytes <= silent_bytes || !state.warned.emplace(plan.c_name, argument).second) return true;
    const Owned<> category = find_exception("CopyWarning");
    if (!category) return false;
    const std::string text = name_call(plan) + ": argument '" + argument + "' is copied (" + show_megabytes(bytes) + ") because it " +
                             taken.copy_reason + "; said once per function and argument";
    return PyErr_WarnEx(category.get(), text.c_str(), 1) == 0;
}

}  // namespace ndcall
