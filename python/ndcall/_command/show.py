"""`ndcall show`."""

from __future__ import annotations

from typing import Any

import click

from .._core import Function, Verdict
from .._library import Library
from .._show import show
from .frame import Command, say_note
from .loading import load_named, note_unused_contracts, takes_what_load_takes
from .names import complete_functions


@click.command(
    cls=Command,
    examples="""
        $ ndcall show scale.c
        $ ndcall show scale.c scale
        $ ndcall show math.h --library m --only 'cbrt*'
        $ ndcall show libm.so.6 --declarations 'double cbrt(double x);'
    """,
)
@takes_what_load_takes
@click.argument("name", required=False, shell_complete=complete_functions)
def command(name: str | None, **given: Any) -> None:
    """Show what a C source, header or library offers: a line for each function, or all about one.

    Of a header without --library it shows what could be called.
    """
    note_unused_contracts(given)
    library = load_named(**given)
    if not library._ndcall_state.core.paths:
        _show_declared(library, name)
        return
    if name is None:
        click.echo(show(library), nl=False)
        return
    thing = library[name]
    click.echo(show(thing) if isinstance(thing, Function) else repr(thing), nl=not isinstance(thing, Function))


def _show_declared(library: Library, name: str | None) -> None:
    """What the declarations and contracts say, where there is no library to call."""
    verdicts = library._ndcall_state.core.review()
    if name is None:
        for verdict in verdicts:
            if verdict.declaration:
                problem = verdict.problem.partition("\n")[0]
                click.echo(f"<ndcall function {verdict.signature or f'{verdict.name}, cannot be called: {problem}'}>")
    elif isinstance(library[name], Function):
        click.echo("\n".join(_describe(verdict) for verdict in verdicts if verdict.name == name))
    else:
        click.echo(repr(library[name]))
    say_note("no library was given, so nothing can be called: --library NAME names one")


def _describe(verdict: Verdict) -> str:
    """As `show` describes a function, as far as it goes without a library."""
    lines = [verdict.signature or f"{verdict.name} cannot be called: {verdict.problem}"]
    lines.append(f"  declared  {verdict.declaration}   ({verdict.file}:{verdict.line})")
    if verdict.contract:
        lines.append(f"  contract  {verdict.contract}   ({verdict.contract_origin})")
    if verdict.cure:
        lines.append(f"  try       {verdict.cure}")
    return "\n".join(lines)
