"""One build: compiler and reader side by side, and what they said."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ._cache import Cache
from ._core import Declarations
from ._entry import DECLARATIONS
from ._environment import make_environment, read_search_variables
from ._exceptions import BuildError, ReadError
from ._link import explain_undefined, list_link_files, make_link_flags
from ._platform import PLATFORM
from ._process import Child, describe_end, ended_on_exit
from ._progress import Progress
from ._publish import Build
from ._reader import STDIN_NAME, WALL_SECONDS, explain_failure, make_read_command, preprocessor_flags
from ._request import Request
from ._toolchain import Compiler, Facts, read_facts
from ._value import Value

if TYPE_CHECKING:
    from ._includes import Read

# An undeclared function would be taken to return int, and cut every pointer and double that it returns.
_STRICT_FLAGS = ("-Werror=implicit-function-declaration", "-Werror=implicit-int")
_DEPENDENCIES = "dependencies"
_BASE_FLAGS = ("-O2", "-g", "-fPIC", "-shared", "-pipe", *_STRICT_FLAGS)  # -pipe: the assembler starts beside the compiler proper


class Made(Value):
    """What a build left in its folder, and what it read."""

    facts: Facts | None  # of the compiler; None where there is none
    declarations: Declarations
    names: tuple[str, ...]  # files in the entry's folder
    warnings: str
    read: Read


def build_once(request: Request, compiler: Compiler | None, libclang: str, cache: Cache, build: Build) -> Made:
    """Compile and read what is asked for into the folder of `build`.

    The compiler takes longest, so it starts first, and everything that does not need its result is done while it runs.
    """
    verb = "compiling" if request.kind == "source" else "reading"
    with Progress(f"{verb} {request.name}") as progress, ended_on_exit() as children:
        compiling = None
        if request.kind == "source":
            assert compiler is not None
            # gcc appends every file that it reads to `dependencies`; the name is relative, since a blank in it would end it.
            environment = make_environment(build.path, SUNPRO_DEPENDENCIES=_DEPENDENCIES)
            compiling = children.start(make_compile_command(request, compiler, build), build.path, environment)
        from ._includes import read_dependencies  # imported while the compiler runs, as everything else that it can do without

        facts = None if compiler is None else read_facts(compiler, request.flags, cache)
        text = request.text.encode("utf-8", "surrogateescape")
        reading = children.start(make_read_command(request, facts, libclang), build.path, make_environment(build.path), text)
        try:
            declarations, read = _finish_reading(request, facts, reading, build, progress)
        except ReadError:
            if compiling is not None:
                _finish_compiling(request, compiling, progress)  # of two faults in one text the compiler's words are the better known
            raise
        warnings = "" if compiling is None else _finish_compiling(request, compiling, progress)
    read.add_files(read_dependencies(os.path.join(build.path, _DEPENDENCIES)))
    linked, not_linked = list_link_files(request)
    read.add_linked(linked, not_linked)
    names = (DECLARATIONS,) if compiling is None else (DECLARATIONS, PLATFORM.built_name)
    return Made(facts, declarations, names, warnings, read)


def _finish_reading(request: Request, facts: Facts | None, child: Child, build: Build, progress: Progress) -> tuple[Declarations, Read]:
    """Wait for the reader: what it printed, and the files that it read."""
    from ._includes import Read, make_search_path

    status = child.wait(progress, WALL_SECONDS)
    if status != 0:
        raise explain_failure(status, child.messages(), _names_of(request))
    printed = child.output()
    with open(os.path.join(build.entry_path, DECLARATIONS), "wb") as file:
        file.write(printed)
        file.flush()
        os.fsync(file.fileno())  # now and not when it is published: the compiler still runs
    declarations = Declarations.parse(printed, ", ".join(_names_of(request)))
    of_environment = [folder for name, value in read_search_variables() if name == "CPATH" for folder in value.split(os.pathsep)]
    path = make_search_path(request.flags, request.include_dirs, of_environment, facts.include_dirs if facts is not None else ())
    read = Read({*request.files, STDIN_NAME}, path)
    read.add_files([*request.files, *declarations.files])
    return declarations, read


def make_compile_command(request: Request, compiler: Compiler, build: Build) -> list[str]:
    """One command from sources to a shared library."""
    # It runs in its own folder, where strays of the compiler end with it; a debugger is told the folder of the source instead.
    folder = os.path.dirname(request.files[0])
    return [
        *compiler.words,
        *_BASE_FLAGS,
        *PLATFORM.link_flags,
        f"-fdebug-prefix-map={build.path}={folder}",
        *preprocessor_flags(request),
        *request.flags,
        *request.files,
        "-o",
        os.path.join(build.entry_path, PLATFORM.built_name),
        *make_link_flags(request),
    ]


def _names_of(request: Request) -> list[str]:
    return [os.path.basename(file) for file in request.files] or ["declarations="]


def _finish_compiling(request: Request, child: Child, progress: Progress) -> str:
    """Wait for the compiler: its warnings, or the exception."""
    status = child.wait(progress)
    messages = child.messages()
    if status == 0:
        return messages
    names = ", ".join(_names_of(request))
    told = explain_undefined(messages, names)
    if told is None:
        told = f"{names} could not be compiled ({describe_end(status)})\n{_shorten(messages)}"
    import shlex

    raise BuildError(f"{told}\n  command   {shlex.join(child.words)}", command=child.words, output=messages)


def _shorten(messages: str, most: int = 60) -> str:
    """The first lines of long messages: the first error is the one to mend, and the exception holds all."""
    lines = messages.rstrip("\n").split("\n")
    return "\n".join(lines[:most] + ([f"... ({len(lines) - most} more lines in .output)"] if len(lines) > most else []))
