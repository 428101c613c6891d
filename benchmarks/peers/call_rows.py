"""The per-call rows of the peers: what is called, by whom, and how a caller of each tool writes it.

A task is done by ndcall and by hand as well (the rows of bench.py); every peer's row is compared with the hand-written one.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from timing import Row

N = 16


@dataclass(frozen=True)
class Task:
    name: str  # as in the rows of bench.py
    function: str
    arguments: str  # where the tool finds lengths and steps itself
    spelt_out: str  # where its caller hands them over; arrays in braces
    numpy: str = ""  # the ufunc that does the same


TASKS = (
    Task("3 arrays", "add", "a, b, c", "{a}, {b}, {c}, 16", "np.add(a, b, out=c)"),
    Task("result allocated, zeros", "add_new", "a, b", "{a}, {b}, {r}, 16", "np.add(a, b)"),
    Task("6 arrays", "add_five", "a, b, d, e, g, c", "{a}, {b}, {d}, {e}, {g}, {c}, 16"),
    Task("scalars mixed in", "add_scaled", "0.5, a, 3, c", "16, 0.5, {a}, 3, {c}"),
    Task("strided vectors", "add_strided", "s, t", "16, {s}, s.strides[0] // 8, {t}, t.strides[0] // 8", "np.add(t, s, out=t)"),
    Task(
        "2-D strided",
        "mean_of_four",
        "S, T",
        "{S}, S.strides[0] // 8, S.strides[1] // 8, {T}, T.strides[0] // 8, T.strides[1] // 8, *S.shape",
    ),
)
STRIDED = ("add_strided", "mean_of_four")


def spell_out(function: str, task: Task, array: Callable[[str], str]) -> str:
    """The call of a tool whose caller hands everything over; `array` writes how it hands an array."""
    names = {name: array(name) for name in "abcdegrstST"}
    if task.function == "add_new":
        return f"(r := np.empty(16), {function}_add({task.spelt_out.format_map(names)}))[0]"
    return f"{function}_{task.function}({task.spelt_out.format_map(names)})"


@dataclass(frozen=True)
class Peer:
    name: str
    prefix: str  # of its functions' names in the rows' namespace
    array: Callable[[str], str] | None = None  # None: it finds lengths and steps itself
    cannot: tuple[str, ...] = ()  # functions
    refuses: str = ""  # its function that refuses a float32 result

    def call(self, task: Task) -> str:
        if self.array is None:
            return f"{self.prefix}_{task.function}({task.arguments})"
        return spell_out(self.prefix, task, self.array)

    def refusal(self) -> str:
        arrays = [name if self.array is None else self.array(name) for name in ("a", "b", "bad")]
        return f"{self.prefix}_{self.refuses}({', '.join(arrays)}{', 16' * (self.array is not None)})"


BARE = (
    Peer("ctypes", "ctypes", lambda name: f"{name}.ctypes.data"),
    Peer("ctypes + ndpointer", "ndpointer", lambda name: name, refuses="add"),
)
PEERS = (
    Peer("f2py", "f2py", cannot=("add_strided",), refuses="add"),  # 2-D strided: it copies the input
    Peer("Cython", "cython", refuses="add"),
    Peer("nanobind", "nanobind", refuses="add_strict"),
    Peer("pybind11", "pybind11", refuses="add_strict"),
    Peer("cffi API", "api", lambda name: f'api_buffer("double[]", {name})', STRIDED),
    Peer("cffi ABI", "abi", lambda name: f'abi_buffer("double[]", {name})', STRIDED),
    Peer("numba", "numba", refuses="add"),
)
NUMPY = "np.add"


def expect_refusal(call: str) -> str:
    return f"try:\n {call}\nexcept Exception: pass\nelse: raise SystemExit('not refused: {call}')"


OUR_REFUSALS = {
    "float32 result": "add(a, b, bad)",
    "short input": "add(a, half, c)",
    "overlap": "add(moved_from, b, moved_to)",
    "read-only result": "add(a, b, protected)",
}


def rows_of(peers: tuple[Peer, ...]) -> list[Row]:
    rows = [
        Row(f"{peer.name}: {task.name}", peer.call(task), f"hand: {task.name}")
        for task in TASKS
        for peer in peers
        if task.function not in peer.cannot
    ]
    rows += [Row(f"{NUMPY}: {task.name}", task.numpy, f"hand: {task.name}") for task in TASKS if task.numpy]
    rows += [Row(f"ndcall: refused, {name}", expect_refusal(call)) for name, call in OUR_REFUSALS.items()]
    rows += [Row("hand: refused, float32 result", expect_refusal("hand_add(a, b, bad)"))]
    return rows + [Row(f"{peer.name}: refused, float32 result", expect_refusal(peer.refusal())) for peer in peers if peer.refuses]


def growth_statements(peers: tuple[Peer, ...]) -> dict[str, str]:
    """The call of three arrays by everyone."""
    mine = {"ndcall": "add(a, b, c)", "ndcall, result allocated": "add(a, b)", "by hand": "hand_add(a, b, c)"}
    return mine | {peer.name: peer.call(TASKS[0]) for peer in peers} | {NUMPY: TASKS[0].numpy}


def thread_statements(peers: tuple[Peer, ...]) -> dict[str, str]:
    """The same of `n` numbers with the GIL released: by themselves, or as their author asks for it."""
    mine = {"ndcall": "add(a, b, c)", "by hand": "hand_add_nogil(a, b, c)"}
    theirs = {peer.name: peer.call(TASKS[0]).replace(", 16)", ", n)") for peer in peers}
    asked = {peer.name: f"{peer.prefix}_add_threads(a, b, c)" for peer in peers if peer.array is None}
    return mine | theirs | asked | {NUMPY: TASKS[0].numpy}


FLAGS = "C_CONTIGUOUS"
POINTERS = {
    "v": lambda: np.ctypeslib.ndpointer(np.float64, 1, flags=FLAGS),
    "s": lambda: np.ctypeslib.ndpointer(np.float64, 1),
    "p": lambda: np.ctypeslib.ndpointer(np.float64, 2),
}
NUMBERS = {"l": ctypes.c_long, "i": ctypes.c_int, "d": ctypes.c_double}
SIGNATURES = {"add": "vvvl", "add_five": "vvvvvvl", "add_scaled": "ldviv", "add_strided": "lslsl", "mean_of_four": "pllpllll"}


def by_ctypes(library: Path, checked: bool) -> dict[str, Any]:
    functions = {}
    for name, letters in SIGNATURES.items():
        function = ctypes.CDLL(str(library))[name]
        function.restype = None
        function.argtypes = [NUMBERS.get(letter) or (POINTERS[letter]() if checked else ctypes.c_void_p) for letter in letters]
        functions[name] = function
    return functions


def bare_namespace(library: Path, names: dict[str, Any]) -> dict[str, Any]:
    """What the rows that need no package name beyond `names`."""
    a, whole = names["a"], np.arange(N + 1.0)
    more: dict[str, Any] = {"bad": np.empty(N, np.float32), "half": a[:8], "moved_from": whole[:-1], "moved_to": whole[1:]}
    more["protected"] = np.empty(N)
    more["protected"].flags.writeable = False
    for prefix, checked in (("ctypes", False), ("ndpointer", True)):
        more |= {f"{prefix}_{name}": function for name, function in by_ctypes(library, checked).items()}
    return more


def peer_namespace(library: Path, header: Path) -> dict[str, Any]:
    """The functions of the installed peers; install.py made their modules importable."""
    import _kernels_cffi  # type: ignore[import-not-found]
    import by_cffi
    import by_cython  # type: ignore[import-not-found]
    import by_f2py  # type: ignore[import-not-found]
    import by_nanobind  # type: ignore[import-not-found]
    import by_numba
    import by_pybind11  # type: ignore[import-not-found]

    modules = {"cython": by_cython, "f2py": by_f2py, "nanobind": by_nanobind, "numba": by_numba, "pybind11": by_pybind11}
    names = {f"{prefix}_{name}": value for prefix, module in modules.items() for name, value in vars(module).items()}
    ffi, opened = by_cffi.open_abi(header, library)
    names |= {f"api_{name}": getattr(_kernels_cffi.lib, name) for name in SIGNATURES}
    names |= {f"abi_{name}": getattr(opened, name) for name in SIGNATURES}
    return names | {"api_buffer": _kernels_cffi.ffi.from_buffer, "abi_buffer": ffi.from_buffer}
