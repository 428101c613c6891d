"""The C compiler: which one, and what it says of itself.

Finding it costs a few looks at files. What it says (version, target, where it searches) is asked once and kept in the cache, under its
path, size and modification time, and as long as the compiler proper behind the driver is the same too; a warm start asks nothing.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Iterable, Sequence

from ._cache import Cache
from ._digest import sha256
from ._environment import read_search_variables
from ._exceptions import BuildError, LoadError
from ._manifest import identify_tool
from ._value import Value

_LAUNCHERS = frozenset({"ccache", "sccache", "distcc", "icecc"})  # they call the compiler; its size and time say nothing of it
# Flags that change where the compiler searches, or for what it compiles; those of the first row take a word after them.
_SEARCH_WORDS = ("--sysroot", "-isysroot", "-target", "-B", "-iprefix", "-iwithprefix")
_SEARCH_BEGINNINGS = ("--sysroot=", "-isysroot", "--target=", "-B", "-m", "-nostdinc", "-nostdlibinc", "-std=", "-ansi", "--gcc-toolchain")


class Compiler(Value):
    """A compiler that was found, identified without running it."""

    words: tuple[str, ...]  # the command; its first word is an absolute path
    stamp: str  # of the file at that path
    asked_by: str  # "compiler=", "NDCALL_CC", "CC" or "default"

    @property
    def path(self) -> str:
        return self.words[0]


class Facts(Value):
    """What a compiler says of itself."""

    version: str  # its own line
    target: str
    standard: str  # "gnu17": what it takes C to be when no -std is given
    include_dirs: tuple[str, ...]  # where <...> is searched, in order
    tool: str  # the compiler proper behind the driver, absolute; "" when it does not say


def find_compiler(wanted: str | None) -> Compiler:
    """The compiler of `compiler=`, else NDCALL_CC, else CC, else gcc.

    Raises
    ------
    LoadError
        There is no such program.
    """
    for command, asked_by in ((wanted, "compiler="), (os.environ.get("NDCALL_CC"), "NDCALL_CC"), (os.environ.get("CC"), "CC")):
        if command:
            return _locate(command, asked_by)
    return _locate("gcc", "default")


def _locate(command: str, asked_by: str) -> Compiler:
    words = [command] if os.path.isfile(command) else _split_words(command)
    while len(words) > 1 and os.path.basename(words[0]) in _LAUNCHERS:
        del words[0]
    path = _find_program(words[0])
    if path is None:
        told = "no compiler was found" if asked_by == "default" else f"the compiler of {asked_by} was not found"
        raise LoadError(
            f"{told}: {words[0]!r} is no program in PATH\n"
            "  fix       install gcc (Debian: apt-get install gcc libc6-dev), or name a compiler: NDCALL_CC=clang"
        )
    return Compiler((path, *words[1:]), identify_tool(path), asked_by)


def _split_words(command: str) -> list[str]:
    if not any(character in command for character in " '\"\\"):
        return [command]
    import shlex

    return shlex.split(command)


def _find_program(name: str) -> str | None:
    """The absolute path of a program; a link to a launcher such as ccache is passed over for the compiler behind it."""
    if os.path.dirname(name):
        path = os.path.abspath(name)
        return path if os.access(path, os.X_OK) and os.path.isfile(path) else None
    launcher = None
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            if os.path.islink(path) and os.path.basename(os.path.realpath(path)) in _LAUNCHERS:
                launcher = launcher or path
                continue
            return path
    return launcher


def select_search_flags(flags: Iterable[str]) -> list[str]:
    """Those of the user's flags that change where the compiler searches by default."""
    chosen = []
    words = iter(flags)
    for word in words:
        if word in _SEARCH_WORDS:
            chosen += [word, next(words, "")]
        elif word.startswith(_SEARCH_BEGINNINGS):
            chosen.append(word)
    return chosen


def identify_cpu(flags: Iterable[str]) -> str:
    """What -march=native stands for here; "" when no flag asks for this processor."""
    if not any(flag.startswith("-m") and flag.endswith("=native") for flag in flags):
        return ""
    try:
        with open("/proc/cpuinfo", "rb") as file:
            first = file.read(8192).partition(b"\n\n")[0]
    except OSError:
        import platform

        return platform.processor()
    kept = [line for line in first.split(b"\n") if line.startswith((b"model name", b"flags", b"Features", b"CPU part", b"stepping"))]
    return sha256(b"\n".join(kept))


