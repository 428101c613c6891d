// A reference to a Python object that this scope owns.
#pragma once

#include <utility>

#include "python/numpy_api.hpp"

namespace ndcall {

// T: PyObject, PyArrayObject, PyArray_Descr. Null is no object. Needs the GIL wherever it is destroyed.
template <class T = PyObject>
class Owned {
  public:
    Owned() = default;
    static Owned steal(T* object) { return Owned(object); }
    static Owned share(T* object) {
        Py_XINCREF(reinterpret_cast<PyObject*>(object));
        return Owned(object);
    }
    Owned(Owned&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(object_, other.object_);  // the old object goes with `other`: its destructor may run Python code
        return *this;
    }
    Owned(const Owned&) = delete;
    Owned& operator=(const Owned&) = delete;
    ~Owned() { Py_XDECREF(reinterpret_cast<PyObject*>(object_)); }

    T* get() const { return object_; }
    PyObject* object() const { return reinterpret_cast<PyObject*>(object_); }
    T* release() { return std::exchange(object_, nullptr); }
    explicit operator bool() const { return object_ != nullptr; }

  private:
    explicit Owned(T* object) : object_(object) {}
    T* object_ = nullptr;
};

}  // namespace ndcall
