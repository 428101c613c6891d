"""Rows of the table: each is a statement, checked against its twin, timed in random order with all others, and summed up."""

from __future__ import annotations

import random
import statistics
import timeit
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from quiet import Watch, pick_quiet

SECONDS_PER_ROW = 0.004  # in one round


@dataclass(frozen=True)
class Row:
    name: str
    statement: str
    twin: str = ""  # name of the row it is compared with

    @property
    def task(self) -> str:
        """What is done, whoever does it: a name is "WHO: TASK"."""
        return self.name.partition(": ")[2]


def run_once(row: Row, names: dict[str, Any], written: Sequence[str]) -> list[Any]:
    """The row's result and all that it may have written, from the same start."""
    for key in written:
        names[key][...] = np.arange(names[key].size).reshape(names[key].shape)
    if row.statement.startswith("try"):
        exec(row.statement, names)
        return [names[key].copy() for key in written]
    result = eval(row.statement, names)
    return [names[key].copy() for key in written] + ([result] if isinstance(result, np.ndarray) else [])


def check_rows(rows: Sequence[Row], names: dict[str, Any], written: Sequence[str]) -> None:
    """A row gives what its twin gives, or it is not timed."""
    by_name = {row.name: row for row in rows}
    for row in rows:
        twin = by_name.get(row.twin)
        if twin is None or twin.name.startswith("empty"):  # a twin that does less
            continue
        found, wanted = run_once(row, names, written), run_once(twin, names, written)
        if not all(np.array_equal(x, y) for x, y in zip(found, wanted, strict=False)):
            raise SystemExit(f"bench: {row.name!r} and {twin.name!r} give different results")


def time_rows(rows: Sequence[Row], names: dict[str, Any], wanted: int) -> tuple[dict[str, list[float]], int, bool]:
    """Seconds per call of each round by row; how many rounds ran, and whether those that count were quiet."""
    timers = {row.name: timeit.Timer(row.statement, globals=names) for row in rows}
    loops = {name: max(50, int(SECONDS_PER_ROW / (timer.timeit(200) / 200))) for name, timer in timers.items()}
    rounds: list[dict[str, float]] = []
    shares: list[float] = []
    while len(rounds) < 2 * wanted and len(pick_quiet(rounds, shares, 0)[0]) < wanted:
        order, watch = list(timers), Watch()
        random.shuffle(order)
        rounds.append({name: timers[name].timeit(loops[name]) / loops[name] for name in order})
        shares.append(watch.foreign())
    counted, quiet = pick_quiet(rounds, shares, min(7, wanted))
    return {name: [entry[name] for entry in counted] for name in timers}, len(rounds), quiet


def ratio_of(values: Sequence[float], reference: Sequence[float]) -> float:
    """The median over rounds of the ratio in the same round."""
    return statistics.median(x / y for x, y in zip(values, reference, strict=True))


def summarise(rows: Sequence[Row], seconds: dict[str, list[float]]) -> list[dict[str, Any]]:
    table = []
    for row in rows:
        values = seconds[row.name]
        entry: dict[str, Any] = {"row": row.name, "min_ns": 1e9 * min(values), "median_ns": 1e9 * statistics.median(values)}
        if row.twin:
            entry["twin"] = row.twin
            entry["ratio"] = ratio_of(values, seconds[row.twin])
            entry["ratio_of_minima"] = min(values) / min(seconds[row.twin])
        if ours := seconds.get(f"ndcall: {row.task}"):
            entry["of_ndcall"], entry["of_ndcall_minima"] = ratio_of(values, ours), min(values) / min(ours)
        table.append(entry)
    return table


def print_table(table: list[dict[str, Any]]) -> None:
    print(f"{'ns per call, float64[16]':<36}{'min':>9}{'median':>9}{'ratio':>9}{'of min':>9}")
    for entry in table:
        line = f"{entry['row']:<36}{entry['min_ns']:>9.1f}{entry['median_ns']:>9.1f}"
        if "ratio" in entry:
            line += f"{entry['ratio']:>9.2f}{entry['ratio_of_minima']:>9.2f}  of {entry['twin']}"
        print(line)
