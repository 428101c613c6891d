"""Memory that ends at any allocation, and garbage that is collected at any: a call, a refusal, a binding, a load."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys

import pytest

SOURCE = """
typedef struct { long n; double *x; int kind; } vec;
/// ndcall: a[n], b[n] -> c[n]
void add(const double *a, const double *b, double *c, long n) { for (long i = 0; i < n; i++) c[i] = a[i] + b[i]; }
/// ndcall: v, name -> v; ignore return
int touch(vec *v, const char *name) { v->kind = name[0]; return 0; }
/// ndcall: x[n] -> total, y[n]; check n > 1
void totals(const double *x, long n, double *total, double *y) { *total = 0; for (long i = 0; i < n; i++) y[i] = *total += x[i]; }
enum colour { RED, BLUE };
int paint(enum colour c) { return c; }
"""
PREAMBLE = """
import gc, sys, warnings
import numpy as np
import ndcall
warnings.simplefilter("ignore")
lib = ndcall.load({source!r})
a, b, f, out = np.arange(16.0), np.ones(16), np.ones(16, np.float32), np.empty(16)
v = lib.vec(x=a)
def refuse(function, *arguments, **named):
    try:
        function(*arguments, **named)
    except ndcall.NdcallError as error:
        str(error)
        return
    raise AssertionError("not refused")
ACTIONS = {{
    "call": lambda: lib.add(a, b, out),
    "result allocated": lambda: lib.add(a, b),
    "keywords": lambda: lib.add(a=a, b=b, out=out),
    "converted": lambda: lib.add(f, [1] * 16),
    "list": lambda: lib.add([1, 2.5], [True, 3]),
    "struct": lambda: lib.touch(v, "text"),
    "struct made": lambda: lib.vec(x=np.ones(3), kind=2),
    "several results": lambda: lib.totals(a),
    "enum": lambda: lib.paint("BLUE"),
    "refused dtype": lambda: refuse(lib.add, a, b, f),
    "refused shape": lambda: refuse(lib.add, a, b[:3]),
    "refused overlap": lambda: refuse(lib.add, a, b[:15], a[1:]),
    "refused name": lambda: refuse(lib.add, a, b, d=1),
    "refused check": lambda: refuse(lib.totals, [1.0]),
    "texts": lambda: (repr(lib), repr(lib.add), lib.add.__doc__, str(ndcall.show(lib.add)), lib.add._repr_html_(), repr(v)),
    "loaded again": lambda: ndcall.load({source!r}).add(a, b),
}}
"""
NO_MEMORY = """
import _testcapi, functools
# Python's own SHA-256 crashes without memory: it is answered from what it said before.
known = functools.lru_cache(maxsize=None)(ndcall._digest.sha256)
for module in [module for name, module in sys.modules.items() if name.startswith("ndcall.")]:
    if hasattr(module, "sha256"):
        module.sha256 = known
CAUGHT = (MemoryError, *MAY_RAISE)
def starve(action, first, last):
    # The allocations of the action from number `first` on fail, up to `last`; 0: all.
    _testcapi.set_nomemory(first, last)
    try:
        action()
        return True
    except CAUGHT:
        return False
    finally:
        _testcapi.remove_mem_hooks()
for name in NAMES:
    action = ACTIONS[name]
    action()
    if name == "loaded again":
        # One at a time: Python's own `with open()` never ends when all fail.
        for first in range(1, 6000, 7):
            starve(action, first, first + 1)
    else:
        first = 0
        while not starve(action, first, 0):
            first += 1
            assert first < 20000, name
    assert (lib.add(a, b) == a + b).all(), name
print("alive")
"""
COLLECTING = """
class Cycle:
    def __init__(self):
        self.me = self
    def __del__(self):
        collected.append(1)
        gc.isenabled()
collected = []
gc.set_threshold(1, 1, 1)
gc.callbacks.append(lambda phase, info: lib.add(a, b, out))  # called within the collection that a call has started
for name, action in ACTIONS.items():
    for _ in range(20):
        Cycle()
        action()
    assert (lib.add(a, b) == a + b).all(), name
assert len(collected) > 200
print("alive")
"""


@pytest.fixture(scope="module")
def preamble(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bites")
    (folder / "code.c").write_text(SOURCE)
    (folder / "code.contract").write_text("struct vec: x[n]\n")
    return PREAMBLE.format(source=str(folder / "code.c"))


# What Python, NumPy and ndcall say instead of MemoryError when one of their steps fails for want of memory.
MAY_RAISE = {"loaded again": "(SystemError, ImportError, OSError, ndcall.NdcallError)"}


WITH_GENERATORS = ("texts", "loaded again")


def run(code: str) -> None:
    environment = {**os.environ, "PYTHONFAULTHANDLER": "1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300, env=environment)
    assert (done.returncode, done.stdout) == (0, "alive\n"), done.stderr[-3000:]


@pytest.mark.parametrize(
    "names",
    [
        ("call", "result allocated", "keywords", "converted", "list"),
        ("struct", "struct made", "several results", "enum"),
        ("refused dtype", "refused shape", "refused overlap", "refused name", "refused check"),
        ("texts",),
        ("loaded again",),
    ],
    ids=" ".join,
)
def test_memory_may_end_at_every_allocation(preamble, names):
    if importlib.util.find_spec("_testcapi") is None:
        pytest.skip("this Python comes without _testcapi, which makes allocations fail")
    if sys.version_info >= (3, 12) and names[0] in WITH_GENERATORS:
        pytest.skip("without memory for a generator's frame, CPython 3.12 and 3.13 crash by themselves: tuple(i for i in items)")
    run(preamble + f"NAMES, MAY_RAISE = {names!r}, {MAY_RAISE.get(names[0], '()')}\n" + NO_MEMORY)


def test_garbage_may_be_collected_at_every_allocation(preamble):
    run(preamble + COLLECTING)
