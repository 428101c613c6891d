"""Ctrl-C in the two moments where it would leave something behind: while a process is started, and while something is tidied up."""

from __future__ import annotations

# `signal` itself makes enums of its numbers, which takes 1 ms before the compiler is started.
import _signal as signal  # type: ignore[import-not-found]
from collections.abc import Callable


class hold_interrupts:  # noqa: N801  # a verb of the `with` statement, as contextlib.suppress is
    """A block that Ctrl-C does not break off: it comes when the block ends. Only the main thread is ever interrupted."""

    def __enter__(self) -> None:
        self._came = False
        self._handler = signal.getsignal(signal.SIGINT)  # None: C's own, which could not be put back
        self._is_held = callable(self._handler)
        if self._is_held:
            try:
                signal.signal(signal.SIGINT, self._note)
            except ValueError:  # not the main thread; `threading` would tell, and takes 2 ms to import
                self._is_held = False

    def __exit__(self, *_: object) -> None:
        if self._is_held:
            signal.signal(signal.SIGINT, self._handler)
            if self._came:
                signal.raise_signal(signal.SIGINT)

    def _note(self, *_: object) -> None:
        self._came = True


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
