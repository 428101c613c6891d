"""What tests/data/ctypes_expressions.txt does ends as under NumPy's module: in the same result, or caught by the same `except`."""

from __future__ import annotations

import copy
import ctypes
import os
import pickle
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ndcall.compat import ctypeslib

DATA = Path(__file__).resolve().parents[1] / "data"


def read_topics() -> dict[str, list[str]]:
    """The lines of the file, by the heading above them."""
    paragraphs = (DATA / "ctypes_expressions.txt").read_text(encoding="utf-8").strip().split("\n\n")[1:]
    return {head.removeprefix("# "): lines for head, *lines in (paragraph.split("\n") for paragraph in paragraphs)}


TOPICS = read_topics()


class Point(ctypes.Structure):
    _fields_ = (("x", ctypes.c_double), ("y", ctypes.c_double))


class Tagged(ctypes.Structure):
    _fields_ = (("a", ctypes.c_int), ("b", ctypes.c_char))


class Wide(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_long) for name in "abcd")


class AsParameter:
    def __init__(self, value: Any) -> None:
        self._as_parameter_ = value


@pytest.fixture(scope="module")
def path(tmp_path_factory, build_library):
    place = tmp_path_factory.mktemp("alike") / "libadv.so"
    return build_library((DATA / "ctypes_expressions.c").read_text(encoding="utf-8"), place)


def list_names(path: str, module: Any, library_class: Any) -> dict[str, Any]:
    lib = library_class(path)

    def declare(name: str, argtypes: Any = None, restype: Any = ctypes.c_int) -> Any:
        function = lib[name]
        function.argtypes, function.restype = argtypes, restype
        return function

    own = {"np": np, "os": os, "pickle": pickle, "copy": copy, "Point": Point, "Tagged": Tagged, "Wide": Wide, "AsParameter": AsParameter}
    return {**vars(ctypes), **own, "lib": lib, "module": module, "CDLL": library_class, "PATH": path, "X": np.arange(3.0), "f": declare}


def show(value: Any) -> Any:
    """A result in a form that can be compared."""
    if isinstance(value, tuple | list):
        return type(value), [show(one) for one in value]
    if isinstance(value, ctypes.Structure):
        return type(value).__name__, [getattr(value, name) for name, *_ in value._fields_]
    if isinstance(value, ctypes._SimpleCData):
        return type(value).__name__, value.value
    if isinstance(value, np.ndarray):
        return value.tolist(), value.dtype
    return (type(value).__name__, repr(value)) if " at 0x" not in repr(value) else type(value).__name__


def outcome(expression: str, names: dict[str, Any]) -> Any:
    try:
        return show(eval(expression, dict(names)))
    except Exception as error:
        return error


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
def test_an_expression_ends_as_with_ctypes_and_numpy(path, topic):
    others = []
    for expression in TOPICS[topic]:
        theirs, ours = (
            outcome(expression, list_names(path, module, kind))
            for module, kind in ((np.ctypeslib, ctypes.CDLL), (ctypeslib, ctypeslib.CDLL))
        )
        is_alike = isinstance(ours, type(theirs)) if isinstance(theirs, Exception) else ours == theirs
        others += [] if is_alike else [(expression, theirs, ours)]
    assert others == []


def test_threads_may_set_the_types_while_others_call(path):
    lib, x, seen = ctypeslib.CDLL(path), np.arange(3.0), []
    settings = [
        [ctypeslib.ndpointer(float, 1, flags="C"), ctypes.c_long],
        [ctypeslib.ndpointer(float, shape=(2,)), ctypes.c_long],
        [ctypes.POINTER(ctypes.c_double), ctypes.c_long],
        [ctypes.c_char_p, ctypes.c_long],
    ]
    lib.dsum.restype = ctypes.c_double

    def call() -> None:
        for _ in range(2000):
            try:
                seen.append(lib.dsum(x, 3))
            except ctypes.ArgumentError as error:
                seen.append(type(error).__name__)

    def change() -> None:
        for turn in range(2000):
            lib.dsum.argtypes = settings[turn % 4]

    lib.dsum.argtypes = settings[0]
    threads = [threading.Thread(target=target) for target in (call, change, call, change)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) <= {3.0, "ArgumentError", "ShapeError"}
    assert len(seen) == 4000
