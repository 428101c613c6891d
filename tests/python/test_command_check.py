"""`ndcall check`: verdicts, places, exit statuses, the compiler's view, and the document for machines."""

from __future__ import annotations

import json
from pathlib import Path

import ndcall
import pytest
from ndcall._build import fetch_entry
from ndcall._command import facts
from ndcall._command.frame import run
from ndcall._core import Declarations

FINE = """
typedef struct { int id; double weight; } Item;
enum mode { SOFT, HARD = 4 };
typedef double (*function)(double, enum mode);

/// ndcall: x[n] -> y[n]
void copy(const double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i]; }
double half(double x) { return x / 2; }
double weigh(Item item) { return item.weight; }
"""
LACKING = "void fill(double *x, int n) { for (int i = 0; i < n; i++) x[i] = 1; }\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "code.c").write_text(FINE)
    return tmp_path


def test_what_is_in_order_is_listed_with_its_place_and_signature(folder, capsys):
    assert run(["check", "code.c"]) == 0
    assert capsys.readouterr() == (
        "code.c:7: ok: copy(x: float64[n]) -> y: float64[n]\n"
        "code.c:8: ok: half(x: float) -> float\n"
        "code.c:9: ok: weigh(item: Item) -> float\n"
        "3 of 3 functions can be called\n",
        "",
    )


def test_quiet_leaves_out_what_is_in_order(folder, capsys):
    assert run(["check", "-q", "code.c"]) == 0
    assert capsys.readouterr().out == "3 of 3 functions can be called\n"


