"""The reader of C, as a process: what it prints for each file of tests/reader/cases, with every libclang that this machine has.

A case is NAME.c with NAME.expected, or a folder NAME with NAME/expected: all its sources are read, or main.h when it has none. A first
line `// reader options ...` gives more options ({folder} is the case's own), `// reader needs libclang N` leaves the case out with an
older one. In the expected text places are told by the file's name, and the lines that name the target and the files are left out. To
write the expected text of a new case, run pytest with NDCALL_WRITE_EXPECTED=1, and read what came out.
"""

from __future__ import annotations

import glob
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from ndcall._core import Declarations
from ndcall._reader import find_libclang, find_reader

CASES = Path(__file__).resolve().parents[1] / "reader" / "cases"
FIRST_LINE = "ndcall declarations 1"


def list_libclangs() -> list[str]:
    found = [find_libclang(), *sorted(glob.glob("/usr/lib/llvm-*/lib/libclang.so.1"))]
    return list(dict.fromkeys(path for path in found if path))


def version_of(libclang: str) -> int:
    in_path = re.search(r"llvm-(\d+)", libclang)
    return int(in_path[1]) if in_path else 99


@pytest.fixture(scope="session")
def search_path() -> list[str]:
    told = subprocess.run(
        ["cc", "-E", "-v", "-x", "c", os.devnull, "-o", os.devnull],
        capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}, check=True,
    ).stderr  # fmt: skip
    folders = told.split("#include <...> search starts here:")[1].split("End of search list")[0].split()
    return ["-nostdinc", *(word for folder in folders for word in ("-isystem", os.path.realpath(folder)))]


Read = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def read(search_path: list[str]) -> Read:
    """read(*options and files, text=for stdin, libclang=path, arguments=for clang)"""
    reader = os.environ.get("NDCALL_READER") or find_reader()

    def run(*words: str, libclang: str = "", text: str = "", arguments: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        command = [reader, "--libclang", libclang or find_libclang(), *words, "--", *arguments, *search_path]
        return subprocess.run(command, capture_output=True, text=True, input=text, timeout=60, encoding="utf-8")

    return run


def simplify(printed: str, folder: Path, only: Path | None) -> str:
    """Without what differs from machine to machine."""
    lines = printed.splitlines()
    assert lines[0] == FIRST_LINE
    assert lines[-1] == "end"
    files = [Path(line.split('"')[1]) for line in lines if line.startswith("file ")]
    names = [str(file.relative_to(folder)) if file.is_relative_to(folder) else "system" for file in files]
    names = ["here" if file == only else name for file, name in zip(files, names, strict=True)]
    kept = [line for line in lines[1:-1] if not line.startswith(("file ", "target "))]

    def name_place(match: re.Match[str]) -> str:
        name = names[int(match[1])]
        return name if name == "system" else f"{name}:{match[2]}"

    placed = [re.sub(r"(?<= at )(\d+):(\d+)", name_place, line) for line in kept]
    text = "\n".join(placed) + "\n"
    return text.replace(str(only), "here").replace(f"{folder}/", "")


def directives(text: str) -> tuple[list[str], int]:
    options = re.match(r"// reader options (.*)\n", text)
    needed = re.match(r"// reader needs libclang (\d+)\n", text)
    return options[1].split() if options else [], int(needed[1]) if needed else 0


def list_cases() -> list[str]:
    return sorted([path.stem for path in CASES.glob("*.c")] + [path.name for path in CASES.iterdir() if path.is_dir()])


@pytest.mark.parametrize("libclang", list_libclangs())
@pytest.mark.parametrize("case", list_cases())
def test_case(case: str, libclang: str, read: Read) -> None:
    is_folder = (CASES / case).is_dir()
    folder = CASES / case if is_folder else CASES
    sources = (sorted(folder.rglob("*.c")) or [folder / "main.h"]) if is_folder else [folder / f"{case}.c"]
    expected = folder / "expected" if is_folder else folder / f"{case}.expected"
    options, needed = directives(sources[0].read_text(encoding="utf-8"))
    if version_of(libclang) < needed:
        pytest.skip(f"needs libclang {needed}")
    options = [word.format(folder=folder) for word in options]
    own, _, arguments = "\n".join(options).partition("--\n")
    done = read(*own.split(), *map(str, sources), libclang=libclang, arguments=tuple(arguments.split()))
    assert done.stderr == ""
    assert done.returncode == 0
    Declarations.parse(done.stdout.encode(), case)
    simple = simplify(done.stdout, folder, None if is_folder else sources[0])
    if os.environ.get("NDCALL_WRITE_EXPECTED") and not expected.exists():
        expected.write_text(simple, encoding="utf-8")
    assert simple == expected.read_text(encoding="utf-8")


def test_every_file_that_is_included_is_named(tmp_path: Path, read: Read) -> None:
    source = tmp_path / "a.c"
    source.write_text('#include <stdio.h>\n#include "b.h"\nint f(void);\n')
    (tmp_path / "b.h").write_text("#include <math.h>\n#include <complex.h>\n")
    printed = read(str(source)).stdout
    told = {os.path.realpath(line.split('"')[1]) for line in printed.splitlines() if line.startswith("file ")}
    rule = subprocess.run(["cc", "-M", str(source)], capture_output=True, text=True, check=True).stdout
    assert told == {os.path.realpath(word) for word in rule.replace("\\\n", " ").split()[1:]}


def test_prototypes_typed_by_hand_are_read_from_stdin(read: Read) -> None:
    done = read("--stdin-name", "declarations", text="double cbrt(double x);\nint32_t f(size_t n, bool b, double complex *z)")
    assert done.returncode == 0
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("function ")] == ["cbrt", "f"]
    assert 'file "declarations"' in done.stdout
    assert "invalid" not in done.stdout


