"""The reader of C, which is a process of its own, and the libclang that it loads."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ._exceptions import LoadError, ReadError
from ._platform import PLATFORM

if TYPE_CHECKING:
    from ._request import Request
    from ._toolchain import Facts

STDIN_NAME = "declarations"  # how declarations typed by hand are called
WALL_SECONDS = 120.0  # for a reader that waits for something; its computing time it limits itself
_NAME = "ndcall-read-c"
_LIBCLANG_IS_UNFIT = 3  # the reader's exit status


def find_reader() -> str:
    """The path of our reader: beside the compiled module, which in an editable install is not beside this file."""
    package = sys.modules[__package__]
    core = sys.modules.get(f"{__package__}._core")
    folders = [os.path.dirname(core.__file__)] if core is not None and core.__file__ else []
    folders += list(package.__path__)
    for folder in folders:
        path = os.path.join(folder, _NAME + PLATFORM.executable_suffix)
        if os.access(path, os.X_OK):
            return path
    where = ", ".join(dict.fromkeys(folders))
    raise LoadError(f"{_NAME} is missing from {where}: ndcall is not installed whole")


def find_libclang() -> str:
    """The libclang that would read now, "" when there is none: NDCALL_LIBCLANG, else the Python package `clang`, else the system's."""
    given = os.environ.get("NDCALL_LIBCLANG", "")
    if given:
        if not os.path.isfile(given):
            raise LoadError(f"NDCALL_LIBCLANG names {given!r}, which is no file")
        return os.path.abspath(given)
    return _find_in_packages() or _find_in_system()


def _find_in_packages() -> str:
    """The wheel's library. `clang` is not imported: its place on the search path is all that is wanted."""
    for name in ("libclang.so", "libclang.dylib", "libclang.dll"):
        for folder in sys.path:
            path = os.path.join(folder, "clang", "native", name)
            if os.path.isabs(folder) and os.path.isfile(path):
                return path
        if PLATFORM.built_name.endswith(os.path.splitext(name)[1]):
            break
    return ""


def _find_in_system() -> str:
    import glob
    import re

    found = {path for pattern in PLATFORM.libclang_patterns for path in glob.glob(pattern)}

    def version(path: str) -> list[int]:
        return [int(number) for number in re.findall(r"\d+", path.partition("llvm")[2] or os.path.basename(path))]

    return max(found, key=version, default="")


def describe_missing_libclang() -> str:
    """The text for a machine without libclang."""
    return (
        "no libclang was found, which reads C's types\n"
        "  tried     NDCALL_LIBCLANG   (not set)\n"
        "            the Python package 'clang'   (not installed)\n"
        f"            {os.path.dirname(PLATFORM.libclang_patterns[0])}   (nothing there)\n"
        f"  fix       {sys.executable} -m pip install libclang-ng"
    )


def make_read_command(request: Request, facts: Facts | None, libclang: str) -> list[str]:
    """The words of the reader's command. It takes of the compiler's arguments those that change what a declaration means."""
    command = [find_reader(), "--libclang", libclang, "--probe-macros"]
    if request.kind == "declarations":
        command += ["--stdin-name", STDIN_NAME]
    command += [*request.files, "--", *list_arguments(request, facts)]
    return command


def list_arguments(request: Request, facts: Facts | None) -> list[str]:
    """What clang is told, so that it reads what the compiler would."""
    arguments = ["-x", "c"]
    if not any(flag.startswith(("-std", "--std", "-ansi")) for flag in request.flags) and facts is not None:
        arguments.append("-std=" + facts.standard)
    arguments += [*preprocessor_flags(request), *request.flags]
    if facts is not None:
        arguments += ["-target", facts.target, "-nostdinc", *(word for folder in facts.include_dirs for word in ("-isystem", folder))]
    return arguments


def preprocessor_flags(request: Request) -> list[str]:
    """-I and -D of a load, for compiler and reader alike."""
    return [*(f"-I{folder}" for folder in request.include_dirs), *(f"-D{define}" for define in request.defines)]


def explain_failure(status: int | None, messages: str, names: Iterable[str]) -> ReadError:
    """The exception for a reader that did not print declarations."""
    told = messages.strip().removeprefix(f"{_NAME}: ")
    of = ", ".join(names)
    if status is None:
        told = f"it could not be read within {WALL_SECONDS:.0f} s"
    elif not told:
        told = f"the reader ended with status {status}" if status >= 0 else f"the reader was ended by signal {-status}"
    text = f"{of}: {told}"
    if status == _LIBCLANG_IS_UNFIT:
        text += f"\n  fix       {sys.executable} -m pip install libclang-ng   (or NDCALL_LIBCLANG=/path/to/libclang.so)"
    return ReadError(text)
