"""What the search for included files found, and where it looked in vain.

The compiler tells which files it read, not where it looked before. That is worked out from the texts: every `#include` of every file that
was read is looked up along the search path, and the places before the one that has it are noted. Conditions are not evaluated, so a few
places more than needed are noted; a new file at one of them costs a build that was not needed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Sequence

from ._digest import hash_file, read_plain, sha256
from ._manifest import stamp_path
from ._value import Value

# `#include`, `__has_include` and their kin; the next two look on beyond the first file that has the name.
_INCLUDE = re.compile(rb'\b(include|import|embed|include_next|__has_include|__has_include_next|__has_embed)\s*\(?\s*([<"])([^>"\n]+)[>"]')
_LOOKS_ON = frozenset({b"include_next", b"__has_include", b"__has_include_next", b"__has_embed"})
# The assembler reads these files, and tells nobody.
_ASSEMBLED = re.compile(rb'\.inc(?:bin|lude)\s+\\?"')
_WORD = re.compile(r"(?:\\.|[^\s\\])+")  # of a list for make


class SearchPath(Value):
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


class Read:
    """What a build has read, gathered while it still runs.

    Attributes
    ----------
    hashes : dict of str to (str, str)
        Stamp and SHA-256 of every file beside the request's own; "" for what has none, such as a device.
    absent : set of str
        The paths that were searched without success.
    """

    def __init__(self, own: Collection[str], path: SearchPath) -> None:
        self.hashes: dict[str, tuple[str, str]] = {}
        self.absent: set[str] = set()
        self._own = own
        self._path = path
        self._seen: set[str] = set()
        self._looked_up: set[tuple[str, bytes, bool]] = set()
        self._is_there: dict[str, bool] = {}

    def add_files(self, files: Iterable[str]) -> None:
        """Note files that were read, and where the search for what they include looked in vain."""
        for file in map(tidy_path, files):
            if file in self._seen:
                continue
            self._seen.add(file)
            stamp, text = stamp_path(file), read_plain(file)
            if text is not None and _ASSEMBLED.search(text):
                self.hashes[file] = (stamp, "")
            elif file not in self._own:
                self.hashes[file] = (stamp, "" if text is None else sha256(text))
            self._look_up(os.path.dirname(file), text or b"")

    def add_linked(self, files: Iterable[str], absent: Iterable[str]) -> None:
        """Note what the linker read, and where it looked in vain."""
        self.hashes.update((file, (stamp_path(file), hash_file(file))) for file in files)
        self.absent.update(absent)

    def _look_up(self, folder: str, text: bytes) -> None:
        for word, mark, name in _INCLUDE.findall(text):
            own = folder if mark == b'"' else ""
            looks_on = word in _LOOKS_ON
            if (own, name, looks_on) in self._looked_up:
                continue
            self._looked_up.add((own, name, looks_on))
            places = (own, *self._path.quoted, *self._path.folders) if own else self._path.folders
            for place in places:
                candidate = tidy_path(os.path.join(place, os.fsdecode(name)))
                if not self._find(candidate):
                    self.absent.add(candidate)
                elif not looks_on:
                    break

    def _find(self, path: str) -> bool:
        found = self._is_there.get(path)
        if found is None:
            found = self._is_there[path] = os.path.isfile(path)
        return found


def tidy_path(path: str) -> str:
    """A path without `.` and doubled slashes. A `..` stays: behind a symbolic link it leads elsewhere than its text says."""
    return path if ".." in path else os.path.normpath(path)


def read_dependencies(path: str) -> list[str]:
    """The files that a compiler listed in Makefile form; [] when it wrote no list."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
    except FileNotFoundError:
        return []
    found = []
    for line in text.replace("\\\n", " ").splitlines():
        for word in _WORD.findall(line.partition(": ")[2]):
            found.append(re.sub(r"\\(.)", r"\1", word).replace("$$", "$"))
    return list(dict.fromkeys(map(tidy_path, found)))
