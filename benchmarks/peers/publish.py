"""docs/peers.md from a run: its tables, its plot, and the figures themselves beside them.

    .venv/bin/python benchmarks/bench.py --publish     measures first
    (cd benchmarks && ../.venv/bin/python -m peers.publish [--show] [RUN.json ...])

The second writes the page from docs/peers.json, or shows its parts, after adding the calls of runs under other Pythons (which
scripts/test-interpreters --bench leaves in build/interpreters/VERSION/bench.json).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from build_hand import HERE

from peers.plot import draw_ratios
from peers.regions import replace_regions
from peers.tables import Results, calls_table, drawn_table, interpreters_table, once_table, print_markdown, python_of

DOCS = HERE.parent / "docs"
KEPT = DOCS / "peers.json"


def shorten(value: Any) -> Any:
    """Four digits are more than the machine repeats."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: shorten(entry) for key, entry in value.items()}
    return [shorten(entry) for entry in value] if isinstance(value, list) else value


def dump(results: Results) -> str:
    """JSON with a line for each row of calls and each other figure."""
    lines = []
    for key, value in shorten(results).items():
        rows = [json.dumps(entry) for entry in value] if key in ("calls", "interpreters") else []
        lines.append(f'"{key}": ' + ("[\n  " + ",\n  ".join(rows) + "\n ]" if rows else json.dumps(value)))
    return "{\n " + ",\n ".join(lines) + "\n}\n"


def describe_run(results: Results) -> str:
    peers = ", ".join(f"{name} {version}" for name, version in results["peers"].items())
    quiet = f"{results['rounds']} undisturbed rounds; ratios are medians of the ratios within a round."
    busy = f"{results['rounds']} rounds, in which other programs ran on the same cores: ratios are those of the minima."
    return f"{results['date']}, {results['machine']}; {results['versions']}; {peers}. {quiet if results['quiet'] else busy}"


def make_regions(results: Results) -> dict[str, str]:
    """The parts of docs/peers.md."""
    tables = {"calls": calls_table, "drawn": drawn_table, "once": once_table, "interpreters": interpreters_table}
    return {"run": describe_run(results)} | {name: print_markdown(make(results)) for name, make in tables.items()}


def read_kept() -> Results:
    kept: Results = json.loads(KEPT.read_text(encoding="utf-8"))
    return kept


def add_interpreter(results: Results, run: Results) -> Results:
    """Results with the calls of a run under another Python, in place of an older one of the same Python."""
    others = [other for other in results.get("interpreters", []) if python_of(other) != python_of(run)]
    wanted = {key: run[key] for key in ("date", "versions", "quiet", "rounds", "calls")}
    wanted["calls"] = [{key: value for key, value in entry.items() if key not in ("median_ns", "twin")} for entry in run["calls"]]
    return {**results, "interpreters": [*others, wanted]}


def publish(results: Results) -> None:
    """Write the page's parts; the figures are kept in docs/peers.json, from which they can be written again."""
    if KEPT.exists():
        results = {"interpreters": read_kept().get("interpreters", []), **results}
    KEPT.write_text(dump(results), encoding="utf-8")
    kept = read_kept()
    draw_ratios(kept, DOCS / "peers.svg")
    replace_regions(DOCS / "peers.md", make_regions(kept))


def main(words: list[str]) -> None:
    if words == ["--show"]:
        print(json.dumps(make_regions(read_kept())))
        return
    results = read_kept()
    for word in words:
        results = add_interpreter(results, json.loads(Path(word).read_text(encoding="utf-8")))
    publish(results)


if __name__ == "__main__":
    main(sys.argv[1:])
