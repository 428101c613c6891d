"""docs/semantics.md, cell by cell: what is handed over, converted and refused. The tables are read from the page."""

from __future__ import annotations

import array
import copy
import re
import warnings
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import ndcall
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from model import c_source

PAGE = Path(__file__).resolve().parents[2] / "docs" / "semantics.md"

# C type of an item, by dtype: those of the page.
ITEMS = {dtype: ctype for dtype, ctype in c_source.ITEMS.items() if dtype != "longlong"}
# The page's words for C types, where they are not the dtype's own.
WORDS = {"bool": "bool", "float": "float32", "double": "float64", "long double": "longdouble", "double complex": "complex128"}


def dtype_of(word: str) -> str:
    ctype = "_Bool" if word == "bool" else word.replace("complex", "_Complex")
    return next(dtype for dtype, item in ITEMS.items() if item == ctype and dtype != "float16")


def functions(dtype: str, ctype: str) -> str:
    typed = f": {dtype}" if dtype == "float16" else ""
    scalar = f"{ctype} same_{dtype}({ctype} x) {{ return x; }}\n" if dtype != "float16" else ""
    return (
        f"/// ndcall: x{typed}[n] -> y{typed}[n]\n"
        f"void copy_{dtype}(const {ctype} *x, {ctype} *y, ptrdiff_t n) {{ for (ptrdiff_t i = 0; i < n; i++) y[i] = x[i]; }}\n"
        f"/// ndcall: x{typed}[m,n] -> y{typed}[m,n]\n"
        f"void copy2_{dtype}(const {ctype} *x, {ctype} *y, ptrdiff_t m, ptrdiff_t n)"
        f" {{ for (ptrdiff_t i = 0; i < m * n; i++) y[i] = x[i]; }}\n"
        f"/// ndcall: inout x{typed}[n]\n"
        f"void touch_{dtype}({ctype} *x, ptrdiff_t n) {{ if (n) x[0] = x[n - 1]; }}\n" + scalar
    )


SOURCE = (
    "#include <stddef.h>\n#include <stdint.h>\n"
    + "".join(functions(dtype, ctype) for dtype, ctype in ITEMS.items())
    + "char same_char(char c) { return c; }\n"
    "/// ndcall: x[n] -> return\n"
    "uintptr_t address(const double *x, ptrdiff_t n) { (void)n; return (uintptr_t)x; }\n"
    "/// ndcall: inout x[n], y[m], k\n"
    "void fill(double *x, ptrdiff_t n, const double *y, ptrdiff_t m, int k)"
    " { (void)y; for (ptrdiff_t i = 0; i < n; i++) x[i] = (double)m + k; }\n"
)


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


@pytest.fixture(scope="module")
def strict(load_c):
    return load_c(SOURCE, copy="never")


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Float:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        return self.value


class Interface:
    def __init__(self, x):
        self.x = x
        self.__array_interface__ = x.__array_interface__


class Dlpack:
    def __init__(self, x):
        self.x = x

    def __dlpack__(self, **options):
        return self.x.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.x.__dlpack_device__()


class Array:
    def __init__(self, x):
        self.x = x

    def __array__(self, dtype=None, copy=None):
        return self.x


class Subclass(np.ndarray):
    pass


def misaligned(n):
    x = np.zeros(8 * n + 1, np.uint8)[1:].view(np.float64)
    assert not x.flags.aligned
    return x


def read_only(n):
    x = np.zeros(n)
    x.flags.writeable = False
    return x


NAMES = {
    "np": np,
    "array": array,
    "Decimal": Decimal,
    "Fraction": Fraction,
    **{thing.__name__: thing for thing in (Index, Float, Interface, Dlpack, Array, Subclass, misaligned, read_only)},
}


