"""A word of the command line as a Python value: a number, a list, a text, or an array from a file. Nothing is evaluated or unpickled."""

from __future__ import annotations

import ast
import math
import re
from typing import Any

import click
import numpy as np

from .._exceptions import LoadError
from .._paths import find_file, in_working_directory, place_path

_NO_LITERALS = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}
_KEYWORD = re.compile(r"([A-Za-z_]\w*)=(?!=)(.*)", re.DOTALL)
_NUMBER = re.compile(r"-(\.?\d|inf$|nan$)")


def split_keyword(word: str) -> tuple[str | None, str]:
    """ "factor=3" as ("factor", "3"); a word without a name as (None, word)."""
    found = _KEYWORD.fullmatch(word)
    return (found[1], found[2]) if found else (None, word)


def looks_like_option(word: str) -> bool:
    """Whether a word begins like an option and is no negative number."""
    return word.startswith("-") and not _NUMBER.match(word)


def read_value(word: str) -> Any:
    """The value that a word means.

    Parameters
    ----------
    word : str
        A Python literal; or `nan`, `inf`; or the path of a `.npy` file, also with `@` in front.

    Raises
    ------
    click.UsageError
        It is neither.
    LoadError
        The file is not there, or holds no array.
    """
    if word.startswith("@") or word.endswith(".npy"):
        return read_array(word.removeprefix("@"))
    if word in _NO_LITERALS:
        return _NO_LITERALS[word]
    try:
        return ast.literal_eval(word)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        pass
    cure = "a number is 3, -0.5 or 1+2j, a list [1, 2], an array the path of a .npy file"
    if re.fullmatch(r"[\w .,:/-]+", word):
        cure = f"a text is written \"'{word}'\"; {cure}"
    raise click.UsageError(f"{word!r} is no value: {cure}")


def read_array(path: str) -> np.ndarray[Any, Any]:
    """The array of a `.npy` file."""
    found = find_file("array file", path, [place_path(path, in_working_directory())])
    try:
        with open(found, "rb") as file:
            array: np.ndarray[Any, Any] = np.lib.format.read_array(file, allow_pickle=False)
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise LoadError(f"{path} holds no array of numbers: {error}") from None
    return array


def write_array(path: str, value: object, *, overwrite: bool) -> None:
    """Write a `.npy` file; one that is there already is replaced only when that was asked for."""
    array = np.asarray(value)
    if array.dtype.hasobject:
        raise LoadError(f"{path}: a result of type {type(value).__name__} is no array")
    try:
        with open(path, "wb" if overwrite else "xb") as file:
            np.lib.format.write_array(file, array, allow_pickle=False)
    except FileExistsError:
        raise LoadError(f"{path} exists already: --force replaces it") from None
    except OSError as error:
        raise LoadError(f"{path} cannot be written: {error.strerror}") from None
