"""`ndcall doctor`."""

from __future__ import annotations

import json
import os
import platform
import stat
import sys
import tempfile
from collections.abc import Callable

import click
import numpy as np

from .. import _core
from .._build import fetch_entry
from .._cache import open_cache
from .._exceptions import NdcallError, ReadError
from .._load import load
from .._locks import hold_lock
from .._process import run_quietly
from .._reader import describe_missing_libclang, find_libclang, find_reader
from .._request import Request
from .._toolchain import find_compiler, read_facts
from .._value import Value
from .._version import __version__
from .frame import FAILED, Command
from .words import in_words_of_the_shell

SCHEMA = 1  # of the document of --json; a field may be added without a new number
_HEADERS = ("stddef.h", "stdint.h", "stdio.h", "stdlib.h", "string.h", "math.h", "complex.h")
_LEAST_SPACE = 100 * 2**20  # bytes
_FIX = "\n  fix       "
# In a process of its own: LLVM never enters this one.
_ASK_LIBCLANG = """
import ctypes, sys
class String(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("flags", ctypes.c_uint)]
try:
    clang = ctypes.CDLL(sys.argv[1])
    clang.clang_getClangVersion.restype = String
    clang.clang_getCString.argtypes, clang.clang_getCString.restype = [String], ctypes.c_char_p
    print(clang.clang_getCString(clang.clang_getClangVersion()).decode("utf-8", "replace"))
except (OSError, AttributeError) as error:
    sys.exit(str(error))
"""
_TRIAL = """
#include <stddef.h>
/// ndcall: x[n], factor -> y[n]
void ndcall_trial(const double *x, double factor, double *y, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) y[i] = factor * x[i];
}
"""


class TroubleError(Exception):
    """A check failed; the text may end with a line `fix`."""


class Outcome(Value):
    """One row of the table."""

    name: str
    ok: bool
    found: str
    cure: str


def _check_python() -> str:
    return f"{platform.python_version()}   ({sys.executable})"


def _check_numpy() -> str:
    return f"{np.__version__}   ({os.path.dirname(np.__file__)})"


def _check_package() -> str:
    built = getattr(_core, "__version__", "")
    if built != __version__:
        raise TroubleError(
            f"the package is {__version__}, and its compiled part {built}{_FIX}install it again: pip install --force-reinstall ndcall"
        )
    return f"{__version__}   ({os.path.dirname(__file__.removesuffix(os.path.join('_command', 'doctor.py')))})"


def _check_compiler() -> str:
    compiler = find_compiler(None)
    facts = read_facts(compiler, (), open_cache())
    asked = "" if compiler.asked_by == "default" else f", named by {compiler.asked_by}"
    return f"{facts.version}   ({compiler.path}{asked})"


def _check_libclang() -> str:
    find_reader()
    path = find_libclang()
    if not path:
        raise ReadError(describe_missing_libclang())
    status, version, messages = run_quietly((sys.executable, "-c", _ASK_LIBCLANG, path))
    if status != 0:
        raise TroubleError(f"{path} cannot be opened: {messages.strip()}{_FIX}{sys.executable} -m pip install libclang-ng")
    return f"{version.strip()}   ({path})"


def _check_headers() -> str:
    """The reader takes the C library's headers with the compiler's own folders."""
    _read("\n".join(f"#include <{name}>" for name in _HEADERS) + "\nsize_t ndcall_trial(FILE *, double complex, int64_t);\n")
    return ", ".join(_HEADERS)


def _check_cache() -> str:
    cache = open_cache()
    status = os.stat(cache.path)
    room = os.statvfs(cache.path)
    free = room.f_bavail * room.f_frsize
    if not os.access(cache.path, os.W_OK | os.X_OK):
        raise TroubleError(f"{cache.path} cannot be written{_FIX}name another folder: NDCALL_CACHE_DIR=/path/of/a/folder")
    if free < _LEAST_SPACE:
        raise TroubleError(f"{cache.path} has {free >> 20} MiB of free space{_FIX}make room, or name another folder with NDCALL_CACHE_DIR")
    return f"{cache.path}   (mode {stat.S_IMODE(status.st_mode):04o}, {free >> 20} MiB free)"


def _check_locks() -> str:
    with hold_lock("doctor", open_cache().folder("locks"), seconds=1) as held:
        if not held:
            cure = "put the cache on a local disk: NDCALL_CACHE_DIR=/path/of/a/folder"
            raise TroubleError(f"flock does not work there, so that processes which start at once each build the same{_FIX}{cure}")
    return "flock works"


def _check_call() -> str:
    with tempfile.TemporaryDirectory(prefix="ndcall-doctor-") as folder:
        path = os.path.join(folder, "trial.c")
        with open(path, "w", encoding="utf-8") as file:
            # A text of its own, so that it is compiled now and not found in the cache.
            file.write(f"/* {os.path.basename(folder)} */\n{_TRIAL}")
        result = load(path)["ndcall_trial"]([1, 2, 3], -2)
    if result.tolist() != [-2, -4, -6]:
        raise TroubleError(f"-2 * [1, 2, 3] is {result.tolist()}{_FIX}please report this, with the output of 'ndcall doctor --json'")
    return "-2 * [1, 2, 3] is [-2, -4, -6]"


def _read(text: str) -> None:
    asked = Request(
        kind="declarations",
        files=(),
        text=text,
        libraries_loaded=(),
        only=None,
        exclude=(),
        include_dirs=(),
        defines=(),
        flags=(),
        libraries=(),
        library_dirs=(),
        compiler=None,
        copy="safe",
        name="the C library's headers",
    )
    fetch_entry(asked)


# In an order in which the first failure is the cause of later ones.
CHECKS: dict[str, Callable[[], str]] = {
    "Python": _check_python,
    "NumPy": _check_numpy,
    "ndcall": _check_package,
    "cache": _check_cache,
    "locks": _check_locks,
    "compiler": _check_compiler,
    "libclang": _check_libclang,
    "headers": _check_headers,
    "a call": _check_call,
}


@click.command(cls=Command, examples="$ ndcall doctor\n$ ndcall doctor --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@click.pass_context
def command(context: click.Context, /, as_json: bool) -> None:
    """Check everything that ndcall needs on this machine; of what fails, say the cure.

    The last check compiles a function, calls it and compares its result.
    """
    outcomes = []
    for name, check in CHECKS.items():
        outcomes.append(_examine(name, check))
        if not as_json:
            _print_row(outcomes[-1])
    if as_json:
        document = {"schema": SCHEMA, "ok": all(one.ok for one in outcomes), "checks": [one.as_dict() for one in outcomes]}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    context.exit(0 if all(one.ok for one in outcomes) else FAILED)


def _examine(name: str, check: Callable[[], str]) -> Outcome:
    try:
        return Outcome(name, True, check(), "")
    except (NdcallError, TroubleError, OSError) as error:
        found, _, cure = in_words_of_the_shell(str(error)).partition(_FIX)
        return Outcome(name, False, found, cure)


def _print_row(outcome: Outcome) -> None:
    word = click.style("ok  ", fg="green") if outcome.ok else click.style("FAIL", fg="red", bold=True)
    click.echo(f"{word}  {outcome.name:<9} " + outcome.found.replace("\n", f"\n{'':16}"))
    if outcome.cure:
        click.echo(f"{'':16}fix: " + outcome.cure.replace("\n", f"\n{'':16}"))
