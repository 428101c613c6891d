"""Cases against ndcall: `python -m model.play 1000000` draws as many, and tells what the first that differs was.

`Player.play(seed)` is one case; the same seed is the same case.
"""

from __future__ import annotations

import argparse
import array as plain
import collections
import itertools
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import ndcall
import numpy as np

from .c_source import source
from .functions import Function, functions
from .judge import Verdict, judge
from .rules import KINDS
from .scene import Scene


class DifferenceError(AssertionError):
    """ndcall and the model do not agree on a case."""


def equal_arrays(x: np.ndarray, y: np.ndarray) -> bool:
    """Bit for bit, but for the unused bytes of a long double and of a struct."""
    if x.dtype != y.dtype or x.shape != y.shape:
        return False
    if x.dtype.names:
        return all(equal_arrays(x[name], y[name]) for name in x.dtype.names)
    if x.dtype.itemsize >= 16:
        same = all(np.array_equal(a, b, equal_nan=True) for a, b in ((x.real, y.real), (x.imag, y.imag)))
        return same and bool(np.all(np.signbit(x.real) == np.signbit(y.real)))
    return x.tobytes() == y.tobytes()


def equal_numbers(x: Any, y: Any) -> bool:
    plain = y.item() if (isinstance(y, np.generic) and y.dtype.itemsize < 16) or isinstance(y, np.complex128) else y
    return type(x) is type(plain) and (x == plain or (x != x and plain != plain))


def raw(x: np.ndarray) -> np.ndarray:
    """The same memory as bytes without meaning: what a copy of it loses, a struct's padding and a NaN's bits, is compared too."""
    return np.asarray(x).view(f"V{x.dtype.itemsize}") if not x.dtype.hasobject and x.dtype.itemsize else np.asarray(x)


def show(given: Any) -> str:
    if not isinstance(given, np.ndarray):
        return repr(given)
    where = given.__array_interface__["data"][0] % 2**16
    return f"{type(given).__name__}(dtype={given.dtype.str}, shape={given.shape}, strides={given.strides}, at={where}, " \
           f"writeable={given.flags.writeable}, values={np.asarray(given).tolist()!r:.200})"  # fmt: skip


