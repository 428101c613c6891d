"""From C text to the first result, and the cost of `import ndcall`: each measurement is a process of its own, started in turn.

The clock of a child starts when NumPy has been imported. The compiler of the reference runs in such a child too: for 30 ms after that
import the threads of NumPy's BLAS wait for work without sleeping, and on two cores that costs every compiler a third of its speed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
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
BARE_GCC = (
    PROLOGUE
    + "import os\n"
    + "command = [sys.argv[2], '-O2', '-shared', '-fPIC', sys.argv[3], '-o', sys.argv[1]]\n"
    + "assert os.waitpid(os.posix_spawnp(command[0], command, os.environ), 0)[1] == 0\n"
)
OPEN_BARE = (
    "import ctypes\n"
    + ARRAYS
    + "f = ctypes.CDLL(sys.argv[1]).dadd; f.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_long]; f.restype = None\n"
    + "f(a.ctypes.data, b.ctypes.data, c.ctypes.data, 16)\n"
    + EPILOGUE
)
BARE_COLD = BARE_GCC + OPEN_BARE
BARE_WARM = PROLOGUE + OPEN_BARE
IMPORT = PROLOGUE + "import ndcall\nprint(time.perf_counter() - start)\n"


def run_child(code: str, cache: Path, *arguments: object) -> float:
    """Seconds by the child's own clock."""
    environment = {**os.environ, "NDCALL_CACHE_DIR": str(cache)}
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout.split()[-1])


def measure(compiler: str, folder: Path, rounds: int) -> dict[str, list[float]]:
    """Seconds of every round, by row; `folder` is emptied."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    source, library, cache = folder / "dadd.c", folder / "reference.so", folder / "cache"
    source.write_text(SOURCE)

    def ndcall_cold() -> float:
        shutil.rmtree(cache, ignore_errors=True)
        return run_child(BY_NDCALL, cache, source)

    rows: dict[str, Callable[[], float]] = {
        "bare gcc + dlopen, cold": lambda: run_child(BARE_COLD, cache, library, compiler, source),
        "bare dlopen, warm": lambda: run_child(BARE_WARM, cache, library),
        "ndcall, cold": ndcall_cold,
        "ndcall, warm": lambda: run_child(BY_NDCALL, cache, source),
        "import ndcall": lambda: run_child(IMPORT, cache),
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
