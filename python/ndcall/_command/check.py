"""`ndcall check`."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from typing import Any

import click

from .._contracts import IN_FILE, read_contracts
from .._core import Verdict
from .._exceptions import BindError, NdcallError
from .._library import Library
from .._load import load_recipe
from .._paths import in_working_directory
from .._value import Value
from .._version import __version__
from .facts import find_disagreements
from .frame import FAILED, Command
from .loading import load_named, note_unused_contracts, takes_what_load_takes
from .words import in_words_of_the_shell

SCHEMA = 1  # of the document of --json; a field may be added without a new number
_COLOURS = {"ok": "green", "warning": "yellow", "error": "red"}
_PLACE = re.compile(r"(.+?):(\d+):(\d+): ")
# kind of a verdict -> (level where a contract was written, level without one, how the text begins)
_LEVELS = {
    "callable": ("ok", "ok", ""),
    "lacks a contract": ("warning", "warning", "{name} lacks a contract: "),
    "refused": ("warning", "warning", "{name} cannot be called: "),
    "wrong contract": ("error", "error", "{name}: "),
    "lacks symbol": ("error", "warning", "{name} is not in {library}"),
    "line of nothing": ("error", "error", ""),
}


class Finding(Value):
    """One line of the report, and one object of the document."""

    level: str  # "ok", "warning" or "error"
    kind: str  # of _LEVELS, or "disagreement", "not loaded"
    name: str  # in Python; "" where it is about the whole file
    file: str
    line: int | None
    column: int | None
    message: str
    detail: str  # the line that is at fault, with a caret; "" where there is none
    cure: str  # a contract line; ""
    signature: str
    contract: str


@click.command(
    cls=Command,
    examples="""
        $ ndcall check scale.c
        $ ndcall check scale.c --strict
        $ ndcall check roots.h --library m --json
    """,
)
@takes_what_load_takes
@click.option("--strict", is_flag=True, help="Warnings are errors: every function needs a contract that fits.")
@click.option("-q", "--quiet", is_flag=True, help="Leave out what is in order.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of lines.")
@click.pass_context
def command(context: click.Context, /, strict: bool, quiet: bool, as_json: bool, **given: Any) -> None:
    """Check contracts against declarations, the library's symbols, and the compiler's own view of the types.

    Nothing is called. The exit status is 1 when something is wrong; functions that lack a contract are warnings.
    """
    note_unused_contracts(given)
    findings = list(_find(given))
    if strict:
        findings = [one.replace(level="error") if one.level == "warning" else one for one in findings]
    if as_json:
        click.echo(_make_document(findings))
    else:
        _print_lines([one for one in findings if not (quiet and one.level == "ok")])
        click.echo(_summarize(findings))
    context.exit(FAILED if any(one.level == "error" for one in findings) else 0)


def _find(given: dict[str, Any]) -> Iterator[Finding]:
    try:
        library = _load(given)
    except NdcallError as error:
        yield _judge_load(error, given["file"])
        return
    request = library._ndcall_state.recipe.request
    has_library = bool(library._ndcall_state.core.paths)
    for verdict in library._ndcall_state.core.review():
        yield _judge(verdict, library, has_library)
    try:
        disagreements = find_disagreements(request)
    except NdcallError as error:
        yield _judge_load(error, given["file"]).replace(level="warning", kind="not compared")
        return
    for found in disagreements:
        yield _make_finding(
            "error", "disagreement", file=found.file, line=found.line or None, column=found.column or None, message=found.text
        )


def _load(given: dict[str, Any]) -> Library:
    """The library. Where lines of --contracts are wrong they count as if they stood in NAME.contract: each spoils its function only."""
    try:
        return load_named(**given)
    except BindError:
        if given["contracts"] is None:
            raise
        lines = tuple((IN_FILE, origin, text) for _, origin, text in read_contracts(given["contracts"], in_working_directory()))
        recipe = load_named(**{**given, "contracts": None})._ndcall_state.recipe
        return load_recipe(recipe.replace(contracts=(*lines, *recipe.contracts)), recipe.request.files)


def _make_finding(level: str, kind: str, **known: Any) -> Finding:
    unknown = {"name": "", "line": None, "column": None, "detail": "", "cure": "", "signature": "", "contract": ""}
    return Finding(level=level, kind=kind, **{**unknown, **known})


def _judge_load(error: NdcallError, file: str) -> Finding:
    """What kept the file from being loaded at all."""
    message, place, detail = _split_place(in_words_of_the_shell(str(error)), (file, None, None))
    return _make_finding("error", "not loaded", file=place[0], line=place[1], column=place[2], message=message, detail=detail)


def _judge(verdict: Verdict, library: Library, has_library: bool) -> Finding:
    kind = verdict.kind
    if kind == "lacks symbol" and not has_library:
        kind = "callable"
    with_contract, without, beginning = _LEVELS[kind]
    message, place, detail = _split_place(verdict.problem, (verdict.file, verdict.line, None))
    return _make_finding(
        with_contract if verdict.contract else without,
        kind,
        name=verdict.name,
        file=place[0],
        line=place[1],
        column=place[2],
        message=beginning.format(name=verdict.name, library=", ".join(library._ndcall_state.core.paths)) + message
        if kind != "callable"
        else verdict.signature,
        detail=detail,
        cure=verdict.cure,
        signature=verdict.signature,
        contract=verdict.contract,
    )


def _split_place(text: str, otherwise: tuple[str, int | None, int | None]) -> tuple[str, tuple[str, int | None, int | None], str]:
    """ "FILE:LINE:COLUMN: MESSAGE", and the lines below it, taken apart; `otherwise` is the place where the text names none."""
    head, _, detail = text.partition("\n")
    found = _PLACE.match(head)
    if found is None:
        return head, otherwise, detail
    return head[found.end() :], (found[1], int(found[2]), int(found[3])), detail


def _shorten(path: str) -> str:
    """A path below the working directory as a relative one."""
    relative = os.path.relpath(path) if os.path.isabs(path) else path
    return path if relative.startswith("..") else relative


def _print_lines(findings: list[Finding]) -> None:
    """FILE:LINE:COLUMN: LEVEL: TEXT, as compilers write it and editors read it."""
    for one in findings:
        place = ":".join(str(part) for part in (_shorten(one.file), one.line, one.column) if part is not None)
        click.echo(f"{place}: {click.style(one.level, fg=_COLOURS[one.level])}: {one.message}")
        if one.detail:
            click.echo(one.detail)
        if one.cure:
            click.echo(f"  try       {one.cure}")


def _count(findings: list[Finding]) -> dict[str, int]:
    """The numbers of the summary. Functions are what has a name and a place in a declaration."""
    functions = [one for one in findings if one.kind in _LEVELS and one.kind != "line of nothing"]
    return {
        "functions": len(functions),
        "callable": sum(one.kind == "callable" for one in functions),
        "lack_a_contract": sum(one.kind == "lacks a contract" for one in functions),
        "errors": sum(one.level == "error" for one in findings),
        "warnings": sum(one.level == "warning" for one in findings),
    }


def _summarize(findings: list[Finding]) -> str:
    counts = _count(findings)
    told = [f"{counts['callable']} of {counts['functions']} functions can be called"]
    if counts["lack_a_contract"]:
        told.append(f"{counts['lack_a_contract']} lack{'s' if counts['lack_a_contract'] == 1 else ''} a contract")
    told += [f"{counts[noun]} {noun if counts[noun] != 1 else noun[:-1]}" for noun in ("errors", "warnings") if counts[noun]]
    return "; ".join(told)


def _make_document(findings: list[Finding]) -> str:
    document = {
        "schema": SCHEMA,
        "ndcall": __version__,
        "ok": not any(one.level == "error" for one in findings),
        "summary": _count(findings),
        "findings": [{name: getattr(one, name) for name in Finding._names} for one in findings],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
