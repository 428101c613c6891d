#!/usr/bin/env python3
"""`make demo`: load filter.c, filter a photograph, make a mistake, look at the time. Writes demo.png into the working directory.

.venv/bin/python examples/demo.py [PNG]
"""

from __future__ import annotations

import ctypes
import inspect
import statistics
import subprocess
import sys
import tempfile
import timeit
from collections.abc import Callable
from pathlib import Path

import matplotlib
import matplotlib.cbook
import matplotlib.image
import matplotlib.pyplot as plt
import ndcall
import numpy as np
from numpy.ctypeslib import ndpointer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
Image = np.ndarray

# What happens in a call, and where it is written. A test proves that these files exist.
STEPS = {
    "read C": "src/readers/clang/main.cpp",
    "build, cache": "python/ndcall/_build.py",
    "contract": "src/contract/parse_contract.cpp",
    "bind": "src/plan/bind.cpp",
    "convert": "src/python/convert_array.cpp",
    "check": "src/call/examine.cpp",
    "call": "src/abi/sysv_x86_64.S",
    "results": "src/python/results.cpp",
    "refuse": "src/call/explain.cpp",
}


def heading(text: str) -> None:
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}")


def place_of(thing: Callable[..., object]) -> str:
    """file:line of a Python function, from the repository's root when it lies there."""
    path = Path(inspect.getsourcefile(thing) or "")
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    return f"{shown}:{inspect.getsourcelines(thing)[1]}"


def read_photograph() -> Image:
    """The photograph of Grace Hopper among Matplotlib's sample data, as float64 grey between 0 and 1."""
    with matplotlib.cbook.get_sample_data("grace_hopper.jpg") as file:
        colours = matplotlib.image.imread(file, format="jpg")
    return colours @ np.array([0.299, 0.587, 0.114]) / 255


def filter_by_numpy(a: Image) -> Image:
    b = np.zeros(a.shape)
    sides = a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:]
    corners = a[:-2, :-2] + a[:-2, 2:] + a[2:, :-2] + a[2:, 2:]
    b[1:-1, 1:-1] = a[1:-1, 1:-1] + 0.5 * sides + 0.25 * corners
    return b


def make_ctypes_filter(folder: str) -> Callable[[Image], Image]:
    """The same C function by hand, with the checks that `ndpointer` offers: neither shapes nor overlap are among them."""
    library = Path(folder) / "filter.so"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", str(HERE / "filter.c"), "-o", str(library)], check=True)
    function = ctypes.CDLL(str(library)).dfilter2d
    function.restype = None
    integers = ndpointer(np.intp, 1, (2,), "C_CONTIGUOUS")
    function.argtypes = [ndpointer(np.float64, 2), ndpointer(np.float64, 2, flags="C_CONTIGUOUS,WRITEABLE"), integers, integers]

    def filter_by_ctypes(a: Image) -> Image:
        b = np.zeros(a.shape)
        function(a, b, np.array(a.strides, np.intp), np.array(a.shape, np.intp))
        return b

    return filter_by_ctypes


def compare_times(calls: dict[str, Callable[[], object]], number: int, rounds: int = 15) -> dict[str, float]:
    """Median seconds per call; the contestants take turns, so that a busy machine disturbs all of them."""
    timers = {name: timeit.Timer(call) for name, call in calls.items()}
    seconds = {name: [timer.timeit(number) / number for _ in [0]] for name, timer in timers.items()}  # and warms up
    for _ in range(rounds):
        for name, timer in timers.items():
            seconds[name].append(timer.timeit(number) / number)
    return {name: statistics.median(values[1:]) for name, values in seconds.items()}


def print_times(title: str, seconds: dict[str, float]) -> None:
    heading(title)
    reference = seconds["ndcall"]
    for name, value in seconds.items():
        scale, unit = (1e3, "ms") if reference > 1e-4 else (1e6, "us")
        print(f"  {name:<20}{scale * value:>9.3f} {unit}{value / reference:>9.1f} x")


def show_mistake(title: str, call: Callable[[], object], shown: str) -> None:
    heading(title)
    print(f"  >>> {shown}")
    try:
        call()
    except ndcall.ContractError as error:
        print("\n".join(f"  {line}" for line in f"{type(error).__name__}: {error}".splitlines()))


def draw(photograph: Image, filtered: Image, path: Path) -> None:
    """Before, after, and both magnified where the eye looks first."""
    matplotlib.use("Agg")
    figure, axes = plt.subplots(1, 4, figsize=(13, 4.4), constrained_layout=True)
    rows, columns = slice(12, 132), slice(216, 318)
    panels = {
        "photograph": photograph,
        "dfilter2d(photograph) / 4": filtered / 4,
        "photograph, a detail": photograph[rows, columns],
        "filtered, the same detail": filtered[rows, columns] / 4,
    }
    for axis, (title, image) in zip(axes, panels.items(), strict=True):
        axis.imshow(image, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        axis.set_title(title, fontsize=10)
        axis.axis("off")
    for axis in axes[:2]:
        axis.add_patch(plt.Rectangle((columns.start, rows.start), 102, 120, fill=False, edgecolor="orange"))
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main() -> int:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "demo.png")

    heading("Load filter.c: read by Clang's front end, compiled once, cached")
    lib = ndcall.load("filter.c")
    print(f"  {lib.dfilter2d!r}\n  contract  {lib.dfilter2d.contract}\n  source    {lib.dfilter2d.source}")

    heading("Filter a photograph")
    photograph = read_photograph()
    filtered = lib.dfilter2d(photograph)
    upright = np.ascontiguousarray(photograph.T)
    assert np.allclose(filtered, filter_by_numpy(photograph))
    assert np.array_equal(lib.dfilter2d(upright.T), filtered)  # a transposed view: other steps, no copy, the same result
    print(f"  {photograph.shape} {photograph.dtype} in, {filtered.shape} {filtered.dtype} out; equal to NumPy, also on a transposed view")

    show_mistake("A mistake", lambda: lib.dfilter2d(photograph, out=photograph), "lib.dfilter2d(photograph, out=photograph)")
    show_mistake("Another", lambda: lib.dfilter2d(photograph[0]), "lib.dfilter2d(photograph[0])")

    with tempfile.TemporaryDirectory() as folder:
        by_ctypes = make_ctypes_filter(folder)
    for title, image, number in (
        (f"Time on the photograph, {photograph.shape[0]} x {photograph.shape[1]}", photograph, 1),
        ("Time of a call alone: 4 x 4 pixels", photograph[:4, :4], 2000),
    ):
        calls = {
            "ndcall": lambda image=image: lib.dfilter2d(image),
            "ctypes + ndpointer": lambda image=image: by_ctypes(image),
            "plain NumPy": lambda image=image: filter_by_numpy(image),
        }
        print_times(title, compare_times(calls, number))

    draw(photograph, filtered, target)
    heading("Where each step's code stands")
    print(f"  {'load':<14}{place_of(ndcall.load)}")
    for step, path in STEPS.items():
        print(f"  {step:<14}{path}")
    print(f"\n  {target.resolve()}: before and after")
    return 0


if __name__ == "__main__":
    sys.exit(main())
