"""Where a relative path is looked up.

Beside the file of the module that calls; from a prompt, a notebook or `python -c`, which have no file, and from the command line in the
working directory. A path that begins with `./` or `../` always means the working directory.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from ._exceptions import LoadError
from ._suggest import suggest_nearest
from ._value import Value

_COMMAND_LINE = f"{__package__}._command."  # a shell knows no caller but its working directory


class Anchor(Value):
    """The folder in which relative paths begin, and how to say that to a person."""

    folder: str
    said: str


class Place(Value):
    """One path that is tried, and why."""

    path: str
    said: str


def in_working_directory() -> Anchor:
    return Anchor(os.getcwd(), "in the working directory")


def find_anchor() -> Anchor:
    """The anchor of whoever called into ndcall: the nearest frame that is not ndcall's own."""
    frame = sys._getframe(1)
    while frame.f_back is not None and (name := str(frame.f_globals.get("__name__", ""))).partition(".")[0] == __package__:
        if name.startswith(_COMMAND_LINE):
            return in_working_directory()
        frame = frame.f_back
    file = frame.f_globals.get("__file__")
    if not isinstance(file, str):
        return in_working_directory()
    folder, name = os.path.split(os.path.abspath(file))
    return Anchor(folder, f"beside {name}")


def place_path(path: str, anchor: Anchor) -> Place:
    """A path as an absolute one, and why it begins where it does."""
    refuse_undecodable(path)
    if os.path.isabs(path):
        return Place(os.path.normpath(path), "")
    begins = path.replace(os.sep, "/")
    if begins.startswith(("./", "../")) or begins in (".", ".."):
        anchor = in_working_directory()
    refuse_undecodable(anchor.folder)
    return Place(os.path.normpath(os.path.join(anchor.folder, path)), anchor.said)


def refuse_undecodable(path: str) -> None:
    """LoadError for a path with bytes that are no UTF-8, which compilers, readers and loaders do not spell alike."""
    if not path.isascii() and any("\udc80" <= character <= "\udcff" for character in path):
        raise LoadError(f"{path!r} has bytes that are no UTF-8: give it another name")


def find_file(noun: str, path: str, places: Iterable[Place]) -> str:
    """The first of `places` that is a file; LoadError with all of them when none is."""
    tried = list(places)
    for place in tried:
        if os.path.isfile(place.path):
            return place.path
    raise LoadError(describe_missing(noun, path, tried))


def describe_missing(noun: str, path: str, tried: list[Place]) -> str:
    """The text for a file that is at none of the places tried, with what was most likely meant."""
    first = tried[0].path
    near = {name for place in tried for name in _names_in(os.path.dirname(place.path))}
    hint = suggest_nearest(os.path.basename(path), sorted(near))
    if os.path.isdir(first):
        hint = ": it is a folder"
    lines = [f"{noun} {path!r} was not found{hint}", *show_tried(tried)]
    here = os.path.normpath(os.path.join(os.getcwd(), path))
    if not os.path.isabs(path) and os.path.isfile(here) and all(here != place.path for place in tried):
        lines.append(f"  fix       {os.path.join('.', path)!r}   (it lies in the working directory)")
    elif path.startswith("~") and os.path.isfile(os.path.expanduser(path)):
        lines.append(f"  fix       {os.path.expanduser(path)!r}   ('~' is the shell's)")
    elif noun == "header" and not hint:
        lines.append("  fix       include_dirs='FOLDER', or install the package that has it (on Debian one that ends with -dev)")
    return "\n".join(lines)


def show_tried(tried: list[Place]) -> list[str]:
    """The lines that list places tried."""
    lines = []
    for i, place in enumerate(tried):
        head = "  tried     " if i == 0 else "            "
        lines.append(head + place.path + (f"   ({place.said})" if place.said else ""))
    return lines


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []
