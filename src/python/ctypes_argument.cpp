#include "python/ctypes_argument.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "python/ctypes_classes.hpp"

namespace ndcall {
namespace {

PyObject* item_name = nullptr;  // "_type_"

// What ctypes' own converters are made of: the C function of each, whatever class it is bound to.
struct Converters {
    PyCFunction of_value = nullptr, of_void_pointer = nullptr, of_text = nullptr, of_pointer = nullptr;
};

// Null without an exception: no function of C.
PyCFunction find_function(PyObject* converter) { return PyCFunction_Check(converter) ? PyCFunction_GET_FUNCTION(converter) : nullptr; }

PyCFunction find_converter(PyObject* type) {
    const auto converter = Owned<>::steal(PyObject_GetAttrString(type, "from_param"));
    return converter ? find_function(converter.get()) : nullptr;
}

// None of them is null; else null with an exception set.
const Converters* find_converters() {
    static Converters known;
    if (known.of_pointer) return &known;
    const CtypesClasses* classes = find_ctypes();
    const auto module = Owned<>::steal(classes ? PyImport_ImportModule("ctypes") : nullptr);
    const auto integer = Owned<>::steal(module ? PyObject_GetAttrString(module.get(), "c_int") : nullptr);
    const auto pointer = Owned<>::steal(integer ? PyObject_CallMethod(module.get(), "POINTER", "O", integer.get()) : nullptr);
    if (!pointer) return nullptr;
    item_name = PyUnicode_InternFromString("_type_");
    known.of_value = find_converter(integer.get());
    known.of_void_pointer = find_converter(reinterpret_cast<PyObject*>(classes->c_void_p));
    known.of_text = find_converter(reinterpret_cast<PyObject*>(classes->c_char_p));
    known.of_pointer = find_converter(pointer.get());
    return item_name && known.of_pointer ? &known : nullptr;
}

CtypesForm find_form(const Type& type) {
    if (type.kind == Kind::Bool) return CtypesForm::Boolean;
    if (type.kind != Kind::Float) return CtypesForm::Integer;
    return type.size == sizeof(double) ? CtypesForm::Double : CtypesForm::Float;
}

bool know_value(CtypesArgument& argument) {
    const CtypesScalar* scalar = find_scalar_class(argument.instance);
    if (!scalar || scalar->type.kind == Kind::Pointer) return false;
    argument.type = scalar->type;
    argument.form = find_form(scalar->type);
    return true;
}

// POINTER(T), once T is told.
bool know_pointer(CtypesArgument& argument) {
    argument.target_owner = Owned<>::steal(PyObject_GetAttr(reinterpret_cast<PyObject*>(argument.instance), item_name));
    if (!argument.target_owner || !PyType_Check(argument.target_owner.get())) {
        PyErr_Clear();
        return false;
    }
    argument.target = argument.item = reinterpret_cast<PyTypeObject*>(argument.target_owner.get());
    return true;
}

// Of an array or a pointer. Its metatype is ctypes' own, so that no Python code runs.
bool has_item(PyObject* object, const PyTypeObject* item) {
    auto* type = reinterpret_cast<PyObject*>(Py_TYPE(object));
    if (!item || (Py_TYPE(type) != Py_TYPE(ctypes_classes.array) && Py_TYPE(type) != Py_TYPE(ctypes_classes.pointer))) return false;
    const auto found = Owned<>::steal(PyObject_GetAttr(type, item_name));
    PyErr_Clear();
    return found.get() == reinterpret_cast<const PyObject*>(item);
}

bool take_memory(PyObject* object, std::uint64_t& word) {
    void* memory = find_memory(object, 0);
    word = reinterpret_cast<std::uintptr_t>(memory);
    return memory != nullptr;
}

bool take_held_address(PyObject* object, std::uint64_t& word) {
    const void* memory = find_memory(object, sizeof(void*));
    if (memory) std::memcpy(&word, memory, sizeof word);
    return memory != nullptr;
}

bool take_unsigned_word(PyObject* object, std::uint64_t& word) {
    word = PyLong_AsUnsignedLongLong(object);
    if (word != static_cast<std::uint64_t>(-1) || !PyErr_Occurred()) return true;
    PyErr_Clear();
    return false;
}

bool take_pointer(const CtypesArgument& want, PyObject* object, std::uint64_t& word) {
    if (object == Py_None) {
        word = 0;
        return true;
    }
    if (want.target && PyObject_TypeCheck(object, want.target)) return take_memory(object, word);
    if (PyObject_TypeCheck(object, want.instance)) return take_held_address(object, word);
    if (PyLong_Check(object)) return want.takes_numbers && take_unsigned_word(object, word);
    if (PyBytes_Check(object)) {
        word = reinterpret_cast<std::uintptr_t>(PyBytes_AS_STRING(object));
        return want.takes_bytes;
    }
    const bool is_array = PyObject_TypeCheck(object, ctypes_classes.array);
    if (!is_array && !PyObject_TypeCheck(object, ctypes_classes.pointer)) return false;
    if (!want.takes_pointers && !has_item(object, want.item)) return false;
    return is_array ? take_memory(object, word) : take_held_address(object, word);
}

// ctypes cuts what does not fit: it shall do so itself.
bool take_integer(const Type& type, PyObject* object, std::uint64_t& word) {
    int overflow = 0;
    const std::int64_t value = PyLong_AsLongLongAndOverflow(object, &overflow);
    word = static_cast<std::uint64_t>(value);
    const std::uint32_t bits = 8 * type.size;
    if (type.kind == Kind::Signed) return overflow == 0 && (bits == 64 || (value >> (bits - 1)) == (value < 0 ? -1 : 0));
    if (overflow > 0) return bits == 64 && take_unsigned_word(object, word);
    return overflow == 0 && value >= 0 && (bits == 64 || (value >> bits) == 0);
}

bool read_real(PyObject* object, double& value) {
    if (PyFloat_Check(object)) {
        value = PyFloat_AS_DOUBLE(object);
        return true;
    }
    if (!PyLong_CheckExact(object)) return false;  // a subclass may have a __float__ of its own
    value = PyLong_AsDouble(object);
    if (value != -1.0 || !PyErr_Occurred()) return true;
    PyErr_Clear();
    return false;
}

bool take_float(PyObject* object, std::uint64_t& word) {
    double value = 0;
    if (!read_real(object, value) || (std::isfinite(value) && std::abs(value) > static_cast<double>(std::numeric_limits<float>::max())))
        return false;
    word = std::bit_cast<std::uint32_t>(static_cast<float>(value));
    return true;
}

bool take_double(PyObject* object, std::uint64_t& word) {
    double value = 0;
    const bool taken = read_real(object, value);
    word = std::bit_cast<std::uint64_t>(value);
    return taken;
}

bool take_number(const CtypesArgument& want, PyObject* object, std::uint64_t& word) {
    switch (want.form) {
        case CtypesForm::Integer: return PyLong_Check(object) && take_integer(want.type, object, word);
        case CtypesForm::Boolean: word = object == Py_True; return PyBool_Check(object) != 0;
        case CtypesForm::Double: return take_double(object, word);
        default: return take_float(object, word);
    }
}

}  // namespace

std::optional<CtypesArgument> know_argument(PyObject* converter) {
    const Converters* known = find_converters();
    CtypesArgument argument;
    argument.type = find_scalar_class(ctypes_classes.c_void_p)->type;
    argument.converter = Owned<>::share(converter);
    if (Py_IS_TYPE(converter, get_ndpointer_check_type())) {
        argument.form = CtypesForm::Array;
        argument.demand = reinterpret_cast<const NdpointerCheckObject*>(converter)->demand;
        return argument;
    }
    const PyCFunction function = find_function(converter);
    PyObject* self = function ? PyCFunction_GET_SELF(converter) : nullptr;
    if (!known || !self || !PyType_Check(self)) {
        PyErr_Clear();
        return std::nullopt;
    }
    argument.instance = reinterpret_cast<PyTypeObject*>(self);
    if (function == known->of_void_pointer) {
        argument.takes_numbers = argument.takes_bytes = argument.takes_pointers = true;
        return argument;
    }
    if (function == known->of_text) {
        argument.takes_bytes = true;
        argument.item = ctypes_classes.c_char;
        return argument;
    }
    if (function == known->of_pointer ? know_pointer(argument) : function == known->of_value && know_value(argument)) return argument;
    return std::nullopt;
}

bool take_ctypes_value(const CtypesArgument& want, PyObject* object, std::uint64_t& word) noexcept {
    if (Py_IS_TYPE(object, ctypes_classes.reference)) return false;  // ctypes alone knows what byref made: lose no time
    if (want.form == CtypesForm::Pointer) return take_pointer(want, object, word);
    if (take_number(want, object, word)) return true;
    const void* memory = PyObject_TypeCheck(object, want.instance) ? find_memory(object, want.place.size) : nullptr;
    if (memory) word = load_word(want.place, memory);
    return memory != nullptr;
}

}  // namespace ndcall
