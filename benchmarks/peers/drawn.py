"""Calls whose dtype, shape and order are drawn from a seed: `c = a + b`, each with a kernel of its own and a module of every tool.

The sources are written into drawn-SEED, beside the venv of the peers, and built there.
"""

from __future__ import annotations

import ctypes
import random
import sys
from pathlib import Path
from typing import Any

import ndcall
import numpy as np
from build_hand import build_kernels, build_module
from timing import Row

from peers import install
from peers.drawn_sources import DTYPES, Case, write_sources

COUNT = 12


def draw(seed: int) -> list[Case]:
    choose = random.Random(seed)
    dtypes = choose.sample(list(DTYPES), COUNT)
    cases = []
    for number, dtype in enumerate(dtypes):
        ndim = choose.choice((1, 1, 2, 2, 3))
        shape = tuple(choose.randint(1, {1: 48, 2: 7, 3: 4}[ndim]) for _ in range(ndim))
        cases.append(Case(number, dtype, shape, choose.choice("CF") if ndim > 1 else "C"))
    return cases


MODULES = {
    "f2py": ("drawn_f2py", "drawn_f2py.pyf", install.build_f2py),
    "Cython": ("drawn_cython", "drawn_cython.pyx", install.build_cython),
    "nanobind": ("drawn_nanobind", "drawn_nanobind.cpp", install.build_nanobind),
    "pybind11": ("drawn_pybind11", "drawn_pybind11.cpp", install.build_pybind11),
    "numba": ("drawn_numba", "", None),
}


def make_rows(seed: int, with_peers: bool) -> tuple[list[Case], list[Row], dict[str, Any], list[str]]:
    """The cases, their rows, the rows' names, and those of the arrays that the rows write."""
    cases, folder = draw(seed), install.BUILD / f"drawn-{seed}"
    write_sources(cases, folder)
    library = build_kernels(folder / "drawn.c", folder / "drawn.h", folder)
    functions: dict[str, Any] = {
        "hand": build_module(folder / "drawn_hand.c", library),
        "ndcall": ndcall.load(folder / "drawn.h", library=library),
    }
    if with_peers:
        sources = {folder / source: builder for _, source, builder in MODULES.values() if builder}
        install.build(sources | {folder / "drawn_untyped.h": install.build_cffi}, library)
        sys.path.insert(0, str(folder))
        functions |= {name: __import__(module) for name, (module, *_) in MODULES.items()}
    names: dict[str, Any] = {}
    rows: list[Row] = []
    for case in cases:
        rows += rows_of_case(case, library, functions, names)
    return cases, rows, names, [f"drawn_c{case.number}" for case in cases]


def rows_of_case(case: Case, library: Path, functions: dict[str, Any], names: dict[str, Any]) -> list[Row]:
    """One row for each tool that can; puts what they name into `names`."""
    number, shape = case.number, ", ".join(map(str, case.shape))
    a, b, c = (f"drawn_{letter}{number}" for letter in "abc")
    names |= {a: case.new(), b: case.new(), c: case.new()}
    calls = {}
    for name, module in functions.items():
        function = module[f"drawn_{number}"] if name == "ndcall" else getattr(module, f"drawn_{number}", None)
        if function is not None:
            names[f"{name}_drawn_{number}"] = function
            calls[name] = f"{name}_drawn_{number}({a}, {b}, {c})"
    if "numba" in functions and (case.order == "C" or len(case.shape) == 1):
        import _drawn_untyped_cffi  # type: ignore[import-not-found]
        import by_cffi

        ffi, opened = by_cffi.open_abi(library.parent / "drawn_untyped.h", library)
        for name, buffer, lib in (("api", _drawn_untyped_cffi.ffi.from_buffer, _drawn_untyped_cffi.lib), ("abi", ffi.from_buffer, opened)):
            names |= {f"{name}_drawn_{number}": getattr(lib, f"drawn_{number}"), f"{name}_drawn_buffer": buffer}
            arrays = ", ".join(f"{name}_drawn_buffer({x})" for x in (a, b, c))
            calls[f"cffi {name.upper()}"] = f"{name}_drawn_{number}({arrays}, {shape})"
    pointer = np.ctypeslib.ndpointer(np.dtype(case.dtype), len(case.shape), flags=f"{case.order}_CONTIGUOUS")
    for name, argument in (("ctypes", ctypes.c_void_p), ("ndpointer", pointer)):
        function = ctypes.CDLL(str(library))[f"drawn_{number}"]
        function.restype, function.argtypes = None, [argument] * 3 + [ctypes.c_long] * len(case.shape)
        names[f"{name}_drawn_{number}"] = function
    calls["ctypes"] = f"ctypes_drawn_{number}({a}.ctypes.data, {b}.ctypes.data, {c}.ctypes.data, {shape})"
    calls["ctypes + ndpointer"] = f"ndpointer_drawn_{number}({a}, {b}, {c}, {shape})"
    calls["np.add"] = f"np.add({a}, {b}, out={c})"
    return [Row(f"{name}: {case.title}", call, "" if name == "hand" else f"hand: {case.title}") for name, call in calls.items()]
