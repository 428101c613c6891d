"""One case drawn from a seed: arrays in a canvas of known bytes, and a way to call the function with them.

Most arguments are drawn to fit; then some are spoilt. What fits and what does not is not decided here: `judge` looks at the objects alone.
"""

from __future__ import annotations

import array as plain
import pickle
import random
import tempfile
from typing import Any

import numpy as np

from .c_source import ITEMS
from .functions import PAIR, Array, Function, Number

SIZE = 1 << 15
PATTERN = np.random.default_rng(1).integers(1, 255, SIZE, np.uint8)
OTHER_DTYPES = ["M8[s]", "m8[s]", "O", "U3", "S3", "f8,f8", "V8", "O,i8", *ITEMS]
EDGES = [0, -0.0, 0.5, -1.5, 1e-310, 3e38, 1e39, 1e308, float("inf"), float("-inf"), float("nan"), 2**53, 2**53 + 1, 2**24 + 1,
         2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 2**31, 127, 128, 255, 256, -1, 65504, 65520, 2049,
         10**400]  # fmt: skip


class Subclass(np.ndarray):
    pass


class Holder:
    """Offers its array by __array__ alone."""

    def __init__(self, array: np.ndarray):
        self.array = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self.array


class Index:
    def __init__(self, value: int):
        self.value = value

    def __index__(self) -> int:
        return self.value


