#include "python/array_refusal.hpp"

#include <vector>

#include "call/explain.hpp"
#include "call/widening.hpp"
#include "plan/types.hpp"
#include "plan/wording.hpp"
#include "python/convert_array.hpp"
#include "python/describe_object.hpp"
#include "python/dtype.hpp"

namespace ndcall {
namespace {

// A message may look at this many elements to find out whether a cast would change one.
constexpr npy_intp most_elements_looked_at = 1 << 20;

struct Problem {
    MismatchKind kind;
    std::string text;
};

bool is_callers_memory(const Array& demand) { return demand.written && !demand.copied; }

// "has dtype float32, not float64", of an input that is not converted "has dtype int64, which int32 does not hold".
std::string say_dtype(const RefusedArray& refused, bool is_converted) {
    PyArray_Descr *source = PyArray_DESCR(refused.array), *target = refused.target;
    const std::string given = "has dtype " + show_dtype(source);
    if (target == nullptr) return given + ", which C cannot read";
    if (read_dtype(source).kind == 'V' && read_dtype(target).kind == 'V') return "has other fields than " + refused.demand.dtype_name;
    if (find_builtin(read_dtype(target)) == nullptr) return given + ", not " + refused.demand.dtype_name;
    const bool is_judged = !is_converted && find_builtin(read_dtype(source)) != nullptr;
    return given + (is_judged ? ", which " + show_dtype(target) + " does not hold" : ", not " + show_dtype(target));
}

// In the order in which the message names them. `is_converted`: a dtype that is not the demanded one is no fault in itself.
std::vector<Problem> list_problems(const RefusedArray& refused, bool is_converted = true) {
    const Examination& examination = refused.examination;
    std::vector<Problem> problems;
    if (!examination.dtype) problems.push_back({MismatchKind::Dtype, say_dtype(refused, is_converted)});
    if (!examination.byte_order && examination.dtype) problems.push_back({MismatchKind::Dtype, "is byte-swapped"});
    if (!examination.ndim)
        problems.push_back({MismatchKind::Ndim, say_ndim(static_cast<std::size_t>(PyArray_NDIM(refused.array)), refused.demand)});
    if (!examination.layout) problems.push_back({MismatchKind::Layout, examination.layout_problem});
    if (!examination.alignment) problems.push_back({MismatchKind::Layout, "is not aligned"});
    if (!examination.writeability) problems.push_back({MismatchKind::Layout, "is not writeable"});
    return problems;
}

std::string show_copy_size(const RefusedArray& refused) {
    const auto itemsize =
        static_cast<std::size_t>(PyDataType_ELSIZE(refused.target != nullptr ? refused.target : PyArray_DESCR(refused.array)));
    return print_bytes(static_cast<std::size_t>(PyArray_SIZE(refused.array)) * itemsize);
}

// Whether a cast to the demanded dtype would change no value.
bool keeps_values(const RefusedArray& refused) {
    if (refused.target == nullptr) return false;
    const DType source = read_dtype(PyArray_DESCR(refused.array)), target = read_dtype(refused.target);
    switch (find_widening(source, target)) {
        case Widening::Same: return source.kind != 'V' || are_equivalent(PyArray_DESCR(refused.array), refused.target);
        case Widening::Lossless: return true;
        default: break;
    }
    if (source.kind == 'c' && target.kind != 'c') return false;  // NumPy's cast warns, also where no imaginary part is lost
    if (find_builtin(source) == nullptr || find_builtin(target) == nullptr || PyArray_SIZE(refused.array) > most_elements_looked_at)
        return false;
    const npy_intp found = find_unkept(refused.array, target);
    if (found < 0) PyErr_Clear();  // no memory to find out: the message goes without a fix
    return found == PyArray_SIZE(refused.array);
}

bool is_rounding(const DType& from, const DType& to) { return (from.kind == 'f' || from.kind == 'c') && from.kind == to.kind; }

std::string write_order(const RefusedArray& refused) {
    // A copy keeps the order of its original unless it is told; of one axis there is only one.
    if (refused.examination.layout || PyArray_NDIM(refused.array) < 2) return {};
    return refused.demand.fortran ? ", order=\"F\"" : ", order=\"C\"";
}

// x = np.array(x, np.float64, order="C"): contiguous, aligned, writeable, in the machine's byte order.
std::string write_copy(const RefusedArray& refused) {
    const std::string name(refused.options.name);
    std::string call = "np.array(" + name;
    if (!refused.examination.dtype || !refused.examination.byte_order) {
        const std::string dtype = write_dtype(refused.target != nullptr ? refused.target : PyArray_DESCR(refused.array));
        if (dtype.empty()) return {};
        call += ", " + dtype;
    }
    return name + " = " + call + write_order(refused) + ")";
}

std::string with_price(const std::string& code, const std::string& price) { return code.empty() ? code : code + "   (" + price + ")"; }

// An argument of a struct's member has a dotted name: no line of Python assigns to it.
bool is_nameable(const TakeOptions& options) { return !options.name.empty() && options.name.find('.') == std::string_view::npos; }

std::string find_input_fix(const RefusedArray& refused) {
    if (!is_nameable(refused.options) || refused.examination.dtype || !refused.examination.ndim || refused.target == nullptr) return {};
    const std::string name(refused.options.name), dtype = write_dtype(refused.target);
    const DType source = read_dtype(PyArray_DESCR(refused.array)), target = read_dtype(refused.target);
    const bool counts_time = (source.kind == 'M' || source.kind == 'm') && target.kind == 'i' && target.itemsize == 8;
    if (counts_time && !source.swapped) return with_price(name + " = " + name + ".view(\"i8\")", "a view of the counts, no copy");
    if (dtype.empty()) return {};
    const std::string cast = name + " = " + name + ".astype(" + dtype + ")", size = "a copy, " + show_copy_size(refused);
    if (keeps_values(refused)) return with_price(cast, size + "; no value changes");
    return is_rounding(source, target) ? with_price(cast, size + "; values are rounded") : std::string();
}

std::string find_copy_fix(const RefusedArray& refused) {
    if (!is_nameable(refused.options)) return {};
    const Examination& examination = refused.examination;
    const std::string name(refused.options.name), price = "a copy, " + show_copy_size(refused);
    const bool only_layout = examination.dtype && examination.byte_order && examination.alignment && PyArray_NDIM(refused.array) > 0;
    if (!only_layout) return with_price(write_copy(refused), price);
    return with_price(name + " = np." + (refused.demand.fortran ? "asfortranarray(" : "ascontiguousarray(") + name + ")", price);
}

std::string find_memory_fix(const RefusedArray& refused) {
    if (!is_nameable(refused.options) || !refused.examination.ndim) return {};
    const std::string name(refused.options.name), size = show_copy_size(refused);
    if (!refused.demand.read) {
        const DType dtype = read_dtype(refused.target != nullptr ? refused.target : PyArray_DESCR(refused.array));
        return write_new_array(name, view_array(refused.array), refused.demand, dtype);
    }
    if (!refused.examination.dtype && !keeps_values(refused)) return {};
    return with_price(write_copy(refused), "a writeable copy, " + size + "; results go to the copy");
}

void add_problems(const RefusedArray& refused, const std::vector<Problem>& problems, const std::string& fix, Mismatches& mismatches) {
    const Mismatch base = begin_mismatch(refused.plan, refused.demand, refused.options, describe_array(view_array(refused.array)));
    for (const Problem& problem : problems) {
        Mismatch& mismatch = mismatches.emplace_back(base);
        mismatch.kind = problem.kind;
        mismatch.problem = problem.text;
        mismatch.fix = fix;
    }
}

}  // namespace

Mismatch begin_mismatch(const Plan& plan, const Array& demand, const TakeOptions& options, std::string got) {
    Mismatch mismatch;
    mismatch.argument = options.name;
    mismatch.expected = describe_demand(plan, demand);
    if (!options.copies_allowed && !is_callers_memory(demand)) mismatch.expected += " (copy=\"never\")";
    mismatch.got = std::move(got);
    return mismatch;
}

void refuse_input(const RefusedArray& refused, Mismatches& mismatches) {
    std::vector<Problem> problems = list_problems(refused, false);
    // Layout, alignment and byte order of an input are mended by a copy: no reason to refuse it.
    std::erase_if(problems,
                  [&](const Problem& problem) { return problem.kind == MismatchKind::Layout || problem.text == "is byte-swapped"; });
    add_problems(refused, problems, find_input_fix(refused), mismatches);
}

void refuse_copy(const RefusedArray& refused, Mismatches& mismatches) {
    add_problems(refused, list_problems(refused), find_copy_fix(refused), mismatches);
}

void refuse_memory(const RefusedArray& refused, Mismatches& mismatches) {
    add_problems(refused, list_problems(refused), find_memory_fix(refused), mismatches);
}

std::string name_copy_reason(const RefusedArray& refused) {
    std::string out;
    for (const Problem& problem : list_problems(refused)) {
        const bool is_dtype = problem.kind == MismatchKind::Dtype && !refused.examination.dtype;
        out += (out.empty() ? "" : " and ") + (is_dtype ? "has dtype " + show_dtype(PyArray_DESCR(refused.array)) : problem.text);
    }
    return out;
}

std::string say_ndim(std::size_t ndim, const Array& demand) {
    return "has " + std::to_string(ndim) + (ndim == 1 ? " dimension, not " : " dimensions, not ") + std::to_string(demand.axes.size());
}

std::string write_dtype(PyArray_Descr* descr) {
    DType dtype = read_dtype(descr);
    dtype.swapped = false;
    return find_builtin(dtype) == nullptr ? std::string() : "np." + name_dtype(dtype);
}

}  // namespace ndcall
