#!/usr/bin/env python3
"""Calls of ctypes functions: NumPy's ndpointer, ours in plain ctypes, and ours through the plan of ndcall.compat.ctypeslib, in one run.

.venv/bin/python benchmarks/ctypes_calls.py [ROUNDS], and a part of make bench
"""

from __future__ import annotations

import ctypes
import statistics
import sys
from collections.abc import Sequence
from ctypes import POINTER, byref, c_double, c_int, c_long
from pathlib import Path
from typing import Any

import numpy as np
from build_hand import build_hand
from first_result import PROLOGUE, run_child
from ndcall.compat import ctypeslib
from timing import Row, check_rows, ratio_of, time_rows

WAYS = ("plan", "ctypes, our check", "ctypes, NumPy's check", "plan of a PyDLL")
ARRAYS = {1: "increment_of(c, 16)", 3: "add_of(a, b, c, 16)", 6: "add_five_of(a, b, d, e, g, c, 16)"}
OTHERS = {
    "numbers": "fmax_of(1.0, 2.0)",
    "numbers, no argtypes": "abs_of(-5)",
    "byref": "increment_here_of(byref(number), 1)",
    "a pointer": "increment_here_of(pointer, 1)",
}
MODULES = {
    "import numpy.ctypeslib": "numpy.ctypeslib",
    "import ndcall": "ndcall",
    "import ndcall.compat.ctypeslib": "ndcall.compat.ctypeslib",
}


def make_rows() -> list[Row]:
    """The statements end in the number of their way; every way of a task is compared with the plan."""
    tasks = {f"{count} array{'s' if count > 1 else ''}": (statement, WAYS) for count, statement in ARRAYS.items()}
    tasks |= {task: (statement, WAYS[:2]) for task, statement in OTHERS.items()}
    rows = []
    for task, (statement, ways) in tasks.items():
        for number, way in enumerate(ways):
            name = "ctypes" if task in OTHERS and number else way
            rows.append(Row(f"{name}: {task}", statement.replace("_of(", f"_{number}("), f"plan: {task}" if number else ""))
    return rows


def make_functions(number: int, kernels: Path) -> dict[str, Any]:
    check = (np.ctypeslib if number == 2 else ctypeslib).ndpointer(np.float64, 1, flags="C_CONTIGUOUS")
    kind = (ctypeslib.CDLL, ctypes.CDLL, ctypes.CDLL, ctypeslib.PyDLL)[number]
    library, math = kind(str(kernels)), kind("libm.so.6")
    names = {
        "increment": (library["increment"], [check, c_long], None),
        "add": (library["add"], [check] * 3 + [c_long], None),
        "add_five": (library["add_five"], [check] * 6 + [c_long], None),
        "increment_here": (library["increment"], [POINTER(c_double), c_long], None),
        "fmax": (math["fmax"], [c_double] * 2, c_double),
        "abs": (math["abs"], None, c_int),
    }
    for function, argtypes, restype in names.values():
        function.argtypes, function.restype = argtypes, restype
    return {f"{name}_{number}": function for name, (function, _, _) in names.items()}


def make_names(kernels: Path) -> dict[str, Any]:
    names: dict[str, Any] = {key: np.arange(16.0) + at for at, key in enumerate("abcdeg")}
    names.update(byref=byref, number=c_double(1), pointer=POINTER(c_double)(c_double(1)))
    for number in range(len(WAYS)):
        names.update(make_functions(number, kernels))
    return names


def say_verdict(seconds: dict[str, list[float]]) -> str:
    def times(task: str, way: str, reference: str) -> float:
        return ratio_of(seconds[f"{way}: {task}"], seconds[f"{reference}: {task}"])

    by_plan, by_check, by_pydll = (times("3 arrays", WAYS[2], WAYS[number]) for number in (0, 1, 3))
    others = ", ".join(f"{task} {times(task, 'plan', 'ctypes'):.2f}" for task in OTHERS)
    return (
        f"three arrays: NumPy's check costs {by_plan:.0f} times the plan (wanted >= 50, aim 150), {by_pydll:.0f} times that of a PyDLL"
        f" and {by_check:.1f} times ours in plain ctypes (wanted >= 5)\nof ctypes: {others} (wanted <= 1.05)"
    )


def time_imports(rounds: int) -> list[str]:
    """Milliseconds beyond `import numpy`, each in a process of its own."""
    found: dict[str, list[float]] = {name: [] for name in MODULES}
    for _ in range(rounds):
        for name, module in MODULES.items():
            found[name].append(run_child(f"{PROLOGUE}import {module}\nprint(time.perf_counter() - start)\n", Path("unused")))
    return [f"{name:<40}{1e3 * min(values):>9.1f}{1e3 * statistics.median(values):>9.1f}" for name, values in found.items()]


def describe(rows: Sequence[Row], seconds: dict[str, list[float]]) -> list[str]:
    lines = [f"{'ns per call of a ctypes function':<40}{'min':>9}{'median':>9}{'of plan':>9}"]
    for row in rows:
        values = seconds[row.name]
        compared = f"{ratio_of(values, seconds[row.twin]):>9.1f}" if row.twin else ""
        lines.append(f"{row.name:<40}{1e9 * min(values):>9.1f}{1e9 * statistics.median(values):>9.1f}{compared}")
    return lines


def measure(kernels: Path, rounds: int) -> str:
    """The table, its verdict and the imports, as text."""
    rows, names = make_rows(), make_names(kernels)
    check_rows([row for row in rows if "array" in row.name], names, list("abcdeg"))
    seconds, count, quiet = time_rows(rows, names, rounds)
    note = f"{count} rounds" + ("" if quiet else "; the machine was NOT quiet: look at the minima")
    imports = [f"{'ms beyond `import numpy`':<40}{'min':>9}{'median':>9}", *time_imports(max(3, rounds // 4))]
    return "\n".join([*describe(rows, seconds), say_verdict(seconds), note, "", *imports])


if __name__ == "__main__":
    print(measure(build_hand()[1], int(sys.argv[1]) if len(sys.argv) > 1 else 21))
