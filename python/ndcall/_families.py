"""Drafted lines that say the same of functions for several types become one line: cblas_saxpy and cblas_daxpy, cblas_{s,d}axpy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Row = tuple[str, str, str, str, list[str], str, str]  # as draft_lines() of the core gives them

_LETTER = re.compile(r"^((?:[A-Za-z0-9]+_)?i?)([sdcz])([a-z0-9]\w*)$")  # cblas_daxpy, dgesv_, zadd
_WORDS = "long_double|double|float|char|uchar|short|ushort|int|uint|long|ulong"
_WORD = re.compile(rf"^(.*?_)({_WORDS})((?:_.*)?)$")  # gsl_vector_float_scale, sf_write_double
_COMPLEX = re.compile(r"\bcomplex(?:64|128)\b")


def join_families(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows that become one line, each list where its first stood."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        name, _, certainty, line, reasons, obstacle, _ = row
        said = _COMPLEX.sub("complex", line.removeprefix(name))
        match = _match(name)
        of_one_type = len(set(_COMPLEX.findall(line))) <= 1
        key = (match[1], match[3], said, certainty, *reasons, obstacle) if match and of_one_type else name
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def write_family(rows: Sequence[Row]) -> str:
    """The one line of several rows."""
    name, line = rows[0][0], rows[0][3]
    if len(rows) == 1:
        return line
    matches = [match for row in rows if (match := _match(row[0]))]
    joined = matches[0][1] + _brace(match[2] for match in matches) + matches[0][3]
    dtypes = [found[0] for row in rows if (found := _COMPLEX.findall(row[3]))]
    said = line.removeprefix(name)
    return joined + (_COMPLEX.sub(_brace(dtypes), said) if len(set(dtypes)) > 1 else said)


def _match(name: str) -> re.Match[str] | None:
    return _WORD.match(name) or _LETTER.match(name)


def _brace(words: Iterable[str]) -> str:
    return "{" + ",".join(words) + "}"
