"""How long a library lives: as long as anything of it is held, and not longer."""

from __future__ import annotations

import copy
import gc
import sys
import threading
import weakref

import ndcall
import numpy as np
import pytest

SOURCE = """
typedef struct { long n; double *x; } series;
typedef struct { int k; double w[3]; } record;
record table[4] = {{1}, {2}, {3}, {4}};
const int limit = 7;
/// ndcall: x[n], y[n] -> z[n]
void add(const double *x, const double *y, double *z, long n) { for (long i = 0; i < n; i++) z[i] = x[i] + y[i]; }
/// ndcall: s
double total(const series *s) { double t = 0; for (long i = 0; i < s->n; i++) t += s->x[i]; return t; }
/// ndcall: x[n] -> sum, y[n]
void sums(const double *x, long n, double *sum, double *y) { *sum = 0; for (long i = 0; i < n; i++) y[i] = *sum += x[i]; }
/// ndcall: s, inout state[2]; nogil
double wait(const series *s, volatile int *state) {
    const double *x = s->x;
    state[0] = 1;
    while (!state[1]) {}
    return x[s->n - 1];
}
/// ndcall: inout x[n], inout state[2]; nogil; ok x >= 0 else "below zero"
void wait_with(double *x, long n, volatile int *state) {
    state[0] = 1;
    while (!state[1]) {}
}
typedef struct { long n; const double *x, *y; } pair;
/// ndcall: p
double dot(const pair *p) { double t = 0; for (long i = 0; i < p->n; i++) t += p->x[i] * p->y[i]; return t; }
/// ndcall: k -> r
void make(int k, record *r) { r->k = k; }
"""
CONTRACT = "struct series: x[n]\nstruct pair: x[n], y[n]\n"


@pytest.fixture
def load(load_c):
    return lambda: load_c(SOURCE, contract=CONTRACT)


def use(lib):
    """Everything of a library was asked for once."""
    assert lib.add([1.0], [2.0]).tolist() == [3]
    assert lib.total(lib.series(x=np.ones(3))) == 3
    assert lib.sums([1.0, 2.0]).sum == 3
    assert lib.make(5).k == 5
    assert lib.table["k"].tolist() == [1, 2, 3, 4]
    texts = [(repr(function), function.__doc__, function.__signature__) for function in (lib.add, lib.total, lib.sums)]
    assert len(texts) == 3
    return lib


def test_a_library_that_nobody_holds_is_collected_at_once(load):
    lib = use(load())
    seen = [weakref.ref(thing) for thing in (lib, lib.add, lib.total, lib.series, lib.record, lib.table)]
    lib.series.helper = lib.add  # a circle through the class of a struct
    del lib
    gc.collect()
    assert [reference() for reference in seen] == [None] * len(seen)


def test_what_is_held_of_a_library_goes_on_working(load):
    lib = use(load())
    gone = weakref.ref(lib)
    add, series, table, limit = lib.add, lib.series, lib.table, lib.limit
    made, kept, result = lib.make(5), lib.series(x=np.ones(3)), lib.sums([1.0, 2.0])
    del lib
    gc.collect()
    assert gone() is add.library  # a function holds its library
    assert add(np.ones(2), [1.0, 2.0]).tolist() == [2, 3]
    del add
    gc.collect()
    assert gone() is None
    assert (kept.n, kept.x.tolist(), result.y.tolist(), limit) == (3, [1, 1, 1], [1, 3], 7)
    kept.x = np.zeros(2)
    assert (kept.n, copy.copy(kept).n, repr(kept)) == (2, 2, "<series n=2 x=a (2,) float64 array>")
    assert series(x=np.ones(5)).n == 5
    assert (made.k, made.w.tolist()) == (5, [0, 0, 0])
    del made, kept, series
    gc.collect()
    table["k"][1] = 9  # C's own memory
    assert table["k"].tolist() == [1, 9, 3, 4]


def test_an_array_that_another_thread_takes_out_of_a_struct_lives_until_c_has_read_it(load):
    lib = load()
    size = 100  # small enough that NumPy gives the memory of an array that is freed to the next one
    s, state = lib.series(x=np.full(size, 4.0)), np.zeros(2, np.int32)
    gone = weakref.ref(s.x)

    def replace():
        while not state[0]:
            pass
        s.x = np.zeros(size)
        others.extend(np.full(size, 9.0) for _ in range(20))
        seen.append(gone())
        state[1] = 1

    others, seen = [], []
    thread = threading.Thread(target=replace)
    thread.start()
    last = lib.wait(s, state)
    thread.join()
    assert last == 4
    assert seen[0] is not None
    seen.clear()
    assert gone() is None
    assert s.x[0] == 0


@pytest.mark.filterwarnings("ignore:Setting the:DeprecationWarning")
@pytest.mark.parametrize("change", ["resize", "retype"])
def test_an_array_that_another_thread_changes_while_c_runs_is_tested_as_it_is_then(load, change):
    lib = load()
    size = 100
    x, state, others = np.ones(size), np.zeros(2, np.int32), []

    def replace():
        while not state[0]:
            pass
        try:
            if change == "resize":
                x.resize(1000 * size, refcheck=False)
                others.extend(np.full(size, -1.0) for _ in range(20))
            else:
                x.dtype = np.int64
        finally:
            state[1] = 1  # or C waits for ever

    thread = threading.Thread(target=replace)
    thread.start()
    try:
        if change == "resize":
            assert lib.wait_with(x, state) is None
        else:
            with pytest.raises(ndcall.CallError, match=r"^wait_with: an array was changed while C ran, so that its tests cannot be made$"):
                lib.wait_with(x, state)
    finally:
        thread.join()


def test_a_struct_that_the_collector_takes_apart_may_be_looked_at(load):
    """While it takes other things apart, code runs to which it shows every object."""
    lib = load()

    class Held(np.ndarray):
        pass

    def look(_):
        for thing in gc.get_objects():
            if type(thing) is pair:
                seen.append((repr(thing), thing.x, copy.copy(thing).y))
                with pytest.raises(ndcall.ArgumentError, match=r"argument 'p' has pointers that nobody set: x, y"):
                    dot(thing)

    pair, dot, seen = lib.pair, lib.dot, []
    s, x, y = lib.pair(x=np.ones(3), y=np.ones(3)), np.ones(3), np.ones(3).view(Held)
    s.y, y.later = y, [y, s, x]  # taken apart from behind, after s
    callback = weakref.ref(x, look)
    del s, x, y
    gc.collect()
    assert callback() is None
    assert {*seen} <= {("<pair n=3 x=None y=None>", None, None)}
    assert seen or sys.version_info >= (3, 12)  # where the order is the collector's own affair
