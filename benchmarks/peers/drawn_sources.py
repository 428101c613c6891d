"""The sources of the drawn calls: a kernel for each case, and what every tool's author would write for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Words:
    """A dtype in the tools' languages."""

    c: str
    cpp: str
    cython: str
    fortran: str
    npy: str


DTYPES = {
    "int8": Words("signed char", "signed char", "signed char", "integer(kind=1)", "NPY_BYTE"),
    "int16": Words("short", "short", "short", "integer(kind=2)", "NPY_SHORT"),
    "int32": Words("int", "int", "int", "integer(kind=4)", "NPY_INT"),
    "int64": Words("long", "long", "long", "integer(kind=8)", "NPY_LONG"),
    "uint8": Words("unsigned char", "unsigned char", "unsigned char", "", "NPY_UBYTE"),
    "uint16": Words("unsigned short", "unsigned short", "unsigned short", "", "NPY_USHORT"),
    "uint32": Words("unsigned", "unsigned", "unsigned int", "", "NPY_UINT"),
    "uint64": Words("unsigned long", "unsigned long", "unsigned long", "", "NPY_ULONG"),
    "float32": Words("float", "float", "float", "real(kind=4)", "NPY_FLOAT"),
    "float64": Words("double", "double", "double", "real(kind=8)", "NPY_DOUBLE"),
    "complex64": Words("float _Complex", "std::complex<float>", "float complex", "complex(kind=4)", "NPY_CFLOAT"),
    "complex128": Words("double _Complex", "std::complex<double>", "double complex", "complex(kind=8)", "NPY_CDOUBLE"),
}


@dataclass(frozen=True)
class Case:
    number: int
    dtype: str
    shape: tuple[int, ...]
    order: str  # "C" or "F"

    @property
    def words(self) -> Words:
        return DTYPES[self.dtype]

    @property
    def extents(self) -> list[str]:
        return [f"n{axis}" for axis in range(len(self.shape))]

    @property
    def title(self) -> str:
        return f"{self.dtype}[{', '.join(map(str, self.shape))}]" + (" by columns" if self.order == "F" else "")

    def new(self) -> np.ndarray[Any, Any]:
        return np.arange(np.prod(self.shape)).astype(self.dtype).reshape(self.shape, order=self.order)  # type: ignore[call-overload, no-any-return]


def parameters(case: Case, read: str, written: str) -> str:
    return f"{read}a, {read}b, {written}c, " + ", ".join(f"long {extent}" for extent in case.extents)


def write_kernel(case: Case) -> str:
    product = " * ".join(case.extents)
    head = f"void drawn_{case.number}({parameters(case, f'const {case.words.c} *', f'{case.words.c} *')})"
    return f"{head} {{\n    for (long i = 0; i < {product}; i++) c[i] = a[i] + b[i];\n}}\n"


def write_header(case: Case) -> str:
    word, axes = "fortran " if case.order == "F" else "", ", ".join(case.extents)
    contract = f"/// ndcall: {word}a[{axes}], {word}b[{axes}] -> {word}c[{axes}]\n"
    return contract + f"void drawn_{case.number}({parameters(case, f'const {case.words.c} *', f'{case.words.c} *')});\n"


def write_untyped(case: Case) -> str:
    """The declaration for tools that are told the dtype elsewhere."""
    return f"void drawn_{case.number}({parameters(case, 'const void *', 'void *')});\n"


def write_hand(case: Case) -> str:
    flags = f"NPY_ARRAY_{case.order}_CONTIGUOUS | NPY_ARRAY_ALIGNED"
    check = f'check_of({case.words.npy}, "dtype is not native {case.dtype}", v[{{}}], "{{}}", {len(case.shape)}, {flags}{{}})'
    checks = [check.format(0, "a", ""), check.format(1, "b", ""), check.format(2, "c", " | NPY_ARRAY_WRITEABLE")]
    extents = [f"n{axis} = length_of(v[0], {axis})" for axis in range(len(case.shape))]
    lengths = [f'check_length(v[{i}], "{name}", {axis}, n{axis})' for i, name in ((1, "b"), (2, "c")) for axis in range(len(case.shape))]
    size = " * ".join([f"sizeof({case.words.c})", *case.extents])
    apart = [f'check_apart(v[{i}], v[2], "c", bytes)' for i in (0, 1)]
    data = ", ".join(f"(void *)data_of(v[{i}])" for i in range(3))
    return f"""\
static PyObject *drawn_{case.number}_by_hand(PyObject *module, PyObject *const *v, Py_ssize_t count) {{
    if (!check_count(count, 3) || !{" || !".join(checks)}) return NULL;
    npy_intp {", ".join(extents)}, bytes = (npy_intp)({size});
    if (!{" || !".join(lengths)}) return NULL;
    if (!{" || !".join(apart)}) return NULL;
    drawn_{case.number}({data}, {", ".join(case.extents)});
    return Py_NewRef(v[2]);
}}
"""


def write_cython(case: Case) -> str:
    rest = [":"] * (len(case.shape) - 1)
    view = f"{case.words.cython}[{', '.join([*rest, '::1'] if case.order == 'C' else ['::1', *rest])}]"
    first = ", ".join("0" for _ in case.shape)
    tests = " or ".join(f"{x}.shape[{axis}] != a.shape[{axis}]" for x in "bc" for axis in range(len(case.shape)))
    shape = ", ".join(f"a.shape[{axis}]" for axis in range(len(case.shape)))
    return f"""
cdef extern void c_drawn_{case.number} "drawn_{case.number}"({parameters(case, "const void *", "void *")}) nogil


def drawn_{case.number}(const {view} a, const {view} b, {view} c):
    if {tests}:
        raise ValueError("shapes differ")
    if a.size:
        c_drawn_{case.number}(&a[{first}], &b[{first}], &c[{first}], {shape})
"""


