"""Arguments whose own code bites: what it does, through which method it is run, and at which place it is given.

Each cell is a call with an array in front of the biting argument and one behind it. It ends with an exception or with the right numbers,
and nothing is read from memory that was given back (under AddressSanitizer such a read ends the test).
"""

from __future__ import annotations

import contextlib
import gc
import mmap
import threading
from collections.abc import Callable
from typing import Any

import ndcall
import numpy as np
import pytest

SOURCE = """
/// ndcall: before[n], bite[m], k, after[p] -> return
double add(const double *before, long n, const double *bite, long m, long k, const double *after, long p) {
    double s = (double)k;
    for (long i = 0; i < n; i++) s += before[i];
    for (long i = 0; i < m; i++) s += bite[i];
    for (long i = 0; i < p; i++) s += after[i];
    return s;
}
"""
SIZE = 50_000  # large enough that a freed array is given back to the system


class Scene:
    """The arguments of one call, within reach of the biting one."""

    def __init__(self, lib: Any) -> None:
        self.lib = lib
        self.memory = bytearray(8 * SIZE)
        self.map = mmap.mmap(-1, 8 * SIZE)
        self.before, self.after = np.ones(SIZE), np.ones(SIZE)
        self.list: list[Any] = [1.0, 2.0]
        self.depth = 0
        self.expected = 2.0 * SIZE


def shrink_before(scene: Scene) -> None:
    scene.before.resize(1, refcheck=False)


def shrink_after(scene: Scene) -> None:
    scene.after.resize(1, refcheck=False)


