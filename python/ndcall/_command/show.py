"""`ndcall show`."""

from __future__ import annotations

from typing import Any

import click

from .._core import Function
from .._show import show
from .frame import Command
from .loading import load_named, takes_what_load_takes
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

    A header without --library shows its declarations.
    """
    library = load_named(**given)
    if name is None:
        click.echo(show(library), nl=False)
        return
    thing = library[name]
    click.echo(show(thing) if isinstance(thing, Function) else repr(thing), nl=not isinstance(thing, Function))
