// One argument of a ctypes function: known by its converter, the `from_param` that ctypes took from argtypes.
#pragma once

#include <optional>

#include "abi/abi.hpp"
#include "python/ndpointer_check.hpp"
#include "python/owned.hpp"

namespace ndcall {

enum class CtypesForm : std::uint8_t { Array, Pointer, Integer, Boolean, Double, Float };

struct CtypesArgument {
    CtypesForm form = CtypesForm::Pointer;
    std::uint8_t word = 0;
    bool takes_numbers = false, takes_bytes = false, takes_pointers = false;  // Pointer: addresses as int, bytes, pointers to anything
    const AddressDemand* demand = nullptr;                                    // Array: of the converter
    PyTypeObject* instance = nullptr;                                         // its instances hold the value
    PyTypeObject* target = nullptr;                                           // Pointer: its instances are passed by address
    PyTypeObject* item = nullptr;                                             // Pointer: arrays of it, and pointers to it, are taken
    Type type;
    ValuePlace place;
    Owned<> converter, target_owner;  // all of the above is theirs, or lives for ever
};

// Nothing, without an exception, for a converter that we do not know: then ctypes calls it. `converter` is shared.
std::optional<CtypesArgument> know_argument(PyObject* converter);

// False: ctypes must decide. Runs no Python code, leaves no exception.
bool take_ctypes_value(const CtypesArgument& want, PyObject* object, std::uint64_t& word) noexcept;

[[gnu::always_inline]] inline bool take_ctypes_argument(const CtypesArgument& want, PyObject* object, std::uint64_t& word) noexcept {
    if (want.form != CtypesForm::Array) return take_ctypes_value(want, object, word);
    if (!PyArray_Check(object) || !meets<AddressReader>(*want.demand, object)) {
        word = 0;
        return object == Py_None && want.demand->is_optional;
    }
    word = reinterpret_cast<std::uintptr_t>(PyArray_DATA(AddressReader::array(object)));
    return true;
}

}  // namespace ndcall
