"""Code of the caller's that runs in the middle of a binding or a load, and uses the very thing that is being made."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import itertools
import sys
from collections import namedtuple
from collections.abc import Callable
from typing import Any

import ndcall
import numpy as np
import pytest

SOURCE = """
typedef struct { double x; int k; } item;
/// ndcall: v[n] -> return
double sum_items(const item *v, int n) { double s = 0; for (int i = 0; i < n; i++) s += v[i].x; return s; }
/// ndcall: v[n] -> w[2 * count(n)]
void double_items(const item *v, item *w, int n) { for (int i = 0; i < n; i++) w[2 * i] = w[2 * i + 1] = v[i]; }
int count(int n) { return n; }
/// ndcall: x[n]
double total(const double *x, int n) { double s = 0; for (int i = 0; i < n; i++) s += x[i]; return s; }
int length(const char *text) { int n = 0; while (text[n]) n++; return n; }
/// ndcall: x -> whole, rest
void split(double x, int *whole, double *rest) { *whole = (int)x; *rest = x - *whole; }
typedef struct { int n; const item *v; } series;
/// ndcall: s
double sum_series(const series *s) { return sum_items(s->v, s->n); }
"""
CONTRACT = "struct series: v[n]\n"


@pytest.fixture
def lib(load_c):
    return load_c(SOURCE, contract=CONTRACT)


class Garbage:
    """Within it, every collection runs `act`, and every allocation may collect, or every one of some."""

    def __init__(self, act: Callable[[], Any], threshold: int = 1) -> None:
        self.act, self.threshold, self.is_in = act, threshold, False

    def __call__(self, phase: str, info: object) -> None:
        if self.is_in or phase != "stop":
            return
        self.is_in = True
        try:
            self.act()
        finally:
            self.is_in = False

    def __enter__(self) -> None:
        self.before = gc.get_threshold()
        gc.callbacks.append(self)
        gc.set_threshold(self.threshold)

    def __exit__(self, *error: object) -> None:
        gc.set_threshold(*self.before)
        gc.callbacks.remove(self)


@pytest.mark.parametrize("name", ["sum_items", "double_items", "series"])
def test_a_function_is_bound_by_whoever_uses_it_first(lib, name):
    use, argument, seen = lib[name], np.ones(3, lib.item), []
    hoard = [({}, [], (k,), {k}) for k in range(500)]  # Python's own reserves are empty: what is allocated counts
    assert len(hoard) == 500

    def read(value):
        return value.n if name == "series" else np.sum(value["k"]) if name == "double_items" else value

    with Garbage(lambda: seen.append(read(use(argument)))):
        result = use(argument)
    if sys.version_info < (3, 12):  # from there on garbage is collected between two instructions only
        assert seen
    assert {*seen, read(result), read(use(argument))} == {6 if name == "double_items" else 3}


def test_a_named_tuple_of_results_is_made_once(lib, monkeypatch):
    inner = []

    def make(*arguments):
        if not inner:
            inner.append(None)
            inner[0] = lib.split(2.5)
        return namedtuple(*arguments)

    monkeypatch.setattr("collections.namedtuple", make)
    assert type(lib.split(2.5)) is type(inner[0]) is type(lib.split(3))


def starve(function, argument):
    """The first allocation of a call fails."""
    import _testcapi

    try:
        _testcapi.set_nomemory(0, 1)
        function(argument)
    finally:
        _testcapi.remove_mem_hooks()


needs_testcapi = pytest.mark.skipif(
    importlib.util.find_spec("_testcapi") is None, reason="this Python comes without _testcapi, which makes allocations fail"
)


@needs_testcapi
def test_a_text_that_memory_does_not_suffice_for_is_not_told_to_be_wrong(lib):
    assert lib.length("a") == 1
    text = "\u00e9" * 5
    with pytest.raises(MemoryError):
        starve(lib.length, text)
    assert lib.length(text) == 10


@needs_testcapi
def test_what_says_nothing_of_a_function_is_not_remembered_of_it(lib):
    items, hoard = np.ones(3, lib.item), [[] for _ in range(500)]  # Python's own reserve of lists is empty
    assert len(hoard) == 500
    with pytest.raises(MemoryError):  # by the first list of the dtype: NumPy itself crashes without memory
        starve(lib.sum_items, items)
    assert lib.sum_items(items) == 3


@needs_testcapi
def test_what_says_nothing_of_a_struct_is_not_told_of_it(lib):
    items, s, hoard = np.ones(3, lib.item), lib.series(), [[] for _ in range(500)]
    assert len(hoard) == 500
    with pytest.raises(MemoryError):
        starve(lambda value: setattr(s, "v", value), items)
    s.v = items
    assert s.n == 3


LARGE = """
typedef struct { int a[700000000]; } large;
/// ndcall: x[n]
int f(const large *x, int n) { return n; }
int g(int n) { return n; }
"""


def test_a_struct_that_is_too_large_for_numpy_spoils_no_library(load_c, refusal):
    lib = load_c(LARGE)
    assert lib.g(3) == 3
    assert not hasattr(lib.large, "dtype")
    assert refusal(ndcall.BindError, lib.f, 1).splitlines()[0] == (
        "f cannot be called: an array of struct large has no dtype: "
        "invalid shape in fixed-type tuple: dtype size in bytes must fit into a C int."
    )


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="from there on no garbage is collected while memory is asked for")
def test_a_buffer_that_moves_while_it_is_read_is_refused(lib):
    def move():
        with contextlib.suppress(BufferError):  # while it is held
            lent.clear()
            lent.extend(np.full(next(sizes), 9.0).tobytes())

    sizes = itertools.cycle([100, 100_000])
    ends = set()
    for threshold in range(1, 40):
        lent = bytearray(np.ones(100).tobytes())
        offer = type("Offer", (), {"__array_interface__": {"version": 3, "shape": (100,), "typestr": "<f8", "data": lent}})()
        try:
            with Garbage(move, threshold):
                ends.add(lib.total(offer))
        except BufferError as error:
            ends.add(str(error))
    refused = "the buffer of an __array_interface__ was moved while it was read"
    assert refused in ends
    assert ends <= {100, 900, refused}  # what it was, or what it is
