"""Cures that speak of `load`'s parameters, in the words of a shell."""

from __future__ import annotations

import re
import shlex

# A parameter of `load` -> the option that gives it.
_OPTIONS = {
    "library": "--library",
    "declarations": "--declarations",
    "contracts": "--contracts",
    "only": "--only",
    "exclude": "--exclude",
    "include_dirs": "-I",
    "defines": "-D",
    "flags": "--flags",
    "libraries": "-l",
    "library_dirs": "-L",
    "compiler": "--compiler",
    "copy": "--copy",
}
_CALL = re.compile(r"ndcall\.load\('([^']*)', ([^()]*)\)")
_PARAMETER = re.compile(rf"\b({'|'.join(_OPTIONS)})=(\[?'[^'\n]*'\]?|\.\.\.)?")


def in_words_of_the_shell(text: str) -> str:
    """ "library='openblas'" of a message as "--library openblas", and a call of `load` as a command.

    Only the first line and cures are ours; between them may stand what a compiler says of C, which has names of its own.
    """

    def translate(found: re.Match[str]) -> str:
        value = (found[2] or "").strip("[]'")
        return _OPTIONS[found[1]] + (f" {shlex.quote(value)}" if value else "")

    lines = text.split("\n")
    for i, line in enumerate(lines):
        if i == 0 or line.startswith("  fix "):
            lines[i] = _PARAMETER.sub(translate, _CALL.sub(r"ndcall show \1 \2", line))
    return "\n".join(lines)
