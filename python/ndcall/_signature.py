"""`inspect.signature` of a function, made when it is asked for."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ._core import Function

_KINDS = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class Shown:
    """A default or an annotation that shows the contract's own words: `2.0`, `float64[m, n]`."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shown) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def read_default(text: str) -> object:
    """The value that a default's text is when Python has it: numbers and None; else an object that shows the text."""
    if text == "":
        return inspect.Parameter.empty
    if text == "None":
        return None
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return Shown(text)


def make_signature(function: Function) -> inspect.Signature:
    """The signature of `function`; of overloads the first one's.

    Parameters
    ----------
    function : ndcall.Function

    Returns
    -------
    inspect.Signature

    Raises
    ------
    BindError
        The function cannot be called.
    """
    from ._core import list_parameters

    parameters = []
    for name, kind, annotation, default in list_parameters(function)[0]:
        shown = Shown(annotation) if annotation else inspect.Parameter.empty
        parameters.append(inspect.Parameter(name, _KINDS[kind], default=read_default(default), annotation=shown))
    return inspect.Signature(parameters)