def table(heading: str) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of the first table under a heading; code marks stripped."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n### {heading}\n", 1)[1].split("\n## ", 1)[0].split("\n### ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    cells = [[cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return cells[0], cells[2:]


def rows(heading: str) -> list[list[str]]:
    return table(heading)[1]


def outcome(call) -> str:
    """ "yes", or the class that is raised."""
    try:
        call()
    except ndcall.ContractError as error:
        return type(error).__name__
    return "yes"


def evaluate(text: str):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return eval(text, dict(NAMES))


# --- dtypes


def limits(dtype: str) -> np.ndarray:
    """Values that only just belong to a dtype, and some that everything holds."""
    kind = np.dtype(dtype).kind
    if kind == "b":
        return np.array([True, False], dtype)
    if kind in "iu":
        info = np.iinfo(dtype)
        return np.array([0, 1, info.max, info.min], dtype)
    info = np.finfo(dtype)
    return np.array([0, 1, info.max, info.tiny, np.inf, np.nan, -0.0], dtype)


@pytest.mark.parametrize("row", rows("dtypes"), ids=lambda row: row[0])
def test_every_dtype_meets_every_other_as_the_table_says(lib, row):
    source, cells = row[0], row[1:]
    header = table("dtypes")[0][1:]
    assert header == list(ITEMS)
    small = np.array([0, 1], source)
    for target, cell in zip(header, cells, strict=True):
        function = lib[f"copy_{target}"]
        if cell == "-":
            with pytest.raises(ndcall.DtypeError) as caught:
                function(small)
            assert (caught.value.kind, caught.value.argument) == ("dtype", "x")
            continue
        values = small if cell == "v" else limits(source)
        for x in (values, values.astype(values.dtype.newbyteorder()), np.repeat(values, 2)[::2]):
            y = function(x)
            assert y.dtype == np.dtype(target)
            assert np.array_equal(y, values.astype(target), equal_nan=True)
            assert np.array_equal(np.signbit(y.real), np.signbit(values.astype(target).real))


@pytest.mark.parametrize("source", ["int32", "int64", "uint32", "uint64"])
@pytest.mark.parametrize("target", ["float16", "float32", "float64", "complex64", "complex128"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_integers_become_floats_exactly_when_each_value_is_held(lib, source, target, data):
    x = data.draw(hnp.arrays(source, st.integers(0, 5)))
    with np.errstate(over="ignore"):
        exact = [bool(np.isfinite(y) and int(y.real) == int(v)) for v, y in zip(x, x.astype(target), strict=True)]
    if all(exact):
        assert np.array_equal(lib[f"copy_{target}"](x), x)
        return
    with pytest.raises(ndcall.RangeError) as caught:
        lib[f"copy_{target}"](x)
    place = exact.index(False)
    assert caught.value.problem == f"holds {x[place]} at [{place}], which {target} cannot hold exactly"


def test_the_first_value_that_is_not_held_is_named_by_its_index(lib, refusal):
    x = np.zeros((3, 4), np.int64)
    x[1, 2] = x[2, 0] = 2**53 + 1
    shown = {"": x, ", strides (8, 24)": np.asfortranarray(x), ", strides (64, 8)": np.repeat(x, 2, axis=0)[::2]}
    for unusual, same in shown.items():
        assert refusal(ndcall.RangeError, lib.copy2_float64, same) == (
            "copy2_float64(x): argument 'x' holds 9007199254740993 at [1, 2], which float64 cannot hold exactly\n"
            "  expected  (m, n) float64, C-contiguous\n"
            f"  got       (3, 4) int64{unusual}"
        )


def test_large_arrays_are_looked_at_to_the_end(lib):
    x = np.arange(100_000, dtype=np.int64)
    assert np.array_equal(lib.copy_float64(x), x)
    x[-1] = 2**62 + 1
    with pytest.raises(ndcall.RangeError, match=r"at \[99999\]"):
        lib.copy_float64(x)


# --- lists and other objects


@pytest.mark.parametrize("row", rows("Lists"), ids=lambda row: row[0])
def test_every_list_is_taken_or_refused_as_the_table_says(lib, row):
    header = table("Lists")[0][1:]
    for word, expected in zip(header, row[1:], strict=True):
        function = lib[f"copy_{dtype_of(word)}"]
        assert outcome(lambda f=function: f(evaluate(row[0]))) == expected, word


@pytest.mark.parametrize("row", rows("Lists"), ids=lambda row: row[0])
def test_a_tuple_is_a_list(lib, row):
    if not row[0].startswith("["):
        pytest.skip("not a list")
    header = table("Lists")[0][1:]
    for word, expected in zip(header, row[1:], strict=True):
        function = lib[f"copy_{dtype_of(word)}"]
        assert outcome(lambda f=function: f(tuple(evaluate(row[0])))) == expected, word


@pytest.mark.parametrize("row", rows("Other objects"), ids=lambda row: row[0])
def test_every_object_is_taken_or_refused_as_the_table_says(lib, row):
    functions = (lib.copy_uint8, lib.copy_float64, lib.touch_float64)
    for function, expected in zip(functions, row[1:], strict=True):
        assert outcome(lambda f=function: f(evaluate(row[0]))) == expected, function


def test_the_values_of_a_list_arrive(lib):
    assert lib.copy_float32([0.1, 2, True]).tolist() == [float(np.float32(0.1)), 2.0, 1.0]
    assert lib.copy_complex64([1j, 2, 0.5]).tolist() == [1j, 2, 0.5]
    assert lib.copy_uint64([2**64 - 1, 0]).tolist() == [2**64 - 1, 0]
    assert lib.copy_longdouble([2**63 + 1])[0] == np.longdouble(2**63) + 1
    assert lib.copy_int8(range(-3, 3)).tolist() == [-3, -2, -1, 0, 1, 2]
    assert lib.copy2_float64([[1, 2], (3, 4)]).tolist() == [[1, 2], [3, 4]]
    assert lib.copy2_float64([np.arange(2), [0.5, 1]]).tolist() == [[0, 1], [0.5, 1]]
    assert lib.copy2_float64([[], []]).shape == (2, 0)
    assert lib.copy_uint8(b"ab").tolist() == [97, 98]
    assert lib.copy_int8(b"\xff").tolist() == [-1]


def test_text_where_bytes_are_taken_is_answered_with_its_bytes(lib, refusal):
    assert refusal(ndcall.ArgumentError, lib.copy_uint8, "ab") == (
        "copy_uint8(x): argument 'x' is a str, which is no array\n  expected  (n,) uint8, C-contiguous\n  got       'ab'\n"
        "  fix       x = x.encode()   (bytes of UTF-8)"
    )


RAGGED = {
    "[[1, 2], [3]]": "is ragged: the item at [1] has length 1, not length 2 as the others",
    "[[1, 2], 3]": "is ragged: the item at [1] is a number, not a sequence as the others",
    "[1, [2]]": "is ragged: the item at [1] is a sequence, not a number as the others",
    "[np.zeros(2), [1]]": "is ragged: the item at [1] has length 1, not length 2 as the others",
}


@pytest.mark.parametrize("text", RAGGED)
def test_a_ragged_list_says_where(lib, text):
    with pytest.raises(ndcall.ShapeError) as caught:
        lib.copy2_float64(evaluate(text))
    assert caught.value.problem == RAGGED[text]


def test_an_item_of_a_list_is_named_by_its_place(lib, refusal):
    assert refusal(ndcall.DtypeError, lib.copy2_int32, [[1, 2], [3, 3.7]]) == (
        "copy2_int32(x): argument 'x' holds 3.7 at [1, 1], which is not converted to int32\n"
        "  expected  (m, n) int32, C-contiguous\n"
        "  got       a list of 2"
    )
    assert refusal(ndcall.DtypeError, lib.copy2_float32, [[1, 2], np.zeros(2)]) == (
        "copy2_float32(x): argument 'x' holds a float64 array at [1], which is not converted to float32\n"
        "  expected  (m, n) float32, C-contiguous\n"
        "  got       a list of 2"
    )


def test_a_list_that_holds_itself_is_no_endless_loop(lib):
    x: list[object] = []
    x.append(x)
    with pytest.raises(ndcall.ShapeError):
        lib.copy_float64(x)


def test_a_list_that_changes_while_it_is_read_is_refused(lib):
    x: list[object] = []

    class Clearing:
        def __index__(self):
            x.clear()
            return 1

    x.extend([Clearing(), 2, 3])
    with pytest.raises(ndcall.ArgumentError, match="changed while it was being read"):
        lib.copy_int32(x)


CHANGES_OF_ITEMS = {
    "a list grows": (lambda x: x[1].append(9), [[1, 2], [3, 4]]),
    "a list shrinks": (lambda x: x[1].pop(), [[1, 2], [3, 4]]),
    "a list becomes a number": (lambda x: x.__setitem__(1, 5), [[1, 2], [3, 4]]),
    "a number becomes a list": (lambda x: x[1].__setitem__(0, [5]), [[1, 2], [3, 4]]),
    "an array shrinks": (lambda x: x[1].resize(1, refcheck=False), [[1, 2], np.array([3, 4], np.int32)]),
    "an array becomes a list": (lambda x: x.__setitem__(1, [1, 2, 3]), [[1, 2], np.array([3, 4], np.int32)]),
    "a list becomes an array": (lambda x: x.__setitem__(1, np.zeros((2, 1), np.int32)), [[1, 2], [3, 4]]),
}


@pytest.mark.parametrize("change", CHANGES_OF_ITEMS)
def test_items_that_change_while_an_earlier_one_is_read_are_refused(lib, refusal, change):
    disturb, x = copy.deepcopy(CHANGES_OF_ITEMS[change])

    class Disturbing:
        def __index__(self):
            disturb(x)
            return 1

    x[0][0] = Disturbing()
    assert refusal(ndcall.ArgumentError, lib.copy2_int32, x).splitlines()[0] == (
        "copy2_int32(x): argument 'x' changed while it was being read"
    )


def test_an_item_with_a_mask_is_refused(lib, refusal):
    masked = np.ma.masked_array([1.0, 2.0], mask=[False, True])
    assert lib.copy2_float64([[1, 2], np.ma.masked_array([3.0, 4.0])]).tolist() == [[1, 2], [3, 4]]
    for x, place in (([[1, 2], masked], "[1]"), ([[1, np.ma.masked]], "[0, 1]")):
        assert refusal(ndcall.ArgumentError, lib.copy2_float64, x).splitlines()[0] == (
            f"copy2_float64(x): argument 'x' is masked at {place}"
        )


def test_what_a_protocol_offers_instead_of_an_array_is_an_error(lib, monkeypatch):
    monkeypatch.setattr(np, "from_dlpack", lambda x: [1.0])
    with pytest.raises(TypeError, match=r"^the object offered list where an ndarray was asked for$"):
        lib.copy_float64(Dlpack(np.zeros(2)))


def test_each_object_is_asked_once(lib):
    asked = []

    class Both(Array):
        def __array__(self, dtype=None, copy=None):
            asked.append("__array__")
            return self.x

        def __dlpack_device__(self):
            asked.append("__dlpack_device__")
            return (1, 0)

        def __dlpack__(self, **options):
            asked.append("__dlpack__")
            return self.x.__dlpack__(**options)

    assert lib.copy_float64(Both(np.arange(3.0))).tolist() == [0, 1, 2]
    assert asked == ["__dlpack_device__", "__dlpack__"]


def test_memory_of_another_device_is_refused(lib, refusal):
    class Far(Dlpack):
        def __dlpack_device__(self):
            return (2, 0)

    assert refusal(ndcall.ArgumentError, lib.copy_float64, Far(np.zeros(2))) == (
        "copy_float64(x): argument 'x' does not lie in the CPU's memory\n  expected  (n,) float64, C-contiguous\n  got       a Far"
    )


@pytest.mark.parametrize("method", ["__array__", "__dlpack_device__", "__index__"])
def test_exceptions_of_the_callers_own_code_come_out_unchanged(lib, method):
    class MineError(Exception):
        pass

    def fail(self, *arguments, **named):
        raise MineError

    failing = type("Failing", (), {method: fail})()
    function = lib.same_int32 if method == "__index__" else lib.copy_float64
    with pytest.raises(MineError):
        function(failing)
    if method == "__index__":
        with pytest.raises(MineError):
            lib.copy_int32([failing])


# --- numbers


@pytest.mark.parametrize("row", rows("One number"), ids=lambda row: row[0])
def test_every_number_is_taken_or_refused_as_the_table_says(lib, row):
    header = table("One number")[0][1:]
    for word, expected in zip(header, row[1:], strict=True):
        function = lib.same_char if word == "char" else lib[f"same_{dtype_of(word)}"]
        assert outcome(lambda f=function: f(evaluate(row[0]))) == expected, word


@pytest.mark.parametrize("row", rows("Values"), ids=lambda row: f"{row[0]} to {row[1]}")
def test_every_value_is_held_rounded_or_refused_as_the_table_says(lib, row):
    given_text, word, expected = row
    function = lib[f"same_{dtype_of(word)}"]
    if expected == "RangeError":
        assert outcome(lambda: function(evaluate(given_text))) == expected
        return
    value, wanted = function(evaluate(given_text)), evaluate(expected)
    assert value == wanted
    assert type(value) is type(wanted)


@pytest.mark.parametrize("word", [*(ctype for dtype, ctype in ITEMS.items() if np.dtype(dtype).kind in "iu")])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.one_of(st.integers(-(2**65), 2**65), st.integers(-300, 300)))
def test_integers_are_taken_exactly_within_their_range(lib, word, value):
    dtype = dtype_of(word)
    info = np.iinfo(dtype)
    if info.min <= value <= info.max:
        assert lib[f"same_{dtype}"](value) == value
    else:
        assert outcome(lambda: lib[f"same_{dtype}"](value)) == "RangeError"
        assert outcome(lambda: lib[f"copy_{dtype}"]([value])) == "RangeError"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.floats())
def test_floats_are_rounded_to_single_but_never_to_infinity(lib, value):
    with np.errstate(over="ignore"):
        rounded = np.float32(value)
    if np.isinf(rounded) and not np.isinf(value):
        assert outcome(lambda: lib.same_float32(value)) == "RangeError"
    else:
        assert np.array_equal(lib.same_float32(value), rounded, equal_nan=True)
    assert np.array_equal(lib.same_float64(value), value, equal_nan=True)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.one_of(st.integers(), st.builds(lambda m, e: m << e, st.integers(-(2**66), 2**66), st.integers(0, 900))))
