"""From C text to the first result by every peer, cold and warm, and the header of 5,000 functions by those that read headers.

As in first_result.py a child's clock starts when NumPy has been imported; the steps before it, a compiler or a build tool, are added.
Cold: what the tool keeps was removed. Warm: a new process after that.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from build_hand import COMPILER, INCLUDES, SHARED, SUFFIX
from first_result import ARRAYS, EPILOGUE, PROLOGUE

from peers import install

C = "void dadd(const double *a, const double *b, double *c, long n) { for (long i = 0; i < n; i++) c[i] = a[i] + b[i]; }\n"
PYF = """\
python module first_f2py
interface
subroutine dadd(a,b,c,n)
intent(c) dadd
real(kind=8), dimension(n), intent(in,c) :: a
real(kind=8), dimension(n), intent(in,c), depend(n) :: b
real(kind=8), dimension(n), intent(inout,c), depend(n) :: c
integer(kind=8), intent(hide,c), depend(a) :: n=len(a)
end subroutine
end interface
end python module
"""
PYX = f"""\
# cython: language_level=3
cdef extern from *:
    '''
    static {C.strip()}
    '''
    void dadd(const double *, const double *, double *, long)
def add(const double[::1] a, const double[::1] b, double[::1] c):
    dadd(&a[0], &b[0], &c[0], a.shape[0])
"""
NANOBIND = f"""\
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
namespace nb = nanobind;
static {C}
using In = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Out = nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
NB_MODULE(first_nanobind, m) {{
    m.def("add", [](In a, In b, Out c) {{ dadd(a.data(), b.data(), c.data(), (long)a.shape(0)); }});
}}
"""
PYBIND11 = f"""\
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
namespace py = pybind11;
static {C}
using Array = py::array_t<double, py::array::c_style>;
PYBIND11_MODULE(first_pybind11, m) {{
    m.def("add", [](const Array &a, const Array &b, Array &c) {{ dadd(a.data(), b.data(), c.mutable_data(), a.size()); }});
}}
"""
CFFI = """\
import os, sys
sys.path.insert(0, ".")
if not any(name.startswith("_first_cffi.") and name.endswith(".so") for name in os.listdir(".")):
    import cffi
    builder = cffi.FFI()
    builder.cdef("void dadd(const double *, const double *, double *, long);")
    builder.set_source("_first_cffi", open("dadd.c").read())
    builder.compile()
from _first_cffi import ffi, lib
lib.dadd(*(ffi.from_buffer("double[]", x) for x in (a, b, c)), 16)
"""
PYXIMPORT = """\
import sys
sys.path.insert(0, ".")
import pyximport
pyximport.install(build_dir="pyx", language_level=3)
import first_cython
first_cython.add(a, b, c)
"""
NUMBA = """\
from numba import njit
@njit("void(float64[::1],float64[::1],float64[::1])", cache=True)
def add(a, b, c):
    for i in range(a.shape[0]):
        c[i] = a[i] + b[i]
add(a, b, c)
"""
FILES = {"dadd.c": C, "first_f2py.pyf": PYF, "first_cython.pyx": PYX, "first_nanobind.cpp": NANOBIND, "first_pybind11.cpp": PYBIND11}


@dataclass(frozen=True)
class Way:
    script: str  # of the child
    command: tuple[object, ...] = ()  # before it, when cold
    leaves: tuple[str, ...] = ()  # patterns of what a cold run starts without


def use_module(name: str, function: str = "add") -> str:
    return f"import sys\nsys.path.insert(0, '.')\nimport {name}\n{name}.{function}(a, b, c)\n"


def compile_cpp(name: str, *more: object) -> tuple[object, ...]:
    flags = ["g++", "-std=c++17", *SHARED, "-fvisibility=hidden", *INCLUDES]
    return (*flags, f"{name}.cpp", *more, "-o", f"{name}{SUFFIX}")


def list_ways() -> dict[str, Way]:
    import pybind11

    f2py = (install.PYTHON, "-m", "numpy.f2py", "-c", "first_f2py.pyf", "dadd.c", "--backend", "meson")
    return {
        "cffi API": Way(CFFI, (), ("_first_cffi*",)),
        "numba": Way(NUMBA, (), ("numba",)),
        "nanobind": Way(use_module("first_nanobind"), compile_cpp("first_nanobind", *install.nanobind_library()), ("first_nanobind.*.so",)),
        "f2py": Way(use_module("first_f2py", "dadd"), f2py, ("first_f2py.*.so",)),
        "pybind11": Way(
            use_module("first_pybind11"), compile_cpp("first_pybind11", f"-I{pybind11.get_include()}"), ("first_pybind11.*.so",)
        ),
        "Cython": Way(PYXIMPORT, (), ("pyx",)),
    }


def measure(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds by row; each round has one cold run of every peer and two warm ones."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    path = f"{install.PYTHON.parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "NUMBA_CACHE_DIR": str(folder / "numba"), "CC": COMPILER}

    def run(*command: object) -> str:
        words = [str(word) for word in command]
        return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout

    def clock(way: Way) -> float:
        script = folder / "child.py"  # numba keeps what it compiled for functions of files
        script.write_text(PROLOGUE + ARRAYS + way.script + EPILOGUE)
        os.utime(script, (0, 0))  # which numba's cache and Python's look at
        return float(run(install.PYTHON, script).split()[-1])

    def cold(way: Way) -> float:
        for left in (path for pattern in way.leaves for path in folder.glob(pattern)):
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        start = time.perf_counter()
        if way.command:
            run(*way.command)
        return (time.perf_counter() - start if way.command else 0) + clock(way)

    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, way in list_ways().items():
            found.setdefault(f"{name}, cold", []).append(cold(way))
            found.setdefault(f"{name}, warm", []).extend(clock(way) for _ in range(2))
    return found


LARGE_BY_CFFI = """\
import numpy, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
start = time.perf_counter()
import cffi
from by_cffi import open_abi
ffi, lib = open_abi(Path(sys.argv[2]) / "large.h", Path(sys.argv[2]) / "liblarge.so")
lib.large_function_0, lib.large_function_4999
print(time.perf_counter() - start)
"""


def measure_header(folder: Path, rounds: int) -> dict[str, list[float]]:
    """cffi's ABI mode on the header that whole_headers.py wrote into the folder; it keeps nothing, so cold is warm."""
    command: list[object] = [install.PYTHON, "-c", LARGE_BY_CFFI, install.SOURCES, folder]
    runs: list[Callable[[], str]] = [
        lambda: subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout for _ in range(rounds)
    ]
    return {"5,000 functions, cffi ABI": [float(run().split()[-1]) for run in runs]}
