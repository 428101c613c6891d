"""The options that commands share with `ndcall.load`, and the load itself."""

from __future__ import annotations

import contextlib
import os
import shlex
from collections.abc import Iterable, Iterator
from typing import Any

import click

from .._exceptions import NdcallError
from .._library import Library
from .._load import load
from .._request import classify
from .frame import say_note
from .words import in_words_of_the_shell

_FILE, _FOLDER = click.Path(dir_okay=False), click.Path(file_okay=False)


def _read_macro(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str | None] | None:
    """NAME or NAME=VALUE, as compilers take them; None where none is given."""
    pairs = (word.partition("=") for word in given)
    return {name: value if equals else None for name, equals, value in pairs} or None


# By the parameter of `load`; `others` are further files of its first.
_OPTIONS = {
    "file": click.argument("file", type=_FILE),
    "others": click.option(
        "--with", "others", metavar="FILE", type=_FILE, multiple=True, help="A further source of the library, or header."
    ),
    "library": click.option("--library", metavar="NAME|PATH", multiple=True, help="The built library of a header: 'openblas', or a path."),
    "declarations": click.option("--declarations", metavar="TEXT", help="C prototypes, where FILE is a library."),
    "contracts": click.option("--contracts", metavar="FILE|TEXT", help="A .contract file, or its text: 'scale: x[n], a -> y[n]'."),
    "only": click.option("--only", metavar="PATTERN", multiple=True, help="The functions to offer: 'cblas_d*'."),
    "exclude": click.option("--exclude", metavar="PATTERN", multiple=True, help="Functions not to offer."),
    "include_dirs": click.option("-I", "include_dirs", metavar="FOLDER", type=_FOLDER, multiple=True, help="A folder of headers."),
    "defines": click.option("-D", "defines", metavar="NAME[=VALUE]", multiple=True, callback=_read_macro, help="A macro."),
    "flags": click.option("--flags", metavar="TEXT", default="", help="Further flags of the compiler: --flags='-O3 -march=native'."),
    "libraries": click.option("-l", "libraries", metavar="NAME|PATH", multiple=True, help="What a source is linked with."),
    "library_dirs": click.option("-L", "library_dirs", metavar="FOLDER", type=_FOLDER, multiple=True, help="A folder of libraries."),
    "compiler": click.option("--compiler", metavar="COMMAND", help="The C compiler; else NDCALL_CC, else CC, else gcc."),
}
PARAMETERS = frozenset(_OPTIONS)
_OF_READING = ("file", "others", "only", "exclude", "include_dirs", "defines", "flags", "compiler")


def takes_what_load_takes(command: Any, names: Iterable[str] = tuple(_OPTIONS)) -> Any:
    """Give a command the argument FILE and the options of `load`; it hands them on to `load_named`."""
    for name in reversed(tuple(names)):
        command = _OPTIONS[name](command)
    return command


def takes_what_is_read(command: Any) -> Any:
    """Give a command FILE and those options that say how its text is read."""
    return takes_what_load_takes(command, _OF_READING)


@contextlib.contextmanager
def checked_values() -> Iterator[None]:
    """A value that `load` does not take, such as a flag that ndcall itself gives, is a wrong command line."""
    try:
        yield
    except NdcallError:
        raise
    except (TypeError, ValueError) as error:
        raise click.UsageError(in_words_of_the_shell(str(error))) from None


def name_contracts(file: str) -> str:
    """NAME.contract of NAME.c or NAME.h, in the working directory."""
    return os.path.splitext(os.path.basename(file))[0] + ".contract"


def finds_contracts(file: str, path: str) -> bool:
    """Whether `load` finds the contracts at this path by itself: beside the file, which is no header of the system then."""
    return os.path.isfile(file) and os.path.abspath(path) == os.path.splitext(os.path.abspath(file))[0] + ".contract"


def note_unused_contracts(given: dict[str, Any]) -> None:
    """Say that a file lies here which a person who drafts from a header of the system takes for found."""
    path = name_contracts(given["file"])
    if given["contracts"] is None and os.path.isfile(path) and not finds_contracts(given["file"], path):
        say_note(f"{path} lies in this folder and is not used: --contracts {shlex.quote(path)} uses it")


def load_named(file: str, *, others: tuple[str, ...], library: tuple[str, ...], only: tuple[str, ...], **options: Any) -> Library:
    """The library that a command line names. A header without a library is loaded as one whose functions no file has.

    Raises
    ------
    click.UsageError
        An option has a value that `load` does not take.
    NdcallError
        As `load`.
    """
    with checked_values():
        given = library or (() if classify(file) == "header" else None)
        return load([file, *others], library=given, only=only or None, **options)
