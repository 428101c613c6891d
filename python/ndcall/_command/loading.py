"""The options that commands share with `ndcall.load`, and the load itself."""

from __future__ import annotations

import os
from typing import Any

import click

from .._exceptions import NdcallError
from .._library import Library
from .._load import load
from .._request import classify
from .words import in_words_of_the_shell

_PATH, _FOLDER = click.Path(), click.Path(file_okay=False)


def _read_macro(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str | None]:
    """NAME or NAME=VALUE, as compilers take them."""
    pairs = (word.partition("=") for word in given)
    return {name: value if equals else None for name, equals, value in pairs}


_OPTIONS = (
    click.argument("file", type=_PATH),
    click.option("--with", "others", metavar="FILE", type=_PATH, multiple=True, help="A further source of the same library, or header."),
    click.option("--library", metavar="NAME|PATH", multiple=True, help="The built library of a header: 'openblas', or a path."),
    click.option("--declarations", metavar="TEXT", help="C prototypes, where FILE is a library."),
    click.option("--contracts", metavar="FILE|TEXT", help="A .contract file, or its text: 'scale: x[n], a -> y[n]'."),
    click.option("--only", metavar="PATTERN", multiple=True, help="The functions to offer: 'cblas_d*'."),
    click.option("--exclude", metavar="PATTERN", multiple=True, help="Functions not to offer."),
    click.option("-I", "include_dirs", metavar="FOLDER", type=_FOLDER, multiple=True, help="A folder of headers."),
    click.option("-D", "defines", metavar="NAME[=VALUE]", multiple=True, callback=_read_macro, help="A macro."),
    click.option("--flags", metavar="TEXT", default="", help="Further flags of the compiler: --flags='-O3 -march=native'."),
    click.option("-l", "libraries", metavar="NAME|PATH", multiple=True, help="What a source is linked with."),
    click.option("-L", "library_dirs", metavar="FOLDER", type=_FOLDER, multiple=True, help="A folder of libraries."),
    click.option("--compiler", metavar="COMMAND", help="The C compiler; else NDCALL_CC, else CC, else gcc."),
)


def takes_what_load_takes(command: Any) -> Any:
    """Give a command the argument FILE and the options of `load`; it hands them on to `load_named`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


PARAMETERS = frozenset(parameter.name for parameter in takes_what_load_takes(click.Command(None)).params)  # of load_named


def load_named(file: str, *, others: tuple[str, ...], library: tuple[str, ...], only: tuple[str, ...], **options: Any) -> Library:
    """The library that a command line names. A header without a library is loaded as one whose functions no file has.

    Raises
    ------
    click.UsageError
        An option has a value that `load` does not take.
    NdcallError
        As `load`.
    """
    files = [file, *others]
    for one in files:
        if os.path.isdir(one):
            raise click.UsageError(f"{one!r} is a folder")
    try:
        given = library or (() if classify(file) == "header" else None)
        return load(files, library=given, only=only or None, **options)
    except NdcallError:
        raise
    except (TypeError, ValueError) as error:
        raise click.UsageError(in_words_of_the_shell(str(error))) from None
