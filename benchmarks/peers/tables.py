"""The results of a run as tables of words, for the terminal and for docs/peers.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peers.call_rows import NUMPY, OUR_REFUSALS, TASKS

Results = dict[str, Any]
Table = tuple[list[str], list[list[str]]]  # head, rows
OURS = ("ndcall", "hand")
NOBODY = "-"


def entries_of(results: Results) -> dict[str, dict[str, Any]]:
    return {entry["row"]: entry for entry in results["calls"]}


def ratio_to_ndcall(results: Results, entry: dict[str, Any]) -> float:
    """The median of ratios within a round; of a run that was disturbed, the ratio of the minima."""
    return float(entry["of_ndcall" if results["quiet"] else "of_ndcall_minima"])


def drawn_titles(results: Results) -> list[str]:
    tasks = {task.name for task in TASKS}
    found = [row.partition(": ")[2] for row in entries_of(results) if row.startswith(f"{NUMPY}: ")]
    return [title for title in found if title not in tasks]


def contestants(results: Results) -> list[str]:
    """Everyone with a row of three arrays, the fastest first."""
    entries = [entry for row, entry in entries_of(results).items() if row.endswith(": 3 arrays")]
    return [entry["row"].partition(": ")[0] for entry in sorted(entries, key=lambda entry: entry["min_ns"])]


def show(number: float) -> str:
    """Three digits, or as many as stand before the point."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def calls_table(results: Results) -> Table:
    """Nanoseconds, and how many times ndcall's."""
    entries = entries_of(results)

    def cell(who: str, task: str) -> str:
        entry = entries.get(f"{who}: {task}")
        return f"{show(entry['min_ns'])} ({show(ratio_to_ndcall(results, entry))})" if entry else NOBODY

    tasks = [task.name for task in TASKS]
    return ["", *tasks], [[name_of(who), *(cell(who, task) for task in tasks)] for who in contestants(results)]


def name_of(who: str) -> str:
    return "by hand" if who == "hand" else who


def drawn_table(results: Results) -> Table:
    entries, everyone = entries_of(results), contestants(results)
    others = [who for who in everyone if who != "ndcall"]

    def cell(who: str, title: str) -> str:
        entry = entries.get(f"{who}: {title}")
        return show(ratio_to_ndcall(results, entry)) if entry else NOBODY

    rows = [[title, show(entries[f"ndcall: {title}"]["min_ns"]), *(cell(who, title) for who in others)] for title in drawn_titles(results)]
    return ["", "ndcall, ns", *map(name_of, others)], rows


def interpreters_table(results: Results) -> Table:
    """ndcall in each Python that was measured: nanoseconds, times of the hand-written twin; then the nearest peer, and ndpointer."""
    runs = [results, *results.get("interpreters", [])]

    def cell(run: Results, task: str) -> str:
        entry = entries_of(run)[f"ndcall: {task}"]
        return f"{show(entry['min_ns'])} ({show(entry['ratio' if run['quiet'] else 'ratio_of_minima'])})"

    def row(run: Results) -> list[str]:
        ratios = ratios_of_peers(run)
        who, task = min(ratios, key=lambda key: ratios[key])
        ours = [cell(run, task.name) for task in TASKS]
        return [python_of(run), *ours, f"{show(ratios[who, task])} ({who}, {task})", show(ratios["ctypes + ndpointer", "3 arrays"])]

    head = ["", *(task.name for task in TASKS), "nearest peer, of all rows", "ctypes + ndpointer, 3 arrays"]
    return head, [row(run) for run in sorted(runs, key=python_of)]


def python_of(run: Results) -> str:
    """ "Python 3.13.0, NumPy 2.4.6" of the versions of a run."""
    return ", ".join(part for part in str(run["versions"]).split(", ") if part.startswith(("Python", "NumPy")))


def best(values: Sequence[float], factor: float) -> str:
    return show(factor * min(values))