def test_integers_become_doubles_only_exactly(lib, value):
    if int(float(value)) == value:
        assert lib.same_float64(value) == value
    else:
        assert outcome(lambda: lib.same_float64(value)) == "RangeError"


def test_refusals_of_numbers_say_what_would_do(lib, refusal):
    assert refusal(ndcall.ArgumentError, lib.same_int32, 3.0) == (
        "same_int32(x): argument 'x' is not an integer\n  expected  int32_t\n  got       3.0\n  fix       x = int(x)"
    )
    assert refusal(ndcall.ArgumentError, lib.same_int32, np.array([7])) == (
        "same_int32(x): argument 'x' is not an integer\n  expected  int32_t\n  got       a (1,) int64 array\n  fix       x = x.item()"
    )
    assert refusal(ndcall.ArgumentError, lib.same_float64, 1 + 0j) == (
        "same_float64(x): argument 'x' is not a real number\n  expected  double (float64)\n  got       (1+0j)\n  fix       x = x.real"
    )
    assert refusal(ndcall.RangeError, lib.same_float64, 2**53 + 1) == (
        "same_float64(x): argument 'x' has no exact value in double\n  expected  double (float64)\n  got       9007199254740993"
    )
    assert refusal(ndcall.RangeError, lib.same_float32, 1e39) == (
        "same_float32(x): argument 'x' does not fit float\n  expected  float (float32)\n  got       1e+39"
    )


