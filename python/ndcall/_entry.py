"""One finished build: a folder with its files, and the sealed file `entry` that says what they are.

::

    source<tab>NAME<tab>PATH...              what was loaded
    file<tab>NAME<tab>BYTES<tab>SHA256       once for each file
    warnings<tab>TEXT                        of the compiler
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from ._digest import sha256
from ._owned import Flaw, examine_status, read_file
from ._sealed import open_rows, seal_rows
from ._value import Value

SEAL = "entry"  # the file's name, and its kind
DECLARATIONS = "declarations"


class Contents(Value):
    """What `entry` says of the build beside it."""

    name: str  # what was loaded: "filter.c"
    sources: tuple[str, ...]  # the paths of sources or headers, absolute
    files: tuple[tuple[str, int, str], ...]  # name, bytes, SHA-256
    warnings: str


class Entry(Value):
    """A build whose files are exactly those that were published."""

    key: str
    folder: str  # absolute
    library: str | None  # absolute path of the built library; None where nothing was compiled
    declarations: bytes
    warnings: str
    identity: tuple[int, int]  # device and inode of the folder

    def is_in_place(self) -> bool:
        """Whether the path still leads to the folder that was checked: the loader takes paths only. Without a library nothing is opened."""
        if self.library is None:
            return True
        try:
            status = os.stat(self.folder, follow_symlinks=False)
        except OSError:
            return False
        return (status.st_dev, status.st_ino) == self.identity


def seal_contents(contents: Contents) -> bytes:
    """The bytes of the file `entry`."""
    files = [["file", name, str(size), digest] for name, size, digest in contents.files]
    return seal_rows(SEAL, [["source", contents.name, *contents.sources], *files, ["warnings", contents.warnings]])


def read_contents(folder: int) -> Contents | Flaw:
    """What the file `entry` in an open folder says, or why it says nothing."""
    data = examine_status("its folder", os.fstat(folder)) or read_file(SEAL, folder)
    if isinstance(data, Flaw):
        return data
    found = _parse_rows(open_rows(SEAL, data) or [])
    return found if found is not None else Flaw("damaged", f"{SEAL} is not what was written")


def _parse_rows(rows: Iterable[list[str]]) -> Contents | None:
    """None for rows that this version did not write."""
    files = []
    source: list[str] = []
    warnings = ""
    for row in rows:
        match row:
            case ["file", name, size, digest] if os.path.basename(name) == name and size.isdecimal():
                files.append((name, int(size), digest))
            case ["source", _, *_]:
                source = row[1:]
            case ["warnings", warnings]:
                pass
            case _:
                return None
    return Contents(source[0], tuple(source[1:]), tuple(files), warnings) if source and files else None


def open_entry(key: str, path: str, folder: int) -> Entry | Flaw:
    """The entry in an open folder, whose path this is, with every byte compared; or why it is none."""
    contents = read_contents(folder)
    if isinstance(contents, Flaw):
        return contents
    texts: dict[str, bytes] = {}
    for name, size, digest in contents.files:
        text = read_file(name, folder, size)
        if isinstance(text, Flaw):
            return text
        if sha256(text) != digest:
            return Flaw("damaged", f"{name} is not what was written")
        texts[name] = text
    return make_entry(key, path, contents, texts.get(DECLARATIONS, b""), os.fstat(folder))


def make_entry(key: str, path: str, contents: Contents, declarations: bytes, status: os.stat_result) -> Entry:
    """The entry with these contents, at this path; `status` is that of its folder."""
    library = next((os.path.join(path, name) for name, _, _ in contents.files if name != DECLARATIONS), None)
    return Entry(key, path, library, declarations, contents.warnings, (status.st_dev, status.st_ino))
