"""What the search for included files found, and where it looked in vain.

The compiler tells which files it read, not where it looked before. That is worked out from the texts: every `#include` of every file that
was read is looked up along the search path, and the places before the one that has it are noted. Conditions are not evaluated, so a few
places more than needed are noted; a new file at one of them costs a build that was not needed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# `#include`, `__has_include` and their kin; the next two look on beyond the first file that has the name.
_INCLUDE = re.compile(rb'\b(include|import|embed|include_next|__has_include|__has_include_next|__has_embed)\s*\(?\s*([<"])([^>"\n]+)[>"]')
_LOOKS_ON = frozenset({b"include_next", b"__has_include", b"__has_include_next", b"__has_embed"})


class SearchPath(NamedTuple):
    """Where included files are looked for, in order."""

    quoted: tuple[str, ...]  # for "..." only, after the folder of the file that includes
    folders: tuple[str, ...]  # for "..." and <...>


def make_search_path(
    flags: Iterable[str], include_dirs: Sequence[str], of_environment: Sequence[str], of_compiler: Sequence[str]
) -> SearchPath:
    """The search path of a compiler that is given `include_dirs` and `flags`."""
    by_flag: dict[str, list[str]] = {"-iquote": [], "-I": [], "-isystem": [], "-idirafter": []}
    words = iter(flags)
    for word in words:
        for flag, folders in by_flag.items():
            if word == flag:
                folders.append(next(words, ""))
            elif word.startswith(flag):
                folders.append(word.removeprefix(flag))
    folders = [*include_dirs, *by_flag["-I"], *of_environment, *by_flag["-isystem"], *of_compiler, *by_flag["-idirafter"]]
    return SearchPath(tuple(by_flag["-iquote"]), tuple(dict.fromkeys(folder for folder in folders if folder)))


def find_absent(files: Iterable[str], path: SearchPath) -> set[str]:
    """The paths that were searched without success while `files`, everything that was read, were included."""
    absent: set[str] = set()
    known: dict[str, bool] = {}

    def is_there(candidate: str) -> bool:
        found = known.get(candidate)
        if found is None:
            found = known[candidate] = os.path.isfile(candidate)
        return found

    looked_up: set[tuple[str, bytes, bool]] = set()
    for file in files:
        folder = os.path.dirname(file)
        for word, mark, name in _INCLUDE.findall(_read(file)):
            own = folder if mark == b'"' else ""
            if (own, name, word in _LOOKS_ON) in looked_up:
                continue
            looked_up.add((own, name, word in _LOOKS_ON))
            places = (own, *path.quoted, *path.folders) if own else path.folders
            for place in places:
                candidate = os.path.normpath(os.path.join(place, os.fsdecode(name)))
                if not is_there(candidate):
                    absent.add(candidate)
                elif word not in _LOOKS_ON:
                    break
    return absent


def _read(path: str) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except OSError:
        return b""  # what cannot be read was noted as a file, and will not hold


def read_dependencies(path: str) -> list[str]:
    """The files that a compiler listed in Makefile form; [] when it wrote no list."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
    except FileNotFoundError:
        return []
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        for word in re.findall(r"(?:\\.|[^\s\\])+", line.partition(": ")[2]):
            found.append(re.sub(r"\\(.)", r"\1", word).replace("$$", "$"))
    return list(dict.fromkeys(os.path.normpath(word) for word in found))
