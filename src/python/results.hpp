// What comes back: one result as itself, several as a named tuple, none as None.
#pragma once

#include <vector>

#include "python/function_object.hpp"
#include "python/take_array.hpp"

namespace ndcall {

// `items`: the results that were asked for, bit i of `asked` for plan.results[i]. A new reference.
PyObject* collect_results(FunctionState& state, const Plan& plan, std::uint64_t asked, std::vector<Owned<>> items);

// The array that the caller gave, or the new one; `from 1` is undone: Python counts from zero. A new reference.
PyObject* finish_array(const Array& array, PyObject* given, const TakenArray& result);

// A string that C returned: str, or bytes when it is no UTF-8. NULL is None only where the contract has `?`; else CallError.
PyObject* wrap_text(const Plan& plan, const Result& result, const char* text);

// A zeroed object of a struct of the library; `memory` is where C writes it. A new reference.
PyObject* make_struct_result(Library& library, const std::string& tag, std::byte*& memory);

}  // namespace ndcall
