"""C that spins on a flag which only another thread of Python sets returns where the GIL is released, and sees no flag where it is kept."""

from __future__ import annotations

import subprocess
import sys

import pytest

SOURCE = """
#include <stdatomic.h>
#include <stdint.h>

/* flag[0]: C has begun; flag[1]: the other thread has seen it. No sleep and no system call between; looks < 0: for ever. */
static int32_t look(void *flag, int64_t looks) {
    _Atomic int32_t *begun = flag, *seen = begun + 1;
    atomic_store(begun, 1);
    for (int64_t i = 0; i != looks; i++)
        if (atomic_load(seen)) return 1;
    return 0;
}
int32_t spin(int32_t *flag, int64_t n, int64_t looks) { return look(flag, looks); }
int32_t spin_nogil(int32_t *flag, int64_t n, int64_t looks) { return look(flag, looks); }
int32_t spin_gil(int32_t *flag, int64_t n, int64_t looks) { return look(flag, looks); }
int32_t spin_serial(int32_t *flag, int64_t n, int64_t looks) { return look(flag, looks); }
int32_t spin_at(uintptr_t flag, int64_t looks) { return look((void *)flag, looks); }
"""
STATIC = """
static int64_t calls;
int32_t spin_at(uintptr_t flag, int64_t looks) { calls++; return look((void *)flag, looks); }
"""
CONTRACT = """
spin: inout flag[n], looks
spin_nogil: inout flag[n], looks; nogil
spin_gil: inout flag[n], looks; gil
spin_serial: inout flag[n], looks; serial
"""
# Each function is called twice: its first call binds it and takes the general walk.
CHILD = """
import ctypes, sys, threading
import numpy as np
import ndcall
from ndcall.compat import ctypeslib

plain, static, compiled, looks, *names = sys.argv[1:]
lib, lib_with_static, dll = ndcall.load(plain), ndcall.load(static), ctypeslib.CDLL(compiled)
dll.spin.argtypes = [ctypeslib.ndpointer(np.int32, flags="C,W"), ctypes.c_int64, ctypes.c_int64]
dll.spin.restype = ctypes.c_int32
looks, small, big = int(looks), 2, 16_386
CALLS = {
    "no array": (small, lambda flag: lib.spin_at(flag.ctypes.data, looks)),
    "no array, static variable": (small, lambda flag: lib_with_static.spin_at(flag.ctypes.data, looks)),
    "65,544 bytes": (big, lambda flag: lib.spin(flag, looks)),
    "65,536 bytes": (big - 2, lambda flag: lib.spin(flag, looks)),
    "nogil": (small, lambda flag: lib.spin_nogil(flag, looks)),
    "gil": (big, lambda flag: lib.spin_gil(flag, looks)),
    "serial": (big, lambda flag: lib.spin_serial(flag, looks)),
    "ctypeslib": (small, lambda flag: dll.spin(flag, flag.size, looks)),
}

def answer(flag):
    while not flag[0]:
        pass
    flag[1] = 1

sys.setswitchinterval(1e-4)
for name in names:
    size, call = CALLS[name]
    print(name, end=":", flush=True)
    for _ in range(2):
        flag = np.zeros(size, np.int32)
        thread = threading.Thread(target=answer, args=(flag,), daemon=True)
        thread.start()
        print("", call(flag), end="", flush=True)
        thread.join()
    print(flush=True)
"""
FOR_EVER, A_WHILE = -1, 20_000_000


@pytest.fixture(scope="module")
def spin(tmp_path_factory, build_library):
    """spin(looks, *rows of CALLS): what a child prints, which is killed when it does not come to its end."""
    folder = tmp_path_factory.mktemp("spin")
    (folder / "plain.c").write_text(SOURCE)
    (folder / "plain.contract").write_text(CONTRACT)
    (folder / "static.c").write_text(SOURCE.replace("int32_t spin_at(", "int32_t spin_elsewhere(") + STATIC)
    files = [str(folder / "plain.c"), str(folder / "static.c"), build_library(SOURCE, folder / "compiled.so")]

    def run(looks: int, *names: str, seconds: float = 60) -> str:
        command = [sys.executable, "-c", CHILD, *files, str(looks), *names]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds)
        except subprocess.TimeoutExpired as late:
            pytest.fail(f"C waits for ever, since no other thread of Python runs: {bytes(late.stdout or b'').decode()!r}", pytrace=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_c_that_spins_until_another_thread_of_python_answers_returns(spin):
    assert spin(FOR_EVER, "no array", "65,544 bytes", "nogil", "ctypeslib") == (
        "no array: 1 1\n65,544 bytes: 1 1\nnogil: 1 1\nctypeslib: 1 1\n"
    )


def test_c_that_keeps_the_gil_is_not_answered_while_it_runs(spin):
    assert spin(A_WHILE, "no array, static variable", "65,536 bytes", "gil", "serial") == (
        "no array, static variable: 0 0\n65,536 bytes: 0 0\ngil: 0 0\nserial: 0 0\n"
    )


@pytest.mark.unsanitized  # in a second and a half a sanitized child may not even begin
def test_c_that_would_wait_for_ever_is_killed_and_fails_its_test(spin):
    with pytest.raises(pytest.fail.Exception) as failed:
        spin(FOR_EVER, "gil", seconds=1.5)
    assert str(failed.value) == "C waits for ever, since no other thread of Python runs: 'gil:'"
