"""Libraries and functions in a notebook: small tables without scripts, colours of their own or anything from elsewhere.

All text comes from C sources, contracts and file names, which nobody vouches for: it is escaped, and shortened where it is long.
"""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Iterable
from types import MappingProxyType
from typing import Any

import numpy as np

from ._core import Function, describe_function
from ._exceptions import NdcallError
from ._library import Library, Unavailable, count
from ._quote import quote_function
from ._value import Value

_MOST_ROWS = 50  # of one kind; functions are bound to be shown, so this is also how many are bound
_MOST_CHARACTERS = 2000  # of a text
_SHORT = 120  # of a value or a summary

_FAINT = "opacity:.65"
_CELL = "text-align:left;vertical-align:top;padding:.15em 1em .15em 0;border:0;background:none"
_TABLE = "border:0;border-collapse:collapse;table-layout:auto;margin:.2em 0;color:inherit;font:inherit"
_MONO = "font-family:monospace;white-space:pre-wrap;background:none;color:inherit"
_FRAME = "border-left:3px solid rgba(128,128,128,.4);padding:.1em 0 .1em .8em;color:inherit"


def show_function(function: Function) -> str | None:
    """What `Function._repr_html_` gives; None, for nothing but the repr, where the library of a pickled one cannot be loaded."""
    try:
        hashes = frozenset(function.library._ndcall_state.recipe.hashes)
    except NdcallError:
        return None
    return _frame(_show_member(function.__name__, member, hashes) for member in describe_function(function))


def show_library(library: Library) -> str:
    """What `Library._repr_html_` gives."""
    state = library._ndcall_state
    names = vars(library)
    enumerators = {name for value in names.values() if isinstance(value, MappingProxyType) for name in value}
    paths = [] if state.recipe.request.kind == "source" else state.core.paths  # of a source it is a file of the cache
    told = count(len(names), "name") + (" from " + ", ".join(paths) if paths else "")
    parts = [f"<div><b>{_text(state.name)}</b> {_faint(told)}</div>"]
    for kind in _KINDS:
        found = {
            name: value for name, value in names.items() if isinstance(value, kind.types) and not (kind.is_number and name in enumerators)
        }
        if found:
            parts.append(_show_kind(kind, found))
    return _frame(parts)


# --- a function


def _show_member(name: str, member: dict[str, Any], hashes: frozenset[str]) -> str:
    place = f"{os.path.basename(member['path'])}:{member['line']}"
    source = f'<span title="{_text(member["path"])}">{_text(place)}</span>'
    lines = quote_function(member["path"], member["line"], hashes)
    if member["problem"]:
        told = _pre(member["problem"].removeprefix(name).lstrip())
        return f"<div>{_code(name, bold=True)}</div>{told}<div>{_faint('declared in')} {source}</div>{_quote(lines, member)}"
    contract = _faint("none: the declaration says it all")
    if member["contract"]:
        contract = f"{_code(member['contract'])} {_faint(os.path.basename(member['origin']))}"
    prose = f'<div style="white-space:pre-wrap;margin:.4em 0">{_text(member["comment"].strip())}</div>' if member["comment"].strip() else ""
    rows = [("contract", contract), ("declared", f"{_code(member['declaration'])} {source}")]
    table = _table([_faint(noun), cell] for noun, cell in rows)
    return f"<div>{_signature(name, member['signature'])}</div>{prose}{table}{_quote(lines, member)}"


def _quote(lines: list[str], member: dict[str, Any]) -> str:
    if not lines:
        return ""
    numbered = "\n".join(f"{_faint(f'{number:5}')}  {_text(line)}" for number, line in enumerate(lines, member["line"]))
    return f'<details><summary>source</summary><pre style="{_MONO};margin:.3em 0">{numbered}</pre></details>'


def _signature(name: str, signature: str) -> str:
    return _code(name, bold=True) + _code(signature.removeprefix(name))