def test_an_integer_of_thousands_of_digits_is_not_printed(lib, refusal):
    assert refusal(ndcall.RangeError, lib.same_int32, 10**5000).endswith("got       an int of 16610 bits")


# --- memory that C writes


def test_every_failed_property_is_told_with_one_fix(lib, refusal):
    x = np.ndarray((3,), ">f4", buffer=bytes(40), offset=1, strides=(8,))
    assert refusal(ndcall.DtypeError, lib.touch_float64, x) == (
        "touch_float64(x): argument 'x' has dtype >f4, not float64; is not C-contiguous, not aligned and not writeable\n"
        "  expected  (n,) float64, C-contiguous, writeable (inout)\n"
        f"  got       {refusal(ndcall.DtypeError, lib.touch_float64, x).split('got       ')[1].splitlines()[0]}\n"
        "  fix       x = np.array(x, np.float64)   (a writeable copy, 24 bytes; results go to the copy)"
    )


FIXES = {
    "np.arange(6.0)[::2]": "x = np.array(x)   (a writeable copy, 24 bytes; results go to the copy)",
    "np.arange(3, dtype='>f8')": "x = np.array(x, np.float64)   (a writeable copy, 24 bytes; results go to the copy)",
    "np.arange(3)": "x = np.array(x, np.float64)   (a writeable copy, 24 bytes; results go to the copy)",
    "read_only(3)": "x = np.array(x)   (a writeable copy, 24 bytes; results go to the copy)",
    "misaligned(3)": "x = np.array(x)   (a writeable copy, 24 bytes; results go to the copy)",
    "[1, 2, 3]": "x = np.array(x, np.float64)   (results go to the array)",
    "np.array([1j, 2])": "",
    "np.array([2**53 + 1])": "",
    "[1j]": "",
    "np.zeros((2, 2))": "",
}


