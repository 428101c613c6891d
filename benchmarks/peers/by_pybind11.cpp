// The kernels through py::array_t; the tests of lengths and dimensions are this author's own.
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

extern "C" {
#include "kernels.h"
}

namespace py = pybind11;
using Array = py::array_t<double, py::array::c_style>; // no forcecast
using Steps = py::array_t<double, 0>;                  // any strides, no forcecast

template <class... Arrays> static py::ssize_t length_of(const Arrays &...arrays) {
    for (py::ssize_t ndim : {arrays.ndim()...})
        if (ndim != 1) throw py::value_error("lengths differ");
    py::ssize_t lengths[] = {arrays.shape(0)...};
    for (py::ssize_t length : lengths)
        if (length != lengths[0]) throw py::value_error("lengths differ");
    return lengths[0];
}

static void by_add(const Array &a, const Array &b, Array &c) { add(a.data(), b.data(), c.mutable_data(), length_of(a, b, c)); }

static Array by_add_new(const Array &a, const Array &b) {
    Array c(length_of(a, b));
    add(a.data(), b.data(), c.mutable_data(), c.size());
    return c;
}

static void by_add_threads(const Array &a, const Array &b, Array &c) {
    py::ssize_t n = length_of(a, b, c);
    const double *x = a.data(), *y = b.data();
    double *z = c.mutable_data();
    py::gil_scoped_release released;
    add(x, y, z, n);
}

static void by_add_five(const Array &a, const Array &b, const Array &c, const Array &d, const Array &e, Array &f) {
    add_five(a.data(), b.data(), c.data(), d.data(), e.data(), f.mutable_data(), length_of(a, b, c, d, e, f));
}

static void by_add_scaled(double alpha, const Array &x, int power, Array &y) {
    add_scaled(length_of(x, y), alpha, x.data(), power, y.mutable_data());
}

static void by_add_strided(const Steps &x, Steps &y) {
    add_strided(length_of(x, y), x.data(), x.strides(0) / 8, y.mutable_data(), y.strides(0) / 8);
}

static void by_mean_of_four(const Steps &a, Steps &c) {
    if (a.ndim() != 2 || c.ndim() != 2 || a.shape(0) != c.shape(0) || a.shape(1) != c.shape(1)) throw py::value_error("lengths differ");
    mean_of_four(a.data(), a.strides(0) / 8, a.strides(1) / 8, c.mutable_data(), c.strides(0) / 8, c.strides(1) / 8, a.shape(0), a.shape(1));
}

PYBIND11_MODULE(by_pybind11, m) {
    m.def("add", by_add, py::arg("a"), py::arg("b"), py::arg("c"));
    m.def("add_strict", by_add, py::arg("a").noconvert(), py::arg("b").noconvert(), py::arg("c").noconvert());
    m.def("add_threads", by_add_threads);
    m.def("add_new", by_add_new);
    m.def("add_five", by_add_five);
    m.def("add_scaled", by_add_scaled);
    m.def("add_strided", by_add_strided);
    m.def("mean_of_four", by_mean_of_four);
}
