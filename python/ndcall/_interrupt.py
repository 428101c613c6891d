"""Ctrl-C while something is tidied up."""

from __future__ import annotations

from collections.abc import Callable


def finish(action: Callable[[], object]) -> None:
    """Run an action to its end, anew after each KeyboardInterrupt; the last one is raised afterwards."""
    interrupt = None
    while True:
        try:
            action()
            break
        except KeyboardInterrupt as error:
            interrupt = error
    if interrupt is not None:
        raise interrupt
