// The elements of an array as numbers, and questions about all of them: any strides, alignment, byte order and real dtype.
#pragma once

#include "call/frame.hpp"
#include "contract/expression.hpp"

namespace ndcall {

// Real elements are compared as long double, which holds every element of every real dtype exactly.
// The functions below return NoOrder for complex numbers and structs.
enum class ElementAnswer : std::uint8_t { No, Yes, NoOrder };

// Every element compares as said with `bound`; of an array without elements this is true. A NaN only fulfils `!=`.
ElementAnswer compare_elements(const ArrayView& array, Comparison comparison, long double bound);

// Element by element. The shapes are equal.
ElementAnswer compare_elements(const ArrayView& left, Comparison comparison, const ArrayView& right);

// Along the flat C order each element fulfils `previous comparison element`: Less for increasing, LessEqual for sorted.
ElementAnswer compare_neighbours(const ArrayView& array, Comparison comparison);

// No NaN and no infinity; for complex numbers both parts. NoOrder for structs only.
ElementAnswer are_finite(const ArrayView& array);

// For messages: the place in C order of the first element for which the answer is No, counted from 0; -1 when there is none. Of two
// neighbours it is the later one.
std::ptrdiff_t find_failing(const ArrayView& array, Comparison comparison, long double bound);
std::ptrdiff_t find_failing_neighbour(const ArrayView& array, Comparison comparison);
std::ptrdiff_t find_not_finite(const ArrayView& array);

// The element at `address`. False: complex, a struct, or an unsigned integer above INT64_MAX.
bool load_element(const DType& dtype, const std::byte* address, Number& number);

// Compares two numbers exactly, whatever their types.
bool compare_reals(long double left, Comparison comparison, long double right);

// The step of an axis in bytes. An axis of one or no element has the step that a contiguous array would give it, seen from its inner
// neighbour, whatever NumPy says: nothing is ever read there, but C may check it (a leading dimension). In an array without elements
// each axis has.
std::ptrdiff_t measure_byte_step(const ArrayView& array, std::size_t axis, bool fortran);

}  // namespace ndcall