@pytest.mark.parametrize("text", FIXES)
def test_a_fix_works_when_it_is_pasted(lib, text):
    x = evaluate(text)
    with pytest.raises(ndcall.ContractError) as caught:
        lib.touch_float64(x)
    assert caught.value.fix == FIXES[text]
    if caught.value.fix:
        names = {"x": x, "np": np}
        exec(caught.value.fix.split("   (")[0], names)
        before = np.array(names["x"])
        lib.touch_float64(names["x"])
        assert names["x"][0] == before[-1]


INPUT_FIXES = {
    ("int32", "np.array([1, 2])"): "x = x.astype(np.int32)   (a copy, 8 bytes; no value changes)",
    ("int32", "np.array([1, 2**40])"): "",
    ("int32", "np.array([1.0, 2.0])"): "x = x.astype(np.int32)   (a copy, 8 bytes; no value changes)",
    ("int32", "np.array([1.5])"): "",
    ("float32", "np.array([0.5])"): "x = x.astype(np.float32)   (a copy, 4 bytes; no value changes)",
    ("float32", "np.array([0.1])"): "x = x.astype(np.float32)   (a copy, 4 bytes; values are rounded)",
    ("float64", "np.array([1j])"): "",
    ("int64", "np.array(['2020'], 'M8[s]')"): 'x = x.view("i8")   (a view of the counts, no copy)',
    ("float64", "np.array([1, None])"): "",
    ("float64", "np.ma.array([1.0, 2.0], mask=[0, 1])"): "x = x.filled(np.nan)   (a copy; masked elements become nan)",
}


