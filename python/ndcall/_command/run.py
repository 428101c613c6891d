"""`ndcall run`."""

from __future__ import annotations

import os
from typing import Any

import click
import numpy as np

from .._core import Function, flush_output, list_parameters
from .._exceptions import LoadError
from .frame import Command
from .loading import load_named, note_unused_contracts, takes_what_load_takes
from .names import complete_functions
from .values import looks_like_option, read_value, split_keyword, write_array


@click.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True},  # -3 is an argument of the function
    examples="""
        $ ndcall run scale.c scale '[1, 2, 3]' 10
        $ ndcall run scale.c scale x.npy factor=-0.5 --out y.npy
        $ ndcall run math.h hypot 3 4 --library m
    """,
)
@takes_what_load_takes
@click.option("--out", "outputs", metavar="FILE.npy", multiple=True, help="Save the result instead of printing it; once for each.")
@click.option("--force", is_flag=True, help="Let --out replace a file.")
@click.argument("function", shell_complete=complete_functions)
@click.argument("arguments", nargs=-1)
@click.pass_context
def command(
    context: click.Context, /, function: str, arguments: tuple[str, ...], outputs: tuple[str, ...], force: bool, **given: Any
) -> None:
    """Call one function and print its results, and the arrays that it changed.

    ARGUMENTS are Python's numbers, lists and texts, or paths of .npy files; NAME=VALUE gives one by its name.
    """
    for word in (function, *arguments):
        if looks_like_option(word):
            context.fail(f"no such option: {word}")
    for path in outputs:
        if os.path.lexists(path) and not force:
            raise LoadError(f"{path} exists already: --force replaces it")
    note_unused_contracts(given)
    called = load_named(**given)[function]
    if not isinstance(called, Function):
        context.fail(f"{function} is no function: it is {called!r}")
    values = _name_arguments(called, [(name, read_value(word)) for name, word in map(split_keyword, arguments)])
    before = [value.copy() if isinstance(value, np.ndarray) else None for _, _, value in values]
    positional = [value for keyword, _, value in values if keyword is None]
    result = called(*positional, **{keyword: value for keyword, _, value in values if keyword is not None})
    results = _list_results(result)
    results += [(shown, now) for (_, shown, now), was in zip(values, before, strict=True) if was is not None and _differ(was, now)]
    flush_output()  # what the function printed comes before its results, in a pipe too
    if not outputs:
        for name, value in results:
            click.echo(repr(value) if name is None else f"{name} = {value!r}")
        return
    if len(outputs) != len(results):
        raise LoadError(f"{function} has {len(results)} results, and --out names {len(outputs)} files: nothing was saved")
    for path, (_, value) in zip(outputs, results, strict=True):
        write_array(path, value, overwrite=force)


def _name_arguments(called: Function, given: list[tuple[str | None, Any]]) -> list[tuple[str | None, str, Any]]:
    """Each argument as (keyword or None, the name to show it by, value); a list as the array that its values fit into."""
    members = list_parameters(called)
    parameters = members[0] if len(members) == 1 else []
    annotations = {name: annotation for name, _, annotation, _ in parameters}
    named = []
    for position, (keyword, value) in enumerate(given):
        name = keyword or (parameters[position][0] if position < len(parameters) else f"argument {position + 1}")
        named.append((keyword, name, _make_array(value, annotations.get(name, ""))))
    return named


def _make_array(value: Any, annotation: str) -> Any:
    """A list as an array of the dtype that the function takes, so that C can write into it.

    What does not fit without a change stays a list: the call refuses it and says why.
    """
    dtype, bracket, _ = annotation.partition("[")
    if not isinstance(value, list) or not bracket:
        return value
    try:
        exact = np.array(value)
        if exact.dtype.kind == "c" and np.dtype(dtype).kind != "c":
            return value
        with np.errstate(all="ignore"):
            array = exact.astype(np.dtype(dtype))
    except (TypeError, ValueError, OverflowError):
        return value
    return array if exact.dtype.kind in "biufc" and np.array_equal(array, exact, equal_nan=True) else value


def _list_results(result: object) -> list[tuple[str | None, object]]:
    """What the call returned, with names where there are several."""
    if result is None:
        return []
    if isinstance(result, tuple) and hasattr(result, "_fields"):
        return list(zip(result._fields, result, strict=True))
    return [(None, result)]


def _differ(was: np.ndarray[Any, Any], now: np.ndarray[Any, Any]) -> bool:
    return was.tobytes() != now.tobytes()