def test_a_mistake_in_prototypes_typed_by_hand_is_told_with_its_line(read: Read) -> None:
    done = read("--stdin-name", "declarations", text="double cbrt(double x);\ndouble f(dubble x);")
    assert "invalid \"parameter 'x': unknown type name 'dubble' (line 2)\"" in done.stdout


def test_sources_and_prototypes_typed_by_hand_are_read_together(tmp_path: Path, read: Read) -> None:
    source = tmp_path / "a.c"
    source.write_text("int f(int a) { return a; }\n")
    done = read(str(source), "--stdin-name", "declarations", text="int g(int a);")
    assert [line.split()[1] for line in done.stdout.splitlines() if line.startswith("function ")] == ["f", "g"]


def test_a_header_of_the_c_library_has_its_own_functions_and_no_others(read: Read) -> None:
    names = [line.split()[1] for line in read("/usr/include/math.h").stdout.splitlines() if line.startswith("function ")]
    assert {"cbrt", "sin", "lgamma_r"} < set(names)
    names = [line.split()[1] for line in read("/usr/include/stdlib.h").stdout.splitlines() if line.startswith("function ")]
    assert {"qsort", "strtod"} < set(names)
    assert not {"memcpy", "select"} & set(names)


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--colour", "a.c"], 2, "unknown option --colour"),
        (["--scope", "some", "a.c"], 2, "--scope is main, user or all"),
        (["--cpu-seconds", "many", "a.c"], 2, "--cpu-seconds needs a number"),
        ([], 2, "no file to read"),
        (["/nowhere/a.c"], 4, "/nowhere/a.c: libclang cannot read it (no such file, or an argument that it refuses)"),
    ],
)
def test_what_cannot_be_done_ends_with_a_status_and_one_line(words: list[str], status: int, message: str, read: Read) -> None:
    done = read(*words)
    assert (done.returncode, done.stdout, done.stderr) == (status, "", f"ndcall-read-c: {message}\n")


def test_what_is_no_libclang_ends_with_its_own_status(tmp_path: Path, read: Read) -> None:
    fake = tmp_path / "libclang.so"
    fake.write_text("not a library")
    done = read("a.c", libclang=str(fake))
    assert done.returncode == 3
    assert done.stderr.startswith("ndcall-read-c: libclang cannot be loaded: ")


def test_a_text_that_takes_for_ever_is_stopped(tmp_path: Path, read: Read) -> None:
    # Doubling macros: a page of text that expands to a few million tokens.
    lines = ["#define M0(x) x + x"] + [f"#define M{i}(x) M{i - 1}(M{i - 1}(x))" for i in range(1, 6)]
    source = tmp_path / "slow.c"
    source.write_text("\n".join([*lines, "int a = M5(1);\n"]))
    done = read("--cpu-seconds", "1", str(source))
    assert (done.returncode, done.stderr) in [
        (5, "ndcall-read-c: out of time\n"),
        (6, "ndcall-read-c: out of memory, or libclang gave up\n"),
    ]


def test_arguments_that_would_run_code_are_not_passed_on(tmp_path: Path, read: Read) -> None:
    source = tmp_path / "a.c"
    source.write_text("int f(void);\n")
    hostile = (
        "-Xclang",
        "-load",
        "-Xclang",
        "/nowhere/plugin.so",
        "-fplugin=/nowhere/plugin.so",
        "-O3",
        "-mtune=unknown",
        "-Wp,-x",
        "@/nowhere",
    )
    done = read(str(source), arguments=hostile)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_processor_that_clang_does_not_know_is_left_out(tmp_path: Path, read: Read) -> None:
    source = tmp_path / "a.c"
    source.write_text("int f(void);\n")
    assert read(str(source), arguments=("-march=unheard-of",)).returncode == 0


@pytest.mark.parametrize(
    "text",
    [
        "struct s0 { int n; };\n" + "".join(f"struct s{i} {{ struct s{i - 1} *p; }};\n" for i in range(1, 20000)),
        "int f(" + "*".join(["int "] + [""] * 200) + "a);\nint g(void);\n",
        "int f(int a) { return " + "(" * 200 + "a" + ")" * 200 + "; }\n",
        "int f(int a) { return " + " + ".join(["a"] * 20000) + "; }\n",
        "int " + "x" * 100000 + "(void);\n",
        "\x00\x01\x02 int f(void);\n",
        'int f(void); // \xff\n#include "a.c"\n',
        "double f(double \u00e9t\u00e9, double *x\u0301);\n",
    ],
    ids=["chain of structs", "pointers", "parentheses", "sum", "long name", "control characters", "includes itself", "letters"],
)
def test_hostile_text_ends_in_declarations_or_in_an_error(text: str, tmp_path: Path, read: Read) -> None:
    source = tmp_path / "a.c"
    source.write_text(text, encoding="utf-8")
    done = read(str(source))
    if done.returncode == 0:
        Declarations.parse(done.stdout.encode(), "a.c")
    else:
        assert done.stdout == ""
        assert done.returncode < 0 or done.stderr.startswith("ndcall-read-c: ")  # libclang's own stack may end in its own thread
