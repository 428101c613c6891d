"""Saved libraries: what `NAME.ndcall` says, and the files that it names.

Nothing is compiled, read by a C front end, or looked up in the cache. A library that lies beside the saved file is opened only when its
bytes have the SHA-256 that stands there; an installed one only when it calls itself what it called itself then.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from ._core import Declarations, get_own_target, is_same_target
from ._digest import sha256
from ._elf import read_soname
from ._exceptions import LoadError
from ._libraries import find_library
from ._library import Sources
from ._paths import Anchor
from ._platform import is_library_name
from ._value import Value

_LARGEST = 64 << 20  # bytes of a saved file; 10,000 functions with long comments take 5 MiB


class Opened(Value):
    """A saved library, checked, with its files found."""

    declarations: Declarations
    digest: str  # SHA-256 of the saved file
    libraries: Sources


def open_saved(path: str, library_dirs: Sequence[str], instead: Sources) -> Opened:
    """Read a saved library and find the files that it names.

    Parameters
    ----------
    path : str
        The ``.ndcall`` file, absolute.
    library_dirs : sequence of str
        The user's folders of installed libraries.
    instead : sources
        The libraries that the user named; then those of the file are not looked for.

    Raises
    ------
    ReadError
        The text is damaged; with line and column.
    LoadError
        It is for another machine, or one of its libraries is missing or not the one it was saved with.
    """
    text = _read(path)
    declarations = Declarations.parse_saved(text, path)
    if not is_same_target(declarations.target, get_own_target()):
        raise LoadError(f"{path} was saved for {declarations.target}; this is {get_own_target()}")
    libraries = instead
    if not libraries:
        libraries = tuple(
            ("", _find_beside(path, name, proof), proof) if is_beside else (name, _find_installed(path, name, proof, library_dirs), "")
            for is_beside, name, proof in declarations.saved_files
        )
    return Opened(declarations, sha256(text), libraries)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            text = file.read(_LARGEST + 1)
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}") from None
    if len(text) > _LARGEST:
        raise LoadError(f"{path} is larger than 64 MiB: it is no saved library")
    return text


def _find_beside(path: str, name: str, digest: str) -> str:
    """The file beside the saved one, if it is what was saved."""
    found = os.path.join(os.path.dirname(path), name)
    try:
        with open(found, "rb") as file:
            here = sha256(file.read())
    except OSError as error:
        raise LoadError(
            f"{path} needs {name} beside it, which cannot be read: {error.strerror}\n"
            f"  fix       copy both files together, or name the library with library="
        ) from None
    if here != digest:
        raise LoadError(f"{found} is not the library that was saved\n  saved     SHA-256 {digest}\n  found     SHA-256 {here}")
    # The loader takes paths only, so the bytes are hashed before they are opened, as those of the cache are. Who could exchange the file
    # in between could as well change the .ndcall file, which says what its hash is: the folder is its owner's.
    return found


def _find_installed(path: str, name: str, soname: str, library_dirs: Sequence[str]) -> str:
    """An installed library: by what it calls itself, which is what the system's loader goes by, else by the name it was asked for."""
    anchor = Anchor(os.path.dirname(path), "beside the saved file")
    try:
        found = find_library(soname, anchor, library_dirs, _no_dirs) if is_library_name(soname) and "/" not in soname else []
    except LoadError:
        found = []
    try:
        found = found or find_library(name, anchor, library_dirs, _no_dirs)
    except LoadError as error:
        raise LoadError(f"{error}\n  wanted    by {path}; library_dirs= names its folder, library= another library") from None
    here = read_soname(found[0])
    if soname and here != soname:
        raise LoadError(
            f"{found[0]} is not the library that was saved\n"
            f"  saved     {name!r}, which calls itself {soname}\n"
            f"  found     {here or 'a library without a SONAME'}\n"
            f"  fix       install {soname}, or name another library with library="
        )
    return found[0]


def _no_dirs() -> Sequence[str]:
    return ()  # the toolchain's folders: there may be none, and asking it would run it
