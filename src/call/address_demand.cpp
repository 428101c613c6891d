#include "call/address_demand.hpp"

#include <cstdio>

#include "call/explain.hpp"
#include "plan/wording.hpp"

namespace ndcall {
namespace {

struct FlagRow {
    std::int64_t bit;
    const char *state, *lack;
    char requirement;  // of numpy.require; 0: it cannot give that
};
constexpr FlagRow flag_rows[] = {
    {0x1, "C-contiguous", "is not C-contiguous", 'C'},
    {0x2, "F-contiguous", "is not F-contiguous", 'F'},
    {0x100, "aligned", "is not aligned", 'A'},
    {0x400, "writeable", "is not writeable", 'W'},
    {0x4, "owner of its memory", "is not owner of its memory", 'O'},
    {0x2000, "WRITEBACKIFCOPY", "is not WRITEBACKIFCOPY", 0},
};

std::int64_t find_nameless(std::int64_t flags) {
    for (const FlagRow& row : flag_rows) flags &= ~row.bit;
    return flags;
}

std::string print_bits(std::int64_t bits) {
    char text[24];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(bits));
    return text;
}

std::string print_dimensions(std::ptrdiff_t count) {
    if (count == no_extent) return "an ndim that no array has";
    return std::to_string(count) + (count == 1 ? " dimension" : " dimensions");
}

std::string print_shape(const std::vector<std::ptrdiff_t>& shape) {
    std::vector<std::string> items;
    for (const std::ptrdiff_t extent : shape)
        items.push_back(extent == any_extent ? "None" : extent == no_extent ? "?" : std::to_string(extent));
    return print_tuple(items);
}

}  // namespace

std::string describe_demand(const AddressDemand& demand) {
    std::string text = demand.is_shaped ? print_shape(demand.shape) + " " : "";
    text += demand.identity ? demand.dtype_name : "any dtype";
    if (demand.ndim != any_extent && !demand.is_shaped) text += ", " + print_dimensions(demand.ndim);
    for (const FlagRow& row : flag_rows)
        if (demand.flags & row.bit) text += std::string(", ") + row.state;
    if (const std::int64_t rest = find_nameless(demand.flags)) text += ", flags " + print_bits(rest);
    return text + (demand.is_optional ? ", or None" : "");
}

Mismatches list_mismatches(const AddressDemand& demand, const ArrayView& array, std::int64_t flags, bool has_dtype,
                           const std::string& dtype_name) {
    Mismatches mismatches;
    const auto add = [&](MismatchKind kind, std::string problem) {
        Mismatch& mismatch = mismatches.emplace_back();
        mismatch.kind = kind;
        mismatch.problem = std::move(problem);
    };
    if (!has_dtype)
        add(MismatchKind::Dtype, dtype_name == demand.dtype_name ? "has another dtype of the name " + dtype_name
                                                                 : "has dtype " + dtype_name + ", not " + demand.dtype_name);
    if (demand.ndim != any_extent && demand.ndim != array.ndim)
        add(MismatchKind::Ndim, "has " + print_dimensions(array.ndim) + ", not " + print_dimensions(demand.ndim));
    if (demand.is_shaped && !has_shape(demand, array.ndim, array.shape))
        add(MismatchKind::Shape, "has shape " + print_numbers(array.shape, array.ndim) + ", not " + print_shape(demand.shape));
    const std::int64_t lacking = demand.flags & ~flags;
    for (const FlagRow& row : flag_rows)
        if (lacking & row.bit) add(MismatchKind::Layout, row.lack);
    if (const std::int64_t rest = find_nameless(lacking)) add(MismatchKind::Layout, "lacks the flags " + print_bits(rest));
    return mismatches;
}

std::string find_requirements(std::int64_t flags) {
    std::string letters;
    for (const FlagRow& row : flag_rows) {
        if (!(flags & row.bit)) continue;
        if (row.requirement == 0) return {};
        letters += row.requirement;
    }
    const bool both_orders = letters.find("CF") != std::string::npos;
    return both_orders || find_nameless(flags) ? std::string() : letters;
}

}  // namespace ndcall
