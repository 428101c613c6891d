"""20,000 random specifications and arrays: NumPy's ndpointer and ours take the same ones, on every way that a call can go."""

from __future__ import annotations

import array
import collections
import ctypes
import pickle
import random
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ndcall.compat import ctypeslib

# Under AddressSanitizer each takes seven times as long, and what is compared does not depend on it.
CASES = 2_000 if hasattr(ctypes.CDLL(None), "__sanitizer_get_current_allocated_bytes") else 20_000
FLAGS = ("C_CONTIGUOUS", "F_CONTIGUOUS", "OWNDATA", "ALIGNED", "WRITEABLE", "WRITEBACKIFCOPY")

FIELDS = [("a", "i1"), ("b", "f8")]
DTYPES = [np.dtype(code) for code in "?bhilqBHILQefdgFDG"]
DTYPES += [dtype.newbyteorder() for dtype in DTYPES if dtype.itemsize > 1]
DTYPES += [np.dtype(one) for one in ("O", "S3", "S4", "U2", ">U2", "V8", "M8[s]", "M8[ms]", ">M8[s]", "m8[s]", "M8")]
DTYPES += [
    np.dtype(FIELDS),
    np.dtype(FIELDS, align=True),
    np.dtype({"names": ["a", "b"], "formats": ["i1", "f8"], "offsets": [0, 8]}),
    np.dtype({"names": ["a", "b"], "formats": ["i1", "f8"], "offsets": [8, 0], "itemsize": 16}),
    np.dtype({"names": ["a", "b"], "formats": ["i1", "f8"], "titles": ["A", "B"]}),
    np.dtype([("a", "i1"), ("b", ">f8")]),
    np.dtype([("a", "i1"), ("c", "f8")]),
    np.dtype([("a", "i1"), ("b", "f8", (2,))]),
    np.dtype([("a", FIELDS), ("b", "i4")]),
    np.dtype((np.record, FIELDS)),
    np.dtype("f8", metadata={"unit": "m"}),
    np.dtypes.StringDType(),
]


class Sub(np.ndarray):
    pass


class HasArray:
    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.zeros(3)


NO_ARRAYS = (None, [1.0], (), 5, 2.5, "text", b"bytes", np.float64(1), np.int32(2), array.array("d", [1]), (ctypes.c_double * 2)())
NO_ARRAYS += (ctypes.c_void_p(5), memoryview(b"12"), HasArray(), np.zeros(2).ctypes, object(), np.ndarray)


def make_plain(choose: random.Random, dtype: np.dtype, shape: tuple[int, ...]) -> np.ndarray:
    way = choose.randrange(8)
    if way == 0:
        return np.zeros(tuple(2 * extent for extent in shape), dtype)[(..., *(slice(None, None, 2) for _ in shape))]
    if way == 1 and shape:
        return np.zeros(shape, dtype)[::-1]
    if way == 2:
        return np.broadcast_to(np.zeros((), dtype), shape)
    if way == 3 and not dtype.hasobject and dtype.kind != "T":
        size = int(np.prod(shape)) * dtype.itemsize
        return np.zeros(size + 1, np.uint8)[1:].view(np.ndarray)[:size].view(dtype).reshape(shape) if size else np.zeros(shape, dtype)
    if way == 4 and dtype.kind != "T":
        return pickle.loads(pickle.dumps(np.zeros(shape, dtype)))
    return np.zeros(shape, dtype, order=choose.choice("CF"))


def make_array(choose: random.Random) -> np.ndarray:
    shape = tuple(choose.choice((0, 1, 2, 3, 3)) for _ in range(choose.choice((0, 1, 1, 2, 2, 3))))
    made = make_plain(choose, choose.choice(DTYPES), shape)
    way = choose.randrange(12)
    if way == 0 and made.flags.writeable:
        made.flags.writeable = False
    elif way == 1:
        made = made.T
    elif way == 2:
        made = made.view(Sub)
    elif way == 3:
        made = np.ma.masked_array(made) if made.dtype.kind != "T" else made.view(Sub)
    elif way == 4 and made.dtype.names:
        made = made.view(np.recarray)
    return made


def choose_flags(choose: random.Random, like: np.ndarray) -> Any:
    """Mostly what this array has, in one of the forms that ndpointer knows."""
    held = [name for name in FLAGS if like.flags[name]]
    names = choose.sample(held, choose.randrange(len(held) + 1))
    if choose.random() < 0.15:
        names.append(choose.choice([name for name in FLAGS if name not in names]))  # of one said twice NumPy makes another
    way = choose.randrange(6)
    if way == 0:
        return like.flags if choose.random() < 0.7 else make_array(choose).flags
    if way == 1:
        return choose.choice((0, 1, 0x501, like.flags.num, 0x8000, -1, np.int64(0x400)))
    return tuple(names) if way < 4 else ",".join(names) or None


