"""All that is measured of the peers in one run: their rows beside ndcall's, and what takes processes, forks or threads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from build_hand import HERE
from timing import Row

from peers import call_rows, drawn, first_call, growth, install


class Contest:
    """Who takes part: with peers those of requirements-peers.txt, else only what comes with Python and NumPy."""

    def __init__(self, kernels: Path, with_peers: bool, seed: int) -> None:
        self.kernels, self.seed = kernels, seed
        self.with_peers = with_peers and install.install()
        self.peers = call_rows.BARE + (call_rows.PEERS if self.with_peers else ())
        self.versions = install.versions() if self.with_peers else {}
        self.rows: list[Row] = []

    def say_versions(self) -> str:
        return ", ".join(f"{name} {version}" for name, version in self.versions.items()) or "without the peers that pip installs"

    def add_to(self, names: dict[str, Any]) -> list[str]:
        """Put what the rows need into `names`, and return the names of the arrays that drawn rows write."""
        names |= call_rows.bare_namespace(self.kernels, names)
        if self.with_peers:
            library = install.build_modules()
            names |= call_rows.peer_namespace(library, HERE / "kernels.h")
        cases, rows, more, written = drawn.make_rows(self.seed, self.with_peers)
        names |= more
        self.rows = [*call_rows.rows_of(self.peers), *rows]
        self.drawn = [case.title for case in cases]
        self.names = names
        return written

    def measure_processes(self, rounds: int, headers: Path) -> dict[str, Any]:
        """`headers`: where whole_headers.py left its large one."""
        few = max(2, rounds // 10)
        calls = growth.CALLS if rounds > 7 else growth.CALLS // 10
        found: dict[str, Any] = {
            "seed": self.seed,
            "growth": {
                "calls": calls,
                "bytes": growth.measure_growth(call_rows.growth_statements(self.peers), self.names, calls),
            },
            "threads_us": growth.measure_threads(call_rows.thread_statements(self.peers), self.names, few),
        }
        if self.with_peers:
            found["peers_first_s"] = first_call.measure(install.BUILD / "first", few)
            found["peers_header_s"] = first_call.measure_header(headers, few)
        return found
