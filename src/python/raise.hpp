// Mismatches and failures become Python exceptions of ndcall._exceptions.
#pragma once

#include <string>
#include <type_traits>

#include "plan/bind.hpp"
#include "plan/mismatch.hpp"
#include "python/owned.hpp"

namespace ndcall {

// What an exception of a refused call carries: rendered when somebody reads it.
struct Report {
    std::string call;  // "scale(x, a)"
    std::size_t input_count = 0;
    std::string subject;  // not empty: what the text is about instead, where no contract names arguments: "dadd: the 3rd of 4 arguments"
    Mismatches mismatches;

    std::string text() const;
};

// A class. Null with an error set when it cannot be imported.
Owned<> find_exception(const char* name, const char* module = "ndcall._exceptions");

// Sets an exception of this class, a ContractError, that carries the report. Always null.
PyObject* raise_report(PyObject* type, Report report);

// Sets the exception whose class the first kind of mismatch names. Always null.
PyObject* raise_mismatches(const Plan& plan, Mismatches mismatches);

// Sets NAME(text). Always null.
PyObject* raise_text(const char* exception, const std::string& text);

// The text of the exception that is set, which is no more set then.
std::string take_exception_text();

// In a catch block: the C++ exception that C's side threw becomes Python's. Always null.
PyObject* raise_thrown(const std::string& c_name);

// In a catch block: what our own C++ threw (memory that ended, an error of Python's on its way) becomes Python's. Always null.
PyObject* raise_own();

// What the interpreter calls must not throw: null or -1 with an exception set instead.
template <class Body>
auto guarded(Body body) -> decltype(body()) {
    try {
        return body();
    } catch (...) {
        raise_own();
        if constexpr (std::is_pointer_v<decltype(body())>)
            return nullptr;
        else
            return -1;
    }
}

// "f(a, b) -> c" without types, as messages name a call: "f(a, b)".
std::string name_call(const Plan& plan);

}  // namespace ndcall
