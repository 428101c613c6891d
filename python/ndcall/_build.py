"""From a request to an entry of the cache: found there, or compiled and read, both at once."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from typing import TYPE_CHECKING

from ._cache import Cache, forget_cache, open_cache, open_private_cache
from ._core import Declarations
from ._digest import hash_file, sha256
from ._entry import DECLARATIONS, Contents, Entry
from ._environment import is_set, read_search_variables, say
from ._exceptions import BuildError, LoadError, NdcallError, ReadError
from ._locks import spare_work
from ._manifest import Record, add_record, find_record, identify_tool, note_build, read_records, stamp_path
from ._platform import PLATFORM
from ._reader import describe_missing_libclang, find_libclang, find_reader
from ._request import Request
from ._sealed import VERSION
from ._toolchain import Compiler, Facts, find_compiler, identify_cpu
from ._value import Value
from ._version import __version__

if TYPE_CHECKING:
    from ._publish import Build

_PATIENCE = 30.0  # seconds to wait for somebody who builds the same
_UNWRITABLE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.ENAMETOOLONG})
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ESTALE})
_ATTEMPTS = 3  # at a source that changes while it is compiled


class Found(Value):
    """What a request led to."""

    entry: Entry
    declarations: Declarations
    hashes: tuple[str, ...]  # SHA-256 of the request's files


class _Asked(Value):
    """A request with what the machine adds to it."""

    request: Request
    compiler: Compiler | None  # None: there is none, and none is needed to read declarations
    libclang: str  # path and stamp
    key: str  # of the manifest
    hashes: tuple[str, ...]  # of the files
    stamps: tuple[str, ...]


def fetch_entry(request: Request) -> Found:
    """The entry for a request, built when the cache does not have it.

    Raises
    ------
    LoadError
        A file cannot be read, the cache is refused, or NDCALL_NO_BUILD forbids what would be needed.
    BuildError
        The compiler refused.
    ReadError
        The declarations cannot be read.
    """
    for attempt in range(_ATTEMPTS):
        asked = _ask(request)
        cache = open_cache()
        try:
            return _fetch_from(cache, asked)
        except NdcallError:
            raise
        except OSError as error:
            if error.errno in _UNWRITABLE:
                return _fetch_elsewhere(cache, asked, error)
            if error.errno not in _GONE or attempt == _ATTEMPTS - 1:
                raise LoadError(f"{request.name} cannot be built in the cache {cache.path}: {error.strerror}") from error
            forget_cache(cache)  # somebody removed it, or a folder in it
    raise AssertionError("the last attempt returns or raises")


def _fetch_elsewhere(cache: Cache, asked: _Asked, error: OSError) -> Found:
    """The entry from a cache for this process only, since the user's cannot be written."""
    private = open_private_cache(cache.path, error)
    try:
        return _fetch_from(private, asked)
    except NdcallError:
        raise
    except OSError as other:
        raise LoadError(
            f"{asked.request.name} cannot be built, neither in the cache {cache.path} nor in {private.path}: {other.strerror}"
        ) from other


def _fetch_from(cache: Cache, asked: _Asked) -> Found:
    request = asked.request
    found = _look_up(cache, asked)
    if cache.has_builds():
        from ._removal import remove_leftovers

        with contextlib.suppress(OSError):
            remove_leftovers(cache)
    if found is not None:
        return found
    if is_set("NDCALL_NO_BUILD"):
        raise LoadError(f"{request.name} is not in the cache {cache.path}, and NDCALL_NO_BUILD forbids building it")
    if not asked.libclang:
        raise ReadError(describe_missing_libclang())
    with spare_work(asked.key[:3], cache.folder("locks"), seconds=_PATIENCE, work=request.name) as (waited, holder):
        if waited and (found := _look_up(cache, asked)) is not None:
            return found
        if holder:
            say(f"waited {_PATIENCE:.0f} s for process {holder}, which builds the same; building it here too")
        return _build(cache, asked)


