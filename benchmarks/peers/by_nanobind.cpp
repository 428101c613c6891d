// The kernels through nb::ndarray; the tests of lengths are this author's own.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <stdexcept>

extern "C" {
#include "kernels.h"
}

namespace nb = nanobind;
using In = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Out = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Steps = nb::ndarray<const double, nb::ndim<1>, nb::device::cpu>;
using OutSteps = nb::ndarray<double, nb::ndim<1>, nb::device::cpu>;
using Plane = nb::ndarray<const double, nb::ndim<2>, nb::device::cpu>;
using OutPlane = nb::ndarray<double, nb::ndim<2>, nb::device::cpu>;
using New = nb::ndarray<nb::numpy, double, nb::ndim<1>>;

template <class... Arrays> static size_t length_of(const Arrays &...arrays) {
    size_t lengths[] = {arrays.shape(0)...};
    for (size_t length : lengths)
        if (length != lengths[0]) throw std::invalid_argument("lengths differ");
    return lengths[0];
}

static void by_add(In a, In b, Out c) { add(a.data(), b.data(), c.data(), (long)length_of(a, b, c)); }

static New by_add_new(In a, In b) {
    size_t n = length_of(a, b);
    double *c = new double[n];
    nb::capsule owner(c, [](void *memory) noexcept { delete[] static_cast<double *>(memory); });
    add(a.data(), b.data(), c, (long)n);
    return New(c, {n}, owner);
}

static void by_add_five(In a, In b, In c, In d, In e, Out f) {
    add_five(a.data(), b.data(), c.data(), d.data(), e.data(), f.data(), (long)length_of(a, b, c, d, e, f));
}

static void by_add_scaled(double alpha, In x, int power, Out y) { add_scaled((long)length_of(x, y), alpha, x.data(), power, y.data()); }

static void by_add_strided(Steps x, OutSteps y) { add_strided((long)length_of(x, y), x.data(), x.stride(0), y.data(), y.stride(0)); }

static void by_mean_of_four(Plane a, OutPlane c) {
    if (a.shape(0) != c.shape(0) || a.shape(1) != c.shape(1)) throw std::invalid_argument("lengths differ");
    mean_of_four(a.data(), a.stride(0), a.stride(1), c.data(), c.stride(0), c.stride(1), (long)a.shape(0), (long)a.shape(1));
}

NB_MODULE(by_nanobind, m) {
    m.def("add", by_add, nb::arg("a"), nb::arg("b"), nb::arg("c"));
    m.def("add_strict", by_add, nb::arg("a").noconvert(), nb::arg("b").noconvert(), nb::arg("c").noconvert());
    m.def("add_threads", by_add, nb::call_guard<nb::gil_scoped_release>());
    m.def("add_new", by_add_new);
    m.def("add_five", by_add_five);
    m.def("add_scaled", by_add_scaled);
    m.def("add_strided", by_add_strided);
    m.def("mean_of_four", by_mean_of_four);
}
