"""The tables of docs/values.md: what C gets for a value, byte by byte as C had it.

`python -m model.values` prints them, `python -m model.values write` puts them into the page.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import ndcall
import numpy as np

from .c_source import ITEMS
from .scene import Index

PAGE = Path(__file__).resolve().parents[2] / "docs" / "values.md"
BEGIN, END = "<!-- made by scripts/value_tables -->\n", "<!-- end -->\n"


class Float:
    """Has __float__ alone."""

    def __init__(self, value: float):
        self.value = value

    def __float__(self) -> float:
        return self.value


NAMES = {"np": np, "Decimal": Decimal, "Fraction": Fraction, "Index": Index, "Float": Float, "nan": float("nan"), "inf": float("inf")}
NUMBERS = """True; 3; -1; 200; 2**31; 2**53 + 1; 2**63 - 1; 2**63; 2**64 - 1; 2**64; 10**400; 3.0; 3.7; 0.1; -0.0; nan; inf; 65520.0; 1e39;
1e-40; 5e-324; 1 + 0j; 1 + 2j; 1e39j; np.True_; np.int8(-1); np.uint64(2**64 - 1); np.float16(3.5); np.float32(0.1); np.longdouble(3.5);
np.longdouble(1) / 3; np.complex64(1)"""
OTHERS = """Index(3); Float(3.0); Fraction(3); Decimal(3); "3"; b"3"; None; np.ma.masked; np.timedelta64(3, "s")"""
ARRAYS = """np.array(True); np.array(3); np.array(3, ">i4"); np.array(3.5); np.array([3]); np.array([3.5]); np.array([[3]])"""
INTEGERS = {
    "_Bool": "bool", "char": "int8", "signed char": "int8", "unsigned char": "uint8", "short": "int16", "unsigned short": "uint16",
    "int": "int32", "unsigned int": "uint32", "long": "int64", "unsigned long": "uint64", "long long": "int64",
    "unsigned long long": "uint64",
    "size_t": "uint64", "enum colour": "uint32",
}  # fmt: skip
FLOATS = {
    "float": "float32", "double": "float64", "long double": "longdouble", "float _Complex": "complex64", "double _Complex": "complex128",
    "long double _Complex": "clongdouble",
}  # fmt: skip
DTYPES = [dtype for dtype in ITEMS if dtype != "longlong"]


def split(rows: str) -> list[str]:
    return [row.strip() for row in rows.split(";")]


def evaluate(text: str) -> Any:
    return eval(text, dict(NAMES))


# --- C, which copies the bytes of what it was given


def source() -> str:
    text = "#include <stddef.h>\n#include <stdint.h>\n#include <string.h>\nenum colour { RED, GREEN = 5 };\n"
    for ctype in (*INTEGERS, *FLOATS):
        text += f"/// ndcall: k -> bytes[32]\nvoid number_{name_of(ctype)}({ctype} k, uint8_t *bytes) {{ memcpy(bytes, &k, sizeof k); }}\n"
    for dtype in DTYPES:
        typed = ": float16" if dtype == "float16" else ""
        ctype = ITEMS[dtype]
        text += f"/// ndcall: x{typed}[n] -> bytes[32]\nvoid item_{dtype}(const {ctype} *x, ptrdiff_t n, uint8_t *bytes)"
        text += " { if (n) memcpy(bytes, x, sizeof *x); }\n"
        text += f"/// ndcall: inout x{typed}[n] -> bytes[32]\nvoid inout_{dtype}({ctype} *x, ptrdiff_t n, uint8_t *bytes)"
        text += " { if (n) memcpy(bytes, x, sizeof *x); }\n"
        text += (
            f"/// ndcall: inout x{typed} -> bytes[32]\nvoid single_{dtype}({ctype} *x, uint8_t *bytes) {{ memcpy(bytes, x, sizeof *x); }}\n"
        )
    return text


def name_of(ctype: str) -> str:
    return ctype.replace(" ", "_")


# --- one cell


def exact_parts(value: Any) -> tuple[Any, ...]:
    """Real and imaginary part as fractions, with the sign of a zero; nan and inf as their names."""
    if isinstance(value, (Index, Float)):
        value = value.value
    if isinstance(value, np.ndarray):
        value = value.ravel()[0]
    if isinstance(value, (bool, np.bool_)):
        value = int(value)
    if isinstance(value, (int, np.integer, Fraction, Decimal)):
        return Fraction(value if not isinstance(value, np.integer) else int(value)), False, 0
    parts = [value.real, value.imag] if isinstance(value, (complex, np.complexfloating)) else [value]
    shown = [str(part) if not np.isfinite(part) else Fraction(*part.as_integer_ratio()) for part in parts]
    return shown[0], bool(np.signbit(parts[0])) and shown[0] == 0, shown[1] if len(shown) == 2 else 0


def show_value(given: Any, got: Any) -> str:
    """`=` when C has exactly the given number, else what it has."""
    if not isinstance(given, (str, bytes)) and exact_parts(given) == exact_parts(got):
        return "="
    return f"`{got.item() if got.dtype.itemsize < 16 or got.dtype == np.complex128 else got!r}`"


def cell(function: Callable[[Any], np.ndarray], given: Any, dtype: str) -> str:
    try:
        raw = function(given)
    except ndcall.ContractError as error:
        return type(error).__name__.removesuffix("Error")
    return show_value(first_of(given), raw[: np.dtype(dtype).itemsize].view(dtype)[0])


def first_of(given: Any) -> Any:
    return given[0] if isinstance(given, list) else given


# --- tables


def make_table(rows: list[str], columns: dict[str, tuple[Any, str]]) -> Iterator[str]:
    """Rows with the same cells are one row, columns with the same cells one column."""
    cells = {row: tuple(cell(function, evaluate(row), dtype) for function, dtype in columns.values()) for row in rows}
    names: dict[tuple[str, ...], list[str]] = {}
    for i, name in enumerate(columns):
        names.setdefault(tuple(cells[row][i] for row in rows), []).append(name)
    givens: dict[tuple[str, ...], list[str]] = {}
    for k, row in enumerate(rows):
        givens.setdefault(tuple(column[k] for column in names), []).append(row)
    yield "| given | " + " | ".join(quote(group) for group in names.values()) + " |"
    yield "|---" * (len(names) + 1) + "|"
    for shown, group in givens.items():
        yield f"| {quote(group)} | " + " | ".join(shown) + " |"


def quote(texts: list[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def make_tables(folder: Path) -> str:
    (folder / "values.c").write_text(source(), encoding="utf-8")
    lib = ndcall.load(folder / "values.c")
    numbers = split(NUMBERS) + split(OTHERS) + split(ARRAYS)
    scalars = {ctype: (lib[f"number_{name_of(ctype)}"], dtype) for ctype, dtype in {**INTEGERS, **FLOATS}.items()}
    items = {dtype: (lib[f"item_{dtype}"], dtype) for dtype in DTYPES}
    inout = {dtype: (lib[f"inout_{dtype}"], dtype) for dtype in DTYPES}
    single = {dtype: (lib[f"single_{dtype}"], dtype) for dtype in DTYPES}
    lists = [f"[{row}]" for row in split(NUMBERS) + split(OTHERS)]
    arrays = [f'np.array([3], "{dtype}")' for dtype in DTYPES] + [
        "np.array([2**53 + 1])", "np.array([2**64 - 1], np.uint64)", "np.array([3.7])", "np.array([nan])", "np.array([-0.0])",
        'np.array([3.0], ">f8")', "np.array([5e-324])", "np.array([1 + 0j])", "np.array(3.0)", "np.array([[3.0]])", 'np.array(["3"])',
        'np.array([3], "O")', 'np.array([3], "m8[s]")',
    ]  # fmt: skip
    memory = [*arrays, "[3]", "3", "3.0", "np.float64(3)", 'b"3"', "None"]
    singles = [row.replace("[3]", "3") for row in arrays[: len(DTYPES)]] + split(ARRAYS) + ["3", "[3]"]
    tables = {
        "Numbers, for C's integers": make_table(numbers, {name: scalars[name] for name in INTEGERS}),
        "Numbers, for C's floating types": make_table(numbers, {name: scalars[name] for name in FLOATS}),
        "A list of one item, for an array that C reads": make_table(lists, items),
        "An array, for one that C reads": make_table(arrays, items),
        "An array that C changes": make_table(memory, inout),
        "One value that C changes": make_table(singles, single),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return "\n".join(f"## {title}\n\n" + "\n".join(lines) + "\n" for title, lines in tables.items())


def read_tables() -> str:
    return PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip("\n") + "\n"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        tables = make_tables(Path(folder))
    if sys.argv[1:] != ["write"]:
        print(tables)
        return 0
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{tables}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
