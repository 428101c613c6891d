// The words in which arrays, counts and positions are told to users: the same in errors, signatures and documents.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "plan/plan.hpp"

namespace ndcall {

// "(m, n)", "(n,)", "()" of texts; "(...)" for an array of any shape, "(*s)" when the contract names that shape.
std::string print_tuple(std::span<const std::string> items);
std::string print_extents(const Plan& plan, const Array& array);

// A name that Python can take as a keyword or after a dot: `lambda` -> `lambda_`, `out` -> `out_`; the last part of a dotted one.
std::string make_python_name(const std::string& name);

// What is demanded: "float64", "Fields", "any dtype", "dtype of 'a'". What came: "float64", ">f8" in the other byte order, "object", "void of
// 24 bytes".
std::string name_dtype_of(const Plan& plan, const Array& array);
std::string name_any_dtype(const DType& dtype);

// What C takes without a copy: "C-contiguous", "F-contiguous", "contiguous rows", "any strides", "any positive step in elements" ...
std::string describe_layout(const Array& array);

// What C does to it, in the contract's words: "in", "out", "inout", "copied" (C writes a private copy).
const char* name_intent(const Array& array);

// "1st of 2"; `position` counts from 0.
std::string print_position(std::size_t position, std::size_t count);

// "1 byte", "24 bytes", "8 kB", "1.2 MB": powers of 1000, at most one decimal.
std::string print_bytes(std::size_t bytes);

}  // namespace ndcall
