#!/usr/bin/env python3
"""What a call through ndcall costs beside the same call written by hand against Python's and NumPy's C interfaces, and by other tools.

    make bench, or: .venv/bin/python benchmarks/bench.py [--quick] [--calls-only] [--no-peers] [--publish] ...

All rows run in one process on one core, in random order within each round; a ratio is the median over rounds of (row / its twin in the
same round). Rounds in which other processes took more than 0.15 of a core do not count, as long as enough others are left.
"""

from __future__ import annotations

import argparse
import datetime
import os
import pickle
import platform
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import ctypes_calls
import first_result
import ndcall
import numpy as np
import whole_headers
from build_hand import BUILD, COMPILER, HERE, build_hand
from peers import tables
from peers.contest import Contest
from peers.publish import dump, publish
from timing import Row, check_rows, print_table, summarise, time_rows

ROWS = (
    Row("empty timing loop", "pass"),
    Row("empty METH_FASTCALL of 3", "hand.empty(a, b, c)"),
    Row("empty object of a type of our own", "empty(a, b, c)", "empty METH_FASTCALL of 3"),
    Row("hand: no array", "hand_nothing()"),
    Row("ndcall: no array, GIL held", "nothing()", "hand: no array"),
    Row("hand: 1 array", "hand_increment(a)"),
    Row("ndcall: 1 array", "increment(a)", "hand: 1 array"),
    Row("hand: 3 arrays", "hand_add(a, b, c)"),
    Row("ndcall: 3 arrays", "add(a, b, c)", "hand: 3 arrays"),
    Row("hand: 6 arrays", "hand_add_five(a, b, d, e, g, c)"),
    Row("ndcall: 6 arrays", "add_five(a, b, d, e, g, c)", "hand: 6 arrays"),
    Row("hand: 2-D", "hand_add_plane(A, B, C)"),
    Row("ndcall: 2-D", "add_plane(A, B, C)", "hand: 2-D"),
    Row("hand: scalars mixed in", "hand_add_scaled(0.5, a, 3, c)"),
    Row("ndcall: scalars mixed in", "add_scaled(0.5, a, 3, c)", "hand: scalars mixed in"),
    Row("hand: out=", "hand_add_keywords(a, b, out=c)"),
    Row("ndcall: out=", "add(a, b, out=c)", "hand: out="),
    Row("hand: keywords", "hand_add_keywords(a=a, b=b, c=c)"),
    Row("ndcall: keywords", "add(a=a, b=b, c=c)", "hand: keywords"),
    Row("hand: result allocated, zeros", "hand_add_zeros(a, b)"),
    Row("ndcall: result allocated, zeros", "add(a, b)", "hand: result allocated, zeros"),
    Row("hand: result allocated, unset", "hand_add_unset(a, b)"),
    Row("ndcall: result allocated, unset", "add_unset(a, b)", "hand: result allocated, unset"),
    Row("hand: strided vectors", "hand_add_strided(s, t)"),
    Row("ndcall: strided vectors", "add_strided(s, t)", "hand: strided vectors"),
    Row("hand: 2-D strided", "hand_mean_of_four(S, T)"),
    Row("ndcall: 2-D strided", "mean_of_four(S, T)", "hand: 2-D strided"),
    Row("hand: steps and shape as vectors", "hand_mean_of_four_told(P)"),
    Row("ndcall: steps and shape as vectors", "mean_of_four_told(P)", "hand: steps and shape as vectors"),
    Row("hand: unpickled arrays", "hand_add(pa, pb, pc)"),
    Row("ndcall: unpickled arrays", "add(pa, pb, pc)", "hand: unpickled arrays"),
    Row("hand: mod.f(a, b, c)", "hand.add(a, b, c)"),
    Row("ndcall: lib.f(a, b, c)", "lib.add(a, b, c)", "hand: mod.f(a, b, c)"),
    Row("hand: GIL released", "hand_add_nogil(a, b, c)"),
    Row("ndcall: GIL released", "add_nogil(a, b, c)", "hand: GIL released"),
)


WRITTEN = ("a", "c", "pc", "C", "t", "T")


def make_namespace(hand: ModuleType, kernels: Path) -> dict[str, Any]:
    """The names of the rows' statements."""
    lib = ndcall.load(HERE / "kernels.h", library=kernels)
    variants = ndcall.load(
        HERE / "kernels.h",
        library=kernels,
        contracts={
            "nothing": "gil",
            "add_unset = add": "a[n], b[n] -> unset c[n]",
            "add_nogil = add": "a[n], b[n] -> c[n]; nogil",
        },
    )
    a, big = np.arange(16.0), np.arange(1024.0)
    names: dict[str, Any] = {"np": np, "hand": hand, "lib": lib, "a": a, "b": 2 * a, "c": np.empty(16), "empty": hand.Empty()}
    names.update(d=a + 1, e=a + 2, g=a + 3, s=big[0:64:4], t=np.zeros(32)[::2])
    names.update(A=a.reshape(4, 4) + 0, B=a.reshape(4, 4) * 2, C=np.empty((4, 4)))
    names.update(S=big.reshape(32, 32)[::2, ::2], P=big.reshape(32, 32)[::8, ::8], T=np.zeros((16, 16)))
    names.update({f"p{key}": pickle.loads(pickle.dumps(names[key])) for key in "abc"})
    names.update({key: lib[key] for key in ("increment", "add", "add_five", "add_plane", "add_scaled", "add_strided")})
    names.update({key: lib[key] for key in ("mean_of_four", "mean_of_four_told")})
    names.update({key: variants[key] for key in ("nothing", "add_unset", "add_nogil")})
    names.update({f"hand_{key}": value for key, value in vars(hand).items() if not key.startswith("_")})
    return names


