"""The functions of a file, for a shell that completes their names: quick, and silent about what does not work."""

from __future__ import annotations

import contextlib
import os
import re
import warnings
from typing import Any

import click

from .._core import Function
from .._exceptions import NdcallError
from .loading import PARAMETERS, load_named

_LARGEST = 1 << 20  # bytes of a source that is searched
_DEFINITION = re.compile(r"^[A-Za-z_][\w\s*]*?\b([A-Za-z_]\w*)\s*\(", re.MULTILINE)


def complete_functions(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The names that begin with what is typed: of the library, where it is in the cache, else as they stand in the text."""
    given = {name: value for name, value in context.params.items() if name in PARAMETERS}
    return sorted(name for name in _list_cached(given) or _search_text(str(given.get("file", ""))) if name.startswith(incomplete))


def _list_cached(given: dict[str, Any]) -> list[str]:
    before = os.environ.get("NDCALL_NO_BUILD")
    os.environ["NDCALL_NO_BUILD"] = "1"  # nobody waits for a compiler at a key
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            library = load_named(**given)
        return [name for name in library if isinstance(library[name], Function)]
    except (NdcallError, OSError, click.UsageError):
        return []
    finally:
        if before is None:
            del os.environ["NDCALL_NO_BUILD"]
        else:
            os.environ["NDCALL_NO_BUILD"] = before


def _search_text(path: str) -> list[str]:
    with contextlib.suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        return list(dict.fromkeys(_DEFINITION.findall(file.read(_LARGEST))))
    return []
