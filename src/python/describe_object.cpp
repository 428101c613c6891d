#include "python/describe_object.hpp"

#include <string_view>

#include "python/dtype.hpp"
#include "python/owned.hpp"

namespace ndcall {
namespace {

constexpr std::size_t longest_value = 60;    // characters
constexpr long long longest_integer = 1000;  // bits: beyond, digits help nobody, and Python may refuse to print them

// The repr of a class written in Python is the caller's code.
bool shows_itself(PyObject* object) {
    if (PyType_HasFeature(Py_TYPE(object), Py_TPFLAGS_HEAPTYPE)) return false;
    return PyFloat_Check(object) || PyComplex_Check(object) || PyBool_Check(object) || PyUnicode_Check(object) || PyBytes_Check(object) ||
           object == Py_None || PyArray_IsScalar(object, Number) || PyArray_IsScalar(object, Bool) || PyArray_IsScalar(object, Datetime);
}

std::string cut(std::string_view text) {
    if (text.size() <= longest_value) return std::string(text);
    std::size_t end = longest_value - 3;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a character of UTF-8
    return std::string(text.substr(0, end)) + "...";
}

std::string show_repr(PyObject* object) {
    const auto text = Owned<>::steal(PyObject_Repr(object));
    Py_ssize_t size = 0;
    const char* characters = text ? PyUnicode_AsUTF8AndSize(text.get(), &size) : nullptr;
    if (characters == nullptr) {  // a lone surrogate in a string has no UTF-8
        PyErr_Clear();
        return describe_type(object);
    }
    return cut({characters, static_cast<std::size_t>(size)});
}

std::string show_integer(PyObject* integer) {
    const auto bits = Owned<>::steal(PyObject_CallMethod(integer, "bit_length", nullptr));
    const long long count = bits ? PyLong_AsLongLong(bits.get()) : -1;
    if (count < 0) PyErr_Clear();
    return count <= longest_integer ? show_repr(integer) : "an int of " + std::to_string(count) + " bits";
}

std::string with_article(std::string_view word) {
    const bool is_vowel = !word.empty() && std::string_view("aeiouAEIOU").find(word.front()) != std::string_view::npos;
    return (is_vowel ? "an " : "a ") + std::string(word);
}

}  // namespace

std::string describe_type(PyObject* object) {
    std::string_view name = Py_TYPE(object)->tp_name;
    return with_article(name.substr(name.rfind('.') + 1));
}

std::string show_shape(PyArrayObject* array) {
    std::string out;
    for (int axis = 0; axis < PyArray_NDIM(array); ++axis) out += (axis > 0 ? ", " : "") + std::to_string(PyArray_DIM(array, axis));
    return "(" + out + (PyArray_NDIM(array) == 1 ? ",)" : ")");
}

std::string describe_object(PyObject* object) {
    if (PyLong_CheckExact(object)) return show_integer(object);
    if (shows_itself(object)) return show_repr(object);
    if (PyList_Check(object)) return describe_type(object) + " of " + std::to_string(PyList_GET_SIZE(object));
    if (PyTuple_Check(object)) return describe_type(object) + " of " + std::to_string(PyTuple_GET_SIZE(object));
    if (PyArray_Check(object)) {
        auto* array = reinterpret_cast<PyArrayObject*>(object);
        return "a " + show_shape(array) + " " + show_dtype(PyArray_DESCR(array)) + " array";
    }
    return describe_type(object);
}

}  // namespace ndcall
