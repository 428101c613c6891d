// Mismatches and failures become Python exceptions of ndcall._exceptions.
#pragma once

#include <string>

#include "plan/bind.hpp"
#include "plan/mismatch.hpp"
#include "python/owned.hpp"

namespace ndcall {

// What an exception of a refused call carries: rendered when somebody reads it.
struct Report {
    std::string call;  // "scale(x, a)"
    std::size_t input_count = 0;
    Mismatches mismatches;
};

// A class of ndcall._exceptions, borrowed: the module keeps it. Null with an error set when it cannot be imported.
PyObject* find_exception(const char* name);

// Sets the exception whose class the first kind of mismatch names. Always null.
PyObject* raise_mismatches(const Plan& plan, Mismatches mismatches);

// Sets NAME(text). Always null.
PyObject* raise_text(const char* exception, const std::string& text);

// In a catch block: the C++ exception that C's side threw becomes Python's. Always null.
PyObject* raise_thrown(const Plan& plan);

// "f(a, b) -> c" without types, as messages name a call: "f(a, b)".
std::string name_call(const Plan& plan);

}  // namespace ndcall
