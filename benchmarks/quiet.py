"""How much CPU other processes took while something was timed: a round that was disturbed does not count."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import TypeVar

TICKS = os.sysconf("SC_CLK_TCK")
LIMIT = 0.15  # of one core
T = TypeVar("T")


def busy_seconds() -> float:
    """CPU time of the whole machine, without idling and waiting."""
    with open("/proc/stat") as file:
        user, nice, system, _, _, irq, softirq, steal = (int(word) for word in file.readline().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / TICKS


def own_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class Watch:
    """Starts with its making; `foreign()` is what others took since then, as a share of one core."""

    def __init__(self) -> None:
        self.busy, self.own, self.start = busy_seconds(), own_seconds(), time.perf_counter()

    def foreign(self) -> float:
        taken = (busy_seconds() - self.busy) - (own_seconds() - self.own)
        return max(0.0, taken) / (time.perf_counter() - self.start)


def pick_quiet(rounds: Sequence[T], shares: Sequence[float], least: int) -> tuple[list[T], bool]:
    """The undisturbed rounds, or all of them when fewer than `least` were undisturbed."""
    quiet = [entry for entry, share in zip(rounds, shares, strict=True) if share < LIMIT]
    return (quiet, True) if len(quiet) >= least else (list(rounds), False)
