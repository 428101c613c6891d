"""`load`: from a C file, a header and a library, or a saved library, to functions."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ._build import fetch_entry
from ._contracts import find_contracts, read_contracts
from ._core import Declarations
from ._entry import Entry
from ._exceptions import BuildWarning, LoadError, ReadError
from ._libraries import find_library
from ._library import Library, Sources, make_library, select_functions
from ._paths import Anchor, find_anchor
from ._platform import is_library_name
from ._recipe import Recipe
from ._request import Path, Paths, Request, classify, list_libraries, list_paths, make_request
from ._traceback import brief_traceback
from ._value import Value

_ATTEMPTS = 10  # while others clear or replace the cache


def load(
    what: Paths,
    /,
    *,
    library: Paths | None = None,
    declarations: str | None = None,
    contracts: Mapping[str, str] | Path | None = None,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    include_dirs: Paths = (),
    defines: Mapping[str, str | int | float | None] | None = None,
    flags: str | Sequence[str] = (),
    libraries: Paths = (),
    library_dirs: Paths = (),
    compiler: Path | None = None,
    copy: str = "safe",
) -> Library:
    """Load C functions that check every argument before they are called.

    A source is compiled once and kept in the cache; its types, and those of a header, are read by a C front end. A relative path lies
    beside the file of the module that calls `load`, and from a prompt, a notebook or ``python -c`` in the working directory; ``./`` and
    ``../`` in front always mean the working directory.

    Parameters
    ----------
    what : path or sequence of paths
        C sources (``.c``), which become one library; or headers (``.h``), with `library`, which are also looked for on the include path and
        read as one text in their order; or a library, with `declarations`; or what `save` has written (``.ndcall``), which needs neither
        compiler nor headers.
    library : str, path or sequence of them, optional
        The built library of a header: a path, or a name such as ``"openblas"``, which is looked for in `library_dirs`, in the loader's
        folders and in the compiler's, never in the working directory. Of several, each function comes from the first that has it. With a
        saved library, the one to take instead of what it was saved with.
    declarations : str, optional
        C declarations typed by hand, for a library that is given as `what`. A function that the library does not have is an error.
    contracts : dict, str or path, optional
        What the prototypes do not say: a dict of names and lines, a text as in a ``.contract`` file, or the path of one. They replace the
        lines of ``NAME.contract`` beside a source, header or library, those in comments, and those that were saved.
    only, exclude : str or sequence of str, optional
        Patterns (``"cblas_d*"``) of the functions to offer, and of those not to.
    include_dirs : path or sequence of paths, optional
        Folders of headers, ``-I`` of the compiler.
    defines : dict, optional
        Macros: ``{"N": 16, "FAST": None}`` is ``-DN=16 -DFAST``.
    flags : str or sequence of str, optional
        Further flags of the compiler, after ``-O2 -g``; one string is split as a shell would.
    libraries : str, path or sequence of them, optional
        What a source is linked with: names, ``-l`` of the compiler, or paths. The mathematical library always is.
    library_dirs : path or sequence of paths, optional
        Folders of `libraries` and `library`.
    compiler : str or path, optional
        The C compiler; without it that of the environment variable ``NDCALL_CC``, else ``CC``, else gcc.
    copy : {"safe", "never"}, optional
        Whether an input may be copied when its dtype or layout does not suit C; with "never" that is an error.

    Returns
    -------
    Library
        The functions, enums, structs, constants and variables, as attributes and as items.

    Raises
    ------
    LoadError
        A file or library was not found (the text lists the places tried), or the cache is refused.
    ReadError
        The declarations cannot be read, there are none, nothing is installed that reads them, or a saved library is damaged.
    BuildError
        The compiler or linker refused; `command` and `output` have all of it.
    BindError
        A line of `contracts`, or of a saved library, is wrong, or stands for a name that is not there; the text has its position, and the
        nearest names.
    UnknownNameError
        A pattern of `only` or `exclude` fits nothing.

    Warns
    -----
    BuildWarning
        What the compiler warned of.

    Examples
    --------
    >>> lib = ndcall.load("filter.c")  # doctest: +SKIP
    >>> lib = ndcall.load("code.c", contracts={"zadd": "a[n], b[n] -> c[n]"})  # doctest: +SKIP
    >>> lib = ndcall.load("cblas.h", library="openblas", only="cblas_*")  # doctest: +SKIP
    >>> lib = ndcall.load("libm.so.6", declarations="double cbrt(double x);")  # doctest: +SKIP
    """
    with brief_traceback():
        anchor = find_anchor()
        of_call = read_contracts(contracts, anchor)
        given = list_paths(what, "the first argument")
        kind, loaded = _find_kind(given, what, library, declarations)
        if kind == "saved":
            _refuse_build_options(
                given[0],
                {"include_dirs=": include_dirs, "defines=": defines, "flags=": flags, "libraries=": libraries, "compiler=": compiler},
            )
        request = make_request(
            kind,
            given,
            anchor,
            text=declarations or "",
            loaded=loaded,
            only=only,
            exclude=exclude,
            include_dirs=include_dirs,
            defines=defines,
            flags=flags,
            libraries=libraries,
            library_dirs=library_dirs,
            compiler=compiler,
            copy=copy,
        )
        return _load_request(request, of_call)


def _find_kind(given: list[str], what: object, library: Any, declarations: object) -> tuple[str, list[Path]]:
    """What is asked for, and the libraries to open."""
    if not given:
        raise ValueError("the first argument names no file")
    kinds = {classify(path): path for path in reversed(given)}
    if len(kinds) > 1:
        shown = " and ".join(f"{os.path.basename(path)} (a {kind})" for kind, path in sorted(kinds.items()))
        raise LoadError(f"{shown} cannot be loaded together: sources become a library, headers describe one")
    kind = next(iter(kinds))
    name = ", ".join(os.path.basename(path.rstrip(os.sep)) or path for path in given)
    if declarations is not None and not isinstance(declarations, str):
        raise TypeError(f"declarations= must be str, not {type(declarations).__name__}")
    if kind == "library":
        if library is not None:
            raise LoadError(f"{name} is a library itself: library= goes with a header")
        if declarations is None:
            fix = f"load its header: ndcall.load('HEADER.h', library={given[0]!r}), or type the prototypes: declarations='...'"
            if not any(map(is_library_name, given)):
                fix += f"; of a C source write the ending too: {given[0].rstrip(os.sep) + '.c'!r}"
            raise LoadError(f"{name} does not say which types its functions take\n  fix       {fix}")
        return "declarations", list_libraries(what, "the first argument")
    if declarations is not None:
        raise LoadError(f"{name} is read for its declarations: declarations= goes with a library")
    if kind == "source":
        if library is not None:
            cure = "libraries= names what it is linked with"
            raise LoadError(f"{name} becomes a library itself: library= goes with a header\n  fix       {cure}")
        return kind, []
    if kind == "saved":
        if len(given) > 1:
            raise LoadError(f"{name} are {len(given)} saved libraries: load them one at a time")
        return kind, [] if library is None else list_libraries(library, "library=")
    if library is None:
        cure = "library='NAME' or library='/path/to/libNAME.so'"
        raise LoadError(f"{name} declares functions and holds no code: which library has them?\n  fix       {cure}")
    return kind, list_libraries(library, "library=")


def _refuse_build_options(path: str, options: Mapping[str, Any]) -> None:
    used = [noun for noun, value in options.items() if value is not None and value != "" and value != ()]
    if used:
        raise LoadError(f"{os.path.basename(path)} is a saved library, compiled and read already: {', '.join(used)} would change nothing")


def _list_linker_dirs(request: Request) -> Sequence[str]:
    """The toolchain's folders of libraries; none where there is no compiler, which a prebuilt library does not need. A saved library is
    found without asking one, so that it is found alike everywhere."""
    if request.kind == "saved":
        return ()
    from ._cache import open_cache
    from ._toolchain import find_compiler, read_library_dirs

    try:
        compiler = find_compiler(request.compiler)
    except LoadError:
        return ()
    return read_library_dirs(compiler, request.flags, open_cache())


def _load_request(request: Request, of_call: Any) -> Library:
    libraries = _find_libraries(request)
    # A saved library is whole: what lay beside the libraries of its author is in it.
    beside = request.files if request.kind == "saved" else [*request.files, *(path for _, path, _ in libraries)]
    return _make(request, request, libraries, (*of_call, *find_contracts(beside)))


def load_recipe(recipe: Recipe, files: tuple[str, ...]) -> Library:
    """A library from its recipe, with its files at these paths; the contracts are those of the recipe."""
    request = recipe.request.replace(files=files)
    return _make(recipe.request, request, _find_libraries(request), recipe.contracts)


def _find_libraries(request: Request) -> Sources:
    """The libraries that the user named, each once: how, and its path."""
    anchor = Anchor(os.sep, "in the working directory")  # names only: every path is absolute by now
    found: dict[str, str] = {}
    for name in request.libraries_loaded:
        for path in find_library(name, anchor, request.library_dirs, lambda: _list_linker_dirs(request)):
            found.setdefault(path, name)
    return tuple((name, path, "") for path, name in found.items())


class _Fetched(Value):
    """What a library is made of."""

    declarations: Declarations
    hashes: tuple[str, ...]  # SHA-256 of the files they come from
    libraries: Sources  # to open
    entry: Entry | None  # of the cache; None for a saved library, which has none


def _fetch(request: Request, libraries: Sources) -> _Fetched:
    if request.kind == "saved":
        from ._saved import open_saved

        opened = open_saved(request.files[0], request.library_dirs, libraries)
        return _Fetched(opened.declarations, (opened.digest,), opened.libraries, None)
    found = fetch_entry(request)
    built = found.entry.library
    return _Fetched(found.declarations, found.hashes, libraries if built is None else (("", built, ""),), found.entry)


def _make(asked: Request, request: Request, libraries: Sources, contracts: Any) -> Library:
    for _ in range(_ATTEMPTS):
        fetched = _fetch(request, libraries)
        entry = fetched.entry
        if entry is not None and not entry.is_in_place():
            continue  # somebody has cleared or replaced the cache since it was looked at
        if entry is not None and entry.warnings:
            _warn(f"{request.name}: the compiler warns\n{entry.warnings.rstrip()}")
        try:
            library = _open(asked, request, fetched, contracts)
        except LoadError as error:
            if entry is None:
                raise
            if entry.is_in_place():
                _explain_unopened(entry, error)
                raise
            continue
        if request.kind == "header" and not request.exclude and not list(library):
            raise ReadError(
                f"{request.name} declares nothing, and no header that it includes belongs to it\n"
                f"  fix       load the headers that declare what is wanted: ndcall.load(['ONE.h', 'OTHER.h'], library=...)"
            )
        return library
    raise LoadError(f"{request.name}: the cache was cleared or replaced {_ATTEMPTS} times between a look at it and its use")


def _open(asked: Request, request: Request, fetched: _Fetched, contracts: Any) -> Library:
    return make_library(
        request.name,
        Recipe(asked, fetched.hashes, contracts),
        fetched.libraries,
        declarations=fetched.declarations,
        paths=[path for _, path, _ in fetched.libraries],
        contracts=[(rank, origin, text if isinstance(text, str) else dict(text)) for rank, origin, text in contracts],
        selected=select_functions(request, fetched.declarations),
        prototypes_by_user=request.kind == "declarations",
        copy=request.copy,
    )


def _explain_unopened(entry: Entry, error: LoadError) -> None:
    """LoadError with the reason why a library of the cache could not be opened, where that is the place of the cache."""
    if entry.library is not None and os.statvfs(entry.folder).f_flag & getattr(os, "ST_NOEXEC", 0):
        raise LoadError(
            f"{entry.library} lies on a file system from which nothing may be executed (mount option noexec)\n"
            "  fix       set NDCALL_CACHE_DIR to a folder on another one"
        ) from error


def _warn(text: str) -> None:
    """A BuildWarning at the line that called into ndcall."""
    import sys
    import warnings

    level = 1
    frame = sys._getframe(0)
    while frame.f_back is not None and str(frame.f_globals.get("__name__", "")).partition(".")[0] == __package__:
        frame = frame.f_back
        level += 1
    warnings.warn(BuildWarning(text), stacklevel=level)