def test_a_function_that_lacks_a_contract_is_a_warning_and_with_strict_an_error(folder, capsys):
    (folder / "code.c").write_text(FINE + LACKING)
    assert run(["check", "-q", "code.c"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("code.c:10: warning: fill lacks a contract: nothing says what 'x' (double *x) points to")
    assert "\n  try       fill: " in out
    assert out.endswith("\n3 of 4 functions can be called; 1 lacks a contract; 1 warning\n")
    assert run(["check", "-q", "--strict", "code.c"]) == 1
    assert capsys.readouterr().out.endswith("\n3 of 4 functions can be called; 1 lacks a contract; 1 error\n")


def test_a_wrong_line_is_shown_with_line_and_column(folder, capsys):
    (folder / "code.contract").write_text("# mine\ncopy: x[n] -> z[n]\nhalf: x[n\nhaff: x\n")
    assert run(["check", "-q", "code.c"]) == 1
    assert capsys.readouterr().out == (
        "code.contract:2:15: error: copy: 'z' is not a parameter of copy\n"
        "  copy: x[n] -> z[n]\n"
        "                ^\n"
        "code.contract:3:10: error: half: expected ']' to close the extents, found the end\n"
        "  half: x[n\n"
        "           ^\n"
        "code.contract:4:1: error: there is no function 'haff' here; did you mean 'half'?\n"
        "  haff: x\n"
        "  ^\n"
        "1 of 3 functions can be called; 3 errors\n"
    )


def test_every_wrong_line_of_contracts_is_shown(folder, capsys):
    (folder / "mine.contract").write_text("copy: x[n] -> z[n]\nhalf: x[n\nweigh: item\n")
    assert run(["check", "-q", "code.c", "--contracts", "mine.contract"]) == 1
    assert [line for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")] == [
        "mine.contract:1:15: error: copy: 'z' is not a parameter of copy",
        "mine.contract:2:10: error: half: expected ']' to close the extents, found the end",
        "1 of 3 functions can be called; 2 errors",
    ]


def test_a_line_of_a_struct_is_checked_too(folder, capsys):
    (folder / "code.contract").write_text("struct Item: id, wieght\n")
    assert run(["check", "-q", "code.c"]) == 1
    assert capsys.readouterr().out.startswith("code.contract:1:18: error: Item: ")


def test_a_function_with_a_contract_that_the_library_lacks_is_an_error_without_one_a_warning(folder, capsys):
    (folder / "roots.h").write_text("double cbrt(double x);\ndouble nbrt(double x);\n/// ndcall: x[n]\nvoid all_roots(double *x, int n);\n")
    assert run(["check", "roots.h", "--library", "m"]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "roots.h:1: ok: cbrt(x: float) -> float"
    assert printed[1].startswith("roots.h:2: warning: nbrt is not in /")
    assert printed[2].startswith("roots.h:4: error: all_roots is not in /")
    assert printed[3] == "1 of 3 functions can be called; 1 error; 1 warning"


def test_a_contract_that_calls_its_own_function_is_told_also_when_the_library_lacks_it(folder, capsys):
    (folder / "roots.h").write_text("/// ndcall: n; check all_roots(n) > 0\nint all_roots(int n);\n")
    assert run(["check", "roots.h", "--library", "m"]) == 1
    assert "its contract calls all_roots itself" in capsys.readouterr().out


def test_a_header_alone_is_checked_without_looking_for_symbols(folder, capsys):
    (folder / "roots.h").write_text("double nbrt(double x);\n")
    assert run(["check", "roots.h"]) == 0
    assert capsys.readouterr().out == "roots.h:1: ok: nbrt(x: float) -> float\n1 of 1 functions can be called\n"


@pytest.mark.parametrize("header", ["math.h", "stdio.h", "stdlib.h", "string.h", "complex.h", "time.h", "cblas.h"])
def test_reader_and_compiler_agree_on_headers_of_the_system(header, folder):
    library = ndcall.load(header, library=())
    assert facts.find_disagreements(library._ndcall_state.recipe.request) == []


def test_two_sources_with_static_functions_of_one_name_are_judged_one_by_one(folder, capsys):
    (folder / "code.c").write_text("static int same(int a) { return a; }\nint one(void) { return same(1); }\n")
    (folder / "more.c").write_text("static long same(long a) { return a; }\nlong two(void) { return same(2); }\n")
    assert run(["check", "code.c", "--with", "more.c", "--only", "one", "--only", "two"]) == 0
    assert capsys.readouterr().out.endswith("2 of 2 functions can be called\n")


@pytest.mark.parametrize(
    ("read", "instead", "told"),
    [
        ("weight f8 at 8", "weight f4 at 8", "weight of Item lies at byte 8, with 4"),
        ("id i4 at 0", "id i4 at 4", "id of Item lies at byte 4, with 4"),
        ("fn(x: f8)", "fn(x: f4)", "half is double (float)"),
        ("member HARD 4", "member HARD 5", "HARD is 5"),
    ],
)
def test_what_was_read_differently_than_the_compiler_reads_it_is_an_error(folder, capsys, monkeypatch, read, instead, told):
    def fetch_altered(request):
        found = fetch_entry(request)
        text = found.entry.declarations.decode()
        assert read in text
        return found.replace(declarations=Declarations.parse(text.replace(read, instead).encode(), "altered"))

    monkeypatch.setattr(facts, "fetch_entry", fetch_altered)
    assert run(["check", "-q", "code.c"]) == 1
    out = capsys.readouterr().out
    assert f"error: the compiler does not agree that {told}\n" in out
    assert out.endswith("3 of 3 functions can be called; 1 error\n")


def test_without_a_compiler_a_header_is_checked_but_for_the_compilers_view(folder, capsys, monkeypatch):
    (folder / "roots.h").write_text("double cbrt(double x);\n")
    monkeypatch.setenv("NDCALL_CC", "nocc")
    assert run(["check", "roots.h", "--library", "libm.so.6"]) == 0
    assert capsys.readouterr().out == (
        "roots.h:1: ok: cbrt(x: float) -> float\n"
        "roots.h: warning: the compiler of NDCALL_CC was not found: 'nocc' is no program in PATH\n"
        "  fix       install gcc (Debian: apt-get install gcc libc6-dev), or name a compiler: NDCALL_CC=clang\n"
        "1 of 1 functions can be called; 1 warning\n"
    )


def test_the_document_holds_summary_and_findings(folder, capsys):
    (folder / "code.contract").write_text("copy: x[n] -> z[n]\n")
    assert run(["check", "--json", "code.c"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert {name: document[name] for name in ("schema", "ndcall", "ok", "summary")} == {
        "schema": 1,
        "ndcall": ndcall.__version__,
        "ok": False,
        "summary": {"functions": 3, "callable": 2, "lack_a_contract": 0, "errors": 1, "warnings": 0},
    }
    assert document["findings"][:2] == [
        {
            "level": "error",
            "kind": "wrong contract",
            "name": "copy",
            "file": str(folder / "code.contract"),
            "line": 1,
            "column": 15,
            "message": "copy: 'z' is not a parameter of copy",
            "detail": "  copy: x[n] -> z[n]\n                ^",
            "cure": "",
            "signature": "",
            "contract": "x[n] -> z[n]",
        },
        {
            "level": "ok",
            "kind": "callable",
            "name": "half",
            "file": str(folder / "code.c"),
            "line": 8,
            "column": None,
            "message": "half(x: float) -> float",
            "detail": "",
            "cure": "",
            "signature": "half(x: float) -> float",
            "contract": "",
        },
    ]


def test_what_cannot_be_loaded_is_a_finding_of_the_document(folder, capsys):
    (folder / "code.c").write_text("int broken(int a { return a; }\n")
    assert run(["check", "--json", "code.c"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["summary"]["errors"]) == (False, 1)
    (finding,) = document["findings"]
    assert (finding["level"], finding["kind"], finding["file"]) == ("error", "not loaded", "code.c")
    assert "expected" in finding["detail"]
