"""`ndcall draft`."""

from __future__ import annotations

import os
import shlex
import sys
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
        $ ndcall draft --from-ctypes script.py --output -
    """,
)
@takes_what_is_read
@click.option("-o", "--output", metavar="FILE", help="Where to write it; - is the standard output.  [default: NAME.contract]")
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@click.option("--from-ctypes", is_flag=True, help="FILE is a Python script: run it, and draft from the argtypes that it sets.")
def command(
    file: str, others: tuple[str, ...], output: str | None, force: bool, from_ctypes: bool, only: tuple[str, ...], **given: Any
) -> None:
    """Write a .contract file to read and edit: a line for each function, with how sure it is and why.

    It is written into the working directory, as NAME.contract of NAME.c or NAME.h; move it beside FILE, or name it with --contracts. With
    --from-ctypes it is NAME_ndcall.py: the call of ndcall.load that takes the place of the script's library.
    """
    path = output or (f"{os.path.splitext(os.path.basename(file))[0]}_ndcall.py" if from_ctypes else name_contracts(file))
    if path != "-" and os.path.lexists(path) and not force:
        raise LoadError(f"{path} exists already: --force replaces it, --output names another file")
    if from_ctypes:
        text = _draft_from_script(file)
    else:
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
    if from_ctypes:
        say_note(f"wrote {path}: read it, mend it, and put it where the script loads its library")
    else:
        say_note(f"wrote {path}: read it, mend it, then '{_say_check(file, path)}' tells what is still wrong")


def _draft_from_script(script: str) -> str:
    """Run a script in a process of its own, which then drafts. What the script prints goes to the standard error."""
    import subprocess
    import tempfile

    from .._process import describe_end

    if not os.path.isfile(script):
        raise LoadError(f"{script} was not found")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "draft")
        # -P: modules are not looked for in the working directory, which is none of the script's.
        ran = subprocess.run([sys.executable, "-P", "-m", "ndcall.compat._watching", script, path], stdout=2, check=False)
        if ran.returncode or not os.path.exists(path):
            raise LoadError(f"{script} was run and failed: {describe_end(ran.returncode)}")
        with open(path, encoding="utf-8") as file:
            text = file.read()
    if not text:
        raise LoadError(f"{script} was run and sets no argtypes of a function that it reaches as lib.NAME")
    return text


def _say_check(file: str, path: str) -> str:
    """The command that looks at the draft, with what it has to be told: a library, and contracts that `load` would not find."""
    words = ["ndcall", "check", file]
    if classify(file) == "header":
        words += ["--library", "NAME"]
    if not finds_contracts(file, path):
        words += ["--contracts", path]
    return shlex.join(words)