def choose_specification(choose: random.Random, like: np.ndarray) -> dict[str, Any]:
    """Each demand is left open, is what this array has, or is something else."""
    wanted: dict[str, Any] = {}
    others = make_array(choose)
    for name in ("dtype", "ndim", "shape"):
        if choose.random() < 0.5:
            wanted[name] = getattr(like if choose.random() < 0.85 else others, name)
    if choose.random() < 0.15 and wanted.get("dtype", DTYPES[-1]).kind != "T":
        wanted["dtype"] = choose.choice((wanted["dtype"].newbyteorder(), wanted["dtype"].newbyteorder("=")))
    if choose.random() < 0.1 and "ndim" in wanted:
        wanted["ndim"] = choose.choice((float(wanted["ndim"]), np.int8(wanted["ndim"]), wanted["ndim"] + 1, -1))
    if choose.random() < 0.1 and "shape" in wanted:
        wanted["shape"] = choose.choice(
            (list(wanted["shape"]), tuple(float(extent) for extent in wanted["shape"]), (*wanted["shape"], 1), (2.5,), (-1,), 3)
        )
    if choose.random() < 0.6:
        wanted["flags"] = choose_flags(choose, like)
    return wanted


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    (folder / "code.c").write_text("#include <stdint.h>\nuintptr_t address_of(const void *p) { return (uintptr_t)p; }\n", encoding="utf-8")
    subprocess.run(["gcc", "-shared", "-fPIC", folder / "code.c", "-o", folder / "libcode.so"], check=True)
    return folder / "libcode.so"


def outcome(call: Callable[[Any], Any], argument: Any) -> Any:
    """The address, or the class of the exception."""
    try:
        result = call(argument)
    except Exception as error:
        return type(error)
    return result if isinstance(result, int) else result._as_parameter_.value if hasattr(result, "_as_parameter_") else result.value


def is_as(ours: Any, theirs: Any) -> bool:
    """The same address, or an exception that whoever catches NumPy's catches too."""
    return issubclass(ours, theirs) if isinstance(ours, type) and isinstance(theirs, type) else ours == theirs


def kind_of(specification: Any, argument: Any) -> str:
    """What NumPy's own check finds first."""
    try:
        specification.from_param(argument)
    except TypeError as error:
        return next(word for word in ("ndarray", "data type", "dimension", "shape", "flags") if word in str(error))
    return "taken"


def describe(specification: Any, argument: Any) -> str:
    if not isinstance(argument, np.ndarray):
        return f"{specification.__name__} and a {type(argument).__name__}"
    facts = argument.dtype, argument.shape, argument.strides, argument.flags.num
    return f"{specification.__name__} and a {type(argument).__name__}: {facts}"


def open_functions(path: Path) -> tuple[Any, Any, Any]:
    """NumPy's way, our ndpointer in plain ctypes, and our ndpointer in our CDLL."""
    functions = (ctypes.CDLL(path)["address_of"], ctypes.CDLL(path)["address_of"], ctypeslib.CDLL(path)["address_of"])
    for function in functions:
        function.restype = ctypes.c_ulong
    return functions


def test_both_take_the_same_and_refuse_the_same(library):
    choose = random.Random(20_240_607)
    by_numpy, by_check, by_plan = open_functions(library)
    found: collections.Counter[str] = collections.Counter()
    while found.total() < CASES:
        like = make_array(choose)
        wanted = choose_specification(choose, like)
        theirs, ours = np.ctypeslib.ndpointer(**wanted), ctypeslib.ndpointer(**wanted)
        by_numpy.argtypes, by_check.argtypes, by_plan.argtypes = [theirs], [ours], [ours]
        for argument in (like, make_array(choose) if choose.random() < 0.7 else choose.choice(NO_ARRAYS)):
            told = describe(theirs, argument)
            assert is_as(outcome(ours.from_param, argument), outcome(theirs.from_param, argument)), told
            in_a_call = outcome(by_numpy, argument)
            assert is_as(outcome(by_check, argument), in_a_call), told
            assert is_as(outcome(by_plan, argument), in_a_call), told
            assert (ctypeslib.explain_path(by_plan, argument) == "plan") == isinstance(in_a_call, int), told
            found[kind_of(theirs, argument)] += 1
    # A test of nothing but refusals, or without one of their kinds, would prove little.
    assert 0.3 < found["taken"] / found.total() < 0.7, found
    assert min(found[kind] for kind in ("ndarray", "data type", "dimension", "shape", "flags")) > CASES // 100, found
