"""What was read, compared with what the user's own compiler reads: types, sizes and offsets. Nothing is built or called."""

from __future__ import annotations

import re

from .._build import fetch_entry
from .._process import run_quietly
from .._reader import STDIN_NAME, preprocessor_flags
from .._request import Request
from .._toolchain import find_compiler
from .._value import Value

_ERROR = re.compile(r"^(.+?):(\d+):(\d+): (?:fatal )?error: (.*)$", re.MULTILINE)
_STDIN = "<stdin>"


class Disagreement(Value):
    """A place where reader and compiler do not read the same."""

    file: str
    line: int  # 0: none is known
    column: int
    text: str


def find_disagreements(request: Request) -> list[Disagreement]:
    """Have the compiler judge everything that was read of a request's files.

    Raises
    ------
    LoadError
        There is no compiler.
    """
    if request.kind == "declarations":
        return _compare(request, "", request)
    if request.kind == "saved":
        return []  # there is no text of C to compile
    if len(request.files) == 1:
        return _compare(request, request.files[0], request)
    # Two sources may have static functions of one name: each is read, and judged, alone.
    alone = [request.replace(kind="header", files=(file,), libraries_loaded=()) for file in request.files]
    return [found for one in alone for found in _compare(one, one.files[0], one)]


def _compare(request: Request, file: str, read: Request) -> list[Disagreement]:
    compiler = find_compiler(request.compiler)
    assertions = fetch_entry(read).declarations.assertions()
    before = [f'#include "{file}"'] if file else request.text.split("\n")
    text = "\n".join([*before, *(code for code, _, _, _ in assertions), ""])
    flags = (*preprocessor_flags(request), *request.flags)
    command = (*compiler.words, *flags, "-fsyntax-only", "-w", "-x", "c", "-")
    status, _, messages = run_quietly(command, text.encode("utf-8", "surrogateescape"))
    if status == 0:
        return []
    found: dict[tuple[str, int], Disagreement] = {}  # of one line the first error says most
    for where, line, column, message in _ERROR.findall(messages):
        number = int(line) - len(before) - 1
        if where == _STDIN and 0 <= number < len(assertions):
            _, claim, place, declared = assertions[number]
            reason = "" if "static" in message else f" ({message})"
            told = Disagreement(place, declared, 0, f"the compiler does not agree that {claim}{reason}")
        else:
            told = Disagreement(STDIN_NAME if where == _STDIN else where, int(line), int(column), f"the compiler refuses it: {message}")
        found.setdefault((where, int(line)), told)
    return list(found.values()) or [Disagreement(file or STDIN_NAME, 0, 0, f"the compiler refuses it: {messages.strip()}")]
