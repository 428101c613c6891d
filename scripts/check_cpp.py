#!/usr/bin/env python3
"""clang-format, headers that compile alone, and clang-tidy, each only for files that changed since it last passed.

What passed is remembered in build/check.json, by a hash of the file, of every header of ours that it reaches, and of the
configuration; so editing a header checks again exactly what includes it.
"""

import hashlib
import json
import os
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from check_includes import FOLDERS, ROOT, includes_of

MEMORY = ROOT / "build" / "check.json"
COMMANDS = ROOT / "build" / "python" / "compile_commands.json"


def reached_by(path: Path, seen: set[Path]) -> set[Path]:
    """The file and every file of ours that it includes, directly or not."""
    if path not in seen:
        seen.add(path)
        for _, quoted, name in includes_of(path):
            target = ROOT / "src" / name
            if quoted and target.exists():
                reached_by(target, seen)
    return seen


def state_of(path: Path, configuration: bytes) -> str:
    digest = hashlib.sha256(configuration)
    for part in sorted(reached_by(path, set())):
        digest.update(part.read_bytes())
    return digest.hexdigest()


def format_command(path: Path) -> list[str]:
    return ["clang-format", "--dry-run", "-Werror", str(path)]


def alone_command(path: Path) -> list[str]:
    """A header is included by an empty file, so that `#pragma once` stands in no main file."""
    import nanobind
    import numpy

    include = [
        "-I",
        str(ROOT / "src"),
        "-I",
        str(ROOT / "tests/unit"),
        '-DNDCALL_TEST_DATA="."',
        "-isystem",
        sysconfig.get_path("include"),
        "-isystem",
        numpy.get_include(),
        "-isystem",
        nanobind.include_dir(),
    ]
    return ["g++", "-std=c++20", "-fsyntax-only", *include, "-include", str(path), "-x", "c++", os.devnull]


def tidy_command(path: Path) -> list[str]:
    # -Wno-...: what only one of gcc and clang knows is no finding.
    return ["clang-tidy", "--quiet", "-p", str(COMMANDS.parent), "--extra-arg=-Wno-unknown-warning-option", str(path)]


def first_includes(sources: list[Path]) -> set[Path]:
    """The headers that a source includes first: compiling it has shown that they compile alone."""
    firsts = [includes[0] for includes in map(includes_of, sources) if includes]
    return {ROOT / "src" / name for _, quoted, name in firsts if quoted}


def run_checks(name: str, files: list[Path], command: Callable[[Path], list[str]], configuration: bytes) -> int:
    """Run one tool on what changed; the number of files it refuses."""
    memory: dict[str, str] = json.loads(MEMORY.read_text()) if MEMORY.exists() else {}
    states = {path: state_of(path, configuration) for path in files}
    key = {path: f"{name} {path.relative_to(ROOT)}" for path in files}
    changed = [path for path in files if memory.get(key[path]) != states[path]]

    def run(path: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command(path), capture_output=True, text=True, cwd=ROOT)

    refused = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, done in zip(changed, pool.map(run, changed), strict=True):
            if done.returncode == 0:
                memory[key[path]] = states[path]
            else:
                refused += 1
                print(f"{name}: {path.relative_to(ROOT)}\n$ {shlex.join(command(path))}\n{done.stdout}{done.stderr}", flush=True)
    MEMORY.parent.mkdir(exist_ok=True)
    MEMORY.write_text(json.dumps(memory, indent=0, sort_keys=True))
    print(f"{name}: {len(files) - refused} of {len(files)} files pass ({len(changed)} changed)", flush=True)
    return refused


def main() -> int:
    files = sorted(p for folder in FOLDERS for p in (ROOT / folder).rglob("*") if p.suffix in {".cpp", ".hpp"})
    compiled = {Path(entry["file"]) for entry in json.loads(COMMANDS.read_text())}
    sources = [p for p in files if p in compiled and p.is_relative_to(ROOT / "src")]
    shown = first_includes(sources)
    headers = [p for p in files if p.suffix == ".hpp" and p not in shown]
    if not sources:
        print("check: no source is being compiled", file=sys.stderr)
        return 1
    tidy_configuration = (ROOT / ".clang-tidy").read_bytes()
    refused = run_checks("clang-format", files, format_command, (ROOT / ".clang-format").read_bytes())
    refused += run_checks("header alone", headers, alone_command, b"1")
    refused += run_checks("clang-tidy", sources, tidy_command, tidy_configuration)
    return refused > 0


if __name__ == "__main__":
    sys.exit(main())
