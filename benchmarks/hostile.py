#!/usr/bin/env python3
"""What every tool does with bad arguments: a table of cells, each tried in a process of its own.

    .venv/bin/python benchmarks/hostile.py [--bare] [--json] [--write]

The columns of BARE need no package beyond NumPy: the tests try them again and compare them with docs/hostile.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import textwrap
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from peers import install
from peers.adders import ADDERS, BARE, PEERS, TAKE_LENGTH, Adder
from peers.hostile_cases import CASES, Call
from peers.regions import replace_regions

PAGE = Path(__file__).resolve().parents[1] / "docs" / "hostile.md"
GOOD = ("right", "refused", "refused*", "-")
Table = dict[str, dict[str, list[str]]]  # table[case][column]: verdict, class and text of the exception
AUTHORS_OWN = "lengths differ"  # the text of the tests that the authors of our modules for the peers had to think of


def describe(argument: Any) -> Any:
    """What a call must leave as it is."""
    return (argument.dtype.str, argument.shape, argument.strides, argument.ctypes.data) if isinstance(argument, np.ndarray) else None


def bytes_of(canvas: np.ndarray[Any, Any], array: Any) -> np.ndarray[Any, Any]:
    """Which bytes of the canvas belong to the array."""
    inside = np.zeros(canvas.nbytes, bool)
    if isinstance(array, np.ndarray):
        for place in np.ndindex(array.shape):
            start = array.ctypes.data - canvas.ctypes.data + sum(i * step for i, step in zip(place, array.strides, strict=True))
            inside[start : start + array.itemsize] = True
    return inside


def written_values(call: Call, result: Any) -> np.ndarray[Any, Any] | None:
    """What the call left in `c`; in its result where no `c` was given."""
    array = call.c if call.c is not None else result
    return None if array is None else np.asarray(array).astype(float).ravel()


def right_values(call: Call) -> np.ndarray[Any, Any] | None:
    return None if call.refuse_only else np.asarray(call.a).astype(float).ravel() + np.asarray(call.b)


def judge(call: Call, before: Call, result: Any) -> str:
    """What a call that returned has done; `before` is the same case untouched."""
    changed = call.canvas.view(np.uint8) != before.canvas.view(np.uint8)
    if np.any(changed & ~bytes_of(call.canvas, call.c)):
        return "wrote outside"
    if isinstance(call.c, np.ndarray) and not call.c.flags.writeable and changed.any():
        return "wrote read-only"
    values, right = written_values(call, result), right_values(before)
    if values is None:
        return "lost"
    if right is not None and np.array_equal(values, right):
        return "right"
    if call.c is not None and not changed.any():
        return "only in the result" if right is not None and np.array_equal(np.ravel(result), right) else "lost"
    old = written_values(before, None)
    return "left a part" if old is not None and len(old) == len(values) and 0 < np.sum(old == values) < len(old) else "wrong"


@dataclass
class Try:
    verdict: str
    error: BaseException | None
    values: np.ndarray[Any, Any] | None  # what C left in c


def try_case(adder: Adder, case: str, sentinel: float) -> Try:
    call, before = Call(sentinel), Call(sentinel)
    CASES[case](call)
    CASES[case](before)
    kept = [describe(x) for x in (call.a, call.b, call.c)]
    try:
        result = adder(call.a, call.b, call.c, *([] if call.n is None else [call.n]))
    except Exception as error:
        untouched = np.array_equal(call.canvas.view(np.uint8), before.canvas.view(np.uint8))
        verdict = "refused" if untouched else "refused, but wrote"
        return Try(verdict + "*" * (str(error) == AUTHORS_OWN), error, None)
    if [describe(x) for x in (call.a, call.b, call.c)] != kept:
        return Try("replaced", None, None)
    return Try(judge(call, before, result), None, written_values(call, result))


def try_cell(adder: Adder, case: str) -> list[str]:
    """The verdict, and the class and text of the exception. What depends on the sentinels was read beside an array."""
    first, second = (try_case(adder, case, sentinel) for sentinel in (777.0, 888.0))
    in_bounds = first.values is None or second.values is None or np.array_equal(first.values, second.values, equal_nan=True)
    verdict = first.verdict if in_bounds or first.verdict.startswith("wrote") else "read outside"
    return [verdict, type(first.error).__name__ if first.error else "", str(first.error or "")]


def in_process(adder: Adder, case: str) -> list[str]:
    """`try_cell` in a fork of this process, which may die of it."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.write(writer, json.dumps(try_cell(adder, case)).encode())
        os._exit(0)  # without what the parent wants done at its end
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        said = file.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status < 0:
        return [signal.Signals(-status).name, "", ""]
    cell: list[str] = json.loads(said)
    return cell


def fill_table(columns: list[str]) -> Table:
    warnings.simplefilter("ignore")  # what only warns lets the call happen
    adders = {column: ADDERS[column]() for column in columns}
    table: Table = {}
    for case in CASES:
        asks_length = case.startswith("n = ")
        table[case] = {
            column: ["-", "", ""] if asks_length and column not in TAKE_LENGTH else in_process(adder, case)
            for column, adder in adders.items()
        }
    return table


def print_markdown(table: Table, columns: list[str]) -> str:
    lines = [f"| | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for case, cells in table.items():
        verdicts = [cells[column][0] for column in columns]
        shown = [verdict if verdict in GOOD else f"**{verdict}**" for verdict in verdicts]
        lines.append(f"| {' | '.join([case, *shown])} |".replace("*" * 2 + "53", r"\*\*53").replace("refused*", r"refused\*"))
    return "\n".join(lines)


def print_refusals(table: Table, column: str) -> str:
    """What a column's refusals say, whole."""
    said = [
        f"{case}\n" + textwrap.indent(f"{kind}: {text}\n", "    ")
        for case, cells in table.items()
        for _, kind, text in [cells[column]]
        if kind
    ]
    return "```text\n" + "\n".join(said) + "```"


def make_regions(table: Table, bare: bool) -> dict[str, str]:
    """The parts of the page."""
    regions = {"bare": print_markdown(table, [*BARE]), "refusals": print_refusals(table, "ndcall")}
    return regions if bare else regions | {"peers": print_markdown(table, ["ndcall", *PEERS])}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bare", action="store_true", help="only the columns that need no package beyond NumPy")
    parser.add_argument("--json", action="store_true", help="print every cell with its exception, and the parts of the page")
    parser.add_argument("--write", action="store_true", help="make the regions of docs/hostile.md again")
    options = parser.parse_args()
    if not options.bare:
        if not install.install():
            return 1
        install.build_modules()
    table = fill_table([*BARE] if options.bare else [*BARE, *PEERS])
    regions = make_regions(table, options.bare)
    if options.json:
        print(json.dumps({"table": table, "regions": regions}, indent=1))
    elif options.write:
        replace_regions(PAGE, regions)
    else:
        print(*regions.values(), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
