"""What a library or function is, for a person."""

from __future__ import annotations

from ._core import Function
from ._library import Library


class Shown(str):
    """A text that a prompt shows as it is."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def show(what: Library | Function) -> Shown:
    """Show a library or a function as it was understood.

    Parameters
    ----------
    what : Library or Function
        What `load` gave, or one of its functions.

    Returns
    -------
    str
        For a function its declaration, its contract and where that came from, its Python signature, and which register or stack slot gets
        what. For a library a line for each name, and the files that were really loaded. A prompt shows it as it is; a program prints it.

    Examples
    --------
    >>> ndcall.show(lib.scale)  # doctest: +SKIP
    """
    if isinstance(what, Library):
        return Shown(what._ndcall_state.core.show())
    if isinstance(what, Function):
        return Shown(what.library._ndcall_state.core.show_function(what))
    raise TypeError(f"show() takes a library or a function of ndcall, not {type(what).__name__}")
