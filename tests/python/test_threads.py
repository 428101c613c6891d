"""Two threads load at once; a call releases the GIL when that pays, and lets other threads run meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>

atomic_int flag;

int set(int value) { flag = value; return value; }

/* Waits until another thread sets the flag, at most `seconds`: 1 when it did. */
int wait(double seconds) {
    struct timespec start, now, pause = {0, 100000};
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        if (flag) return 1;
        nanosleep(&pause, NULL);
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((double)(now.tv_sec - start.tv_sec) + 1e-9 * (double)(now.tv_nsec - start.tv_nsec) < seconds);
    return 0;
}

/* The same with a flag in the caller's memory, and without a variable of the library. */
int wait_on(const volatile int *x, long n, double seconds) {
    struct timespec pause = {0, 1000000};
    for (long i = 0; n && i < (long)(seconds * 1000); i++) {
        if (x[0]) return 1;
        nanosleep(&pause, NULL);
    }
    return 0;
}
int wait_holding(double seconds) { return wait(seconds); }
"""
CONTRACT = """
wait: seconds; nogil
wait_on: x[n], seconds
wait_holding: seconds; gil
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract=CONTRACT)


def waited(lib, call) -> int:
    """What `call` gives when another thread of Python sets the flag shortly after it began."""
    lib.set(0)
    began = threading.Event()

    def set_later():
        began.wait()
        lib.set(1)

    with ThreadPoolExecutor(1) as pool:
        setting = pool.submit(set_later)
        began.set()
        result = call()
        setting.result()
    return result


def test_a_call_without_the_gil_lets_other_threads_run(lib):
    assert waited(lib, lambda: lib.wait(20.0)) == 1


def test_a_call_on_much_memory_releases_the_gil(lib):
    big = np.zeros(4_000_000, np.intc)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lib.wait_on, big, 20.0)
        big[0] = 1
        assert waiting.result() == 1


def test_a_call_that_touches_a_variable_of_the_library_keeps_the_gil(lib):
    assert "flag" in str(ndcall.show(lib.set))


def test_a_call_that_holds_the_gil_keeps_other_threads_waiting(lib):
    lib.set(0)
    entered = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        # The other thread can set the flag only after the holding call has ended.
        waiting = pool.submit(lambda: (entered.set(), lib.wait_holding(0.3))[1])
        entered.wait()
        lib.set(1)
        assert waiting.result() in (0, 1)


def test_two_threads_load_at_once(tmp_path):
    for i in range(4):
        (tmp_path / f"source{i}.c").write_text(f"int number(int a) {{ return a + {i}; }}\n")
    names = [tmp_path / f"source{i % 4}.c" for i in range(8)]
    with ThreadPoolExecutor(4) as pool:
        libraries = list(pool.map(ndcall.load, names))
    assert [lib.number(10) for lib in libraries] == [10, 11, 12, 13] * 2


def test_two_threads_bind_one_function_at_once(load_c):
    lib = load_c("double f(double x) { return 2 * x; }\n")
    gate = threading.Barrier(4)

    def call(x):
        gate.wait()
        return lib.f(x)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(call, range(4))) == [0, 2, 4, 6]


def test_many_threads_call_one_function(lib):
    def many(_):
        return sum(lib.set(1) for _ in range(2000))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(many, range(4))) == [2000] * 4
