// A str from C's text, which may come from a comment in Latin-1 or from a damaged file: what is no UTF-8 is shown as U+FFFD.
#pragma once

#include <Python.h>

#include <string>

namespace ndcall {

// A new reference; null with MemoryError.
inline PyObject* make_text(const std::string& text) {
    return PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "replace");
}

}  // namespace ndcall
