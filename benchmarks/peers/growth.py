"""What a process keeps of a million calls, and what two threads gain over one; each measured in a fork of the one that runs the rows."""

from __future__ import annotations

import json
import os
import threading
import time
import timeit
from collections.abc import Callable
from typing import Any

import numpy as np

CALLS = 1_000_000
LARGE = 1_000_000  # numbers in an array of the rows with threads
REPEATS = 30  # calls of each thread


def in_fork(measure: Callable[[], Any]) -> Any:
    """What `measure` returns in a fork: it may grow and start threads there."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.write(writer, json.dumps(measure()).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        said = file.read()
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        raise SystemExit("bench: a measurement in a fork failed")
    return json.loads(said)


def resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def grow(statement: str, names: dict[str, Any], calls: int) -> int:
    """Bytes that the process has grown by over so many calls, after a fiftieth of them."""
    timer = timeit.Timer(statement, globals=names)
    timer.timeit(max(1000, calls // 50))
    before = resident()
    timer.timeit(calls)
    return resident() - before


def measure_growth(statements: dict[str, str], names: dict[str, Any], calls: int) -> dict[str, int]:
    return {name: in_fork(lambda statement=statement: grow(statement, names, calls)) for name, statement in statements.items()}  # type: ignore[misc]


def run_in_threads(call: Callable[[int], Any], count: int) -> float:
    """Seconds until `count` threads have made REPEATS calls each, with arrays of their own."""
    barrier = threading.Barrier(count + 1)

    def work(number: int) -> None:
        barrier.wait()
        for _ in range(REPEATS):
            call(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    barrier.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start


def gain(statement: str, names: dict[str, Any], rounds: int) -> dict[str, list[float]]:
    """Microseconds per call of one thread and of two at once, by round."""
    arrays = [[np.arange(float(LARGE)), np.ones(LARGE), np.zeros(LARGE)] for _ in range(2)]
    code = compile(statement, "<threads>", "eval")

    def call(number: int) -> None:
        a, b, c = arrays[number]
        eval(code, names, {"a": a, "b": b, "c": c, "n": LARGE})

    seconds: dict[str, list[float]] = {"one": [], "two": []}
    for _ in range(rounds):
        seconds["one"].append(1e6 * run_in_threads(call, 1) / REPEATS)
        seconds["two"].append(1e6 * run_in_threads(call, 2) / REPEATS / 2)
    return seconds


def measure_threads(statements: dict[str, str], names: dict[str, Any], rounds: int) -> dict[str, dict[str, list[float]]]:
    return {name: in_fork(lambda statement=statement: gain(statement, names, rounds)) for name, statement in statements.items()}  # type: ignore[misc]