def write_nanobind(case: Case) -> str:
    array = f"nb::ndarray<{{}}{case.words.cpp}, nb::ndim<{len(case.shape)}>, nb::{case.order.lower()}_contig, nb::device::cpu>"
    return write_cpp(case, array.format("const "), array.format(""), "data")


def write_pybind11(case: Case) -> str:
    array = f"py::array_t<{case.words.cpp}, py::array::{case.order.lower()}_style>"
    return write_cpp(case, f"const {array} &", f"{array} &", "mutable_data", ndim=True)


def write_cpp(case: Case, read: str, written: str, data: str, ndim: bool = False) -> str:
    tests = [f"{x}.shape({axis}) != a.shape({axis})" for x in "bc" for axis in range(len(case.shape))]
    tests = [f"{x}.ndim() != {len(case.shape)}" for x in "abc" if ndim] + tests
    shape = ", ".join(f"(long)a.shape({axis})" for axis in range(len(case.shape)))
    return f"""
static void by_drawn_{case.number}({read} a, {read} b, {written} c) {{
    if ({" || ".join(tests)}) throw std::invalid_argument("shapes differ");
    drawn_{case.number}(a.data(), b.data(), c.{data}(), {shape});
}}
"""


def write_f2py(case: Case) -> str:
    if not case.words.fortran:
        return ""
    lay = ",c" if case.order == "C" else ""
    dimension, depend = f"dimension({','.join(case.extents)})", f", depend({','.join(case.extents)})"
    lines = [f"subroutine drawn_{case.number}(a,b,c,{','.join(case.extents)})", f"intent(c) drawn_{case.number}"]
    for name, intent, after in (("a", "in", ""), ("b", "in", depend), ("c", "inout", depend)):
        lines.append(f"{case.words.fortran}, {dimension}, intent({intent}{lay}){after} :: {name}")
    lines += [f"integer(kind=8), intent(hide,c), depend(a) :: n{axis}=shape(a,{axis})" for axis in range(len(case.shape))]
    return "\n".join([*lines, "end subroutine", ""])


def write_numba(case: Case) -> str:
    rest = [":"] * (len(case.shape) - 1)
    view = f"{case.dtype}[{','.join([*rest, '::1'] if case.order == 'C' else ['::1', *rest])}]"
    axes = range(len(case.shape))
    loops = "".join(f"{'    ' * (axis + 1)}for i{axis} in range(a.shape[{axis}]):\n" for axis in axes)
    place = ", ".join(f"i{axis}" for axis in axes)
    body = f"{'    ' * (len(case.shape) + 1)}c[{place}] = a[{place}] + b[{place}]\n"
    return f'\n\n@njit("void({view},{view},{view})")\ndef drawn_{case.number}(a, b, c):\n{loops}{body}'


def methods_of(cases: list[Case]) -> str:
    """The end of the hand-written module."""
    rows = [
        f'    {{"drawn_{case.number}", (PyCFunction)(void (*)(void))drawn_{case.number}_by_hand, METH_FASTCALL, NULL}},' for case in cases
    ]
    return "\n".join([
        "static PyMethodDef methods[] = {",
        *rows,
        "    {NULL, NULL, 0, NULL}};",
        'static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "drawn_hand", NULL, -1, methods, NULL, NULL, NULL, NULL};',
        "PyMODINIT_FUNC PyInit_drawn_hand(void) {",
        "    import_array();",
        "    return PyModule_Create(&definition);",
        "}\n",
    ])  # fmt: skip


def define_all(cases: list[Case], module: str) -> str:
    lines = [f'    m.def("drawn_{case.number}", by_drawn_{case.number});' for case in cases]
    return "\n".join([module, *lines, "}\n"])


CPP = """\
#include <complex>
#include <stdexcept>
#include <{0}/{0}.h>
#include <{0}/{1}.h>
extern "C" {{
#include "drawn_untyped.h"
}}
namespace {2} = {0};
"""
NANOBIND, PYBIND11 = CPP.format("nanobind", "ndarray", "nb"), CPP.format("pybind11", "numpy", "py")


def write_sources(cases: list[Case], folder: Path) -> None:
    def join(write: Callable[[Case], str]) -> str:
        return "".join(map(write, cases))

    nanobind = NANOBIND + join(write_nanobind) + define_all(cases, "NB_MODULE(drawn_nanobind, m) {")
    pybind11 = PYBIND11 + join(write_pybind11) + define_all(cases, "PYBIND11_MODULE(drawn_pybind11, m) {")
    texts = {
        "drawn.h": "#pragma once\n" + join(write_header),
        "drawn.c": '#include "drawn.h"\n' + join(write_kernel),
        "drawn_untyped.h": join(write_untyped),
        "drawn_hand.c": '#include "hand_checks.h"\n#include "drawn.h"\n' + join(write_hand) + methods_of(cases),
        "drawn_cython.pyx": "# cython: language_level=3\n" + join(write_cython),
        "drawn_nanobind.cpp": nanobind,
        "drawn_pybind11.cpp": pybind11,
        "drawn_f2py.pyf": "python module drawn_f2py\ninterface\n" + join(write_f2py) + "end interface\nend python module\n",
        "drawn_numba.py": "from numba import njit\n" + join(write_numba),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path = folder / name
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
