#!/usr/bin/env python3
"""Prints the table of docs/headers.md: what ndcall makes of the headers of real libraries, loaded whole and without a contract.

    .venv/bin/python scripts/survey_headers.py            print it
    .venv/bin/python scripts/survey_headers.py --write    put it into docs/headers.md

A header that is not installed is named and left out. Nothing is called: a function counts as callable when it binds.
"""

from __future__ import annotations

import argparse
import datetime
import glob
import os
import re
import subprocess
import sys
import sysconfig
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ndcall

PAGE = Path(__file__).resolve().parents[1] / "docs" / "headers.md"
BEGIN, END = "<!-- begin of the survey -->\n", "<!-- end of the survey -->\n"
INCLUDE = "/usr/include"
NOT_DRAFTED = "not yet"
OTHER = "another reason"


@dataclass(frozen=True)
class Subject:
    """A header, or several, with the libraries that it describes."""

    title: str
    headers: tuple[str, ...]
    library: tuple[str, ...]
    package: str  # of Debian, whose version is told; "python": the interpreter's own
    options: dict[str, Any] = field(default_factory=dict)


def list_gsl() -> tuple[str, ...]:
    return tuple(sorted(os.path.relpath(path, INCLUDE) for path in glob.glob(f"{INCLUDE}/gsl/*.h")))


SUBJECTS = (
    Subject("`cblas.h`", ("cblas.h",), ("openblas",), "libopenblas-dev"),
    Subject("`lapacke.h`", ("lapacke.h",), ("lapacke",), "liblapacke-dev"),
    Subject("all of `gsl/*.h`", list_gsl(), ("gsl", "gslcblas"), "libgsl-dev"),
    Subject("`fftw3.h`", ("fftw3.h",), tuple(f"fftw3{kind}{part}" for kind in ("", "f", "l") for part in ("", "_threads")), "libfftw3-dev"),
    Subject("`zlib.h`", ("zlib.h",), ("z",), "zlib1g-dev"),
    Subject("`sqlite3.h`", ("sqlite3.h",), ("sqlite3",), "libsqlite3-dev"),
    Subject("`Python.h`", ("Python.h",), (sys.executable,), "python", {"include_dirs": sysconfig.get_path("include")}),
)

# What a refusal says -> the words of the table. The first that fits counts.
REASONS = (
    (r"is not in |, and not in |it is static", "not in the library"),
    (r"it is variadic", "variadic"),
    (r"callbacks are not bound yet", "takes a callback"),
    (r"memory that C owns|returns .*nothing says", "returns memory of C"),
    (r"a function of C", "returns a function"),
    (r"handles are not bound yet", "takes a handle"),
    (r"table of pointers|arrays of strings", "takes a table of pointers"),
    (r"which only C can make", "takes a `va_list`"),
    (r"nothing says what|leaves the first extent|a dtype after ':'", "a pointer needs a contract"),
    (r"cannot pass|has no dtype|no data of|incomplete|a union|other thing", "a type that is not passed"),
)


@dataclass
class Finding:
    """What became of one subject."""

    subject: Subject
    version: str
    functions: int
    callable: int
    drafted: Counter[str] | None  # by certainty; None: this version of ndcall drafts nothing
    refused: Counter[str]
    unknown: list[str]  # refusals that no row of REASONS knows


def find_version(package: str) -> str:
    """The installed version; "" when it is not there."""
    if package == "python":
        return sys.version.split()[0] if os.path.isfile(os.path.join(sysconfig.get_path("include"), "Python.h")) else ""
    try:
        done = subprocess.run(["dpkg-query", "-W", "-f", "${Status} ${Version}", package], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    state, _, version = done.stdout.rpartition(" ")
    return version if state == "install ok installed" else ""


def find_reason(problem: str) -> str:
    return next((words for pattern, words in REASONS if re.search(pattern, problem)), OTHER)


def count_drafts(subject: Subject) -> Counter[str] | None:
    """How many lines ndcall.draft proposes, by how sure it is of them."""
    draft = getattr(ndcall, "draft", None)
    if draft is None:
        return None
    text = draft(list(subject.headers), **subject.options)
    return Counter(re.findall(r"^# (sure|likely|guess|blank)(?::|$)", text, re.MULTILINE))


def survey(subject: Subject, version: str) -> Finding:
    """Load a subject and ask each of its functions for its plan."""
    library = ndcall.load(list(subject.headers), library=list(subject.library), **subject.options)
    functions = [library[name] for name in library if isinstance(library[name], ndcall.Function)]
    found = Finding(subject, version, len(functions), 0, count_drafts(subject), Counter(), [])
    for function in functions:
        try:
            function.contract  # noqa: B018  (binds it)
        except ndcall.BindError as error:
            problem = str(error).partition("\n")[0]
            reason = find_reason(problem)
            found.refused[reason] += 1
            if reason == OTHER:
                found.unknown.append(problem)
        else:
            found.callable += 1
    return found


def print_row(found: Finding) -> str:
    reasons = sorted(found.refused.items(), key=lambda pair: (-pair[1], pair[0]))
    told = "; ".join(f"{reason}: {count:,}" for reason, count in reasons)
    drafted = NOT_DRAFTED
    if found.drafted is not None:
        drafted = ", ".join(f"{found.drafted[word]:,} {word}" for word in ("sure", "likely", "guess", "blank") if found.drafted[word])
    return f"| {found.subject.title} | {found.version} | {found.functions:,} | {found.callable:,} | {drafted} | {told} |\n"


def print_table(findings: list[Finding]) -> str:
    head = "| header | version | functions | callable as they are | drafted | the others, and why |\n|---|---|---|---|---|---|\n"
    return head + "".join(print_row(found) for found in findings)


def survey_all() -> list[Finding]:
    findings = []
    for subject in SUBJECTS:
        version = find_version(subject.package)
        if version:
            findings.append(survey(subject, version))
        else:
            print(f"{subject.title} is not installed (package {subject.package})", file=sys.stderr)
    return findings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/headers.md")
    options = parser.parse_args()
    findings = survey_all()
    told = f"As of {datetime.date.today().isoformat()}, with ndcall {ndcall.__version__}:\n\n{print_table(findings)}"
    if options.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + BEGIN + told + END + rest.partition(END)[2], encoding="utf-8")
    else:
        print(told, end="")
    for found in findings:
        for problem in found.unknown:
            print(f"{found.subject.title}: no reason of the table fits: {problem}", file=sys.stderr)
    return 1 if any(found.unknown for found in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
