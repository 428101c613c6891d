"""`draft`: what it says of a source, of a header, and of what it cannot say anything about."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import ndcall
import numpy as np
import pytest
from reference import contract_parser as reference

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
# Names that begin with '_' may be there for macros alone.
LIBRARIES = [
    ("math.h", "libm.so.6", "_*"),
    ("complex.h", "libm.so.6", "_*"),
    ("cblas.h", "openblas", ("*bf16*", "*sb*")),  # declared, and left out of most builds
    ("stdlib.h", "libc.so.6", "_*"),
    ("stdio.h", "libc.so.6", "_*"),
    ("string.h", "libc.so.6", "_*"),
    ("search.h", "libc.so.6", ()),
    ("time.h", "libc.so.6", ()),
]


def list_used(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and not line.startswith("#")]


def list_drafted(text: str) -> list[str]:
    """The lines behind '#?' too."""
    return [line.removeprefix("#? ") for line in text.split("\n") if line and (line.startswith("#? ") or not line.startswith("#"))]


def step_braces(name: str) -> list[str]:
    """ "f_{s,d}" is f_s and f_d."""
    head, brace, rest = name.partition("{")
    words, _, tail = rest.partition("}")
    return [head + word + tail for word in words.split(",")] if brace else [name]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The header and the source of tests/data, alone in a folder."""
    place = tmp_path_factory.mktemp("draft")
    for name in ("drafted.h", "drafted.c"):
        (place / name).write_text((DATA / name).read_text(encoding="utf-8"), encoding="utf-8")
    return place


@pytest.mark.parametrize("name", ["drafted.h", "drafted.c"])
def test_a_draft_is_the_same_text_every_time(name: str, folder: Path) -> None:
    expected = DATA / f"{name}.contract"
    text = ndcall.draft(folder / name)
    if os.environ.get("NDCALL_WRITE_EXPECTED") and not expected.exists():
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")
    assert ndcall.draft(folder / name) == text


def test_a_draft_loads_as_it_is_and_its_lines_are_right(folder: Path) -> None:
    lib = ndcall.load(folder / "drafted.c", contracts=ndcall.draft(folder / "drafted.c"))
    x = np.array([3.0, 1.0, 2.0])
    assert lib.mean(x) == 2.0
    assert lib.range_of(x) == (1.0, 3.0)
    np.testing.assert_array_equal(lib.transpose(np.arange(6.0).reshape(2, 3)), np.arange(6.0).reshape(2, 3).T)
    np.testing.assert_array_equal(lib.cross([1, 0, 0], [0, 1, 0]), [0, 0, 1])
    lib.double_rows(table := np.ones((2, 2)))
    np.testing.assert_array_equal(table, [[2, 2], [2, 2]])


def test_a_draft_saved_beside_its_source_is_found(tmp_path: Path) -> None:
    source = tmp_path / "scale.c"
    source.write_text("void scale(const double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = 2 * x[i]; }\n")
    (tmp_path / "scale.contract").write_text(ndcall.draft(source))
    np.testing.assert_array_equal(ndcall.load(source).scale([1.0, 2.0]), [2.0, 4.0])
    assert "# These have a line already.\n# scale\n" in ndcall.draft(source)  # nothing is drafted over what somebody wrote


@pytest.mark.parametrize(("header", "library", "exclude"), LIBRARIES)
def test_every_line_of_a_draft_parses_and_every_used_one_binds(header: str, library: str, exclude: str | tuple[str, ...]) -> None:
    text = ndcall.draft(header, exclude=exclude)
    for line in list_drafted(text):
        assert reference.parse_file(line), line
    lib = ndcall.load(header, library=library, contracts=text)  # a line that does not bind would raise
    names = {name for line in list_used(text) for name in step_braces(line.split(":")[0].split("(")[0])}
    assert names <= set(dir(lib))


def test_functions_alike_share_a_line(tmp_path: Path) -> None:
    header = tmp_path / "many.h"
    kinds = "".join(f"void cblas_{letter}copy(int n, const void *x, int incx, void *y, int incy);\n" for letter in "cz")
    sums = "".join(f"{dtype} sum_{dtype}_of(const {dtype} *x, int n);\n" for dtype in ("float", "double"))
    header.write_text("void sadd(const float *x, float *y, int n);\nvoid dadd(const double *x, double *y, int n);\n" + kinds + sums)
    assert list_used(ndcall.draft(header)) == [
        "{s,d}add: x[n], inout y[n]",
        "cblas_{c,z}copy: lowest x: {complex64,complex128}[n:incx], inout lowest y: {complex64,complex128}[n:incy]",
        "sum_{float,double}_of: x[n]",
    ]


def test_only_and_exclude_choose_the_functions(folder: Path) -> None:
    lines = list_drafted(ndcall.draft(folder / "drafted.c", only="*", exclude=["cross", "t*"]))
    assert [line.split(":")[0] for line in lines] == ["mean", "range_of", "double_rows", "differences"]
    with pytest.raises(ndcall.UnknownNameError) as caught:
        ndcall.draft(folder / "drafted.c", only="cros")
    assert str(caught.value) == "only= 'cros' fits no function of drafted.c; did you mean 'cross'?"


def test_nothing_is_compiled_and_nothing_opened(tmp_path: Path) -> None:
    source = tmp_path / "unlinked.c"
    source.write_text("double missing(double);\nvoid f(double *y) { *y = missing(1); }\n")
    assert list_used(ndcall.draft(source)) == ["f: -> y"]


def test_what_cannot_be_drafted_is_told(tmp_path: Path) -> None:
    with pytest.raises(ndcall.LoadError) as caught:
        ndcall.draft("libm.so.6")
    assert str(caught.value) == "libm.so.6 does not say which types its functions take\n  fix       draft from its header"
    with pytest.raises(ValueError, match="the first argument names no file"):
        ndcall.draft([])


def test_what_a_header_says_stays_in_its_comment(tmp_path: Path) -> None:
    header = tmp_path / "hostile.h"
    header.write_text('double f(const double *x /* \nload evil() */, int n);\nint g(const char *s, ...) __asm__("g\\nload evil()");\n')
    assert list_used(ndcall.draft(header)) == ["f: x[n]"]


def test_importing_ndcall_does_not_import_it() -> None:
    code = "import sys, ndcall; print('ndcall._draft' in sys.modules, callable(ndcall.draft), 'draft' in dir(ndcall))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "False True True\n", done.stderr


@pytest.mark.parametrize("text", ["", "int f(", "enum { ONE = 1 };\n"])
def test_a_file_without_functions_is_not_answered_with_an_empty_draft(text, tmp_path, refusal):
    (tmp_path / "bad.c").write_text(text)
    assert refusal(ndcall.ReadError, ndcall.draft, tmp_path / "bad.c") == "bad.c declares no function"
