"""`draft`: from a header or source to the text of a contract file, each line with how sure it is and why."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from ._build import fetch_entry
from ._contracts import find_contracts
from ._core import Declarations, draft_lines
from ._exceptions import LoadError, ReadError
from ._families import Row, join_families, write_family
from ._library import select_functions
from ._paths import find_anchor
from ._request import Paths, classify, list_paths, make_request

_MARK = "#? "  # before a line that is not used
_WIDTH = 120
_HEADER = """\
Drafted by ndcall from {names}. Nobody has read it yet.

Saved as {stem}.contract beside {first} it is found by ndcall.load(); elsewhere, give its path as contracts=.

Above each line stands how sure it is, and why:
  sure    facts alone: C's types, what the body reads and writes, where its loops end
  likely  facts, and a name that everybody uses that way: read it once
  guess   other readings are possible
  blank   nothing tells: replace the word in CAPITALS
A line behind '#?' is not used. Take the mark away when the line is right."""


def draft(
    what: Paths,
    /,
    *,
    only: str | Sequence[str] | None = None,
    exclude: str | Sequence[str] | None = None,
    include_dirs: Paths = (),
    defines: Mapping[str, str | int | float | None] | None = None,
    flags: str | Sequence[str] = (),
    compiler: str | os.PathLike[str] | None = None,
) -> str:
    """Draft the contracts of a C source or header, as the text of a ``.contract`` file to read and edit.

    The text is read, nothing is compiled, and no library is needed or opened. Each line says how sure it is (``sure``, ``likely``,
    ``guess`` or ``blank``) and why; what is less than likely, and what this version cannot bind yet, stands in a comment. Every line that
    does not has been bound to its declaration.

    Parameters
    ----------
    what : path or sequence of paths
        C sources (``.c``) or headers (``.h``), found as `load` finds them.
    only, exclude : str or sequence of str, optional
        Patterns (``"cblas_d*"``) of the functions to draft, and of those not to.
    include_dirs, defines, flags, compiler
        As for `load`.

    Returns
    -------
    str
        The text of a ``.contract`` file. Nothing is written.

    Raises
    ------
    LoadError
        A file was not found, or is neither a source nor a header.
    ReadError
        The declarations cannot be read, or there is none of a function.
    UnknownNameError
        A pattern of `only` or `exclude` fits nothing.

    Examples
    --------
    >>> print(ndcall.draft("filter.c"))  # doctest: +SKIP
    >>> print(ndcall.draft("gsl/gsl_sort.h", only="gsl_sort*"))  # doctest: +SKIP
    """
    anchor = find_anchor()
    given = list_paths(what, "the first argument")
    if not given:
        raise ValueError("the first argument names no file")
    for path in given:
        if classify(path) == "library":
            raise LoadError(f"{os.path.basename(path)} does not say which types its functions take\n  fix       draft from its header")
    request = make_request(
        "header",  # of a source, too, only the text is wanted
        given,
        anchor,
        only=only,
        exclude=exclude,
        include_dirs=include_dirs,
        defines=defines,
        flags=flags,
        compiler=compiler,
    )
    declarations = fetch_entry(request).declarations
    if not declarations.function_names:
        raise ReadError(f"{request.name} declares no function")
    return write_draft(declarations, request.files, select_functions(request, declarations))


def write_draft(declarations: Declarations, files: Sequence[str], selected: set[str] | None = None) -> str:
    """The text of a contract file for declarations, whose `files` were read; for the selected functions, None for all."""
    contracts = [(rank, origin, text if isinstance(text, str) else dict(text)) for rank, origin, text in find_contracts(files)]
    rows, handles = draft_lines(declarations, contracts, selected)
    handles = [(line, reason) for line, reason in handles if selected is None or line.rpartition(" ")[2] in selected]
    names = [_flatten(os.path.basename(file)) for file in files]
    header = _HEADER.format(names=", ".join(names), stem=os.path.splitext(names[0])[0], first=names[0])
    paragraphs = ["\n".join(row for line in header.split("\n") for row in _comment(line))]
    if handles:
        paragraphs.append("# Who frees what. 'handle' is not bound yet by this version of ndcall.")
        paragraphs += ["\n".join([*_comment(reason), _MARK + line]) for line, reason in handles]
    paragraphs += [_write_line(group) for group in join_families([row for row in rows if row[1] == "line"])]
    for kind, title in (("needless", "These need no line: their declarations say it all."), ("given", "These have a line already.")):
        listed = [row[0] for row in rows if row[1] == kind]
        if listed:
            paragraphs.append("\n".join(["# " + title, *_comment(", ".join(listed))]))
    refused = [line for name, kind, _, _, _, obstacle, _ in rows if kind == "refused" for line in _comment(f"{name}: {obstacle}")]
    if refused:
        paragraphs.append("\n".join(["# No line makes these callable in this version of ndcall.", *refused]))
    return "\n\n".join(paragraphs) + "\n"


def _write_line(group: Sequence[Row]) -> str:
    """One function, or several alike: the declaration, how sure the line is and why, the line."""
    _, _, certainty, _, reasons, obstacle, declared = group[0]
    why = "; ".join(dict.fromkeys(reasons))
    is_used = certainty in ("sure", "likely") and not obstacle
    rows = [*_comment(declared)]
    if len(group) > 1:
        rows += _comment("and alike " + ", ".join(row[0] for row in group[1:]))
    rows += _comment(f"{certainty}: {why}" if why else certainty)
    if obstacle:
        rows += _comment(f"not used: {obstacle}")
    return "\n".join([*rows, ("" if is_used else _MARK) + write_family(group)])


def _comment(text: str) -> Iterator[str]:
    """Words as lines of comment. Whatever a header holds stays inside it."""
    return iter(textwrap.wrap(_flatten(text), _WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False) or ["#"])


def _flatten(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


draft.__module__ = "ndcall"
