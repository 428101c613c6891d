"""What a load asks for, checked and in one form: absolute paths, plain strings, nothing that depends on the caller any more."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._exceptions import LoadError, ReadError
from ._paths import Anchor, Place, find_file, place_path
from ._platform import is_library_name
from ._value import Value

Path = str | os.PathLike[str]
Paths = Path | Sequence[Path]
Contracts = tuple[tuple[int, str, str | tuple[tuple[str, str], ...]], ...]  # rank, origin, text or rows of a dict

_REFUSED_LANGUAGES = {
    "C++": (".cpp", ".cc", ".cxx", ".c++", ".C", ".hpp", ".hh", ".hxx", ".H", ".cppm"),
    "Fortran": (".f", ".for", ".f77", ".f90", ".f95", ".f03", ".f08", ".F", ".F90", ".F95", ".FOR", ".mod"),
    "CUDA": (".cu", ".cuh"),
    "Objective-C": (".m", ".mm"),
    "Assembler": (".s", ".S", ".asm"),
}
_LANGUAGE_OF = {suffix: language for language, suffixes in _REFUSED_LANGUAGES.items() for suffix in suffixes}
_CURES = {
    "C++": "build a library of functions that are declared extern \"C\", and load a C header of them: ndcall.load('{stem}.h', library=...)",
    "Fortran": "build a library of functions with bind(C), and load a C header of them: ndcall.load('{stem}.h', library=...)",
}
_NOT_LOADABLE = {
    ".a": "a static library cannot be loaded: link it into a source with libraries=, or build a shared one of it",
    ".o": "an object file cannot be loaded: build a shared library of it (gcc -shared)",
    ".contract": "it holds contracts: give it as contracts=, beside a source, a header or a library",
    ".py": "it is Python",
}
# What would make the compiler do something else than build one library; ndcall says that itself.
_REFUSED_FLAGS = frozenset(
    {"-c", "-S", "-E", "-o", "-M", "-MM", "-MD", "-MMD", "-MF", "-MT", "-MQ", "-x", "-", "-fsyntax-only", "-save-temps"}
)
_FOLDER_FLAGS = ("-isystem", "-idirafter", "-iquote", "-I", "-L")


class Request(Value):
    """One load. All fields are strings or tuples of them, so that it can be compared, hashed, pickled and made a key."""

    kind: str  # "source", "header", "declarations" or "saved"
    files: tuple[str, ...]  # absolute; sources, headers, or one saved library
    text: str  # the declarations typed by hand
    libraries_loaded: tuple[str, ...]  # library=: absolute paths, or names still to be found
    only: tuple[str, ...] | None
    exclude: tuple[str, ...]
    include_dirs: tuple[str, ...]
    defines: tuple[str, ...]  # "NAME=VALUE" or "NAME"
    flags: tuple[str, ...]
    libraries: tuple[str, ...]
    library_dirs: tuple[str, ...]
    compiler: str | None
    copy: str
    name: str  # what the library is called: "filter.c", "openblas"


def list_paths(what: object, noun: str) -> list[str]:
    """One path or several, as strings. A Path names a file, so that one without a folder gets its './' form back by being anchored."""
    if isinstance(what, (str, os.PathLike)):
        what = [what]
    if not isinstance(what, Iterable) or isinstance(what, (bytes, Mapping)):
        raise TypeError(f"{noun} must be a path (str or Path) or several, not {type(what).__name__}")
    found = []
    for one in what:
        if not isinstance(one, (str, os.PathLike)):
            raise TypeError(f"{noun} must be paths (str or Path), not {type(one).__name__}")
        path = os.fspath(one)
        if not isinstance(path, str):
            path = os.fsdecode(path)
        if not path or "\0" in path:
            raise ValueError(f"{noun} holds {path!r}, which is no path")
        found.append(path)
    return found


def classify(path: str) -> str:
    """ "source", "header", "saved" or "library", by the name alone; ReadError or LoadError with the reason for everything else."""
    name = os.path.basename(path)
    suffix = os.path.splitext(name)[1]
    if suffix == ".c":
        return "source"
    if suffix == ".h":
        return "header"
    if suffix == ".ndcall":
        return "saved"
    if is_library_name(name) or not suffix:
        return "library"
    language = _LANGUAGE_OF.get(suffix) or _LANGUAGE_OF.get(suffix.lower())
    if language is not None:
        cure = _CURES.get(language, "").format(stem=os.path.splitext(name)[0])
        raise ReadError(f"{name}: {language} cannot be read yet, only C" + (f"\n  fix       {cure}" if cure else ""))
    if suffix in _NOT_LOADABLE:
        raise LoadError(f"{name}: {_NOT_LOADABLE[suffix]}")
    if re.search(r"\.\d", name):
        return "library"  # "openblas-0.3"
    end = ".so" if sys.platform != "win32" else ".dll"
    raise LoadError(f"{name}: what is it? A C source ends in .c, a header in .h, a library in {end}, a saved one in .ndcall")


def list_words(what: object, noun: str) -> tuple[str, ...]:
    """A sequence of words; one string is split as a shell would."""
    if isinstance(what, str):
        import shlex

        return tuple(shlex.split(what))
    if not isinstance(what, Iterable) or isinstance(what, (bytes, Mapping)):
        raise TypeError(f"{noun} must be a sequence of str, not {type(what).__name__}")
    words = tuple(what)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"{noun} must hold str, not {type(word).__name__}")
    return words


def list_patterns(what: object, noun: str) -> tuple[str, ...]:
    return list_words([what] if isinstance(what, str) else what, noun)


def list_defines(defines: object) -> tuple[str, ...]:
    """Macros as the compiler takes them: {"N": 16, "FAST": None} is -DN=16 -DFAST."""
    if not isinstance(defines, Mapping):
        raise TypeError(f"defines= must be a dict of names and values, not {type(defines).__name__}")
    found = []
    for name, value in defines.items():
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
            raise ValueError(f"defines= holds {name!r}, which is no name of a macro")
        if value is not None and not isinstance(value, (str, int, float)):
            raise TypeError(f"defines[{name!r}] must be str, int, float or None, not {type(value).__name__}")
        text = str(int(value)) if isinstance(value, bool) else str(value)
        if "\n" in text or "\0" in text:
            raise ValueError(f"defines[{name!r}] holds a line break, which no macro can")
        found.append(name if value is None else f"{name}={text}")
    return tuple(found)


def list_flags(flags: object, anchor: Anchor) -> tuple[str, ...]:
    """The user's flags, with their folders made absolute; one that would build something else is refused."""
    words = list(list_words(flags, "flags="))
    for i, word in enumerate(words):
        if word in _REFUSED_FLAGS or word.startswith(("-o", "@")) or (word and not word.startswith("-") and not _is_value(words, i)):
            raise ValueError(f"flags= holds {word!r}: ndcall itself says what is built of what, and where it goes")
        for flag in _FOLDER_FLAGS:
            if word == flag and i + 1 < len(words):
                words[i + 1] = place_path(words[i + 1], anchor).path
            elif word.startswith(flag) and word != flag and not word.startswith("-include"):
                words[i] = flag + place_path(word.removeprefix(flag), anchor).path
                break
    return tuple(words)


