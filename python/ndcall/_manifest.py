"""Which files a build has read, and whether they are what they were.

A manifest is found by what was asked for (sources, flags, compiler); it holds up to a few records, the newest first. A record leads to
one entry and holds as long as every file that was read is unchanged *and* every path that was searched without success is still empty:
a header put earlier into the search path leads to a new build.

A file whose size, times and inode are those of the record is taken as unchanged without reading it. The change time is among them,
which no program can set; a file that changed within two seconds of the record is read and hashed every time, because a second change
might have left no trace. A file of another size has changed, and is not read to see that.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping

from ._cache import Cache
from ._digest import hash_file
from ._value import Value

_MOST_RECORDS = 6
_SURE_AFTER = 2_000_000_000  # ns; the coarsest time stamps of file systems in use are 2 s (FAT), 1 s, then 4 ms


class Record(Value):
    """What one build depended on."""

    key: str  # of the entry
    libclang: str  # "path stamp" of what read the declarations
    rows: list[list[str]]  # "file" PATH STAMP SHA256 | "tool" PATH STAMP | "absent" FOLDER STAMP NAME...; of a file that must be read the
    # stamp is its size alone


def stamp_of(status: os.stat_result) -> str:
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:{status.st_ino}"


def stamp_path(path: str) -> str:
    """The stamp of a file; "" when it is not there."""
    try:
        return stamp_of(os.stat(path))
    except OSError:
        return ""


def identify_tool(path: str) -> str:
    """Size and modification time of a program or library that was installed; "" when it is not there. Not its inode and change time: these
    differ between two machines that run one image, and a cache filled for them shall serve both."""
    try:
        status = os.stat(path)
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}"


def note_build(hashes: Mapping[str, tuple[str, str]], absent: Iterable[str], tools: Iterable[str], began_ns: int) -> list[list[str]] | None:
    """The rows of a record of a build that began at `began_ns`, from stamps and hashes taken meanwhile; None when nobody knows what was
    read: a file may have changed since it began, or is none that can be compared."""
    now = time.time_ns()
    rows = []
    for path, (stamp, digest) in sorted(hashes.items()):
        try:
            status = os.stat(path)
        except OSError:
            return None
        if not digest or may_have_changed(status, began_ns) or stamp_of(status) != stamp:
            return None
        is_sure = not may_have_changed(status, now - _SURE_AFTER)
        rows.append(["file", path, stamp if is_sure else str(status.st_size), digest])
    rows += [["tool", path, identify_tool(path)] for path in tools]
    by_folder: dict[str, list[str]] = {}
    for path in absent:
        folder, name = os.path.split(path)
        by_folder.setdefault(folder, []).append(name)
    for folder, names in sorted(by_folder.items()):
        rows.append(["absent", folder, _stamp_folder(folder, now), *sorted(names)])
    return rows


def may_have_changed(status: os.stat_result, since_ns: int) -> bool:
    """Whether a file may have changed since a time on the clock of its file system, which may stamp whole seconds only."""
    is_coarse = status.st_ctime_ns % 1_000_000_000 == 0
    return status.st_ctime_ns >= since_ns - (_SURE_AFTER if is_coarse else 0)


def _stamp_folder(folder: str, now: int) -> str:
    """ "" : look for each name; "-": the folder is not there; else nothing has entered or left it while this stamp stays."""
    try:
        status = os.stat(folder)
    except OSError:
        return "-"
    return "" if may_have_changed(status, now - _SURE_AFTER) else stamp_of(status)


def _holds(row: list[str]) -> bool:
    kind, path, stamp, *rest = row
    if kind == "tool":
        return stamp == identify_tool(path)
    found = stamp_path(path)
    if kind == "file":
        size = found.partition(":")[0]
        return found != "" and (stamp == found or (stamp.partition(":")[0] == size and hash_file(path, int(size)) == rest[0]))
    # Absent are names in a folder: that is not there, or has not changed, or has none of them.
    return found in ("", stamp) or not any(os.path.lexists(os.path.join(path, name)) for name in rest)


def read_records(cache: Cache, key: str) -> list[Record]:
    """The records of a manifest, the newest first; none when a row is not of a form that this version writes."""
    records: list[Record] = []
    for row in cache.read_rows("manifests", key, "manifest") or []:
        match row:
            case ["record", entry, libclang]:
                records.append(Record(entry, libclang, []))
            case ["file", _, _, _] | ["tool", _, _] | ["absent", _, _, *_] if records:
                records[-1].rows.append(row)
            case _:
                return []
    return records


def find_record(records: Iterable[Record], libclang: str) -> Record | None:
    """The first record that still holds. `libclang` is what would read now, "" when there is none: then what was read stays good."""
    for record in records:
        if (not libclang or record.libclang == libclang) and all(_holds(row) for row in record.rows):
            return record
    return None


def add_record(cache: Cache, key: str, record: Record) -> None:
    """Put a record in front of a manifest."""
    others = [other for other in read_records(cache, key) if other.key != record.key]
    rows: list[list[str]] = []
    for one in [record, *others][:_MOST_RECORDS]:
        rows += [["record", one.key, one.libclang], *one.rows]
    cache.write_rows("manifests", key, "manifest", rows)
