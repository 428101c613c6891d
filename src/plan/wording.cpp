#include "plan/wording.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "plan/types.hpp"

namespace ndcall {
namespace {

bool has_step(const Array& array, StepRule rule) {
    return std::any_of(array.axes.begin(), array.axes.end(), [rule](const Axis& axis) { return axis.step == rule; });
}

// NumPy's kinds that no C function takes; they only ever stand behind "got".
struct KindName {
    char kind;
    const char* name;
};
constexpr KindName foreign_kinds[] = {
    {'O', "object"}, {'U', "str"}, {'S', "bytes"}, {'M', "datetime64"}, {'m', "timedelta64"}, {'T', "StringDType"},
};

constexpr std::array<std::string_view, 35> python_keywords{
    "False",  "None",     "True", "and",    "as",      "assert", "async",  "await",  "break", "class",  "continue", "def",
    "del",    "elif",     "else", "except", "finally", "for",    "from",   "global", "if",    "import", "in",       "is",
    "lambda", "nonlocal", "not",  "or",     "pass",    "raise",  "return", "try",    "while", "with",   "yield"};

}  // namespace

std::string make_python_name(const std::string& name) {
    const std::string last = name.substr(name.rfind('.') + 1);
    const bool taken = last == "out" || std::find(python_keywords.begin(), python_keywords.end(), last) != python_keywords.end();
    return taken ? last + "_" : last;
}

std::string print_tuple(std::span<const std::string> items) {
    std::string text = "(";
    for (std::size_t i = 0; i < items.size(); ++i) text += (i == 0 ? "" : ", ") + items[i];
    return text + (items.size() == 1 ? ",)" : ")");
}

std::string print_extents(const Plan& plan, const Array& array) {
    if (array.any_shape) {
        const std::string name = array.shape_group == none ? "" : plan.shape_groups[array.shape_group].name;
        return name.empty() ? "(...)" : "(*" + name + ")";
    }
    std::vector<std::string> extents;
    for (const Axis& axis : array.axes) extents.push_back(axis.extent == no_program ? "..." : plan.programs.texts[axis.extent]);
    return print_tuple(extents);
}

std::string name_any_dtype(const DType& dtype) {
    for (const KindName& known : foreign_kinds)
        if (known.kind == dtype.kind) return known.name;
    if (dtype.kind == 'V') return "void of " + print_bytes(dtype.itemsize);
    if (!dtype.swapped) return name_dtype(dtype);
    const char order = std::endian::native == std::endian::little ? '>' : '<';
    return std::string{order, dtype.kind} + std::to_string(dtype.itemsize);
}

std::string name_dtype_of(const Plan& plan, const Array& array) {
    switch (array.dtype_rule) {
        case DTypeRule::Any: return "any dtype";
        case DTypeRule::Like: return "dtype of '" + plan.arrays[array.like].name + "'";
        case DTypeRule::Exact: break;
    }
    return array.dtype_name.empty() ? name_any_dtype(array.dtype) : array.dtype_name;
}

std::string describe_layout(const Array& array) {
    const char* const inner = array.fortran ? "contiguous columns" : "contiguous rows";
    if (array.rows) return inner;
    if (!array.has_steps()) return array.fortran ? "F-contiguous" : "C-contiguous";
    const bool in_elements = has_step(array, StepRule::Elements), in_bytes = has_step(array, StepRule::Bytes);
    const Axis& innermost = array.fortran ? array.axes.front() : array.axes.back();
    const std::string text = innermost.step == StepRule::Contiguous && array.axes.size() > 1 ? std::string(inner) + ", " : "";
    if (!in_elements && !in_bytes) return text + "any strides";
    return text + (array.lowest ? "any step in " : "any positive step in ") + (in_elements ? "elements" : "bytes");
}

const char* name_intent(const Array& array) {
    if (array.copied) return "copied";
    if (!array.written) return "in";
    return array.is_result && !array.is_input ? "out" : "inout";
}

std::string print_position(std::size_t position, std::size_t count) {
    const std::size_t number = position + 1;
    static const char* const endings[] = {"th", "st", "nd", "rd"};
    const bool is_teen = number % 100 / 10 == 1;
    const char* const ending = !is_teen && number % 10 < 4 ? endings[number % 10] : "th";
    return std::to_string(number) + ending + " of " + std::to_string(count);
}

std::string print_bytes(std::size_t bytes) {
    if (bytes < 1000) return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
    static const char* const units[] = {" kB", " MB", " GB", " TB", " PB", " EB"};
    double size = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    // Decided on the rounded value: 999,960 bytes are 1 MB, not 1000 kB.
    for (; std::round(size * 10) >= 10000 && unit + 1 < std::size(units); ++unit) size /= 1000;
    const auto tenths = static_cast<long long>(std::round(size * 10));
    std::string text = std::to_string(tenths / 10);
    if (tenths % 10 != 0) text += "." + std::to_string(tenths % 10);
    return text + units[unit];
}

}  // namespace ndcall
