"""Every public name, used a thousand times, leaves nothing behind: no reference, export, descriptor, mapping, object or memory."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import inspect
import mmap
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import ndcall
import pytest
from flat.table import ROWS, World
from ndcall._core import Mismatch, NdpointerCheck, get_ctypes_function_type
from ndcall.compat import ctypeslib

OF_EVERY_CLASS = {"__annotations__", "__dict__", "__module__", "__slotnames__", "__slots__", "__weakref__"}  # those that pickle adds too
OF_EVERY_CLASS |= {"__firstlineno__", "__static_attributes__", "__vectorcalloffset__"}  # from Python 3.13 on
OF_IPYTHON = {"_ipython_key_completions_", "_repr_html_"}


def list_members(name: str, kind: type, *, without: frozenset[str] = frozenset()) -> set[str]:
    """The public names of a class, its own and not those of Python's classes."""
    own = [one for one in kind.__mro__ if one.__module__.partition(".")[0] == "ndcall"]
    found = {member for one in own for member, value in vars(one).items() if member != "__doc__" or inspect.isdatadescriptor(value)}
    private = {member for member in found if member.startswith("_") and not member.endswith("__")} - OF_IPYTHON
    return {f"{name}.{member}" for member in found - private - OF_EVERY_CLASS - without}


def list_public(lib: ndcall.Library) -> set[str]:
    classes = {name: value for name in ndcall.__all__ if isinstance(value := getattr(ndcall, name), type)}
    errors = {name: value for name, value in classes.items() if issubclass(value, BaseException)}
    names = {*ndcall.__all__, *(f"ctypeslib.{name}" for name in ctypeslib.__all__)}
    for name, kind in errors.items():  # what a class inherits is a row of the class that it is from
        names |= list_members(name, type(name, (), {**vars(kind), "__module__": "ndcall"}))
    for name in ("Library", "Function"):
        names |= list_members(name, classes[name])
    names |= list_members("struct", lib.vec)
    names |= list_members("Mismatch", Mismatch, without=frozenset({"__new__", "__init__"}))  # which refuse
    names |= list_members("NdpointerCheck", NdpointerCheck)
    names |= list_members("CtypesFunction", get_ctypes_function_type())
    return names | list_members("CDLL", ctypeslib.CDLL)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, build_library: Callable[..., str]) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("flat"), build_library)
    gc.collect()
    gc.freeze()  # what is there is not looked at in every collection
    yield made
    gc.unfreeze()


def test_every_public_name_has_a_row(world):
    assert {name.partition(" ")[0] for name in ROWS} == list_public(world.lib)


def find_heap() -> Callable[[], int]:
    """How to ask for the bytes of C's heap in use: glibc, or the sanitizer that takes its place."""
    libc = ctypes.CDLL(None)
    if IS_SANITIZED:
        libc.__sanitizer_get_current_allocated_bytes.restype = ctypes.c_size_t
        return libc.__sanitizer_get_current_allocated_bytes
    libc.mallinfo2.restype = type("struct_mallinfo2", (ctypes.Structure,), {"_fields_": [("numbers", ctypes.c_size_t * 10)]})
    return lambda: sum(libc.mallinfo2().numbers[i] for i in (4, 7))  # hblkhd and uordblks: mapped by themselves, and in the arenas


IS_SANITIZED = hasattr(ctypes.CDLL(None), "__sanitizer_get_current_allocated_bytes")
HEAP = find_heap()
# Interpreter and allocator fill stores of their own for a while; what leaks grows in every round. The largest is CPython's cache of
# attributes: 4,096 names by their address, which a sanitizer gives to no second string for long.
ROUNDS, MOST_ROUNDS = 4, 64


class Memory(NamedTuple):
    heap: int  # bytes
    blocks: int  # of Python's allocator
    objects: int  # that the garbage collector knows
    resident: int  # bytes

    @classmethod
    def now(cls) -> Memory:
        gc.collect()
        pages = 0 if IS_SANITIZED else int(Path("/proc/self/statm").read_text().split()[1])  # a sanitizer keeps what was freed
        return cls(HEAP(), sys.getallocatedblocks(), len(gc.get_objects()), pages * 4096)

    def exceeds(self, times: int) -> bool:
        """One object is our own: the state that this one was compared with."""
        return self.heap >= max(8 * times, 256) or self.blocks >= max(times // 2, 5) or self.objects > 1 or self.resident >= 65536


def count_held(arguments: list[Any]) -> dict[str, int]:
    gc.collect()
    held = {f"references to argument {i}, {type(one).__name__}": sys.getrefcount(one) for i, one in enumerate(arguments)}
    held["open files"] = len(os.listdir("/proc/self/fd"))
    held["mapped files"] = sum("/" in line for line in Path("/proc/self/maps").read_text().splitlines())
    return held


def find_left(world: World, use: Callable[[World], Any], times: int) -> dict[str, int]:
    """What is more after using it `times` times and, of memory, more in every round."""
    for _ in range(3):
        use(world)
    held, rounds = count_held(world.arguments), []
    while len(rounds) < ROUNDS or (all(grown.exceeds(times // ROUNDS) for grown in rounds) and len(rounds) < MOST_ROUNDS):
        before = Memory.now()
        for _ in range(times // ROUNDS):
            use(world)
        rounds.append(Memory(*(now - then for now, then in zip(Memory.now(), before, strict=True))))
    left = {what: count - held[what] for what, count in count_held(world.arguments).items() if count != held[what]}
    is_flat = any(not grown.exceeds(times // ROUNDS) for grown in rounds)
    return left if is_flat else {**left, **rounds[-1]._asdict()}


@pytest.mark.parametrize("name", ROWS)
def test_it_leaves_nothing_behind(world, name):
    use, times = ROWS[name]
    assert find_left(world, use, times) == {}
    world.bytes.append(0)  # a BufferError, while anybody has its memory
    world.bytes.pop()


RAW = ctypes.pythonapi
RAW.PyMem_RawMalloc.restype, RAW.PyMem_RawFree.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
# Each is undone when the stack is left.
LEAKS: dict[str, Callable[[World, contextlib.ExitStack], Any]] = {
    "references to argument 0, ndarray": lambda w, stack: stack.callback(id, w.a),
    "open files": lambda w, stack: stack.callback(os.close, os.dup(2)),
    "mapped files": lambda w, stack: stack.enter_context(map_file(w.source)),
    "heap": lambda w, stack: stack.callback(RAW.PyMem_RawFree, RAW.PyMem_RawMalloc(64)),
    "blocks": lambda w, stack: stack.callback(id, object()),
    "objects": lambda w, stack: stack.callback(id, []),
}


def map_file(path: Path) -> mmap.mmap:
    with open(path, "rb") as file:
        return mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)


# Sanitized runs take Python's blocks from C's heap, where they are counted as bytes.
@pytest.mark.parametrize("what", [pytest.param(what, marks=[pytest.mark.unsanitized] * (what == "blocks")) for what in LEAKS])
def test_what_is_left_behind_is_told(world, what):
    with contextlib.ExitStack() as stack:
        assert find_left(world, lambda w: LEAKS[what](w, stack), 40)[what] >= 10
