"""What a misspelt name was meant to be."""

from __future__ import annotations

from collections.abc import Iterable


def suggest_nearest(name: str, candidates: Iterable[str]) -> str:
    """ "; did you mean 'x' or 'y'?", or "" when nothing is near."""
    from ._core import nearest

    found = [repr(candidate) for candidate in nearest(name, list(candidates))]
    return f"; did you mean {' or '.join(found)}?" if found else ""