class Player:
    def __init__(self, folder: Path):
        path = folder / "code.c"
        path.write_text(source(), encoding="utf-8")
        self.functions = functions()
        self.weights = list(itertools.accumulate(function.weight for function in self.functions))
        path.with_suffix(".contract").write_text("\n".join(f.line for f in self.functions) + "\n", encoding="utf-8")
        self.libraries = {True: ndcall.load(path), False: ndcall.load(path, copy="never")}
        self.scene = Scene()
        self.start_counts()

    def start_counts(self) -> None:
        self.accepted = self.played = 0
        self.kinds: collections.Counter[str] = collections.Counter()

    def play(self, seed: int) -> None:
        """Raises DifferenceError when ndcall does something else than the model says."""
        self.scene.reset(seed)
        function = self.choose_function()
        copies = self.scene.chance(0.85)
        args, named = self.scene.call(function)
        verdict = judge(function, args, named, copies)
        given = [memory for x in self.flatten((*args, *named.values())) if (memory := self.memory_of(x)) is not None]
        before = self.scene.canvas.copy(), [raw(x).copy() for x in given]
        problem = self.compare(self.libraries[copies][function.name], args, named, verdict)
        problem = problem or self.compare_memory(verdict, given, *before)
        if problem:
            raise DifferenceError(self.tell(seed, function, args, named, copies, verdict, problem))
        self.played += 1
        self.accepted += not verdict.mismatches
        self.kinds.update({kind for kind, _ in verdict.mismatches})

    def choose_function(self) -> Function:
        return self.scene.rng.choices(self.functions, cum_weights=self.weights)[0]

    @staticmethod
    def memory_of(given: Any) -> np.ndarray | None:
        if isinstance(given, np.ndarray):
            return given
        return np.asarray(given) if isinstance(given, (memoryview, plain.array, bytearray)) else getattr(given, "array", None)

    @staticmethod
    def flatten(values: tuple[Any, ...]) -> list[Any]:
        return [x for value in values for x in (value if isinstance(value, tuple) else (value,))]

    def compare(self, function: Any, args: tuple[Any, ...], named: dict[str, Any], verdict: Verdict) -> str:
        try:
            returned = function(*args, **named)
        except ndcall.ContractError as error:
            found = sorted((m.kind, m.argument) for m in error.mismatches)
            if type(error).__name__ != verdict.exception or found != sorted(verdict.mismatches):
                return f"raises {type(error).__name__} {found}: {error}"
            return ""
        if verdict.mismatches:
            return f"returned {returned!r:.300}"
        wanted = verdict.results
        got = [] if returned is None else list(returned) if type(returned).__name__.endswith("_result") else [returned]
        if len(got) != len(wanted) or not all(self.is_wanted(g, w, verdict) for g, w in zip(got, wanted, strict=True)):
            return f"returned {returned!r:.300}"
        return ""

    @staticmethod
    def is_wanted(got: Any, wanted: Any, verdict: Verdict) -> bool:
        if not isinstance(wanted, np.ndarray):
            return equal_numbers(got, wanted)
        if any(wanted is memory for memory, _ in verdict.written):
            return got is wanted
        return type(got) is np.ndarray and equal_arrays(got, np.asarray(wanted)) and got.flags.writeable and got.flags.owndata

    def compare_memory(self, verdict: Verdict, given: list[np.ndarray], canvas: np.ndarray, before: list[np.ndarray]) -> str:
        """What C was to write holds what it was to hold; with that undone, every byte is the one that it was."""
        for memory, after in verdict.written:
            if not equal_arrays(np.asarray(memory), after):
                return f"C left {np.asarray(memory).tolist()}, not {after.tolist()}"
        for memory, _ in verdict.written:
            old = next(old for x, old in zip(given, before, strict=True) if x is memory)
            raw(memory)[...] = old
        if not np.array_equal(self.scene.canvas, canvas):
            return f"other memory was changed: bytes {np.flatnonzero(self.scene.canvas != canvas)[:20]}"
        for x, old in zip(given, before, strict=True):
            if not np.array_equal(raw(x), old):
                return "an argument was changed that C only reads"
        return ""

    @staticmethod
    def tell(
        seed: int, function: Function, args: tuple[Any, ...], named: dict[str, Any], copies: bool, verdict: Verdict, problem: str
    ) -> str:
        said = f"{verdict.exception} {sorted(verdict.mismatches)}" if verdict.mismatches else f"results {verdict.results!r:.300}"
        lines = [f"case {seed}, copy={'safe' if copies else 'never'}: {function.line}"]
        lines += [f"  {name}: {show(x)}" for name, x in [*enumerate(args), *named.items()]]
        return "\n".join([*lines, f"the model says: {said}", f"ndcall: {problem}"])


def main() -> int:
    """Plays cases until one differs; --all goes on and counts them."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("cases", type=int)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--all", action="store_true", help="show every difference, not only the first")
    options = parser.parse_args()
    warnings.simplefilter("ignore", np.exceptions.ComplexWarning)
    start, differences = time.process_time(), 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("NDCALL_CACHE_DIR", folder + "/cache")
        player = Player(Path(folder))
        for seed in range(options.first, options.first + options.cases):
            try:
                player.play(seed)
            except DifferenceError as difference:
                differences += 1
                print(difference, flush=True)
                if not options.all:
                    return 1
    counts = ", ".join(f"{kind} {player.kinds[kind]}" for kind in KINDS)
    accepted, seconds = player.accepted / max(player.played, 1), time.process_time() - start
    print(f"{player.played} cases agree, {differences} differ; {accepted:.0%} accepted; refused for {counts}; {seconds:.1f} s of CPU time")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
