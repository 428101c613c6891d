// C types, dtypes and their names: which element of an array lies in memory like which C type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "declaration/declaration.hpp"
#include "plan/plan.hpp"

namespace ndcall {

// The scalar that a C type is: numbers, bool, plain char, enums, complex. Nothing for pointers, structs and what we do not know.
std::optional<Scalar> find_scalar(const Type& type);

// The dtype of an array of such scalars.
DType make_dtype(Scalar scalar);
Scalar make_scalar(DType dtype);

// "float64", "complex128", "bool", "longdouble" ... for native dtypes.
std::string name_dtype(DType dtype);
// The dtype that a contract's word names: NumPy's names with a width, bool, longdouble, clongdouble.
std::optional<DType> find_dtype(std::string_view name);
std::vector<std::string> list_dtype_names();

// A struct of exactly two members of one floating type called re/im, real/imag or r/i is complex.
std::optional<Scalar> find_complex_struct(const StructDeclaration& record);

// Why no value of a struct's type can come from Python though C tells its members: a stream (FILE), a list of arguments (va_list). Empty
// for every other type.
std::string_view find_made_by_c(const Type& type);

}  // namespace ndcall