def describe_machine() -> dict[str, str]:
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    compiler = subprocess.run([COMPILER, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    return {
        "date": datetime.date.today().isoformat(),
        "machine": f"{model}, {os.cpu_count()} cores",
        "versions": f"ndcall {ndcall.__version__}, Python {platform.python_version()}, NumPy {np.__version__}, {compiler}",
    }


def print_verdict(table: list[dict[str, Any]], quiet: bool) -> None:
    measure = "ratio" if quiet else "ratio_of_minima"
    ratios = {entry["row"]: entry[measure] for entry in table if entry["row"].startswith("ndcall") and "ratio" in entry}
    worst = max(ratios, key=lambda row: ratios[row])
    print(
        f"\nthree arrays: {ratios['ndcall: 3 arrays']:.2f} (wanted <= 1.35, aim 1.2)   worst: {ratios[worst]:.2f}, {worst} (wanted <= 1.7)"
    )


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=41, help="undisturbed rounds to reach (default 41)")
    parser.add_argument("--quick", action="store_true", help="7 rounds, and the rows that start processes a few times only")
    parser.add_argument("--calls-only", action="store_true", help="leave out the rows that start processes")
    parser.add_argument("--no-peers", action="store_true", help="install nothing: ndcall, its twins, ctypes and NumPy alone")
    parser.add_argument("--seed", type=int, default=1, help="of the drawn dtypes, shapes and orders (default 1)")
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--publish", action="store_true", help="make the tables and the plot of docs/peers.md from this run")
    options = parser.parse_args()
    if options.publish and (options.no_peers or options.calls_only or options.quick):
        parser.error("docs/peers.md shows all rows, measured long enough: --publish goes with no option that leaves something out")
    options.rounds = min(options.rounds, 7) if options.quick else options.rounds
    return options


def measure_processes(rounds: int, contest: Contest) -> dict[str, Any]:
    """Everything that starts processes; before the core is pinned, because children inherit it."""
    first = first_result.measure(COMPILER, BUILD / "first", max(3, rounds // 4))
    headers = whole_headers.measure(COMPILER, BUILD / "headers", max(3, rounds // 8))
    return {"first_result_s": first, "whole_headers": headers, **contest.measure_processes(rounds, BUILD / "headers")}


def print_processes(found: dict[str, Any]) -> None:
    first, headers = first_result.summarise(found["first_result_s"]), whole_headers.summarise(found["whole_headers"])
    print(f"\n{'ms beyond `import numpy`':<40}{'min':>9}{'median':>9}{'ratio':>9}", *first, sep="\n")
    print(f"\n{'ms beyond `import ndcall`, whole headers':<40}{'min':>9}{'median':>9}", *headers, sep="\n")


def main() -> int:
    options = parse_options()
    hand, kernels = build_hand()
    contest = Contest(kernels, not options.no_peers, options.seed)
    if options.publish and not contest.with_peers:
        raise SystemExit("bench: docs/peers.md shows the peers, and they could not be installed")
    results = {**describe_machine(), "peers": contest.versions}
    print(*(results[key] for key in ("date", "machine", "versions")), contest.say_versions(), sep="\n", end="\n\n")
    names = make_namespace(hand, kernels)
    drawn = contest.add_to(names)
    rows = [*ROWS, *contest.rows]
    check_rows(rows, names, [*WRITTEN, *drawn])
    if not options.calls_only:
        results |= measure_processes(options.rounds, contest)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    seconds, count, quiet = time_rows(rows, names, options.rounds)
    results |= {"quiet": quiet, "rounds": len(seconds[ROWS[0].name]), "calls": summarise(rows, seconds)}
    ours = [entry for entry in results["calls"] if entry["row"] in {row.name for row in ROWS}]
    print_table(ours)
    print_verdict(ours, quiet)
    print(f"{count} rounds, {results['rounds']} count" + ("" if quiet else "; the machine was NOT quiet: look at the minima"))
    if not options.calls_only:
        print_processes(results)
    print(tables.print_all(results))
    print("", ctypes_calls.measure(kernels, options.rounds), sep="\n")
    if options.json:
        options.json.write_text(dump(results))
    if options.publish:
        publish(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
