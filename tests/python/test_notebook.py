"""Libraries and functions as tables in a notebook."""

from __future__ import annotations

import html.parser
import os
import pickle
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import ndcall
import pytest
from ndcall._quote import quote_function

SOURCE = """\
#include <stddef.h>
#include <stdio.h>

#define LIMIT 100
#define TITLE "a <b> & \\"c\\""
enum mode { FAST = 1, EXACT = 2 };
/* A place on earth. */
typedef struct place { double latitude, longitude; } place;
double gain = 2;
double table[2][3];
struct opaque *handle;

/// Scale a vector.
///
/// The factor is a pure number; a <script>alert(1)</script> is not.
/// ndcall: x[n], factor = 2.0 -> y[n]
void scale(const double *x, double factor, double *y, size_t n) {
    for (size_t i = 0; i < n; i++) { /* } */
        y[i] = factor * x[i];
    }
}

int one(void) { return '}' == 125; }

void not_enough(const double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i]; }
"""

ALLOWED = {"b", "br", "code", "details", "div", "pre", "span", "summary", "table", "td", "tr"}


class Page(html.parser.HTMLParser):
    """What a browser would show: every element is closed, and is one of ALLOWED with no attribute that does anything."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._open: list[str] = []
        self.shown = ""
        self.rows: list[list[str]] = []
        self.titles: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED
        assert {name for name, _ in attrs} <= {"style", "title", "open"}
        assert not any("url(" in (value or "") for name, value in attrs if name == "style")
        self.titles += [value or "" for name, value in attrs if name == "title"]
        if tag == "br":
            self.shown += "\n"
            return
        self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag in ("div", "pre", "summary", "tr"):
            self.shown += "\n"

    def handle_data(self, data: str) -> None:
        self.shown += data
        if "td" in self._open:
            self.rows[-1][-1] += data


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


def test_a_function_shows_signature_prose_contract_declaration_and_source(lib):
    page = Page(lib.scale._repr_html_())
    lines = [line.rstrip() for line in page.shown.split("\n") if line.strip()]
    assert lines == [
        "scale(x: float64[n], factor: float = 2.0) -> y: float64[n]",
        "Scale a vector.",
        "The factor is a pure number; a <script>alert(1)</script> is not.",
        "contractx[n], factor = 2.0 -> y[n] code.c:16",
        "declaredvoid scale(const double *x, double factor, double *y, size_t n) code.c:17",
        "source",
        "   17  void scale(const double *x, double factor, double *y, size_t n) {",
        "   18      for (size_t i = 0; i < n; i++) { /* } */",
        "   19          y[i] = factor * x[i];",
        "   20      }",
        "   21  }",
    ]
    assert [Path(title).name for title in page.titles] == ["code.c"]


def test_a_function_without_a_contract_says_that_none_is_needed(lib):
    shown = Page(lib.one._repr_html_()).shown
    assert "contractnone: the declaration says it all" in shown
    assert "   23  int one(void) { return '}' == 125; }\n" in shown


def test_a_function_that_cannot_be_called_shows_why_and_what_to_write(lib):
    shown = Page(lib.not_enough._repr_html_()).shown
    with pytest.raises(ndcall.BindError) as caught:
        lib.not_enough([1.0])
    assert shown.startswith("not_enough\n" + str(caught.value).removeprefix("not_enough "))
    assert "  try       not_enough: x[n] -> y[n]\n" in shown
    assert "declared in code.c:25" in shown


def test_overloads_are_shown_one_after_the_other(load_c):
    lib = load_c(
        "float addf(float a, float b) { return a + b; }\ndouble add(double a, double b) { return a + b; }\n",
        contract="add = addf: a, b\nadd: a, b\n",
    )
    shown = Page(lib.add._repr_html_()).shown
    assert shown.count("add(a: float, b: float) -> float\n") == 2
    assert shown.index("float addf(float a, float b)") < shown.index("double add(double a, double b)")


def test_an_edited_source_is_not_shown_as_what_runs(tmp_path):
    source = tmp_path / "code.c"
    source.write_text(SOURCE)
    lib = ndcall.load(source)
    assert "y[i] = factor" in lib.scale._repr_html_()
    source.write_text(SOURCE.replace("factor * x[i]", "factor + x[i]"))
    page = Page(lib.scale._repr_html_())
    assert "y[i] = factor" not in page.shown
    assert page.shown.endswith("size_t n) code.c:17\n\n")
    source.unlink()
    assert Page(lib.scale._repr_html_()).shown == page.shown


def test_a_function_whose_library_cannot_be_loaded_any_more_has_no_table(tmp_path):
    code = f"""
        import ndcall, pickle, sys
        sys.stdout.buffer.write(pickle.dumps(ndcall.load({str(tmp_path / "code.c")!r}, flags=["-I{tmp_path}"]).f))
    """
    (tmp_path / "code.c").write_text("int f(void) { return 1; }\n")
    data = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, check=True).stdout
    (tmp_path / "code.c").unlink()
    function = pickle.loads(data)
    assert function._repr_html_() is None
    assert repr(function) == "<ndcall function f, cannot be called: its library cannot be loaded>"


@pytest.mark.filterwarnings("ignore::ndcall.BuildWarning")  # of a character that turns the text around
def test_text_of_others_stays_text(tmp_path):
    source = tmp_path / "a\"'><img onerror=x>.c"
    source.write_bytes(
        b'/// \xff \xe2\x80\xae<img src="x">\n/// ndcall: x -> return; check x < 1 else "</td><b>"\ndouble f(double x) { return x; }\n'
    )
    lib = ndcall.load(source)
    page = Page(lib.f._repr_html_())
    assert '\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}<img src="x">' in page.shown
    assert page.titles == [str(source)]
    assert 'x -> return; check x < 1 else "</td><b>"' in page.shown
    assert Page(lib._repr_html_()).shown.startswith(f"{source.name} 1 name\n")


def test_a_library_shows_its_names_by_kind(lib):
    page = Page(lib._repr_html_())
    summaries = [line for line in page.shown.split("\n") if re.fullmatch(r"\d+ \w+", line)]
    assert summaries == ["3 functions", "3 variables", "1 struct", "1 enum", "2 constants"]
    reason = "nothing says what 'x' (const double *x) points to: how many elements, and whether C reads or writes them"
    assert page.rows == [
        ["scale(x: float64[n], factor: float = 2.0) -> y: float64[n]", "Scale a vector."],
        ["one() -> int", ""],
        ["not_enough", f"cannot be called: {reason}"],
        ["gain", "float64 = 2.0"],
        ["table", "float64[2, 3]"],
        ["handle", "cannot be shown: struct opaque *handle has a type that NumPy has no dtype for"],
        ["place", "A place on earth."],
        ["mode", "FAST = 1, EXACT = 2"],
        ["LIMIT", "= 100"],
        ["TITLE", "= 'a <b> & \"c\"'"],
    ]


def test_a_large_library_shows_its_first_names_and_how_many_more_there_are(load_c):
    lib = load_c("".join(f"int f{i}(int a) {{ return a + {i}; }}\n" for i in range(1200)))
    page = Page(lib._repr_html_())
    assert len(page.rows) == 50
    assert page.rows[49] == ["f49(a: int) -> int", ""]
    assert "... and 1,150 more, which dir(lib) lists\n" in page.shown
    assert len(lib._repr_html_()) < 50_000


QUOTED = [
    ("int f(void);\nint g(void);\n", 1, ["int f(void);"]),
    (
        'int f(void)\n{\n    return \'}\' + "}\\"}"[0]; // }\n}\nint g;\n',
        1,
        ["int f(void)", "{", '    return \'}\' + "}\\"}"[0]; // }', "}"],
    ),
    ("/* { */ int f(void) {\r\n}\r\nint g;\r\n", 1, ["/* { */ int f(void) {", "}"]),
    ("int f(void) {\n\f/* never closed", 1, ["int f(void) {", "\f/* never closed"]),
    ("int f(void) {\n" + "    a;\n" * 100 + "}\n", 1, ["int f(void) {", *["    a;"] * 59, "..."]),
    ("int f(void) { " + "a" * 500 + "; }\n", 1, ["int f(void) { " + "a" * 186 + " ...", ""]),
    ("int f(void);\n", 7, []),
]


@pytest.mark.parametrize(("text", "line", "quoted"), QUOTED)
def test_a_function_is_quoted_to_its_end(tmp_path, text, line, quoted):
    from ndcall._digest import sha256

    source = tmp_path / "code.c"
    source.write_bytes(text.encode())
    assert quote_function(str(source), line, {sha256(text.encode())}) == quoted
    assert quote_function(str(source), line, {sha256(b"")}) == []


def test_what_stands_in_the_place_of_a_source_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "code.c")
    assert quote_function(str(tmp_path / "code.c"), 1, set()) == []
    assert quote_function(str(tmp_path), 1, set()) == []
    assert quote_function("/dev/zero", 1, set()) == []
