// What a ctypes function's `restype` makes of C's return value.
#pragma once

#include <optional>

#include "abi/abi.hpp"
#include "call/fast.hpp"
#include "python/owned.hpp"

namespace ndcall {

enum class CtypesResultForm : std::uint8_t {
    Nothing,
    Number,
    Address,   // c_void_p: int, None for NULL
    Text,      // c_char_p: bytes, None for NULL
    Instance,  // of `type`, which holds the value: pointers, and classes that inherit from a simple one
};

struct CtypesResult {
    CtypesResultForm form = CtypesResultForm::Nothing;
    Type type;                     // C's
    Owned<> instance_type, check;  // check: `_check_retval_`, may be null
};

// Nothing, without an exception, for what we do not know: then ctypes makes the call.
std::optional<CtypesResult> know_result(PyObject* restype);

// A new reference, or null with an exception set.
PyObject* wrap_ctypes_result(const CtypesResult& result, const FastRoute& route, const CallReturn& returned);

}  // namespace ndcall
