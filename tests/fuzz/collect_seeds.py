#!/usr/bin/env python3
"""Collects what fuzzing begins with: contract lines of documents, examples and tests, and the saved libraries of the tests.

usage: collect_seeds.py FOLDER    writes FOLDER/TARGET/HASH for each target of tests/fuzz; TARGET-right holds no text that is wrong
"""

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CONTRACTS = [*sorted((ROOT / "examples").glob("*.contract")), *sorted((ROOT / "tests/data").glob("*.contract"))]
MISTAKES = sorted((ROOT / "tests/data").glob("mistakes*.txt"))
SOURCES = [*sorted((ROOT / "examples").glob("*.c")), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "tests/unit").rglob("*.cpp"))]
SAVED = sorted((ROOT / "tests/data").glob("*.ndcall"))


def contracts_of_documents() -> Iterator[str]:
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r"`([^`\n]+)`", text)
        for block in re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            yield block
            yield from block.splitlines()


def contracts_of_sources() -> Iterator[str]:
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        yield from re.findall(r"^ *(?:///?|/\*+|\*) *ndcall:[^\n]*", text, re.MULTILINE)
        for quoted in re.findall(r'"((?:[^"\\\n]|\\.)+)"', text):
            if re.search(r"->|\[\w+\]|;", quoted):
                yield quoted.replace('\\"', '"').replace("\\n", "\n")


def lines_of(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        yield from path.read_text(encoding="utf-8").splitlines()


def contracts() -> Iterator[str]:
    yield from lines_of([*CONTRACTS, *MISTAKES])
    yield from contracts_of_documents()
    yield from contracts_of_sources()


def shrink(text: str) -> Iterator[str]:
    """Small saved libraries with one entry each of a larger one, its line and its structs: what grows out of a small text stays small."""
    head, tail = text.split("ndcall declarations 1\n")
    version, *libraries = re.findall(r"^(?:ndcall|library) .*\n", head, re.MULTILINE)
    lines = re.findall(r"^  \S.*\n(?:   .*\n)*", head, re.MULTILINE)
    entries = re.findall(r"^\w+ .*\n(?:  .*\n)*", tail, re.MULTILINE)
    common = [entry for entry in entries if entry.startswith(("target", "file"))]
    for entry in entries:
        name = entry.split()[1]
        own_lines = [line for line in lines if re.search(rf"\b{name}\b", line)]
        structs = [other for other in entries if other != entry and re.match(r"struct (\S+)", other) and other.split()[1] in entry]
        if entry not in common:
            contracts = ["contracts\n", *own_lines] if own_lines else []
            library = min(libraries, key=len)
            yield "".join([version, library, *contracts, "ndcall declarations 1\n", *common, *structs, entry, "end\n"])


def saved_libraries() -> Iterator[str]:
    for path in SAVED:
        text = path.read_text(encoding="utf-8")
        yield text
        yield from shrink(text)


def declarations() -> Iterator[str]:
    for text in saved_libraries():
        yield text[text.index("ndcall declarations ") :]


def write_seeds(folder: Path, texts: Iterable[str]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {hashlib.sha1(text.encode()).hexdigest(): text for text in texts if text.strip()}
    for name, text in wanted.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")
    return len(wanted)


def main() -> None:
    folder = Path(sys.argv[1])
    seeds = {
        "contract": contracts(),
        "contract-right": lines_of(CONTRACTS),
        "declarations": declarations(),
        "declarations-right": declarations(),
        "saved": saved_libraries(),
    }
    for target, texts in seeds.items():
        if not write_seeds(folder / target, texts):
            sys.exit(f"no seeds for {target}")


if __name__ == "__main__":
    main()
