#include "call/elements.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "call/half.hpp"

namespace ndcall {
namespace {

static_assert(std::numeric_limits<long double>::digits >= 64, "long double holds every uint64 exactly");

constexpr std::size_t most_axes = 64;  // NumPy's

struct Half {
    std::uint16_t bits;
};

template <class T, bool swapped>
long double read_element(const std::byte* address) {
    std::array<std::byte, sizeof(T)> bytes;
    std::memcpy(bytes.data(), address, sizeof(T));
    if constexpr (swapped) std::reverse(bytes.begin(), bytes.end());
    T value;
    std::memcpy(&value, bytes.data(), sizeof value);
    if constexpr (std::is_same_v<T, Half>)
        return widen_half(value.bits);
    else
        return static_cast<long double>(value);
}

long double read_bool(const std::byte* address) { return *address != std::byte{0} ? 1 : 0; }

// What a comparison admits of the four ways two numbers can relate.
enum Relation : unsigned { less = 1, equal = 2, greater = 4, unordered = 8 };
constexpr unsigned admitted_by[] = {equal, less | greater | unordered, less, less | equal, greater, greater | equal};
static_assert(static_cast<int>(Comparison::GreaterEqual) == 5);

unsigned admitted(Comparison comparison) { return admitted_by[static_cast<std::size_t>(comparison)]; }

unsigned relate(long double left, long double right) {
    return left < right ? less : left == right ? equal : left > right ? greater : unordered;
}

// Calls visit(addresses) for each index in C order until it says false. All views have the shape of the first.
template <std::size_t count, class Visit>
bool visit_elements(const std::array<const ArrayView*, count>& views, Visit visit) {
    const ArrayView& first = *views[0];
    for (std::size_t axis = 0; axis < first.ndim; ++axis)
        if (first.shape[axis] == 0) return true;
    std::array<const std::byte*, count> at;
    for (std::size_t k = 0; k < count; ++k) at[k] = views[k]->data;
    if (first.ndim == 0) return visit(at);
    std::array<std::ptrdiff_t, most_axes> index{};
    const std::size_t last = first.ndim - 1u;
    while (true) {
        std::array<const std::byte*, count> element = at;
        for (std::ptrdiff_t i = 0; i < first.shape[last]; ++i) {
            if (!visit(element)) return false;
            for (std::size_t k = 0; k < count; ++k) element[k] += views[k]->byte_strides[last];
        }
        std::size_t axis = last;
        while (true) {
            if (axis == 0) return true;
            --axis;
            for (std::size_t k = 0; k < count; ++k) at[k] += views[k]->byte_strides[axis];
            if (++index[axis] < first.shape[axis]) break;
            for (std::size_t k = 0; k < count; ++k) at[k] -= first.shape[axis] * views[k]->byte_strides[axis];
            index[axis] = 0;
        }
    }
}

using Read = long double (*)(const std::byte*);

template <Read read>
bool all_compare(const ArrayView& array, Comparison comparison, long double bound) {
    const unsigned mask = admitted(comparison);
    return visit_elements<1>({&array}, [=](const auto& at) { return (relate(read(at[0]), bound) & mask) != 0; });
}

struct ElementRow {
    char kind;
    std::uint32_t itemsize;
    Read read[2];  // native, swapped
    bool (*all_compare[2])(const ArrayView&, Comparison, long double);
};

template <class T>
constexpr ElementRow row_of(char kind) {
    return {kind,
            sizeof(T),
            {read_element<T, false>, read_element<T, true>},
            {all_compare<read_element<T, false>>, all_compare<read_element<T, true>>}};
}

// Not listed: not a real number.
constexpr ElementRow element_rows[] = {
    row_of<std::int8_t>('i'),
    row_of<std::int16_t>('i'),
    row_of<std::int32_t>('i'),
    row_of<std::int64_t>('i'),
    row_of<std::uint8_t>('u'),
    row_of<std::uint16_t>('u'),
    row_of<std::uint32_t>('u'),
    row_of<std::uint64_t>('u'),
    row_of<Half>('f'),
    row_of<float>('f'),
    row_of<double>('f'),
    row_of<long double>('f'),
    {'b', 1, {read_bool, read_bool}, {all_compare<read_bool>, all_compare<read_bool>}},
};

const ElementRow* find_row(const DType& dtype) {
    for (const ElementRow& row : element_rows)
        if (row.kind == dtype.kind && row.itemsize == dtype.itemsize) return &row;
    return nullptr;
}

Read find_read(const DType& dtype) {
    const ElementRow* row = find_row(dtype);
    return row == nullptr ? nullptr : row->read[dtype.swapped];
}

ElementAnswer answer(bool yes) { return yes ? ElementAnswer::Yes : ElementAnswer::No; }

// The real numbers that an element consists of.
DType part_of(DType dtype) {
    if (dtype.kind != 'c') return dtype;
    dtype.kind = 'f';
    dtype.itemsize /= 2;
    return dtype;
}

// The place in C order of the first element for which `holds` says false; -1 when there is none.
template <class Holds>
std::ptrdiff_t find_first_failing(const ArrayView& array, Holds holds) {
    std::ptrdiff_t place = 0;
    const bool all = visit_elements<1>({&array}, [&](const auto& at) { return holds(at[0]) && ++place != 0; });
    return all ? -1 : place;
}

}  // namespace

bool compare_reals(long double left, Comparison comparison, long double right) { return (relate(left, right) & admitted(comparison)) != 0; }

ElementAnswer compare_elements(const ArrayView& array, Comparison comparison, long double bound) {
    const ElementRow* row = find_row(array.dtype);
    if (row == nullptr) return ElementAnswer::NoOrder;
    return answer(row->all_compare[array.dtype.swapped](array, comparison, bound));
}

ElementAnswer compare_elements(const ArrayView& left, Comparison comparison, const ArrayView& right) {
    const Read read_left = find_read(left.dtype), read_right = find_read(right.dtype);
    if (read_left == nullptr || read_right == nullptr) return ElementAnswer::NoOrder;
    return answer(
        visit_elements<2>({&left, &right}, [=](const auto& at) { return compare_reals(read_left(at[0]), comparison, read_right(at[1])); }));
}

std::ptrdiff_t find_failing(const ArrayView& array, Comparison comparison, long double bound) {
    const Read read = find_read(array.dtype);
    if (read == nullptr) return -1;
    return find_first_failing(array, [=](const std::byte* at) { return compare_reals(read(at), comparison, bound); });
}

std::ptrdiff_t find_failing_neighbour(const ArrayView& array, Comparison comparison) {
    const Read read = find_read(array.dtype);
    if (read == nullptr) return -1;
    const unsigned mask = admitted(comparison);
    bool is_first = true;
    long double previous = 0;
    return find_first_failing(array, [&, mask](const std::byte* at) {
        const long double element = read(at);
        // A lone NaN is no sequence either.
        const bool fits = is_first ? element == element : (relate(previous, element) & mask) != 0;
        is_first = false;
        previous = element;
        return fits;
    });
}

ElementAnswer compare_neighbours(const ArrayView& array, Comparison comparison) {
    if (find_read(array.dtype) == nullptr) return ElementAnswer::NoOrder;
    return answer(find_failing_neighbour(array, comparison) < 0);
}

std::ptrdiff_t find_not_finite(const ArrayView& array) {
    const DType part = part_of(array.dtype);
    const Read read = find_read(part);
    if (read == nullptr || part.kind != 'f') return -1;
    const bool is_complex = array.dtype.kind == 'c';
    return find_first_failing(
        array, [=](const std::byte* at) { return std::isfinite(read(at)) && (!is_complex || std::isfinite(read(at + part.itemsize))); });
}

ElementAnswer are_finite(const ArrayView& array) {
    if (find_read(part_of(array.dtype)) == nullptr) return ElementAnswer::NoOrder;
    return answer(find_not_finite(array) < 0);
}

bool load_element(const DType& dtype, const std::byte* address, Number& number) {
    const Read read = find_read(dtype);
    if (read == nullptr) return false;
    const long double value = read(address);
    if (dtype.kind == 'f') {
        number = Number::of_real(static_cast<double>(value));
        return true;
    }
    if (value > static_cast<long double>(std::numeric_limits<std::int64_t>::max())) return false;
    number = Number::of(static_cast<std::int64_t>(value));
    return true;
}

std::ptrdiff_t measure_byte_step(const ArrayView& array, std::size_t axis, bool fortran) {
    const bool is_empty = std::find(array.shape, array.shape + array.ndim, 0) != array.shape + array.ndim;
    if (array.shape[axis] > 1 && !is_empty) return array.byte_strides[axis];
    const bool is_innermost = fortran ? axis == 0 : axis + 1 == array.ndim;
    if (is_innermost) return array.dtype.itemsize;
    const std::size_t inner = fortran ? axis - 1 : axis + 1;
    return measure_byte_step(array, inner, fortran) * std::max<std::ptrdiff_t>(array.shape[inner], 1);
}

}  // namespace ndcall