def _name_facts(about: str, compiler: Compiler, flags: Iterable[str]) -> str:
    """Under which key the cache keeps what a compiler said when it was asked with these flags, in this environment."""
    asked = [about, compiler.stamp, *compiler.words, "", *flags, "", *(word for pair in read_search_variables() for word in pair)]
    return sha256("\0".join(asked).encode("utf-8", "surrogateescape"))


def read_facts(compiler: Compiler, flags: Sequence[str], cache: Cache) -> Facts:
    """What the compiler says of itself, from the cache where that still holds."""
    chosen = select_search_flags(flags)
    key = _name_facts("compiler", compiler, chosen)
    match cache.read_rows("facts", key, "facts"):
        case [["version", version], ["target", target], ["standard", standard], ["include", *folders], ["tool", tool, stamp]]:
            if not tool or identify_tool(tool) == stamp:
                return Facts(version, target, standard, tuple(folders), tool)
    facts = _ask_compiler(compiler, chosen)
    rows = [
        ["version", facts.version],
        ["target", facts.target],
        ["standard", facts.standard],
        ["include", *facts.include_dirs],
        ["tool", facts.tool, identify_tool(facts.tool)],
    ]
    _keep(cache, key, rows)
    return facts


def _keep(cache: Cache, key: str, rows: list[list[str]]) -> None:
    with contextlib.suppress(OSError):  # what cannot be kept is asked again
        cache.write_rows("facts", key, "facts", rows)


def _ask_compiler(compiler: Compiler, flags: Sequence[str]) -> Facts:
    from ._process import describe_end, run_quietly

    command = (*compiler.words, *flags, "-E", "-v", "-x", "c", "-")
    status, output, messages = run_quietly(command, b"ndcall_standard __STDC_VERSION__\n")
    version = re.search(r"^.*\bversion .*$", messages, re.MULTILINE)
    target = re.search(r"^Target: (.*)$", messages, re.MULTILINE)
    searched = re.search(r"#include <\.\.\.> search starts here:\n(.*?)^End of search list", messages, re.MULTILINE | re.DOTALL)
    if status != 0 or version is None or target is None or searched is None:
        raise BuildError(
            f"{compiler.path} does not answer as gcc and clang do ({describe_end(status)})\n{messages.rstrip()}",
            command=command,
            output=messages,
        )
    folders = [line.strip().removesuffix(" (framework directory)") for line in searched[1].splitlines() if "(framework" not in line]
    tool = re.search(r'^ "?(/[^\s"]+)"? -cc1 |^ (/\S*/cc1) ', messages, re.MULTILINE)
    return Facts(
        version=version[0].strip(),
        target=target[1].strip(),
        standard=_name_standard(output),
        include_dirs=tuple(dict.fromkeys(os.path.realpath(folder) for folder in folders)),
        tool=(tool[1] or tool[2]) if tool else "",
    )


_STANDARDS = ((202000, "gnu2x"), (201710, "gnu17"), (201112, "gnu11"), (199901, "gnu99"), (0, "gnu89"))


def _name_standard(preprocessed: str) -> str:
    found = re.search(r"^ndcall_standard (\d+)L$", preprocessed, re.MULTILINE)
    number = int(found[1]) if found else 0
    return next(name for least, name in _STANDARDS if number >= least)


def read_library_dirs(compiler: Compiler, flags: Sequence[str], cache: Cache) -> tuple[str, ...]:
    """Where the compiler's linker looks for libraries by default, kept as its other facts are."""
    chosen = select_search_flags(flags)
    key = _name_facts("libraries", compiler, chosen)
    match cache.read_rows("facts", key, "facts"):
        case [["libraries", *known]]:
            return tuple(known)
    from ._process import run_quietly

    _, output, _ = run_quietly((*compiler.words, *chosen, "-print-search-dirs"))
    found = re.search(r"^libraries: =?(.*)$", output, re.MULTILINE)
    folders = found[1].split(os.pathsep) if found else []
    if sys.platform.startswith("linux"):
        folders += [value for name, value in read_search_variables() if name == "LIBRARY_PATH" for value in value.split(os.pathsep)]
    real = tuple(dict.fromkeys(os.path.realpath(folder) for folder in folders if os.path.isabs(folder) and os.path.isdir(folder)))
    _keep(cache, key, [["libraries", *real]])
    return real
