"""What the environment tells a compiler, and what a compiler that we start is told of it."""

from __future__ import annotations

import os
import sys

_SCRATCH_VARIABLES = ("TMPDIR", "TMP", "TEMP")
_LIST_VARIABLES = ("CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH", "COMPILER_PATH")
SEARCH_VARIABLES = (*_LIST_VARIABLES, "GCC_EXEC_PREFIX", "SDKROOT", "MACOSX_DEPLOYMENT_TARGET")
_WRITING_VARIABLES = ("DEPENDENCIES_OUTPUT", "SUNPRO_DEPENDENCIES")


def read_search_variables() -> list[tuple[str, str]]:
    """What the environment tells a compiler about its search path. Empty and relative elements, which mean the working directory, are left
    out."""
    found = []
    for name in SEARCH_VARIABLES:
        value = os.environ.get(name, "")
        if name in _LIST_VARIABLES:
            value = os.pathsep.join(part for part in value.split(os.pathsep) if os.path.isabs(part))
        if value:
            found.append((name, value))
    return found


def make_environment(scratch: str | None = None, **more: str) -> dict[str, str]:
    """The environment of a compiler: messages in English, no foreign search path, temporary files in `scratch`."""
    environment = {name: value for name, value in os.environ.items() if name not in SEARCH_VARIABLES + _WRITING_VARIABLES}
    environment.update(read_search_variables(), LC_ALL="C", **more)
    if scratch is not None:
        environment.update(dict.fromkeys(_SCRATCH_VARIABLES, scratch))
    return environment


def is_set(name: str) -> bool:
    """Whether a variable says yes: anything but empty and 0."""
    return os.environ.get(name, "") not in ("", "0")


def say(text: str) -> None:
    """A line on the terminal, beside what the program prints."""
    sys.stderr.write(f"ndcall: {text}\n")
