"""The model of a call: what it is refused for, or what it leaves.

The order is that of docs/semantics.md: names, objects one by one, extents and steps, checks, results, overlap, C.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import memory, rules, take
from .functions import Array, Function, Number
from .rules import RefusalError
from .take import Taken

CLASSES = {
    "count": "ArgumentError", "object": "ArgumentError", "dtype": "DtypeError", "ndim": "ShapeError", "shape": "ShapeError",
    "layout": "LayoutError", "overlap": "OverlapError", "range": "RangeError", "check": "CheckError",
}  # fmt: skip


@dataclass
class Verdict:
    mismatches: list[tuple[str, str]] = field(default_factory=list)  # kind and argument
    results: list[Any] = field(default_factory=list)  # arrays and numbers, as they come back
    written: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)  # memory of the caller's, and what it holds afterwards

    @property
    def exception(self) -> str | None:
        return CLASSES[min((kind for kind, _ in self.mismatches), key=rules.KINDS.index)] if self.mismatches else None


class CallRefusedError(Exception):
    """A phase found mismatches: the call ends here."""


class Call:
    def __init__(self, function: Function, copies: bool):
        self.function = function
        self.copies = copies
        self.verdict = Verdict()
        self.given: dict[str, Any] = {}  # inputs by name; None: absent
        self.outs: dict[str, Any] = {}  # given results by name
        self.taken: dict[str, Taken | None] = {}
        self.results: dict[str, Taken] = {}
        self.numbers: dict[str, Any] = {}
        self.symbols: dict[str, int] = {}

    def blame(self, argument: str, *kinds: str) -> None:
        self.verdict.mismatches += [(kind, argument) for kind in kinds]

    def stop_when_blamed(self) -> None:
        if self.verdict.mismatches:
            raise CallRefusedError

    def run(self, args: tuple[Any, ...], named: dict[str, Any]) -> Verdict:
        try:
            self.sort(args, named)
            self.take()
            self.bind()
            self.check()
            self.allocate()
            self.find_overlaps()
            self.tell_shape()
        except CallRefusedError:
            return self.verdict
        self.compute()
        return self.verdict

    # --- names

    def outs_of(self) -> list[str]:
        return [item.name for item in self.function.results if isinstance(item, Array)]

    def sort(self, args: tuple[Any, ...], named: dict[str, Any]) -> None:
        inputs = [item.name for item in self.function.inputs]
        if len(args) > len(inputs) and len(args) != len(inputs) + len(self.outs_of()):
            self.blame("", "count")
        else:
            self.given.update(zip(inputs, args, strict=False))
            self.outs.update((name, value) for name, value in zip(self.outs_of(), args[len(inputs) :], strict=False) if value is not None)
        for name, value in named.items():
            self.sort_named(inputs, name, value)
        self.stop_when_blamed()
        for item in self.function.inputs:
            if item.name not in self.given and not getattr(item, "optional", False) and not getattr(item, "default", ""):
                self.blame(item.name, "count")
            elif self.given.get(item.name, self) is None and not getattr(item, "optional", False):
                self.blame(item.name, "object")
        self.stop_when_blamed()

    def sort_named(self, inputs: list[str], name: str, value: Any) -> None:
        if name in inputs:
            if name in self.given:
                return self.blame(name, "count")
            self.given[name] = value
        elif name in self.outs_of():
            self.give_out(name, value)
        elif name == "out" and self.outs_of():
            values = value if isinstance(value, tuple) else (value,)
            if len(values) != len(self.outs_of()):
                return self.blame("out", "count")
            for result, one in zip(self.outs_of(), values, strict=True):
                self.give_out(result, one)
        else:
            self.blame(name, "count")
        return None

    def give_out(self, name: str, value: Any) -> None:
        if name in self.outs:
            self.blame(name, "count")
        elif value is not None:
            self.outs[name] = value

    # --- objects

    def take(self) -> None:
        symbols = dict(self.function.symbols)
        for item in self.function.inputs:
            given = self.given.get(item.name)
            try:
                if isinstance(item, Number):
                    self.numbers[item.name] = self.take_number(item, given)
                elif given is None:
                    self.taken[item.name] = None
                elif item.side == "inout":
                    self.taken[item.name] = take.take_memory(item, given, self.target(item), symbols)
                else:
                    self.taken[item.name] = take.take_input(item, given, self.target(item), symbols, self.copies)
            except RefusalError as refusal:
                self.blame(item.name, *refusal.kinds)
        for item in self.function.results:
            if isinstance(item, Array) and item.name in self.outs and not self.is_only_asked(item):
                try:
                    self.results[item.name] = take.take_memory(item, self.outs[item.name], self.target(item), symbols)
                except RefusalError as refusal:
                    self.blame(item.name, *refusal.kinds)
        self.stop_when_blamed()

    def is_only_asked(self, item: Array) -> bool:
        return item.optional and isinstance(self.outs[item.name], bool)

    def is_asked(self, item: Array) -> bool:
        return not item.optional or self.outs.get(item.name, False) is not False

    def take_number(self, item: Number, given: Any) -> Any:
        if given is None and item.default:
            return int(item.default)
        return rules.number(given, np.dtype(item.dtype))

    def target(self, item: Array) -> np.dtype | None:
        like = None
        if item.dtype.startswith("like"):
            of = self.taken.get(item.dtype[5:-1])
            like = of.array.dtype if of else None
        return take.target_of(item, like)

    # --- extents and steps

    def seen(self, item: Array) -> Taken | None:
        """What C is handed: the result, when there is one."""
        return self.results.get(item.name) or self.taken.get(item.name)

    def bind(self) -> None:
        arrays = self.function.arrays
        ordered = [item for item in arrays if item.is_input] + [item for item in arrays if not item.is_input]
        equations = [(item, axis, part) for item in ordered if not isinstance(item.axes, str) and self.seen(item)
                     for axis in range(len(item.axes)) for part in ("extent", "step")]  # fmt: skip
        conflicts: dict[str, set[str]] = {}
        waiting = equations
        while waiting:
            left = [equation for equation in waiting if not self.settle(*equation, conflicts)]
            if len(left) == len(waiting):
                break
            waiting = left
        for name, kinds in conflicts.items():
            self.blame(name, "layout" if "step" in kinds else "shape")
        self.compare_shapes()
        self.stop_when_blamed()

    def settle(self, item: Array, axis: int, part: str, conflicts: dict[str, set[str]]) -> bool:
        seen = self.seen(item)
        assert seen is not None
        rule = item.axes[axis]
        text = rule.extent if part == "extent" else rule.step  # type: ignore[union-attr]
        if not text:
            return True
        measured = seen.array.shape[axis]
        if part == "step":
            measured = memory.step_of(item, seen.array, axis) // (1 if text.endswith(" bytes") else seen.array.itemsize)
            text = text.removesuffix(" bytes")
        known = self.evaluate(text)
        if known is None:
            return self.solve(text, measured, item.name, conflicts)
        if known != measured:
            conflicts.setdefault(item.name, set()).add(part)
        return True

    def evaluate(self, text: str) -> int | None:
        names = re.findall(r"[a-z]\w*", text)
        if not all(name in self.symbols for name in names):
            return None
        return int(eval(text, {"__builtins__": {}}, self.symbols))

    def solve(self, text: str, measured: int, array: str, conflicts: dict[str, set[str]]) -> bool:
        """a*n+b is turned round; anything else waits."""
        form = re.fullmatch(r"(?:(\d)\*)?([a-z]+)([+-]\d)?", text)
        if not form:
            return False
        factor, rest = int(form[1] or 1), measured - int(form[3] or 0)
        if rest % factor:
            conflicts.setdefault(array, set()).add("extent")
            return True
        value, name = rest // factor, form[2]
        if not rules.holds_integer(np.dtype(dict(self.function.symbols)[name]), value):
            self.blame(array, "range")
            raise CallRefusedError
        self.symbols[name] = value
        return True

    def compare_shapes(self) -> None:
        first: np.ndarray | None = None
        for item in self.function.arrays:
            seen = self.seen(item) if isinstance(item.axes, str) else None
            if seen and first is None:
                first = seen.array
            elif seen and first is not None and seen.array.shape != first.shape:
                self.blame(item.name, "shape")

    def check(self) -> None:
        values = {name: np.asarray(taken.array) if taken else None for name, taken in self.taken.items()} | self.numbers
        for check in self.function.checks:
            if not check.holds(values, self.symbols):
                self.blame("", "check")
        self.stop_when_blamed()

    # --- results

    def allocate(self) -> None:
        for item in self.function.results:
            if not isinstance(item, Array) or not self.is_asked(item) or item.name in self.results:
                continue
            dtype = self.target(item)
            shape = self.shape_of(item)
            if any(extent < 0 for extent in shape):
                self.blame(item.name, "shape")
                continue
            self.results[item.name] = Taken(np.zeros(shape, dtype, order="F" if item.fortran else "C"), True)
        self.stop_when_blamed()
        self.bind()  # the steps of results are known now
        for item in self.function.arrays:
            read = self.taken.get(item.name)
            if item.side == "both" and read and read.array.shape != self.results[item.name].array.shape:
                self.blame(item.name, "shape")
        self.stop_when_blamed()

    def shape_of(self, item: Array) -> tuple[int, ...]:
        if isinstance(item.axes, str):
            return next(seen.array.shape for other in self.function.arrays if (seen := self.seen(other)))
        extents = [self.evaluate(axis.extent) for axis in item.axes]
        assert None not in extents
        return tuple(extents)  # type: ignore[arg-type]

    def find_overlaps(self) -> None:
        arrays = [(item, seen) for item in self.function.arrays if (seen := self.seen(item)) and not seen.is_private]
        for i, (item, seen) in enumerate(arrays):
            if item.side not in ("inout", "out", "both"):
                continue
            if memory.overlaps_itself(seen.array):
                self.blame(item.name, "overlap")
            for k, (other, its) in enumerate(arrays):
                both_written = other.side in ("inout", "out", "both")
                if k == i or (both_written and k < i) or not memory.overlap(seen.array, its.array):
                    continue
                if {item.name, other.name} <= self.function.alias and memory.is_same_array(seen.array, its.array):
                    continue
                self.blame(item.name, "overlap")
        self.stop_when_blamed()

    def tell_shape(self) -> None:
        if self.function.told_shape:
            shape = self.taken[self.function.told_shape].array.shape  # type: ignore[union-attr]
            self.verdict.mismatches += [("range", "") for extent in shape if not rules.holds_integer(np.dtype("int8"), extent)]
        self.stop_when_blamed()

    # --- C

    def compute(self) -> None:
        values: dict[str, Any] = dict(self.numbers)
        for item in self.function.arrays:
            source = self.taken.get(item.name) if item.side == "both" else self.seen(item)
            values[item.name] = np.array(np.asarray(source.array)) if source else None
        returned = self.function.compute(values, self.symbols)
        for item in self.function.arrays:
            seen = self.seen(item)
            after = values[item.name]
            if item.from_one and item.is_result:
                after = after - 1
            values[item.name] = after
            if seen and not seen.is_private and item.is_written:
                self.verdict.written.append((seen.array, after))
        for item in self.function.results:
            if isinstance(item, Number):
                self.verdict.results.append(returned)
            elif self.is_asked(item):
                given = self.results[item.name]
                self.verdict.results.append(values[item.name] if given.is_private else given.array)


def judge(function: Function, args: tuple[Any, ...], named: dict[str, Any], copies: bool) -> Verdict:
    """What becomes of function(*args, **named); `copies` is False for a library loaded with copy="never"."""
    return Call(function, copies).run(args, named)
