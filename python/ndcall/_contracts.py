"""The contracts that stand outside a source: in the call that loads, and in NAME.contract beside a source, header or library.

They are read at every load and are no part of what the cache holds, so an edited line counts at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

from ._exceptions import LoadError
from ._paths import Anchor, find_file, place_path
from ._platform import is_library_name, library_stem
from ._request import Contracts

IN_CALL, IN_FILE = 0, 1  # ranks: a lower one replaces the whole line of a higher one


def read_contracts(given: object, anchor: Anchor) -> Contracts:
    """What contracts= says: a dict of lines, a text of many lines, or the path of such a text."""
    if given is None:
        return ()
    if isinstance(given, Mapping):
        return ((IN_CALL, "contracts=", _list_lines(given)),)
    if isinstance(given, os.PathLike) or (isinstance(given, str) and given.endswith(".contract") and "\n" not in given):
        path = os.fspath(given)
        if not isinstance(path, str):
            path = os.fsdecode(path)
        found = find_file("contract file", path, [place_path(path, anchor)])
        return ((IN_CALL, found, read_text(found)),)
    if isinstance(given, str):
        return ((IN_CALL, "contracts=", given),)
    raise TypeError(f"contracts= must be a dict, a text or a path, not {type(given).__name__}")


def _list_lines(given: Mapping[Any, Any]) -> tuple[tuple[str, str], ...]:
    for name, line in given.items():
        if not isinstance(name, str) or not isinstance(line, str):
            raise TypeError(f"contracts= must map names to lines (str to str), not {type(name).__name__} to {type(line).__name__}")
    return tuple(given.items())


def find_contracts(files: Iterable[str]) -> Contracts:
    """The NAME.contract files that lie beside sources, headers and libraries; one that is not there is nothing."""
    found: dict[str, tuple[int, str, str]] = {}
    for file in files:
        folder, name = os.path.split(file)
        stem, suffix = os.path.splitext(name)
        if suffix not in (".c", ".h") and is_library_name(name):  # whose pattern a warm start of a source need not compile
            stem = library_stem(name)
        path = os.path.join(folder, stem + ".contract")
        if path not in found and os.path.isfile(path):
            found[path] = (IN_FILE, path, read_text(path))
    return tuple(found.values())


def read_text(path: str) -> str:
    """A text file in UTF-8."""
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise LoadError(f"{path}:{line}: byte {error.object[error.start]:#04x} is not UTF-8") from None
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}") from None