def _ask(request: Request) -> _Asked:
    """Everything that tells one build from another and can be had without running anything."""
    stamps = _stamp_files(request)  # before the texts are read: a change meanwhile is noticed
    hashes = tuple(map(hash_file, request.files))
    for file, digest in zip(request.files, hashes, strict=True):
        if not digest:
            raise LoadError(f"{file} cannot be read")
    try:
        compiler = find_compiler(request.compiler)
    except LoadError:
        if request.kind == "source" or request.compiler is not None:
            raise
        compiler = None
    libclang = find_libclang()
    told = [
        f"ndcall {__version__} {VERSION}",
        identify_tool(find_reader()),
        *(compiler.words if compiler is not None else ()),
        compiler.stamp if compiler is not None else "",
        identify_cpu(request.flags),
        *(word for pair in read_search_variables() for word in pair),
        *hashes,
        # What is left out decides nothing about the build: which names are offered, and how arguments are treated.
        repr(request.replace(libraries_loaded=(), only=None, exclude=(), compiler=None, copy="", name="")),
    ]
    key = sha256("\0".join(told).encode("utf-8", "surrogateescape"))
    return _Asked(request, compiler, f"{libclang} {identify_tool(libclang)}" if libclang else "", key, hashes, stamps)


def _stamp_files(request: Request) -> tuple[str, ...]:
    return tuple(map(stamp_path, request.files))


def _look_up(cache: Cache, asked: _Asked) -> Found | None:
    """What the cache has, if all that it was built of is unchanged."""
    # Where nothing may be built, another libclang is as good as none.
    record = find_record(read_records(cache, asked.key), "" if is_set("NDCALL_NO_BUILD") else asked.libclang)
    entry = None if record is None else cache.find_entry(record.key)
    if entry is None or (entry.library is None) != (asked.request.kind != "source"):
        return None
    try:
        declarations = Declarations.parse(entry.declarations, os.path.join(entry.folder, DECLARATIONS))
    except ReadError:
        return None  # of another version of the text
    if is_set("NDCALL_VERBOSE"):
        say(f"{asked.request.name} is in the cache: {entry.folder}")
    return Found(entry, declarations, asked.hashes)


def _build(cache: Cache, asked: _Asked) -> Found:
    from ._compile import build_once
    from ._publish import Build
    from ._removal import remove_leftovers, remove_oldest

    for _ in range(_ATTEMPTS):
        began = _coarse_time()
        with Build(cache) as build:
            try:
                made = build_once(asked.request, asked.compiler, asked.libclang.rpartition(" ")[0], cache, build)
            except (BuildError, ReadError) as error:
                if (fault := _find_fault(error, build)) is not None:
                    raise fault from error
                raise
            if _stamp_files(asked.request) != asked.stamps or tuple(map(hash_file, asked.request.files)) != asked.hashes:
                asked = _ask(asked.request)
                continue
            tools = [made.facts.tool] if made.facts is not None and made.facts.tool else []
            rows = note_build(made.read.hashes, made.read.absent, tools, began)
            key = _name_entry(asked, made.facts, rows)
            entry = build.publish(key, made.names, Contents(asked.request.name, asked.request.files, (), made.warnings))
            with contextlib.suppress(OSError):  # the entry is there; what fails now costs another build at most
                if rows is not None:
                    add_record(cache, asked.key, Record(key, asked.libclang, rows))
                remove_leftovers(cache)  # again: a compiler that outlived its builder may have held some before
                remove_oldest(cache, key)
        return Found(entry, made.declarations, asked.hashes)
    raise LoadError(f"{asked.request.name} changes while it is compiled: {_ATTEMPTS} builds met another text than they began with")


def _find_fault(error: BuildError | ReadError, build: Build) -> OSError | None:
    """What kept the compiler or the reader from their work, when it was not the text that they were given."""
    for number in (errno.ENOSPC, errno.EDQUOT):
        if os.strerror(number) in (error.output if isinstance(error, BuildError) else str(error)):
            return OSError(number, os.strerror(number))
    return None if build.is_in_place() else OSError(errno.ENOENT, "the folder of the build was removed")


def _coarse_time() -> int:
    """Now, by the clock that stamps files."""
    clock = getattr(time, "CLOCK_REALTIME_COARSE", None)
    return time.time_ns() if clock is None else time.clock_gettime_ns(clock)


def _name_entry(asked: _Asked, facts: Facts | None, rows: list[list[str]] | None) -> str:
    """The key of an entry: all that went into it, what was not there included."""
    contents = [os.urandom(16).hex()]  # nobody knows what was read: no other build has this key
    if rows is not None:
        contents = [word for row in rows for word in (row if row[0] == "tool" else row[:2] + row[3:])]
    told = [
        asked.key,
        asked.libclang,
        *((facts.version, facts.target, facts.standard) if facts is not None else ()),
        PLATFORM.built_name,
        *contents,
    ]
    return sha256("\0".join(told).encode("utf-8", "surrogateescape"))
