"""How a library and its functions travel: as path, hash, flags and contract, with the source's text when that is short and whole.

Unpickling opens no file and compiles nothing; the first call does. A file whose hash is not the pickled one is an error that names both.
Only plain values are pickled.
"""

from __future__ import annotations

import os
import re
import weakref
from typing import Any

from ._core import Function, make_deferred
from ._digest import hash_file, sha256
from ._exceptions import LoadError
from ._library import Library
from ._manifest import stamp_path
from ._recipe import Recipe
from ._request import Request
from ._traceback import brief_traceback

_FORMAT = 1
_LONGEST_TEXT = 65536  # bytes, of all sources together
_OWN_INCLUDE = re.compile(rb'^\s*#\s*include\s*"', re.MULTILINE)
_FOLDER_FLAGS = ("-I", "-isystem", "-iquote", "-idirafter", "-include", "-imacros")

_alive: weakref.WeakValueDictionary[Recipe, Library] = weakref.WeakValueDictionary()
_hashes: dict[tuple[str, str], str] = {}  # of libraries, by path and stamp


def reduce_function(function: Function) -> tuple[Any, ...]:
    """What `Function.__reduce__` gives."""
    return restore_function, (function.__name__, function.__doc__ or "", _pack(function.library))


def reduce_library(library: Library) -> tuple[Any, ...]:
    """What `Library.__reduce__` gives."""
    return restore_library, (_pack(library),)


def restore_function(name: str, doc: str, packed: dict[str, Any]) -> Function:
    """A function that loads its library when it is first used."""

    def find() -> Function:
        with brief_traceback():
            return _restore(packed)[name]  # type: ignore[no-any-return]

    return make_deferred(name, doc, find)


def restore_library(packed: dict[str, Any]) -> Library:
    """What the pickle of a library calls."""
    with brief_traceback():
        return _restore(packed)


def _restore(packed: dict[str, Any]) -> Library:
    """The library that was pickled: the one that this process has, else loaded again."""
    if packed.get("format") != _FORMAT:
        raise LoadError(f"this was pickled by another version of ndcall (format {packed.get('format')!r}, here {_FORMAT})")
    recipe = Recipe(Request(**packed["request"]), packed["hashes"], packed["contracts"])
    library = _alive.get(recipe)
    if library is None:
        from ._load import load_recipe

        _check_libraries(packed["libraries"])
        library = _alive.setdefault(recipe, load_recipe(recipe, _restore_files(recipe, packed["texts"])))
    return library


def _pack(library: Library) -> dict[str, Any]:
    recipe = library._ndcall_state.recipe
    _alive.setdefault(recipe, library)
    return {
        "format": _FORMAT,
        "request": recipe.request.as_dict(),
        "hashes": recipe.hashes,
        "contracts": recipe.contracts,
        "texts": _read_texts(recipe),
        "libraries": [(path, _hash_library(path)) for path in recipe.request.libraries_loaded if os.path.isabs(path)],
    }


def _read_texts(recipe: Recipe) -> tuple[bytes, ...]:
    """The texts of the files, when they are all that is needed to build them elsewhere; else ()."""
    request = recipe.request
    if request.kind == "saved" or request.include_dirs or any(flag.startswith(_FOLDER_FLAGS) for flag in request.flags):
        return ()
    texts = []
    for path, digest in zip(request.files, recipe.hashes, strict=True):
        try:
            with open(path, "rb") as file:
                text = file.read(_LONGEST_TEXT + 1)
        except OSError:
            return ()
        if sha256(text) != digest or _OWN_INCLUDE.search(text):
            return ()
        texts.append(text)
    return tuple(texts) if sum(map(len, texts)) <= _LONGEST_TEXT else ()


def _restore_files(recipe: Recipe, texts: tuple[bytes, ...]) -> tuple[str, ...]:
    """Paths of the files as they were pickled: where they were, else written out from their texts."""
    found = []
    for i, (path, pickled) in enumerate(zip(recipe.request.files, recipe.hashes, strict=True)):
        here = hash_file(path)
        if here == pickled:
            found.append(path)
        elif here:
            raise LoadError(_describe_difference(path, pickled, here))
        elif i < len(texts) and sha256(texts[i]) == pickled:
            found.append(_write_out(os.path.basename(path), texts[i], pickled))
        else:
            is_saved = recipe.request.kind == "saved"
            reason = "it is a saved library, which names files beside it" if is_saved else "it is long, or includes headers of its own"
            raise LoadError(f"{path} was not found, and its text was not pickled: {reason}")
    return tuple(found)


def _write_out(name: str, text: bytes, digest: str) -> str:
    from ._cache import open_cache

    return open_cache().keep_source(name, text, digest)


def _hash_library(path: str) -> str:
    key = (path, stamp_path(path))
    if key not in _hashes:
        _hashes[key] = hash_file(path)
    return _hashes[key]


def _check_libraries(libraries: list[tuple[str, str]]) -> None:
    for path, pickled in libraries:
        here = _hash_library(path)
        if here and here != pickled:
            raise LoadError(_describe_difference(path, pickled, here))


def _describe_difference(path: str, pickled: str, here: str) -> str:
    return f"{path} is not what was pickled\n  pickled   SHA-256 {pickled}\n  found     SHA-256 {here}"