def once_table(results: Results) -> Table:
    """What is paid once: first results, a large header; and refusals, growth, threads."""
    entries, first = entries_of(results), results["first_result_s"] | results.get("peers_first_s", {})
    headers = results["whole_headers"] | results.get("peers_header_s", {})
    bare = {"ctypes": "bare gcc + dlopen, cold", "ctypes, warm": "bare dlopen, warm"}

    def first_cell(who: str, state: str) -> str:
        found = first.get(f"{who}, {state}") or first.get(bare.get(who if state == "cold" else f"{who}, warm", ""))
        return best(found, 1e3) if found else NOBODY

    def header_cell(who: str) -> str:
        found = headers.get({"ndcall": "5,000 functions, cold"}.get(who, f"5,000 functions, {who}"))
        return best(found, 1e3) if found else NOBODY

    def refusal_cell(who: str) -> str:
        entry = entries.get(f"{who}: refused, float32 result")
        return show(entry["min_ns"] / 1e3) if entry else NOBODY

    def growth_cell(who: str) -> str:
        grown = results["growth"]["bytes"].get(name_of(who))
        return NOBODY if grown is None else f"{grown:,}"

    def threads_cell(who: str) -> str:
        found = results["threads_us"].get(name_of(who))
        return f"{min(found['one']) / min(found['two']):.2f}" if found else NOBODY

    cells = (header_cell, refusal_cell, growth_cell, threads_cell)
    head = ["", "first result, cold, ms", "warm, ms", "5,000 functions, ms", "refusal, µs", "growth, bytes", "two threads"]
    rows = [
        [name_of(who), first_cell(who, "cold"), first_cell(who, "warm"), *(cell(who) for cell in cells)] for who in contestants(results)
    ]
    return head, rows


def verdicts(results: Results) -> list[str]:
    """What was wanted, and whether it holds."""
    entries, ratios = entries_of(results), ratios_of_peers(results)
    nearest = min(ratios, key=lambda key: ratios[key])
    pointers = {task: ratio for (who, task), ratio in ratios.items() if who == "ctypes + ndpointer"}
    low, high, three = min(pointers.values()), max(pointers.values()), pointers["3 arrays"]
    refusals = {name: entries[f"ndcall: refused, {name}"]["min_ns"] / 1e3 for name in OUR_REFUSALS}
    dearest = max(refusals, key=lambda name: refusals[name])
    found = [
        (
            ratios[nearest] > 1,
            f"faster than every peer in {len(ratios)} rows; nearest {nearest[0]}, {nearest[1]}: {ratios[nearest]:.2f} times",
        ),
        (three >= 100, f"ctypes + ndpointer, 3 arrays: {three:.0f} times (wanted >= 100); in all rows {low:.0f} to {high:.0f}"),
        (refusals[dearest] <= 5, f"dearest refusal: {refusals[dearest]:.1f} µs, {dearest} (wanted <= 5)"),
    ]
    if "growth" in results:
        calls, grown = results["growth"]["calls"], results["growth"]["bytes"]
        mine = max(grown["ndcall"], grown["ndcall, result allocated"])
        found.append((mine <= 0, f"growth over {calls:,} calls: {mine:,} bytes (wanted 0)"))
    return [f"{'holds' if holds else 'MISSED':<8}{text}" for holds, text in found]


def ratios_of_peers(results: Results) -> dict[tuple[str, str], float]:
    """How many times ndcall's a call takes, by peer and task, the drawn ones included."""
    entries = entries_of(results)
    tasks = [*(task.name for task in TASKS), *drawn_titles(results)]
    wanted = {(who, task): entries.get(f"{who}: {task}") for who in contestants(results) if who not in OURS for task in tasks}
    return {key: ratio_to_ndcall(results, entry) for key, entry in wanted.items() if entry}


def print_markdown(table: Table) -> str:
    head, rows = table
    lines = [f"| {' | '.join(head)} |", "|---" + "|---:" * (len(head) - 1) + "|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def print_columns(table: Table) -> str:
    head, rows = table
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells: list[str]) -> str:
        return "  ".join(
            cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )

    return "\n".join(map(line, [head, *rows]))


def print_all(results: Results) -> str:
    kind = "median of ratios in the same round" if results["quiet"] else "ratio of minima"
    parts = {
        f"ns per call, minimum (times ndcall's, {kind})": calls_table(results),
        "c = a + b of drawn arrays: times ndcall's": drawn_table(results),
    }
    if "growth" in results:
        parts["once, and by other measures (minima)"] = once_table(results)
    return "\n".join([*(f"\n{title}\n{print_columns(table)}" for title, table in parts.items()), "", *verdicts(results)])
