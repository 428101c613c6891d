"""`ndcall draft`."""

from __future__ import annotations

import os
import shlex
from typing import Any

import click

from .._draft import draft
from .._exceptions import LoadError
from .._request import classify
from .frame import Command, say_note
from .loading import checked_values, finds_contracts, name_contracts, takes_what_is_read


@click.command(
    cls=Command,
    examples="""
        $ ndcall draft scale.c --output -
        $ ndcall draft math.h --only 'frexp*' --output math.contract
    """,
)
@takes_what_is_read
@click.option("-o", "--output", metavar="FILE", help="Where to write it; - is the standard output.  [default: NAME.contract]")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
def command(file: str, others: tuple[str, ...], output: str | None, force: bool, only: tuple[str, ...], **given: Any) -> None:
    """Write a .contract file to read and edit: a line for each function, with how sure it is and why.

    It is written into the working directory, as NAME.contract of NAME.c or NAME.h; move it beside FILE, or name it with --contracts.
    """
    path = output or name_contracts(file)
    if path != "-" and os.path.lexists(path) and not force:
        raise LoadError(f"{path} exists already: --force replaces it, --output names another file")
    with checked_values():
        text = draft([file, *others], only=only or None, **given)
    if path == "-":
        click.echo(text, nl=False)
        return
    try:
        with open(path, "w" if force else "x", encoding="utf-8") as written:
            written.write(text)
    except OSError as error:
        raise LoadError(f"{path} cannot be written: {error.strerror}") from None
    say_note(f"wrote {path}: read it, mend it, then '{_say_check(file, path)}' tells what is still wrong")


def _say_check(file: str, path: str) -> str:
    """The command that looks at the draft, with what it has to be told: a library, and contracts that `load` would not find."""
    words = ["ndcall", "check", file]
    if classify(file) == "header":
        words += ["--library", "NAME"]
    if not finds_contracts(file, path):
        words += ["--contracts", path]
    return shlex.join(words)