@pytest.mark.parametrize(("dtype", "text"), INPUT_FIXES)
def test_a_fix_of_an_input_works_when_it_is_pasted(lib, dtype, text):
    x = evaluate(text)
    function = lib[f"copy_{dtype}"]
    with pytest.raises(ndcall.ContractError) as caught:
        function(x)
    assert caught.value.fix == INPUT_FIXES[dtype, text]
    if caught.value.fix:
        names = {"x": x, "np": np}
        exec(caught.value.fix.split("   (")[0], names)
        function(names["x"])


CHANGES = {
    "dtype": np.int8,
    "shape": (50, 20),
    "strides": (0,),
    "read-only": None,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("by", ["__array__", "__index__", "warning"])
def test_an_array_that_is_changed_while_another_is_asked_is_refused(load_c, monkeypatch, change, by):
    lib = load_c(SOURCE)  # warns anew
    x = np.zeros(1000)

    def disturb():
        if change == "read-only":
            x.flags.writeable = False
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # NumPy would rather not have these set
                setattr(x, change, CHANGES[change])

    class Disturbing:
        def __array__(self, dtype=None, copy=None):
            disturb()
            return np.ones(2)

        def __index__(self):
            disturb()
            return 1

    if by == "__array__":
        y, k = Disturbing(), 1
    elif by == "__index__":
        y, k = [1.0], Disturbing()
    else:
        monkeypatch.setattr(warnings, "showwarning", lambda *arguments, **named: disturb())
        y, k = np.ones(400_000)[::2], 1
    with warnings.catch_warnings():
        warnings.simplefilter("always" if by == "warning" else "error")
        with pytest.raises(ndcall.ArgumentError, match=r"'x' .* was changed by code that ran while the arguments were read"):
            lib.fill(x, y, k)


# --- copies


def test_an_array_that_fits_is_handed_over_as_it_is(lib):
    for x in (np.arange(3.0), np.arange(3.0).view(Subclass), read_only(3), np.arange(6.0)[2:5], np.ones((4, 1)).T[0]):
        assert lib.address(x) == x.ctypes.data
    for x in (np.arange(6.0)[::2], np.arange(3), misaligned(3), np.arange(3.0).astype(">f8"), [1.0]):
        assert lib.address(x) != getattr(getattr(x, "ctypes", None), "data", 0)


NEVER = {
    "np.arange(6.0)[::2]": ("LayoutError", "x = np.ascontiguousarray(x)   (a copy, 24 bytes)"),
    "np.arange(3)": ("DtypeError", "x = np.array(x, np.float64)   (a copy, 24 bytes)"),
    "np.arange(3, dtype='>f8')": ("DtypeError", "x = np.array(x, np.float64)   (a copy, 24 bytes)"),
    "misaligned(3)": ("LayoutError", "x = np.array(x)   (a copy, 24 bytes)"),
    "[1, 2]": ("LayoutError", "x = np.array(x, np.float64)   (once, outside the call)"),
}


@pytest.mark.parametrize("text", NEVER)
def test_where_no_copy_is_allowed_the_fix_makes_it_outside(strict, text):
    x = evaluate(text)
    with pytest.raises(ndcall.ContractError) as caught:
        strict.address(x)
    assert (type(caught.value).__name__, caught.value.fix) == NEVER[text]
    assert caught.value.expected == '(n,) float64, C-contiguous (copy="never")'
    names = {"x": x, "np": np}
    exec(caught.value.fix.split("   (")[0], names)
    assert strict.address(names["x"]) == names["x"].ctypes.data


def test_objects_are_counted_right_on_every_path(lib):
    import gc
    import sys

    things = [evaluate(row[0]) for heading in ("Lists", "Other objects", "One number") for row in rows(heading) if "for i in" not in row[0]]
    watched = [thing for thing in things if type(thing) not in (int, float, bool, type(None), type, str, bytes)]
    functions = [lib.copy_uint8, lib.copy_float64, lib.touch_float64, lib.same_int32, lib.same_float64, lib.same_bool]

    def call_all():
        for thing in things:
            for function in functions:
                outcome(lambda f=function, x=thing: f(x))
        gc.collect()

    call_all()
    before = [sys.getrefcount(thing) for thing in watched]
    call_all()
    assert [sys.getrefcount(thing) for thing in watched] == before