# --- a library


class _Kind(Value):
    noun: str
    types: tuple[type, ...]
    is_number: bool  # enumerators are shown with their enum
    describe: Callable[[str, Any], list[str]]  # the cells of a row


def _show_kind(kind: _Kind, found: dict[str, Any]) -> str:
    shown = list(found.items())[:_MOST_ROWS]
    rest = len(found) - len(shown)
    rows = _table(kind.describe(name, value) for name, value in shown)
    more = f"<div>{_faint(f'... and {rest:,} more, which dir(lib) lists')}</div>" if rest else ""
    is_open = " open" if kind.types == (Function,) else ""
    return f"<details{is_open}><summary>{count(len(found), kind.noun)}</summary>{rows}{more}</details>"


def _describe_callable(name: str, function: Function) -> list[str]:
    members = describe_function(function)
    problem = next((member["problem"] for member in members if member["problem"]), "")
    if problem:
        reason = problem.partition("\n")[0].removeprefix(f"{name} cannot be called: ")
        return [_code(name, bold=True), _faint(f"cannot be called: {reason}")]
    signatures = "<br>".join(_signature(name, member["signature"]) for member in members)
    summary = members[0]["comment"].strip().partition("\n\n")[0].replace("\n", " ")
    return [signatures, _text(summary, _SHORT)]


def _describe_variable(name: str, value: Any) -> list[str]:
    if isinstance(value, Unavailable):
        return [_code(name), _faint(repr(value).partition(", ")[2].removesuffix(">"))]
    extents = f"[{', '.join(map(str, value.shape))}]"
    dtype = "struct" if value.dtype.names else value.dtype.name
    return [_code(name), _code(dtype + (extents if value.ndim else f" = {value[()]!s}"), most=_SHORT)]


def _describe_struct(name: str, value: type) -> list[str]:
    return [_code(name), _text((value.__doc__ or "").strip().partition("\n\n")[0].replace("\n", " "), _SHORT)]


def _describe_enum(name: str, value: MappingProxyType[str, int]) -> list[str]:
    return [_code(name), _code(", ".join(f"{member} = {number}" for member, number in value.items()), most=_SHORT)]


def _describe_constant(name: str, value: object) -> list[str]:
    return [_code(name), _code(f"= {value!r}", most=_SHORT)]


_KINDS = (
    _Kind("function", (Function,), False, _describe_callable),
    _Kind("variable", (np.ndarray, Unavailable), False, _describe_variable),
    _Kind("struct", (type,), False, _describe_struct),
    _Kind("enum", (MappingProxyType,), False, _describe_enum),
    _Kind("constant", (int, float, str), True, _describe_constant),
)


# --- pieces


def _frame(parts: Iterable[str]) -> str:
    return f'<div style="{_FRAME}">' + '<div style="height:.6em"></div>'.join(parts) + "</div>"


def _table(rows: Iterable[list[str]]) -> str:
    lines = ("<tr style='background:none'>" + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in row) + "</tr>" for row in rows)
    return f'<table style="{_TABLE}">' + "".join(lines) + "</table>"


def _code(text: str, *, bold: bool = False, most: int = _MOST_CHARACTERS) -> str:
    return f'<code style="{_MONO}{";font-weight:bold" if bold else ""}">{_text(text, most)}</code>'


def _pre(text: str) -> str:
    return f'<pre style="{_MONO};margin:.3em 0">{_text(text)}</pre>'


def _faint(text: str) -> str:
    return f'<span style="{_FAINT}">{_text(text)}</span>'


def _text(text: str, most: int = _MOST_CHARACTERS) -> str:
    """Text as HTML; characters that no reader sees, or that turn what follows around, are replaced."""
    shortened = text if len(text) <= most else text[: most - 4] + " ..."
    return html.escape("".join(one if one.isprintable() or one in "\n\t" else "\N{REPLACEMENT CHARACTER}" for one in shortened))
