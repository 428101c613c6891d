"""All that a library was made from: what a load asked for, and the texts that it met."""

from __future__ import annotations

from ._request import Contracts, Request
from ._value import Value


class Recipe(Value):
    """Two libraries with one recipe are the same library."""

    request: Request
    hashes: tuple[str, ...]  # SHA-256 of the request's files
    contracts: Contracts  # of the call and of files, as they were read
