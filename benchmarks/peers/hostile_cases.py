"""The arguments of the hostile table: `c = a + b` of 16 float64, with one thing wrong.

Everything lies in one canvas of sentinels, so that a write beside an array is seen and a read beside one shows in the result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

N = 16
START = {"a": 512, "b": 1024, "c": 2048}  # where the arrays begin, in float64


class Call:
    """The arguments of one call. `refuse_only`: there is no right result."""

    def __init__(self, sentinel: float) -> None:
        self.canvas = np.full(4096, sentinel)
        self.n: int | None = None
        self.refuse_only = False
        self.a: Any = self.place(START["a"])
        self.b: Any = self.place(START["b"])
        self.c: Any = self.place(START["c"])
        self.a[:], self.b[:], self.c[:] = np.arange(N), 100 + np.arange(N), -1

    def place(self, start: int, n: int = N, step: int = 1, dtype: str = "f8", offset: int = 0) -> np.ndarray[Any, Any]:
        """An array in the canvas: `offset` bytes behind the float64 number `start`, its items `step` items apart."""
        view = np.dtype(dtype)
        return np.ndarray((n,), view, self.canvas, 8 * start + offset, (step * view.itemsize,))

    def move(self, name: str, **where: Any) -> None:
        """Put an argument elsewhere in the canvas, with the same values as far as there is room."""
        array = self.place(START[name] + 256, **where)
        array[:N] = getattr(self, name)[: len(array)]
        array[N:] = -1
        setattr(self, name, array)


def overlap(call: Call) -> None:
    whole = call.place(START["a"], N + 1)
    whole[:] = np.arange(N + 1)
    call.a, call.c = whole[:-1], whole[1:]


def protect(call: Call, name: str) -> None:
    getattr(call, name).flags.writeable = False


def set_to(**values: Callable[[Call], Any]) -> Callable[[Call], None]:
    """A case that replaces arguments."""

    def change(call: Call) -> None:
        for name, make in values.items():
            setattr(call, name, make(call))

    return change


def refused(change: Callable[[Call], None]) -> Callable[[Call], None]:
    """A case for which there is no right result."""

    def changed(call: Call) -> None:
        change(call)
        call.refuse_only = True

    return changed


def moved(name: str, **where: Any) -> Callable[[Call], None]:
    return lambda call: call.move(name, **where)


CASES: dict[str, Callable[[Call], None]] = {
    "nothing wrong": lambda call: None,
    "c float32": moved("c", dtype="f4"),
    "c int64": moved("c", dtype="i8"),
    "c big-endian": moved("c", dtype=">f8"),
    "c read-only": lambda call: protect(call, "c"),
    "c every second item": moved("c", step=2),
    "c backwards": set_to(c=lambda call: call.c[::-1]),
    "c one item 16 times": refused(set_to(c=lambda call: call.place(START["c"], step=0))),
    "c misaligned": moved("c", offset=1),
    "c (4, 4)": set_to(c=lambda call: call.c.reshape(4, 4)),
    "c short (8 of 16)": refused(moved("c", n=8)),
    "c long (32 for 16)": refused(moved("c", n=2 * N)),
    "c a list": refused(set_to(c=lambda call: call.c.tolist())),
    "c None": set_to(c=lambda call: None),
    "c is a": set_to(c=lambda call: call.a),
    "c is a, moved by one item": overlap,
    "a float32": moved("a", dtype="f4"),
    "a int64": moved("a", dtype="i8"),
    "a int64, 2**53 + 1": refused(set_to(a=lambda call: np.full(N, 2**53 + 1, np.int64))),
    "a complex128": refused(set_to(a=lambda call: call.a + 5j)),
    "a datetime64": refused(set_to(a=lambda call: call.a.astype("i8").view("M8[s]"))),
    "a object": set_to(a=lambda call: call.a.astype(object)),
    "a text": refused(set_to(a=lambda call: call.a.astype("U8"))),
    "a big-endian": moved("a", dtype=">f8"),
    "a read-only": lambda call: protect(call, "a"),
    "a every second item": moved("a", step=2),
    "a backwards": set_to(a=lambda call: call.a[::-1]),
    "a misaligned": moved("a", offset=1),
    "a masked": refused(set_to(a=lambda call: np.ma.masked_less(call.a, 8))),
    "a (4, 4)": refused(set_to(a=lambda call: call.a.reshape(4, 4))),
    "a short (8 of 16)": refused(moved("a", n=8)),
    "b short (8 of 16)": refused(moved("b", n=8)),
    "a a list": set_to(a=lambda call: call.a.tolist()),
    "a a number": refused(set_to(a=lambda call: 1.0)),
    "a None": refused(set_to(a=lambda call: None)),
    "all empty": set_to(a=lambda call: call.a[:0], b=lambda call: call.b[:0], c=lambda call: call.c[:0]),
    "n = 17": refused(set_to(n=lambda call: N + 1)),
    "n = 10 million": refused(set_to(n=lambda call: 10**7)),
}
