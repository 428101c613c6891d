"""Tracebacks that end at the line that called ndcall."""

from __future__ import annotations

import sys
from types import TracebackType

from ._environment import is_set
from ._exceptions import NdcallError


class brief_traceback:  # noqa: N801  # a verb of the `with` statement, as contextlib.suppress is
    """A block whose refusals, and Ctrl-C, come out without the frames and the caught exceptions of ndcall itself.

    What is no refusal (a bug of ours, an exception of the caller's objects) keeps all frames, and so does everything under NDCALL_VERBOSE.
    """

    __slots__ = ("_outer",)

    def __enter__(self) -> None:
        self._outer = sys.exception()  # what the caller was handling stays in the chain

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if not isinstance(error, (NdcallError, KeyboardInterrupt)) or is_set("NDCALL_VERBOSE"):
            return
        # The interpreter goes on raising it without adding the frame that the block stands in: the caller's is the first.
        error.__traceback__ = None
        if error is not self._outer:
            error.__context__ = self._outer
