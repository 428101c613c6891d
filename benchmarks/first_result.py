"""From C text to the first result, and the cost of `import ndcall`: each measurement is a process of its own, started in turn.

The clock of a child starts when NumPy has been imported; what runs before the child (the compiler of the reference) is added.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

SOURCE = """\
/// ndcall: a[n], b[n] -> c[n]
void dadd(const double *a, const double *b, double *c, long n) { for (long i = 0; i < n; i++) c[i] = a[i] + b[i]; }
"""
PROLOGUE = "import numpy as np, sys, time\nstart = time.perf_counter()\n"
ARRAYS = "a = np.arange(16.0); b = a * 2; c = np.empty(16)\n"
EPILOGUE = "elapsed = time.perf_counter() - start\nassert (c == a + b).all()\nprint(elapsed)\n"
BY_NDCALL = PROLOGUE + "import ndcall\n" + ARRAYS + "lib = ndcall.load(sys.argv[1]); lib.dadd(a, b, c)\n" + EPILOGUE
BY_CTYPES = (
    PROLOGUE
    + "import ctypes\n"
    + ARRAYS
    + "f = ctypes.CDLL(sys.argv[1]).dadd; f.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_long]; f.restype = None\n"
    + "f(a.ctypes.data, b.ctypes.data, c.ctypes.data, 16)\n"
    + EPILOGUE
)
IMPORT = PROLOGUE + "import ndcall\nprint(time.perf_counter() - start)\n"


def run_child(code: str, argument: str, cache: Path) -> float:
    """Seconds by the child's own clock."""
    environment = {**os.environ, "NDCALL_CACHE_DIR": str(cache)}
    done = subprocess.run([sys.executable, "-c", code, argument], capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout.split()[-1])


def compile_bare(compiler: str, source: Path, target: Path) -> float:
    start = time.perf_counter()
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", str(source), "-o", str(target)], check=True)
    return time.perf_counter() - start


def measure(compiler: str, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of every round, by row; `folder` is emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    source, library, cache = folder / "dadd.c", folder / "reference.so", folder / "cache"
    source.write_text(SOURCE)

    def bare_cold() -> float:
        return compile_bare(compiler, source, library) + run_child(BY_CTYPES, str(library), cache)

    def ndcall_cold() -> float:
        shutil.rmtree(cache, ignore_errors=True)
        return run_child(BY_NDCALL, str(source), cache)

    rows: dict[str, Callable[[], float]] = {
        "bare gcc + dlopen, cold": bare_cold,
        "bare dlopen, warm": lambda: run_child(BY_CTYPES, str(library), cache),
        "ndcall, cold": ndcall_cold,
        "ndcall, warm": lambda: run_child(BY_NDCALL, str(source), cache),
        "import ndcall": lambda: run_child(IMPORT, "", cache),
    }
    seconds: dict[str, list[float]] = {row: [] for row in rows}
    for number in range(rounds + 1):
        for row, run in rows.items():
            elapsed = run()
            if number:  # the first round only warms the file system's cache and writes .pyc files
                seconds[row].append(elapsed)
    return seconds


def summarise(seconds: dict[str, list[float]]) -> list[str]:
    """Lines of a table, in milliseconds."""

    def ratio(row: str, reference: str) -> float:
        return statistics.median(x / y for x, y in zip(seconds[row], seconds[reference], strict=True))

    against = {"ndcall, cold": "bare gcc + dlopen, cold"}
    wanted = {"ndcall, cold": "   (wanted <= 1.6, aim 1.25)", "import ndcall": "   (wanted <= 15 ms, aim 8)"}
    lines = []
    for row, values in seconds.items():
        text = f"{row:<40}{1e3 * min(values):>9.1f}{1e3 * statistics.median(values):>9.1f}"
        compared = f"{ratio(row, against[row]):>9.2f}  of {against[row]}" if row in against else ""
        lines.append(text + compared + wanted.get(row, ""))
    beyond = statistics.median(x - y for x, y in zip(seconds["ndcall, warm"], seconds["import ndcall"], strict=True))
    return [*lines, f"from C text to the first result, warm, beyond the import: {1e3 * beyond:.1f} ms (wanted <= 3, aim 1)"]