def make_pool(dtype: np.dtype) -> np.ndarray:
    """Values of a dtype: mostly small ones, which other dtypes hold too."""
    if dtype.kind == "b":
        return np.array([False, True] * 8)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        some = [0, 1, 2, 3, 5, 7, 11, 100, 1, 2, 3, 4, 5, info.max, info.max // 2, info.min]
        return np.array(some, dtype)
    info = np.finfo(dtype)
    some = [0, 1, 2.5, -3, 4, 5.5, 6, 7, 8, -9.25, 10, 100, -0.0, info.max, info.tiny, info.eps]
    x = np.array(some, dtype)
    if dtype.kind == "c":
        x.imag = x.real[::-1]
    return x


POOLS = {np.dtype(d): make_pool(np.dtype(d)) for d in ITEMS}


class Scene:
    """Memory and objects of one case; `reset` makes it fit for the next."""

    def __init__(self) -> None:
        raw = np.zeros(SIZE + 64, np.uint8)
        at = -raw.__array_interface__["data"][0] % 64
        self.canvas = raw[at : at + SIZE]
        with tempfile.TemporaryFile() as file:
            file.truncate(4096)
            self.file = np.memmap(file, np.uint8, "c", shape=(4096,))  # of this process alone: those forked from it play at the same time
        self.rng = random.Random()
        self.end = 0
        self.placed: list[np.ndarray] = []

    def reset(self, seed: int) -> None:
        self.rng.seed(seed)
        self.canvas[...] = PATTERN
        self.end = 0
        self.placed = []

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    # --- arrays

    def values(self, dtype: np.dtype, shape: tuple[int, ...]) -> Any:
        native = dtype.newbyteorder("=")
        count = int(np.prod(shape))
        if native in POOLS:
            return POOLS[native][[self.rng.randrange(13 if self.chance(0.7) else 16) for _ in range(count)]].reshape(shape)
        return np.zeros(shape, native) if native != PAIR else np.array([(0.5 * i, i) for i in range(count)], PAIR).reshape(shape)

    def place(self, shape: tuple[int, ...], dtype: np.dtype, steps: tuple[int, ...], shift: int = 0) -> np.ndarray:
        """An array in the canvas, with these byte steps; `shift` bytes behind a place where it would be aligned."""
        low = sum((n - 1) * s for n, s in zip(shape, steps, strict=True) if s < 0 and n)
        high = sum((n - 1) * s for n, s in zip(shape, steps, strict=True) if s > 0 and n) + dtype.itemsize
        start = self.find_start(dtype, steps, shift)
        if start is None or start + low < 0 or start + high > SIZE:
            start = -(-self.end // 64) * 64 + shift - low
        if start + high > SIZE:  # no room: a small array must do
            return np.zeros(shape, dtype)
        self.end = max(self.end, start + high + 8)
        made = np.ndarray(shape, dtype, self.canvas, start, steps)  # type: ignore[arg-type]
        self.placed.append(made)
        return made

    def find_start(self, dtype: np.dtype, steps: tuple[int, ...], shift: int) -> int | None:
        """Now and then where another array lies: exactly there, some items or bytes off it."""
        if not self.placed or not self.chance(0.12):
            return None
        other = self.rng.choice(self.placed)
        if other.dtype != dtype or dtype.hasobject:
            return None
        start = other.__array_interface__["data"][0] - self.canvas.__array_interface__["data"][0]
        off = self.rng.choice([0, 0, 1, -1, 2, 5]) * dtype.itemsize
        return int(start + off + (self.rng.choice([0, 1, 4]) if dtype.kind in "iu" and self.chance(0.2) else 0))

    def steps(self, demand: Array, shape: tuple[int, ...], itemsize: int, wild: bool) -> tuple[int, ...]:
        """Byte steps that the contract has a use for; wild ones are of any kind."""
        inner = list(range(len(shape)))
        if not demand.fortran:
            inner.reverse()
        if wild and self.chance(0.5):
            self.rng.shuffle(inner)
        steps = [0] * len(shape)
        step = itemsize
        for axis in inner:
            rule = None if isinstance(demand.axes, str) or axis >= len(demand.axes) else demand.axes[axis].step
            factor = 1
            if rule == "incx" and self.chance(0.05):
                factor = self.rng.choice([127, 128])  # what a narrow type of C holds, and what it does not
            elif wild or ((rule is not None or (demand.rows and axis == 0)) and self.chance(0.6)):
                factor = self.rng.choice([1, 1, 2, 3])
            steps[axis] = step * factor
            if wild and self.chance(0.1):
                steps[axis] = self.rng.choice([0, step + 1, step // 2])
            negative = 0.4 if rule == "" or demand.lowest else 0.12 if rule else 0.2 if wild else 0
            if self.chance(negative):
                steps[axis] = -steps[axis]
            step = abs(steps[axis]) * max(shape[axis], 1) + (itemsize if rule and self.chance(0.2) else 0)
        return tuple(steps)

    def array(self, demand: Array, shape: tuple[int, ...], dtype: np.dtype, wild: bool = False) -> np.ndarray:
        if dtype.hasobject or dtype.kind in "US":
            return np.zeros(shape, dtype)
        shift = self.rng.choice([1, 2, 4]) if wild and self.chance(0.3) else 0
        made = self.place(shape, dtype, self.steps(demand, shape, dtype.itemsize, wild), shift)
        if made.size:
            made[...] = self.values(dtype, shape)
        return made

    # --- arguments

    def shape_of(self, demand: Array, symbols: dict[str, int]) -> tuple[int, ...]:
        if isinstance(demand.axes, str):
            return tuple(symbols["shape"])  # type: ignore[arg-type]
        return tuple(max(0, int(eval(axis.extent, {}, symbols))) for axis in demand.axes)

    def dtype_of(self, demand: Array, like: str) -> np.dtype:
        if demand.dtype == "pair":
            return PAIR
        if demand.dtype == "any" or demand.dtype.startswith("like"):
            return np.dtype(like)
        return np.dtype(demand.dtype)

    def fitting(self, demand: Array, symbols: dict[str, int], like: str) -> Any:
        dtype, shape = self.dtype_of(demand, like), self.shape_of(demand, symbols)
        is_read = demand.side in ("in", "copy", "both")
        if is_read and self.chance(0.25):
            return self.convertible(demand, shape, dtype)
        made: Any = self.array(demand, shape, dtype)
        if is_read and self.chance(0.1):
            made.flags.writeable = False
        return self.disguise(made, is_read) if self.chance(0.15) else made

    def convertible(self, demand: Array, shape: tuple[int, ...], dtype: np.dtype) -> Any:
        """What an input may be instead: another dtype or byte order, any layout, a list."""
        if dtype in POOLS and self.chance(0.3):
            items = self.values(dtype, shape).tolist()
            return tuple(items) if isinstance(items, list) and self.chance(0.3) else items
        if dtype in POOLS and self.chance(0.45):
            dtype = np.dtype(self.rng.choice(list(ITEMS)))
        if self.chance(0.3):
            dtype = dtype.newbyteorder()
        made = self.array(demand, shape, dtype, wild=self.chance(0.5))
        return self.disguise(made, True) if self.chance(0.2) else made

    def disguise(self, made: np.ndarray, is_read: bool) -> Any:
        """The same array, as another object."""
        kind = self.rng.randrange(7)
        if kind == 0:
            return made.view(Subclass)
        if kind == 1:
            return pickle.loads(pickle.dumps(made))
        if kind == 2 and made.nbytes <= 4096 and made.size:
            mapped = self.file[: made.nbytes].view(made.dtype).reshape(made.shape)
            mapped[...] = made
            return mapped
        if kind == 3 and is_read:
            return np.ma.array(made, copy=False)
        if kind == 4 and made.ndim == 2 and is_read:
            return np.asmatrix(made)
        if kind == 5 and made.dtype in POOLS:
            return memoryview(made)
        if kind == 6:
            return Holder(made)
        return made

    def spoilt(self, demand: Array, symbols: dict[str, int], like: str) -> Any:
        """Perhaps no longer what the contract asks for."""
        dtype, shape = self.dtype_of(demand, like), list(self.shape_of(demand, symbols))
        kind = self.rng.randrange(10)
        if kind == 0 or (demand.dtype in ("any", "pair") and kind < 5):
            others = [PAIR.newbyteorder(), "f8,f8", "V16"] if demand.dtype == "pair" else OTHER_DTYPES
            return self.array(demand, tuple(shape), np.dtype(self.rng.choice(others)))
        if kind == 1:
            return self.array(demand, tuple(shape), dtype.newbyteorder())
        if kind == 2:
            shape.insert(self.rng.randrange(len(shape) + 1), self.rng.choice([1, 2, 0]))
        elif kind == 3 and shape:
            shape.pop()
        elif kind == 4 and shape:
            axis = self.rng.randrange(len(shape))
            shape[axis] = max(0, shape[axis] + self.rng.choice([1, -1, 2]))
        elif kind == 5:
            made = self.array(demand, tuple(shape), dtype)
            made.flags.writeable = False
            return made
        elif kind == 6:
            return self.stranger(dtype)
        elif kind == 7:
            made = self.array(demand, tuple(shape), dtype)
            masked = np.ma.array(made, copy=False, mask=self.chance(0.5))
            return self.rng.choice([masked, np.asmatrix(made) if made.ndim == 2 else masked])
        return self.array(demand, tuple(shape), dtype, wild=kind > 4)

    def stranger(self, dtype: np.dtype) -> Any:
        if self.chance(0.3):
            return self.rng.choice([b"ab", bytearray(b"abc"), plain.array("d", [1, 2]), plain.array("i"), [None], [np.datetime64(1, "s")]])
        few = [None, "12", {1.0}, {"a": 1}, np.float64, object(), 1, 2.5, np.float32(1), True, [1, "2"], [[1], [1, 2]], [], (), range(3),
               [2**64], [3.7], [1e39], [1 + 2j], [2**53 + 1, 1], [np.True_, False], [Index(3)], Index(2), np.datetime64(1, "s"),
               [np.longdouble(1) / 3]]  # fmt: skip
        return self.rng.choice(few)

    def number(self, demand: Number) -> Any:
        dtype = np.dtype(demand.dtype)
        if self.chance(0.6):
            value = POOLS[dtype][self.rng.randrange(16)]
            form = self.rng.randrange(4)
            return value.item() if form < 2 and dtype.itemsize < 16 else np.array(value) if form == 2 else value
        edge = self.rng.choice(EDGES)
        strange = [None, "3", b"3", 1 + 0j, 1 + 2j, True, np.True_, np.int8(3), np.float16(2.5), np.longdouble(0.5), np.longdouble(1) / 3,
                   np.array([3]), np.array(3, ">i4"), Index(3), np.ma.masked, np.timedelta64(3, "s"), 3, 2.0]  # fmt: skip
        return edge if self.chance(0.5) else self.rng.choice(strange)

    # --- the call

    def draw_symbols(self, function: Function) -> dict[str, Any]:
        small = [0, 1, 2, 3, 4, 5, 3, 4]
        symbols: dict[str, Any] = {name: self.rng.choice(small) for name, _ in function.symbols}
        symbols.setdefault("n", 3)
        if function.c_name.startswith("narrow") and self.chance(0.3):
            symbols.update({name: self.rng.choice([126, 127, 128, 129]) for name in ("n", "p")})
        symbols["shape"] = [self.rng.choice(small) for _ in range(self.rng.randrange(4))]
        return symbols

    def call(self, function: Function) -> tuple[tuple[Any, ...], dict[str, Any]]:
        symbols, like = self.draw_symbols(function), self.rng.choice(list(ITEMS))
        spoil_at = self.rng.randrange(len(function.arrays) * 3 // 2 + 1)
        inputs: list[Any] = []
        outs: list[Any] = []
        for i, item in enumerate(function.items):
            if isinstance(item, Number):
                inputs += [self.number(item)] if item.side == "in" else []
                continue
            draw = self.spoilt if i == spoil_at else self.fitting
            if item.is_input:
                inputs.append(None if item.optional and self.chance(0.4) else draw(item, symbols, like))
            if item.is_result:
                given = None if self.chance(0.55) else draw(item, symbols, like)
                outs.append(self.chance(0.5) if item.optional and self.chance(0.5) else given)
        return self.phrase(function, inputs, outs)

    def phrase(self, function: Function, inputs: list[Any], outs: list[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The same objects by position, by keyword, by out=; in one call of twenty with a mistake."""
        names = [item.name for item in function.inputs]
        by_position = self.rng.randrange(len(inputs) + 1) if self.chance(0.4) else len(inputs)
        args = inputs[:by_position]
        named = dict(zip(names[by_position:], inputs[by_position:], strict=True))
        results = [item.name for item in function.results if isinstance(item, Array)]
        form = self.rng.randrange(3)
        if any(out is not None for out in outs):
            if form == 0 and not named:
                args += outs
            elif form == 1 or set(results) & set(names):
                named["out"] = tuple(outs) if len(outs) > 1 or self.chance(0.3) else outs[0]
            else:
                named.update({name: out for name, out in zip(results, outs, strict=True) if out is not None or self.chance(0.5)})
        if self.chance(0.07):
            self.garble(args, named, names, results)
        return tuple(args), named

    def garble(self, args: list[Any], named: dict[str, Any], names: list[str], results: list[str]) -> None:
        """A mistake in the names or their number."""
        kind = self.rng.randrange(8)
        if kind == 0:
            args += [1, 2, 3]
        elif kind == 1:
            named[self.rng.choice(["unknown", "return"])] = 1
        elif kind == 2 and args:
            named[names[0]] = args[0]
        elif kind == 3 and args:
            args.pop()
        elif kind == 4 and results:
            named.update({"out": np.zeros(2), results[-1]: np.zeros(2)})
        elif kind == 5 and results:
            named.update({results[-1]: np.zeros(2)})
        elif kind == 6:
            named["out"] = np.zeros(2)
        else:
            named["out"] = (plain.array("d", [1.0]),) * self.rng.randrange(4)
