"""Runs a script in this process and drafts from what it told ctypes: ``python -P -m ndcall.compat._watching SCRIPT RESULT``.

`ndcall draft --from-ctypes` starts it, in a process of its own: what the script does to its process, crashes included, stays there.
"""

from __future__ import annotations

import ctypes
import os
import runpy
import sys
from typing import Any

from ._drafting import list_described, write_draft


def watch_libraries() -> list[Any]:
    """The libraries that are opened through ctypes from now on, in their order."""
    opened: list[Any] = []
    initialise = ctypes.CDLL.__init__

    def note(self: Any, *args: Any, **named: Any) -> None:
        initialise(self, *args, **named)
        opened.append(self)

    ctypes.CDLL.__init__ = note  # type: ignore[method-assign]
    return opened


def main(script: str, result: str) -> None:
    opened = watch_libraries()
    sys.argv[:] = [script]
    sys.path.insert(0, os.path.dirname(os.path.abspath(script)))  # as Python does for a script
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        if end.code:
            raise
    described = [lib for lib in opened if list_described(lib)]
    names = ["lib", *(f"lib{number}" for number in range(2, len(described) + 1))]
    with open(result, "x", encoding="utf-8") as file:
        file.write("\n\n".join(write_draft(lib, name) for lib, name in zip(described, names, strict=False)))


if __name__ == "__main__":
    main(*sys.argv[1:])