def reshape_before(scene: Scene) -> None:
    scene.before.shape = (SIZE // 2, 2)


def clear_the_buffer(scene: Scene) -> None:
    scene.memory.clear()  # BufferError while it is exported


def close_the_map(scene: Scene) -> None:
    scene.map.close()  # BufferError while it is exported


def change_the_list(scene: Scene) -> None:
    scene.list.extend([3.0] * 1000)
    scene.list.clear()


def reenter(scene: Scene) -> None:
    scene.depth += 1
    if scene.depth < 5:
        scene.lib.add(scene.before, biting(scene, reenter, "__array__"), 1, scene.after)


def drop_the_library(scene: Scene) -> None:
    scene.lib = None
    gc.collect()


def start_a_thread(scene: Scene) -> None:
    thread = threading.Thread(target=lambda: scene.lib.add(np.ones(3), np.ones(3), 1, np.ones(3)))
    thread.start()
    thread.join()


def fail(scene: Scene) -> None:
    raise KeyError("mine")


BITES = (shrink_before, shrink_after, reshape_before, clear_the_buffer, close_the_map, change_the_list, reenter, drop_the_library)
BITES += (start_a_thread, fail)
ARRAYS = ("__array__", "__array_interface__", "__dlpack_device__", "__dlpack__", "__getattr__")
NUMBERS = ("__index__", "__float__", "__bool__", "__len__", "__getitem__", "__iter__", "__str__", "__repr__", "__hash__", "__eq__")
NUMBERS += ("__class__",)


def biting(scene: Scene, bite: Callable[[Scene], None], method: str) -> Any:
    """An object that is an array of two numbers and the integer 1, and bites in one of its methods."""
    numbers = np.array([1.0, 2.0])
    answers: dict[str, Any] = {
        "__array__": lambda self, dtype=None, copy=None: numbers,
        "__dlpack_device__": lambda self: (1, 0),
        "__dlpack__": lambda self, **options: numbers.__dlpack__(**options),
        "__index__": lambda self: 1,
        "__float__": lambda self: 1.0,
        "__bool__": lambda self: True,
        "__len__": lambda self: 2,
        "__getitem__": lambda self, i: [1.0, 2.0][i],
        "__iter__": lambda self: iter([1.0, 2.0]),
        "__str__": lambda self: "bite",
        "__repr__": lambda self: "bite",
        "__hash__": lambda self: 1,
        "__eq__": lambda self, other: True,
    }
    properties: dict[str, Any] = {"__array_interface__": lambda self: numbers.__array_interface__, "__class__": lambda self: np.ndarray}

    def bite_first(answer: Any) -> Any:
        def biting_answer(self: Any, *arguments: Any, **named: Any) -> Any:
            bite(scene)
            return answer(self, *arguments, **named)

        return biting_answer

    def missing(self: Any, name: str) -> Any:
        bite(scene)
        raise AttributeError(name)

    needed = {"__dlpack__": ("__dlpack_device__",), "__dlpack_device__": ("__dlpack__",)}.get(method, ())
    names = {name: answers[name] for name in needed}
    if method == "__getattr__":
        names[method] = missing
    elif method in properties:
        names[method] = property(bite_first(properties[method]))
    else:
        names[method] = bite_first(answers[method])
        names.setdefault("__hash__", object.__hash__)
    return type("Biting", (), names)()


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


def check_call(scene: Scene, *arguments: Any, expected: float) -> None:
    """A right number or an exception; the lengths that C was given are those that it was called with."""
    function = scene.lib.add
    try:
        result = function(*arguments)
    except (ndcall.NdcallError, KeyError, BufferError, TypeError, AttributeError):
        return
    # Where a bite shrank an array before it was looked at, the call is right with what is there now.
    assert result in {expected, expected - SIZE + 1.0}


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")
@pytest.mark.parametrize("bite", BITES)
@pytest.mark.parametrize("method", ARRAYS)
def test_an_array_that_bites(lib, bite, method):
    scene = Scene(lib)
    check_call(scene, scene.before, biting(scene, bite, method), 1, scene.after, expected=scene.expected + 4)


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")
@pytest.mark.parametrize("bite", BITES)
@pytest.mark.parametrize("method", NUMBERS)
def test_a_number_that_bites(lib, bite, method):
    for place in ("memory", "map", "list"):
        scene = Scene(lib)
        given = scene.list if place == "list" else np.frombuffer(getattr(scene, place), float)
        held = memoryview(getattr(scene, place)).cast("d") if place != "list" else given
        expected = scene.expected + (3.0 if place == "list" else 0.0) + 1
        check_call(scene, scene.before, held, biting(scene, bite, method), scene.after, expected=expected)
        del given, held


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")
@pytest.mark.parametrize("bite", BITES)
@pytest.mark.parametrize("method", NUMBERS)
def test_an_item_of_a_list_that_bites(lib, bite, method):
    scene = Scene(lib)
    scene.list.insert(1, biting(scene, bite, method))
    check_call(scene, scene.before, scene.list, 1, scene.after, expected=scene.expected + 5)


@pytest.mark.filterwarnings("ignore:Setting the shape:DeprecationWarning")
@pytest.mark.parametrize("bite", BITES)
def test_a_finalizer_that_bites(lib, bite):
    """The only reference to it is the list that another item clears."""
    scene = Scene(lib)

    class Dying:
        def __index__(self) -> int:
            scene.list.clear()
            return 1

        def __del__(self) -> None:
            with contextlib.suppress(KeyError, BufferError, ndcall.NdcallError):
                bite(scene)

    scene.list.insert(0, Dying())
    check_call(scene, scene.before, scene.list, 1, scene.after, expected=scene.expected + 4)
    gc.collect()  # here it may bite, and not in another test


def test_the_buffer_of_an_interface_stays_until_c_has_read_it(lib):
    memory = bytearray(np.ones(SIZE).tobytes())

    class Holder:
        @property
        def __array_interface__(self) -> dict[str, Any]:
            return {"version": 3, "shape": (SIZE,), "typestr": "<f8", "data": memory}

    class Clearing:
        def __index__(self) -> int:
            memory.clear()
            return 1

    with pytest.raises(BufferError):
        lib.add([1.0], Holder(), Clearing(), [1.0])
    assert lib.add([1.0], Holder(), 1, [1.0]) == SIZE + 3
    memory.clear()  # given back


class Lying(np.ndarray):
    """A subclass whose attributes are rubbish; C gets what NumPy has."""

    shape = property(lambda self: (10**9,))  # type: ignore[assignment]
    strides = property(lambda self: (0,))  # type: ignore[assignment]
    dtype = property(lambda self: np.dtype("int8"))  # type: ignore[assignment]
    ndim = property(lambda self: 7)  # type: ignore[assignment]
    data = property(lambda self: None)  # type: ignore[assignment]
    ctypes = property(lambda self: None)  # type: ignore[assignment]
    size = property(lambda self: -1)  # type: ignore[assignment]

    def __len__(self) -> int:
        return 10**9

    def __getitem__(self, item: Any) -> Any:
        raise KeyError("mine")

    __eq__ = __iter__ = __array__ = __getitem__  # type: ignore[assignment]
    __hash__ = None  # type: ignore[assignment]


def test_a_subclass_that_lies_is_read_as_the_array_that_it_is(lib):
    lying = np.array([1.0, 2.0, 3.0]).view(Lying)
    assert lib.add(lying, [1.0], 1, lying) == 14


def test_an_answer_that_is_rubbish_is_an_exception(lib):
    for method, answer in (
        ("__array__", 3),
        ("__array__", None),
        ("__array_interface__", 3),
        ("__array_interface__", {}),
        ("__array_interface__", {"version": 3, "shape": (-1,), "typestr": "<f8", "data": (0, True)}),
        ("__array_interface__", {"version": 3, "shape": (2,), "typestr": "O", "data": (0, True)}),
        ("__dlpack_device__", "cpu"),
        ("__dlpack_device__", (1,)),
    ):
        value = (lambda self, answer=answer, **named: answer) if method != "__array_interface__" else answer
        thing = type("Rubbish", (), {method: value, "__dlpack__": lambda self, **options: None})()
        with pytest.raises((ndcall.ArgumentError, TypeError, ValueError)):
            lib.add([1.0], thing, 1, [1.0])
    for answer in ("1", 1.5, None, 2**70):
        thing = type("Rubbish", (), {"__index__": lambda self, answer=answer: answer})()
        with pytest.raises((ndcall.NdcallError, TypeError)):
            lib.add([1.0], [1.0], thing, [1.0])