def _is_value(words: list[str], i: int) -> bool:
    """Whether a word that is no flag is the value of the flag before it."""
    takes_value = (
        *_FOLDER_FLAGS,
        "-D",
        "-U",
        "-l",
        "-include",
        "-imacros",
        "--sysroot",
        "-isysroot",
        "-target",
        "-arch",
        "-Xlinker",
        "--param",
        "-B",
    )
    return i > 0 and words[i - 1] in takes_value


def check_choice(value: Any, noun: str, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise ValueError(f"{noun} must be {' or '.join(map(repr, choices))}, not {value!r}")
    return str(value)


def make_request(
    kind: str,
    given: Sequence[str],
    anchor: Anchor,
    *,
    only: object,
    exclude: object,
    include_dirs: object,
    defines: object,
    flags: object,
    compiler: Path | None,
    text: str = "",
    loaded: Iterable[Path] = (),
    libraries: object = (),
    library_dirs: object = (),
    copy: object = "safe",
) -> Request:
    """The arguments of `load` or `draft` as a Request; `given` are the paths of the first one, `loaded` the libraries to open.

    Raises
    ------
    TypeError, ValueError
        An argument is not what its noun says.
    LoadError
        A file was not found.
    """
    folders = tuple(place_path(folder, anchor).path for folder in list_paths(include_dirs, "include_dirs="))
    request = Request(
        kind=kind,
        files=(),
        text=text,
        libraries_loaded=tuple(_anchor_library(one, anchor) for one in loaded),
        only=None if only is None else list_patterns(only, "only="),
        exclude=() if exclude is None else list_patterns(exclude, "exclude="),
        include_dirs=folders,
        defines=() if defines is None else list_defines(defines),
        flags=list_flags(flags, anchor),
        libraries=tuple(_anchor_library(one, anchor) for one in list_libraries(libraries, "libraries=")),
        library_dirs=tuple(place_path(folder, anchor).path for folder in list_paths(library_dirs, "library_dirs=")),
        compiler=None if compiler is None else _anchor_compiler(compiler, anchor),
        copy=check_choice(copy, "copy=", ("safe", "never")),
        name=", ".join(os.path.basename(path) for path in given),
    )
    if kind == "declarations":
        return request
    return request.replace(files=tuple(_find_text(path, request, anchor) for path in given))


def list_libraries(given: Any, noun: str) -> list[Path]:
    """Like list_paths, but keeps what is a Path: that one is a file even without a folder."""
    list_paths(given, noun)
    return [given] if isinstance(given, (str, os.PathLike)) else list(given)


def _anchor_library(library: Path, anchor: Anchor) -> str:
    """A path as an absolute one; a name stays a name, to be found where the library is opened."""
    text = os.fspath(library)
    return place_path(text, anchor).path if os.path.dirname(text) or not isinstance(library, str) else text


def _anchor_compiler(compiler: Path, anchor: Anchor) -> str:
    text = os.fspath(compiler)
    is_path = not isinstance(compiler, str) or (os.path.dirname(text) and " " not in text)
    return place_path(text, anchor).path if is_path else text


def _find_text(path: str, request: Request, anchor: Anchor) -> str:
    """A source or header; a header also on the include path."""
    first = place_path(path, anchor)
    if request.kind == "saved":
        return find_file("saved library", path, [first])
    if request.kind == "source" or os.path.isabs(path) or path.startswith(("./", "../")) or os.path.isfile(first.path):
        return find_file(request.kind, path, [first])
    places = [first, *(Place(os.path.join(folder, path), "include_dirs=") for folder in request.include_dirs)]
    if not any(os.path.isfile(place.path) for place in places):
        places += [Place(os.path.join(folder, path), "the compiler") for folder in _list_compiler_dirs(request)]
    return find_file("header", path, places)


def _list_compiler_dirs(request: Request) -> Sequence[str]:
    from ._cache import open_cache
    from ._toolchain import find_compiler, read_facts

    return read_facts(find_compiler(request.compiler), request.flags, open_cache()).include_dirs
