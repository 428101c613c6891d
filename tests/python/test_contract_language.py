"""The parser of contracts against a second one in Python: the same texts accepted, the same refused, the same trees."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference import contract_parser as reference

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data"
# The interpreter of the sanitized environment stands inside the sanitized build.
BUILD = ROOT / "build" / ("sanitize" if "sanitize" in Path(sys.prefix).parts else "python")
TOOL = BUILD / "tests" / "tools" / "contract_dump"

pytestmark = [
    pytest.mark.skipif(not TOOL.exists(), reason="the C++ tests are not built: GoogleTest is missing"),
    pytest.mark.unsanitized,  # the tool is a process of the plain build; the parser's own tests run under the sanitizers
]


def ask_reference(text: str) -> str:
    try:
        return " ".join(["ok", *reference.parse_file(text)])
    except reference.ContractError:
        return "error"


class Tool:
    """The C++ parser as a process that answers line by line."""

    def __init__(self, *options: str) -> None:
        self.process = subprocess.Popen([TOOL, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")

    def __call__(self, text: str) -> str:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(text.replace("\\", "\\\\").replace("\n", "\\n") + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().rstrip("\n")
        assert answer, "the parser died"
        return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], answer)

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        assert self.process.wait(timeout=10) == 0


@pytest.fixture(scope="module")
def parse() -> Iterator[Tool]:
    tool = Tool()
    yield tool
    tool.close()


@pytest.fixture(scope="module")
def print_entries() -> Iterator[Tool]:
    tool = Tool("--print")
    yield tool
    tool.close()


def compare(parse: Callable[[str], str], text: str) -> None:
    ours, theirs = parse(text), ask_reference(text)
    assert (ours if ours.startswith("ok") else "error") == theirs, ours


LINES: list[str] = reference.split_lines((DATA / "lines.contract").read_text(encoding="utf-8"))


def records(name: str) -> list[str]:
    """The inputs of a file of mistakes: lines behind "| ", an empty line between two records."""
    text = (DATA / name).read_text(encoding="utf-8")
    return ["\n".join(line[2:] for line in record.split("\n") if line.startswith("|")) for record in text.split("\n\n")]


@pytest.mark.parametrize("text", LINES, ids=lambda text: re.split("[:(]", text)[0])
def test_a_line_for_a_real_library_gives_the_same_tree(parse: Tool, text: str) -> None:
    assert ask_reference(text) != "error"
    compare(parse, text)


@pytest.mark.parametrize("text", records("mistakes_in_files.txt"))
def test_a_mistake_is_refused_by_both(parse: Tool, text: str) -> None:
    assert ask_reference(text) == "error"
    compare(parse, text)


# texts that the grammar allows, drawn rule by rule

Draw = Callable[[st.SearchStrategy[Any]], Any]
NAMES = [
    "x",
    "y",
    "n",
    "a_1",
    "ok",
    "error",
    "check",
    "free",
    "of",
    "from",
    "on",
    "until",
    "bytes",
    "user",
    "first",
    "keep",
    "like",
    "Kind",
]
ATOMS = [
    "x",
    "n",
    "data.n",
    "return",
    "return.x",
    "ok",
    "until",
    "0",
    "17",
    "0x1F",
    "1.5",
    ".5",
    "2.",
    "1e-3",
    "9223372036854775807",
    "NULL",
]
ATOMS += ["'V'", "'\\'", '"a;b#"', '""']
OPERATORS = ["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>", " == ", " != ", " < ", "<=", " > ", ">= ", " and ", " or "]
TARGETS = [
    "f",
    "add = zadd",
    "a.b = f(x, n)",
    "f()",
    "f(op, g: void(*)(void*,int, const char *), p:void  *)",
    "int gsl_*",
    "const char * f*_e, gsl_*is*",
    "nlopt_result * *",
    "struct s",
    "struct s f_*",
    "{s,d}f_{1,2}",
    "f{,f}",
    "load",
]


def pick(draw: Draw, *texts: str) -> str:
    return str(draw(st.sampled_from(texts)))


def join(draw: Draw, make: Callable[[], str], least: int = 1, most: int = 3) -> str:
    return ", ".join(make() for _ in range(draw(st.integers(least, most))))


def make_name(draw: Draw) -> str:
    return pick(draw, *NAMES) + pick(draw, "", "", "", ".n")


def make_expression(draw: Draw, depth: int = 3) -> str:
    shape = draw(st.integers(0, 8)) if depth else 0

    def inner() -> str:
        return make_expression(draw, depth - 1)

    if shape == 1:
        return f"({inner()})"
    if shape == 2:
        return f"({inner()} if {inner()} else {inner()})"
    if shape == 3:
        return pick(draw, "not ", "-", "~", "+", "not", "- ") + inner()
    if shape == 4:
        return f"{pick(draw, *NAMES)}({join(draw, inner, 0)})"
    if shape == 5:
        return f"[{join(draw, inner)}]"
    if shape == 6:
        return f"{make_name(draw)}[{inner()}]" + pick(draw, "", "", ".index", ".a.b")
    if shape > 6:
        return inner() + pick(draw, *OPERATORS) + inner()
    return pick(draw, *ATOMS)


def make_sum(draw: Draw) -> str:
    shape = draw(st.integers(0, 2))
    if shape == 1:
        return f"({make_expression(draw)})"
    return pick(draw, *ATOMS) + (pick(draw, *OPERATORS[:10]) + pick(draw, *ATOMS) if shape else "")


def make_extent(draw: Draw) -> str:
    form = pick(draw, "sum", "sum", "capacity", "any", "until")
    value = {"sum": make_sum, "any": lambda draw: "*" + pick(draw, "", *NAMES), "until": lambda draw: f"until {make_expression(draw)}"}
    text = f"{make_sum(draw)} <= {make_sum(draw)}" if form == "capacity" else value[form](draw)
    return text + pick(draw, "", "", ":") if draw(st.booleans()) else f"{text}:{make_sum(draw)}" + pick(draw, "", " bytes")


def make_item(draw: Draw, side: str, depth: int) -> str:
    out = pick(draw, "", "", "inout ", "copy fortran ", "rows ", "lowest inout ", "taken ", "static ", "unset ")
    out += pick(draw, "return", "return.x") if side == "right" and draw(st.booleans()) else make_name(draw)
    if depth and pick(draw, "plain", "plain", "callback") == "callback":
        out += f"({make_contract(draw, depth - 1)})"
    else:
        out += pick(draw, "", "", ": float64", ": str", ": like(x)", ": FFTW_*", ": Numeric")
        out += f"[{join(draw, lambda: make_extent(draw))}]" if draw(st.booleans()) else ""
    end = pick(draw, "", "", "", "?", " free", " of x", " from 1", " free f", "? free f(1)", " =")
    return out + (f" = {make_expression(draw)}" if end == " =" and side == "left" else end.rstrip("="))


def make_items(draw: Draw, side: str, depth: int) -> str:
    return "*" if side == "right" and pick(draw, "items", "items", "*") == "*" else join(draw, lambda: make_item(draw, side, depth))


def make_setting(draw: Draw) -> str:
    return f"{make_name(draw)} = {make_expression(draw)}"


def make_test(draw: Draw, word: str) -> str:
    text = pick(draw, "", ' "odd"') if word == "warn" else pick(draw, "", ' else "no"', " else errno", " else m free f", " else g(return)")
    return f"{word} {make_expression(draw)}{text}"


def make_clause(draw: Draw) -> str:
    word = pick(draw, "ok", "check", "warn", "set", "first", "scratch", "error", "keep", "alias", "each", "halo", "broadcast", "others")
    names = join(draw, lambda: make_name(draw))
    if word in ("ok", "check", "warn"):
        return make_test(draw, word)
    if word == "keep":
        return f"keep {names}" + pick(draw, "", " on x", " until done", f" on return[{make_expression(draw)}]")
    rest = {
        "set": lambda: make_setting(draw),
        "first": lambda: f"first {make_setting(draw)} then {make_setting(draw)}, {make_setting(draw)}",
        "scratch": lambda: f"scratch {make_items(draw, 'left', 0)}",
        "error": lambda: f"error {make_expression(draw)}",
        "halo": lambda: f"halo {make_sum(draw)} on {names}",
        "others": lambda: pick(draw, "user p", "ignore return", "whole", "serial", "gil", "nogil"),
        "broadcast": lambda: "broadcast",
    }
    return rest.get(word, lambda: f"{word} {names}")()


def make_contract(draw: Draw, depth: int = 1) -> str:
    left, right = (make_items(draw, side, depth) if draw(st.booleans()) else "" for side in ("left", "right"))
    clauses = [make_clause(draw) for _ in range(draw(st.integers(0, 3)))]
    sides = [f"{left} -> {right}" if right else left] if left or right or draw(st.booleans()) else []
    return "; ".join([*sides, *clauses])


@st.composite
def entries(draw: Draw) -> str:
    kind = pick(draw, "contract", "contract", "contract", "contract", "load", "other")
    if kind == "load":
        return f"{pick(draw, 'load', 'unload')} f({make_expression(draw)}) # at the end"
    if kind == "other":
        return pick(draw, "* = gsl_*", "a.*_b = c_*_d", "handle gsl_*: free gsl_*_free", "handle h = void *: free f(x, 1); serial; ref g")
    return f"{pick(draw, *TARGETS)}: {make_contract(draw)}"


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(text=entries())
def test_a_text_made_by_the_grammar_gives_the_same_tree(parse: Tool, text: str) -> None:
    compare(parse, text)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(text=entries())
def test_what_is_printed_parses_to_the_same_tree(parse: Tool, print_entries: Tool, text: str) -> None:
    tree = parse(text)
    if tree.startswith("ok"):
        printed = print_entries(text)[len("ok\n") :]
        assert parse(printed) == tree, printed


# texts with mistakes

PIECE = re.compile(r'"[^"\n]*"|\w+|\s+|.', re.DOTALL)
STRAYS = sorted({piece for line in LINES for piece in PIECE.findall(line)})
STRAYS += [
    "if",
    "else",
    "and",
    "or",
    "not",
    "{",
    "}",
    "{a,b}",
    "**",
    "//",
    "/*",
    "&&",
    "||",
    "!",
    "=>",
    "...",
    "..",
    "@",
    "²",
    "→",
    "'",
    '"',
]
STRAYS += ["010", "3m", "1e999", "0x", "10UL", "double", "const", "return", "#", " ", "\n", "\n ", "\n  ", "\t", "\r\n", "\n# c\n  "]


@st.composite
def slips(draw: Draw) -> str:
    pieces = PIECE.findall(draw(st.sampled_from(LINES)) if draw(st.booleans()) else draw(entries()))
    for _ in range(draw(st.integers(1, 3))):
        at, other = draw(st.integers(0, len(pieces) - 1)), draw(st.integers(0, len(pieces) - 1))
        edit(pieces, pick(draw, "delete", "insert", "replace", "swap", "repeat"), at, other, pick(draw, *STRAYS))
    return "".join(pieces)


def edit(pieces: list[str], how: str, at: int, other: int, stray: str) -> None:
    if how == "delete" and len(pieces) > 1:
        del pieces[at]
    elif how == "insert":
        pieces.insert(at, stray)
    elif how == "replace":
        pieces[at] = stray
    elif how == "swap":
        pieces[at], pieces[other] = pieces[other], pieces[at]
    else:
        pieces[at:at] = pieces[other : other + 5]


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(text=slips())
def test_a_text_with_slips_is_judged_alike(parse: Tool, text: str) -> None:
    compare(parse, text)


# documents

FENCE = re.compile(r"^```contract[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_the_contracts_in_a_page_are_contracts(parse: Tool, page: Path) -> None:
    for text in FENCE.findall(page.read_text(encoding="utf-8")):
        assert parse(text).startswith("ok"), parse(text)
