"""The table of checks that can be lost, tests/mutants/table.txt: read, compared with the source, and planted into a copy of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests" / "mutants" / "table.txt"
MARK = re.compile(r"«(.*)»|‹(.*)›")  # noqa: RUF001
FOLDERS = ("call", "python")  # below src/, where a call is checked
REFUSAL = re.compile(
    r"\breturn (?:false|refuse|fail|raise)|Conversion::Refused|Mismatch& mismatch = |PyErr_(?:Format|SetString)|throw BindFailure"
)
HEADER = """#pragma once
#include <cstdlib>
#include <cstring>
#include <type_traits>
inline bool ndcall_has_lost(const char* check) noexcept {
    const char* lost = std::getenv("NDCALL_MUTANT");
    return lost != nullptr && std::strcmp(lost, check) == 0;
}
template <class T>
std::remove_cvref_t<T> ndcall_refuses(const char* check, T&& value) {  // what asking does beside the answer is done all the same
    return ndcall_has_lost(check) ? std::remove_cvref_t<T>{} : value;
}
#define NDCALL_REFUSES(name, ...) ndcall_refuses(name, (__VA_ARGS__))
#define NDCALL_DEMANDS(name, ...) (static_cast<bool>(__VA_ARGS__) | ndcall_has_lost(name))
"""


@dataclass(frozen=True)
class Mutant:
    name: str
    file: str  # below src/
    line: str  # with its mark
    turn: int = 0  # of the places in the file where the line stands
    proof: str = ""  # the test of tests/python that notices its loss, FILE::NAME, where neither the model nor the unit tests do
    harmless: str = ""  # why its loss changes nothing

    @property
    def original(self) -> str:
        return MARK.sub(lambda mark: mark[1] or mark[2], self.line)

    def find(self, text: str) -> tuple[int, int]:
        """Where its condition begins and ends in the text of its file."""
        mark = MARK.search(self.line)
        assert mark is not None, self.line
        at = -1
        for _ in range(self.turn + 1):
            at = text.index(self.original, at + 1)
        return at + mark.start(), at + mark.end() - 2  # the two signs

    @property
    def macro(self) -> str:
        return "NDCALL_REFUSES" if "«" in self.line else "NDCALL_DEMANDS"


def read_table() -> list[Mutant]:
    mutants: list[Mutant] = []
    file = ""
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            file = line[3:].partition(" none: ")[0]
        elif line.lstrip().startswith("^ "):
            said, _, reason = line.lstrip()[2:].partition("harmless: ")
            mutants[-1] = replace(mutants[-1], proof=said, harmless=reason)
        elif line and not line.startswith("#"):
            name, text = line.split(None, 1)
            mutants.append(Mutant(name, file, text, sum((other.file, other.line) == (file, text) for other in mutants)))
    return mutants


def read_spared() -> dict[str, str]:
    """The files that refuse something and have no line in the table, each with the reason."""
    heads = re.findall(r"^== (\S+) none: (.+)$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(heads)


def list_forgotten(files: set[str], spared: set[str]) -> list[str]:
    """Files with a refusal that the table does not know, and those that it spares without need. `files` are those that it has lines of."""
    refusing = set()
    for path in (path for folder in FOLDERS for path in (ROOT / "src" / folder).glob("*.?pp")):
        code = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        refusing |= {f"{path.parent.name}/{path.name}"} if REFUSAL.search(code) else set()
    faults = [f"src/{file} refuses something, and has no line in the table" for file in sorted(refusing - files - spared)]
    return faults + [f"src/{file} needs no reason to have no line" for file in sorted(spared - (refusing - files))]


def faults_of(mutants: list[Mutant]) -> list[str]:
    """Lines that do not stand in their file as often as in the table, names that stand twice, and tests that are not there."""
    names = [mutant.name for mutant in mutants]
    faults = [f"{name}: the name is taken twice" for name in sorted({name for name in names if names.count(name) > 1})]
    for mutant in mutants:
        stands = (ROOT / "src" / mutant.file).read_text(encoding="utf-8").count(mutant.original)
        listed = sum((other.file, other.line) == (mutant.file, mutant.line) for other in mutants)
        if stands != listed:
            faults.append(f"{mutant.name}: stands {stands} times in src/{mutant.file}, {listed} times in the table: {mutant.original}")
        file, _, test = mutant.proof.partition("::")
        if mutant.proof and f"\ndef {test}(" not in read_test(file):
            faults.append(f"{mutant.name}: there is no test {mutant.proof}")
    return faults


def read_test(file: str) -> str:
    path = ROOT / "tests" / "python" / file
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def plant(mutants: list[Mutant], folder: Path) -> list[Path]:
    """Copies of the files that the mutants are of, each condition in the macro that can lose it; those that changed are written.

    What an earlier call left is removed: an old copy of a header would be found before the source.
    """
    written = [write_changed(folder / "mutants.hpp", HEADER)]
    for file in sorted({mutant.file for mutant in mutants}):
        text = (ROOT / "src" / file).read_text(encoding="utf-8")
        edits = []
        for mutant in mutants:
            if mutant.file == file:
                begin, end = mutant.find(text)
                edits += [(begin, 1, f'{mutant.macro}("{mutant.name}", '), (end, 0, ")")]
        for at, _, inserted in sorted(edits, reverse=True):
            text = text[:at] + inserted + text[at:]
        written.append(write_changed(folder / file, '#include "mutants.hpp"\n' + text))
    for path in folder.rglob("*.?pp"):
        if path not in written:
            path.unlink()
    return written[1:]


def write_changed(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
    return path
