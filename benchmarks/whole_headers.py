"""Whole headers, cold and warm: each load is a process of its own, timed by its own clock once ndcall is imported.

Beside them the time that the system takes to open the library, which no way of calling it saves. A process also tells its memory: what each
function of the large header takes as long as nobody uses it.
"""

from __future__ import annotations

import random
import shutil
import statistics
import subprocess
from collections.abc import Callable
from pathlib import Path

from first_result import run_child

COUNT = 5000
SCALARS = ("int ", "double ", "size_t ", "long ", "float ", "unsigned ")
POINTERS = ("const double *", "double *", "const float *", "int *", "const void *", "struct thing *")

PROLOGUE = "import numpy, ndcall, sys, time, ctypes\nargument = sys.argv[1]\nstart = time.perf_counter()\n"
EPILOGUE = "\nprint(time.perf_counter() - start)\n"
OPEN = PROLOGUE + "ctypes.CDLL(argument)" + EPILOGUE
LOAD_CBLAS = PROLOGUE + "ndcall.load('cblas.h', library='openblas')" + EPILOGUE
LOAD_LARGE = PROLOGUE + "ndcall.load(argument + '/large.h', library=argument + '/liblarge.so')" + EPILOGUE
MEASURE_LARGE = f"""\
import numpy, ndcall, sys, gc
def resident():
    gc.collect()
    with open("/proc/self/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Anonymous:")) * 1024
ndcall.load(sys.argv[1] + "/one.h", library=sys.argv[1] + "/liblarge.so")
before = resident()
lib = ndcall.load(sys.argv[1] + "/large.h", library=sys.argv[1] + "/liblarge.so")
print((resident() - before) / {COUNT})
"""


def write_large(folder: Path, compiler: str) -> None:
    """`large.h`, which declares COUNT functions of five parameters, `one.h` with one, and the library of all."""
    choose = random.Random(1).choice
    header, source = ["#include <stddef.h>", "struct thing;"], ['#include "large.h"']
    for number in range(COUNT):
        parameters = ", ".join(choose(POINTERS if place % 2 else SCALARS) + f"p{place}" for place in range(5))
        declaration = f"{choose(('int', 'double'))} large_function_{number}({parameters})"
        header.append(f"/* What number {number} does. */\n{declaration};")
        source.append(declaration + " { return 0; }")
    (folder / "large.h").write_text("\n".join(header) + "\n")
    (folder / "large.c").write_text("\n".join(source) + "\n")
    (folder / "one.h").write_text("int large_function_0(int p0);\n")
    subprocess.run([compiler, "-O0", "-w", "-shared", "-fPIC", folder / "large.c", "-o", folder / "liblarge.so"], check=True)


def find_openblas() -> str:
    import ctypes.util

    return ctypes.util.find_library("openblas") or ""


def measure(compiler: str, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of every round, by row, and bytes in the last; `folder` is emptied. Without OpenBLAS its rows are left out."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    write_large(folder, compiler)
    cache = folder / "cache"

    def run_cold(code: str) -> float:
        shutil.rmtree(cache, ignore_errors=True)
        return run_child(code, cache, folder)

    rows: dict[str, Callable[[], float]] = {
        f"{COUNT:,} functions: dlopen alone": lambda: run_child(OPEN, cache, folder / "liblarge.so"),
        f"{COUNT:,} functions, cold": lambda: run_cold(LOAD_LARGE),
        f"{COUNT:,} functions, warm": lambda: run_child(LOAD_LARGE, cache, folder),
        "bytes per function that nobody uses": lambda: run_child(MEASURE_LARGE, cache, folder),
    }
    if openblas := find_openblas():
        rows = {
            "cblas.h: dlopen of openblas alone": lambda: run_child(OPEN, cache, openblas),
            "cblas.h and openblas, cold": lambda: run_cold(LOAD_CBLAS),
            "cblas.h and openblas, warm": lambda: run_child(LOAD_CBLAS, cache, ""),
        } | rows
    found: dict[str, list[float]] = {row: [] for row in rows}
    for number in range(rounds + 1):
        for row, run in rows.items():
            value = run()
            if number:  # the first round only warms the file system's cache
                found[row].append(value)
    return found


def summarise(found: dict[str, list[float]]) -> list[str]:
    """Lines of a table: milliseconds, and bytes where the row says so."""
    lines = []
    for row, values in found.items():
        factor = 1 if row.startswith("bytes") else 1e3
        lines.append(f"{row:<40}{factor * min(values):>9.1f}{factor * statistics.median(values):>9.1f}")
    return lines
