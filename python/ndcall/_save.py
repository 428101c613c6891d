"""`save`: a library as a text that loads without compiler, headers and libclang.

What is written appears whole or not at all: under a private name in the same folder, flushed to disk, then renamed. The copy of a library
carries its hash in its name, so that one that somebody has loaded is never written to; it is there before the text that names it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from typing import Any

from ._core import Declarations
from ._digest import sha256
from ._elf import read_soname
from ._exceptions import LoadError
from ._library import Library
from ._platform import PLATFORM
from ._request import list_paths

_SUFFIX = ".ndcall"
_DIGITS = 12  # of the hash, in the name of a copy: enough to tell builds apart; what is loaded is compared with all of it


def save(lib: Library, path: str | os.PathLike[str], /, *, library: str | Sequence[str] | None = None) -> tuple[str, ...]:
    """Save a library, so that it can be loaded where there is no compiler, no header and no libclang.

    Writes a text: which library has the functions, their contracts as they hold now, and what the front end read. A library that ndcall
    built, or that was loaded by a path, is copied beside it as ``NAME.HASH.so``; of one that was loaded by its name only that and its
    SONAME are written. Functions that ``only=`` and ``exclude=`` left out are left out. No path of this machine is in the text.

    Parameters
    ----------
    lib : Library
        What `load` gave.
    path : path
        The file to write, ``NAME.ndcall``. A relative path begins in the working directory, since it is the caller who knows where the file
        is wanted; `load` looks beside the module that calls it. A file of this name is replaced, in one step.
    library : str or sequence of str, optional
        The names under which the libraries are installed where the file will be loaded, one for each, in their order; nothing is copied
        then.

    Returns
    -------
    tuple of str
        The files to ship, absolute: the text, and the libraries that lie beside it.

    Raises
    ------
    BindError
        A function has a contract that is wrong, which must be mended or left out first.
    LoadError
        The library's file is not there any more, or not the one that was loaded.
    OSError
        A file cannot be written. Nothing is left behind.

    Examples
    --------
    >>> ndcall.save(ndcall.load("filter.c"), "package/filter.ndcall")  # doctest: +SKIP
    """
    if not isinstance(lib, Library):
        raise TypeError(f"save() takes a library of ndcall, not {type(lib).__name__}")
    target = _find_target(path)
    stem = os.path.basename(target).removesuffix(_SUFFIX)
    rows: list[tuple[bool, str, str]] = []
    copies: dict[str, bytes] = {}
    for name, file, digest in _name_libraries(lib, library):
        if name:
            rows.append((False, name, read_soname(file)))
            continue
        data, digest = _read_library(lib, file, digest)
        copy = f"{stem}.{digest[:_DIGITS]}{os.path.splitext(PLATFORM.built_name)[1]}"
        copies[os.path.join(os.path.dirname(target), copy)] = data
        rows.append((True, copy, digest))
    text = lib._ndcall_state.core.save(rows)
    Declarations.parse_saved(text, target)  # what cannot be read back is not written
    _write_all({**copies, target: text})
    return target, *copies


def _find_target(path: str | os.PathLike[str]) -> str:
    if not isinstance(path, (str, os.PathLike)):
        raise TypeError(f"the second argument must be a path (str or Path), not {type(path).__name__}")
    (given,) = list_paths(path, "the second argument")
    if os.path.splitext(os.path.basename(given))[1] != _SUFFIX:
        raise ValueError(f"the second argument is {given!r}: the name of a saved library ends in {_SUFFIX}")
    target = os.path.abspath(given)
    if not target.isprintable():  # a lone surrogate is not: it stands for a byte that is no UTF-8
        raise ValueError(f"the second argument is {given!r}: a saved library has a printable path in UTF-8")
    return target


def _name_libraries(lib: Library, given: Any) -> list[tuple[str, str, str]]:
    """The sources of a library with the name to look each up by, "" where it is to be copied."""
    sources = lib._ndcall_state.libraries
    if given is None:
        asked = [name for name, _, _ in sources]
        return [(_name_library(name, path, asked.count(name)), path, digest) for name, path, digest in sources]
    names = list_paths(given, "library=")
    for name in names:
        if os.path.dirname(name):
            raise ValueError(f"library= holds {name!r}: an installed library is named without a folder")
    if len(names) != len(sources):
        raise ValueError(
            f"library= names {len(names)}, but the functions come from {len(sources)}: {', '.join(path for _, path, _ in sources)}"
        )
    return [(name, path, digest) for name, (_, path, digest) in zip(names, sources, strict=True)]


def _name_library(asked: str, path: str, times: int) -> str:
    if os.path.dirname(asked):
        return ""  # by its path: no search would find it elsewhere
    return asked if times == 1 or not asked else read_soname(path) or os.path.basename(path)  # a linker script stood for several


def _read_library(lib: Library, path: str, expected: str) -> tuple[bytes, str]:
    """The bytes of a library that is to be copied, and their hash."""
    cure = f"\n  fix       load {lib._ndcall_state.name} again"
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise LoadError(f"{path} cannot be read any more: {error.strerror}{cure}") from None
    digest = sha256(data)
    if expected not in ("", digest):
        raise LoadError(f"{path} is not what was loaded any more\n  loaded    SHA-256 {expected}\n  found     SHA-256 {digest}{cure}")
    return data, digest


def _write_all(files: dict[str, bytes]) -> None:
    """Write files in this order, each whole; when one cannot be written, those that are new go again."""
    new: list[str] = []
    try:
        for path, data in files.items():
            if _holds(path, data):
                continue
            is_new = not os.path.lexists(path)
            _write_whole(path, data)
            if is_new:
                new.append(path)
    except BaseException:
        for path in new:
            with contextlib.suppress(OSError):
                os.unlink(path)
        raise


def _holds(path: str, data: bytes) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(len(data) + 1) == data
    except OSError:
        return False


def _write_whole(path: str, data: bytes) -> None:
    """Write a file under a private name beside its own, then rename it; the error, if any, names the file that was asked for."""
    temporary = os.path.join(os.path.dirname(path), f".ndcall-{os.urandom(8).hex()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o666)
        try:
            with open(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None
