"""The functions in C, their contracts as data, and what each is to do as a statement of NumPy.

A contract's text is printed from the data (`Function.line`); the model (`judge`) reads the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .c_source import ITEMS

PAIR = np.dtype([("a", "f8"), ("b", "i4")], align=True)


@dataclass(frozen=True)
class Axis:
    extent: str
    step: str | None = None  # None: contiguous; "": any; "incx": in elements; "sa bytes"


@dataclass(frozen=True)
class Array:
    name: str
    dtype: str  # of NumPy; "any"; "like(NAME)"; "pair"
    axes: tuple[Axis, ...] | str  # "*s": any shape, of that name
    side: str = "in"  # in, inout, copy, out, both
    fortran: bool = False
    lowest: bool = False
    rows: bool = False
    unset: bool = False
    from_one: bool = False
    optional: bool = False

    @property
    def is_input(self) -> bool:
        return self.side != "out"

    @property
    def is_result(self) -> bool:
        return self.side in ("out", "both")

    @property
    def is_written(self) -> bool:
        return self.side != "in"

    @property
    def has_steps(self) -> bool:
        return not isinstance(self.axes, str) and any(axis.step is not None for axis in self.axes)

    def text(self, with_type: bool = True) -> str:
        words = [w for w in ("inout", "copy") if w == self.side] + [w for w in ("rows", "fortran", "lowest", "unset") if getattr(self, w)]
        typed = f": {self.dtype}" if with_type and (self.dtype in ("any", "float16") or self.dtype.startswith("like")) else ""
        axes = self.axes if isinstance(self.axes, str) else ",".join(a.extent + ("" if a.step is None else f":{a.step}") for a in self.axes)
        return f"{' '.join([*words, self.name])}{typed}[{axes}]{'?' if self.optional else ''}{' from 1' if self.from_one else ''}"


@dataclass(frozen=True)
class Number:
    name: str
    dtype: str
    side: str = "in"  # in; return: what C returns
    default: str = ""

    def text(self) -> str:
        return self.name + (f" = {self.default}" if self.default else "")


Values = dict[str, Any]


@dataclass(frozen=True)
class Check:
    text: str
    holds: Callable[[Values, dict[str, int]], bool]


@dataclass(frozen=True)
class Function:
    """`compute(values, symbols)` changes the arrays of `values` as C does, and returns what C returns."""

    name: str
    c_name: str
    items: tuple[Array | Number, ...]
    compute: Callable[[Values, dict[str, int]], Any]
    symbols: tuple[tuple[str, str], ...] = (("n", "int64"),)  # with the dtype that C has for it
    clauses: str = ""
    checks: tuple[Check, ...] = ()
    alias: frozenset[str] = frozenset()
    told_shape: str = ""  # C gets the extents of this array as a vector of int8

    @property
    def arrays(self) -> list[Array]:
        return [item for item in self.items if isinstance(item, Array)]

    @property
    def inputs(self) -> list[Array | Number]:
        return [item for item in self.items if (item.is_input if isinstance(item, Array) else item.side == "in")]

    @property
    def results(self) -> list[Array | Number]:
        """As the contract names them behind `->`; what C returns comes last."""
        return [item for item in self.items if (item.is_result if isinstance(item, Array) else item.side == "return")]

    @property
    def weight(self) -> int:
        """How often it is drawn: what is the same for sixteen dtypes less often than what is there once."""
        dtype = self.c_name.rpartition("_")[2]
        if dtype not in ITEMS:
            return 5
        is_rare = dtype == "float16" or self.alias or any(item.rows or item.lowest or item.has_steps for item in self.arrays)
        return 3 if is_rare else 1

    @property
    def line(self) -> str:
        left = ", ".join(item.text() for item in self.inputs)
        right = ", ".join(
            "return" if isinstance(item, Number) else item.name if item.side == "both" else item.text() for item in self.results
        )
        clauses = [self.clauses] if self.clauses else []
        clauses += [f"check {check.text}" for check in self.checks]
        clauses += [f"alias {', '.join(sorted(self.alias))}"] if self.alias else []
        sides = f"{left} -> {right}" if right else left
        return f"{self.name} = {self.c_name}: " + "; ".join([sides, *clauses])


# Of these dtypes there is every function; of the others the first two.
WHOLE = ("float64", "float32", "int32", "uint8", "int64", "complex128", "longdouble")


def vector(name: str, dtype: str, side: str = "in", extent: str = "n", step: str | None = None, **options: Any) -> Array:
    return Array(name, dtype, (Axis(extent, step),), side, **options)


def table(name: str, dtype: str, side: str = "in", steps: tuple[str | None, str | None] = (None, None), **options: Any) -> Array:
    return Array(name, dtype, (Axis("m", steps[0]), Axis("n", steps[1])), side, **options)


def copies(v: Values, s: dict[str, int]) -> None:
    v["y"][...] = v["x"]


def copies_table(v: Values, s: dict[str, int]) -> None:
    v["b"][...] = v["a"]


def reverses(v: Values, s: dict[str, int]) -> None:
    v["x"][...] = v["x"][::-1].copy()


MN = (("m", "int64"), ("n", "int64"))


def simple(d: str) -> Iterator[Function]:
    """What every dtype has."""
    for side in ("out", "inout"):
        yield Function(f"copy_{side}_{d}", f"copy_{d}", (vector("x", d), vector("y", d, side)), copies)
    yield Function(f"copy_unset_{d}", f"copy_{d}", (vector("x", d), vector("y", d, "out", unset=True)), copies)
    yield Function(f"copy_shape_{d}", f"copy_{d}", (Array("x", d, "*s"), Array("y", d, "*s", "out")), copies, clauses="n = size(x)")
    yield Function(f"reverse_{d}", f"reverse_{d}", (vector("x", d, "inout"),), reverses)
    yield Function(f"reverse_both_{d}", f"reverse_{d}", (vector("x", d, "both"),), reverses)


def whole(d: str) -> Iterator[Function]:
    def transposes(v: Values, s: dict[str, int]) -> None:
        v["b"][...] = v["a"].T

    swapped = (Axis("n"), Axis("m"))
    yield Function(f"transpose_{d}", f"transpose_{d}", (table("a", d), Array("b", d, swapped, "out")), transposes, MN)
    fortran = (Array("a", d, swapped, fortran=True), Array("b", d, (Axis("m"), Axis("n")), "out", fortran=True))
    yield Function(f"transpose_fortran_{d}", f"transpose_{d}", fortran, transposes, MN)
    mixed = (Array("a", d, (Axis("m"), Axis("n"))), table("b", d, "inout", fortran=True))
    yield Function(f"reorder_{d}", f"transpose_{d}", mixed, copies_table, MN)
    steps = (("n", "int64"), ("incx", "int64"), ("incy", "int64"))
    for side in ("inout", "out"):
        items = (vector("x", d, step="incx"), vector("y", d, side, step="incy"))
        yield Function(f"strided_{side}_{d}", f"strided_{d}", items, copies, steps)
    same = (vector("x", d, step="incx"), vector("y", d, "inout", step="incx"))
    yield Function(f"strided_same_{d}", f"strided_{d}", same, copies, steps[:2], clauses="incy = incx")
    narrow = (("n", "int32"), ("incx", "int32"), ("incy", "int32"))
    lowest = (vector("x", d, step="incx", lowest=True), vector("y", d, "inout", step="incy", lowest=True))
    yield Function(f"strided_blas_{d}", f"strided_blas_{d}", lowest, copies, narrow)
    leading = (("m", "int64"), ("n", "int64"), ("lda", "int64"), ("ldb", "int64"))
    for side in ("inout", "out"):
        items = (table("a", d, steps=("lda", None)), table("b", d, side, steps=("ldb", None)))
        yield Function(f"blocks_{side}_{d}", f"blocks_{d}", items, copies_table, leading)
    columns = [Array(name, d, (Axis("n"), Axis("m", step)), side, fortran=True)
               for name, step, side in (("a", "lda", "in"), ("b", "ldb", "inout"))]  # fmt: skip
    yield Function(f"blocks_fortran_{d}", f"blocks_{d}", tuple(columns), copies_table, leading)
    in_bytes = (("m", "int64"), ("n", "int64"), ("sa", "int64"), ("sb", "int64"))
    items = (table("a", d, steps=("sa bytes", None)), table("b", d, "inout", steps=("sb bytes", None)))
    yield Function(f"bytes_{d}", f"bytes_{d}", items, copies_table, in_bytes)
    items = (table("a", d, steps=("", "")), table("b", d, "inout", steps=("", "")))
    yield Function(f"free_{d}", f"free_{d}", items, copies_table, MN, clauses="sa = byte_strides(a); sb = byte_strides(b)")
    rows = (table("a", d, rows=True), table("b", d, "out", rows=True))
    yield Function(f"rows_{d}", f"rows_{d}", rows, copies_table, (("m", "int32"), ("n", "int32")))
    yield from optional_and_computed(d)


def optional_and_computed(d: str) -> Iterator[Function]:
    def chooses(v: Values, s: dict[str, int]) -> None:
        v["y"][...] = v["x"] if v["w"] is None else v["w"]

    def fills_both(v: Values, s: dict[str, int]) -> None:
        v["y"][...] = v["x"]
        if v["z"] is not None:
            v["z"][...] = v["x"][::-1]

    def joins(v: Values, s: dict[str, int]) -> None:
        v["z"][...] = np.concatenate([v["x"], v["y"]])

    def copies_middle(v: Values, s: dict[str, int]) -> None:
        v["y"][1:-1] = v["x"][1:-1]

    def copies_short(v: Values, s: dict[str, int]) -> None:
        v["y"][...] = v["x"][: len(v["y"])]

    yield Function(f"choose_{d}", f"choose_{d}", (vector("x", d), vector("w", d, optional=True), vector("y", d, "out")), chooses)
    items = (vector("x", d), vector("y", d, "out"), vector("z", d, "out", optional=True))
    yield Function(f"both_{d}", f"both_{d}", items, fills_both)
    items = (vector("x", d, extent="m"), vector("y", d), vector("z", d, "out", extent="m+n"))
    yield Function(f"join_{d}", f"join_{d}", items, joins, MN)
    yield Function(f"middle_{d}", f"middle_{d}", (vector("x", d), vector("y", d, "out")), copies_middle)
    yield Function(f"drain_{d}", f"drain_{d}", (vector("x", d, "copy"), vector("y", d, "out")), copies)
    for word, extent in (("longer", "n+1"), ("double", "2*n")):
        yield Function(f"{word}_{d}", f"copy_{d}", (vector("x", d, extent=extent), vector("y", d, "out")), copies_short)
    shorter = (vector("x", d, extent="k"), vector("y", d, "out", extent="k-1"))
    yield Function(f"shorter_{d}", f"copy_{d}", shorter, copies_short, (("k", "int64"),), clauses="n = k - 1")
    fixed = (vector("x", d, extent="3"), vector("y", d, "out", extent="2"))
    yield Function(f"fixed_{d}", f"copy_{d}", fixed, copies_short, (), clauses="n = 2")
    alias = frozenset({"x", "y"})
    yield Function(f"alias_{d}", f"copy_{d}", (vector("x", d), vector("y", d, "out")), copies, alias=alias)


def single() -> Iterator[Function]:
    yield Function("reverse_pair", "reverse_pair", (vector("x", "pair", "inout"),), reverses)
    xy = (vector("x", "float64"), vector("y", "float64", "out"))
    yield Function("narrow", "narrow", xy, copies, (("n", "int8"),))
    steps = (("n", "int8"), ("incx", "int8"))
    yield Function("narrow_step", "narrow_step", (vector("x", "float64", step="incx"), xy[1]), copies, steps)
    axes = (Axis("p"), Axis("q"))
    shaped = (Array("x", "float64", axes), Array("y", "float64", axes, "out"))
    yield Function("narrow_shape", "narrow_shape", shaped, copies, (("p", "int64"), ("q", "int64")), "dims = shape(x)", told_shape="x")
    chosen = (vector("x", "float64"), Number("k", "int32"), Number("return", "float64", "return"))
    within = Check("0 <= k < n", lambda v, s: 0 <= v["k"] < s["n"])
    yield Function("choose_one", "choose_one", chosen, lambda v, s: float(v["x"][v["k"]]), checks=(within,))
    several = Check("n > 1", lambda v, s: s["n"] > 1)
    rising = Check("increasing(x)", lambda v, s: all(not np.isnan(x) for x in v["x"]) and bool(np.all(v["x"][1:] > v["x"][:-1])))
    positive = Check("x >= 0", lambda v, s: bool(np.all(v["x"] >= 0)))
    finite = Check("finite(x)", lambda v, s: bool(np.all(np.isfinite(v["x"]))))
    lasts = (vector("x", "float64"), Number("return", "float64", "return"))
    for name, check in (("rising", rising), ("positive", positive), ("finite", finite)):
        yield Function(f"last_{name}", "last", lasts, lambda v, s: float(v["x"][-1]), checks=(several, check))
    numbers = (vector("x", "float64"), Number("a", "float64"), Number("b", "float32"), Number("k", "int32"), Number("j", "longlong"),
               vector("y", "float64", "out"))  # fmt: skip
    yield Function("numbers", "numbers", numbers, fills_numbers)
    product = (Array("a", "uint64", (Axis("m"), Axis("k"))), Array("b", "uint64", (Axis("k"), Axis("n"))),
               Array("c", "uint64", (Axis("m"), Axis("n")), "out"))  # fmt: skip
    yield Function("product", "product", product, multiplies, (*MN, ("k", "int64")))
    generic = (vector("x", "any"), vector("y", "like(x)", "out"))
    yield Function("copy_any", "copy_any", generic, copies, (("n", "uint64"),), clauses="size = itemsize(x)")

    def counts(by: int) -> Callable[[Values, dict[str, int]], None]:
        return lambda v, s: v["y"].__setitem__(..., v["x"].astype("i8") + by)

    yield Function("shift_in", "shift", (vector("x", "int32", from_one=True), vector("y", "int32", "out")), counts(0))
    both = (vector("x", "int32", from_one=True), vector("y", "int32", "out", from_one=True))
    yield Function("shift_both", "shift", both, counts(0))
    for dtype in ITEMS:
        if dtype != "float16":
            same = (Number("k", dtype), Number("return", dtype, "return"))
            yield Function(f"same_{dtype}", f"same_{dtype}", same, lambda v, s: v["k"], ())
    default = (Number("k", "int32", default="3"), Number("return", "int32", "return"))
    yield Function("default_int32", "same_int32", default, lambda v, s: v["k"], ())


def fills_numbers(v: Values, s: dict[str, int]) -> None:
    for i in range(len(v["y"])):
        v["y"][i] = (v["x"][i], v["a"], v["b"], v["k"], v["j"])[i % 5]


def multiplies(v: Values, s: dict[str, int]) -> None:
    v["c"][...] = np.matmul(v["a"], v["b"])


def functions() -> list[Function]:
    """All, in an order that does not change from run to run."""
    found = [function for dtype in ITEMS for function in simple(dtype)]
    found += [function for dtype in WHOLE for function in whole(dtype)]
    return found + list(single())
