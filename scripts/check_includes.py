#!/usr/bin/env python3
"""Proves the direction of includes: a folder of src/ includes only what the table allows, and Python stays in src/python."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "tests/fuzz", "tests/tools", "tests/unit")

# folder of src -> the folders of src that it may include beside itself
ALLOWED: dict[str, set[str]] = {
    "text": set(),
    "platform": {"text"},
    "declaration": {"text"},
    "contract": {"text"},
    "readers": {"declaration", "text"},
    "abi": {"declaration", "text"},
    "plan": {"declaration", "contract", "text"},
    "saved": {"plan", "declaration", "contract", "text"},
    "draft": {"plan", "declaration", "contract", "text"},
    "call": {"abi", "plan", "declaration", "contract", "text", "platform"},
    "python": {"saved", "draft", "call", "abi", "plan", "declaration", "contract", "text", "platform"},
}
PYTHON_HEADER = re.compile(r"(Python\.h|structmember\.h|numpy/.*|nanobind/.*|pybind11/.*)$")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def includes_of(path: Path) -> list[tuple[int, bool, str]]:
    """(line, quoted, name) of every include of a file."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if match := INCLUDE.match(line):
            found.append((number, match[1] == '"', match[2]))
    return found


def faults_of(path: Path) -> list[str]:
    """What is wrong with the includes of one file, as lines for the terminal."""
    relative = path.relative_to(ROOT)
    in_src = relative.parts[0] == "src"
    folder = relative.parts[1] if in_src else None
    faults = []
    for number, quoted, name in includes_of(path):
        place = f"{relative}:{number}: "
        if PYTHON_HEADER.match(name):
            if folder != "python":
                faults.append(f"{place}{name} is included outside src/python")
            continue
        if not quoted:
            if (ROOT / "src" / name).exists():
                faults.append(f"{place}<{name}> is ours: write it in quotes")
            continue
        target = name.split("/")[0]
        of_tests = (ROOT / "tests/unit" / name, path.parent / name)
        if not (ROOT / "src" / name).exists() and (in_src or not any(header.exists() for header in of_tests)):
            faults.append(f"{place}{name} is not a path from src/")
        elif folder is not None and target != folder and target not in ALLOWED[folder]:
            allowed = ", ".join(sorted(ALLOWED[folder])) or "nothing"
            faults.append(f"{place}src/{folder} may include {allowed}, not {target}")
    return faults


def main() -> int:
    files = sorted(p for folder in FOLDERS for p in (ROOT / folder).rglob("*") if p.suffix in {".cpp", ".hpp", ".S"})
    unknown = {p.relative_to(ROOT / "src").parts[0] for p in files if p.is_relative_to(ROOT / "src")} - ALLOWED.keys()
    faults = [f"src/{folder} has no row in the table of {Path(__file__).name}" for folder in sorted(unknown)]
    if not unknown:
        faults += [fault for path in files for fault in faults_of(path)]
    print("\n".join(faults) if faults else f"includes: {len(files)} files point one way")
    return bool(faults) or not files


if __name__ == "__main__":
    sys.exit(main())
