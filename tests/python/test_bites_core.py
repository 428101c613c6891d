"""Code of the caller's that runs where none is expected, between the check of an array or struct and the call."""

from __future__ import annotations

import copy
import gc
import operator
import types
import warnings
from collections.abc import Callable
from typing import Any, ClassVar

import ndcall
import numpy as np
import pytest

# From NumPy 2.5 on, which goes on doing what these tests are about.
pytestmark = pytest.mark.filterwarnings("ignore:Setting the (dtype|shape) on a NumPy array:DeprecationWarning")

SOURCE = """
#include <stdio.h>
/// ndcall: x[n], k
double sum(const double *x, long n, int k) { double s = k; for (long i = 0; i < n; i++) s += x[i]; return s; }
/// ndcall: x[n], f
double sum_real(const double *x, long n, double f) { double s = f; for (long i = 0; i < n; i++) s += x[i]; return s; }
/// ndcall: x[n], y[m]
double sum_two(const double *x, long n, const double *y, long m) {
    double s = 0;
    for (long i = 0; i < n; i++) s += x[i];
    for (long i = 0; i < m; i++) s += y[i];
    return s;
}
/// ndcall: x[n], inout y[m]
double sum_inout(const double *x, long n, double *y, long m) { return sum_two(x, n, y, m); }

typedef struct { int a; double b; } record;
/// ndcall: x[n], r[m]
double sum_records(const double *x, long n, const record *r, long m) {
    double s = 0;
    for (long i = 0; i < n; i++) s += x[i];
    for (long i = 0; i < m; i++) s += r[i].b;
    return s;
}

typedef struct { int n; const double *x; int k; } vector;
/// ndcall: v, k, inout y[m]
double sum_vector(const vector *v, int k, double *y, long m) {
    double s = v->k + k;
    for (int i = 0; i < v->n; i++) s += v->x[i];
    for (long i = 0; i < m; i++) y[i] = s;
    return s;
}
typedef struct { long n; const double *x, *y; } two;
/// ndcall: k -> return; warn k == 5 "it is five"
const char *write_number(int k) {
    static char text[20];
    sprintf(text, "%d", k);
    return text;
}
/// ndcall: x[*s] -> r, y[*s]
void copy_all(const double *x, record *r, double *y) { y[0] = x[0]; r->a = 1; }
/// ndcall: x[m, n]
double sum_table(const double *x, long m, long n) { double s = 0; for (long i = 0; i < m * n; i++) s += x[i]; return s; }
typedef struct { int a; } small;
typedef struct { double m[512]; } large;
"""
CONTRACT = "struct vector: x[n], k\nstruct two: x[n], y[n]\n"
SIZE = 1000
CHANGED = "argument 'x' (1st of 2) was changed by code that ran while the arguments were read"


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract=CONTRACT)


class Victim:
    """An array that a biting object turns into eight times as many items of one byte: C would read eight times its memory."""

    array: ClassVar[np.ndarray]

    @classmethod
    def renew(cls) -> np.ndarray:
        cls.array = np.ones(SIZE)
        return cls.array

    @classmethod
    def bite(cls) -> None:
        cls.array.dtype = np.int8


class BitingInteger(np.int64):
    def __index__(self) -> int:
        Victim.bite()
        return 3


class Biting:
    def __init__(self, bite: Callable[[], None]) -> None:
        self.bite = bite

    def __index__(self) -> int:
        self.bite()
        return 3


class BitingClass(np.ndarray):
    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        Victim.bite()
        return BitingClass


class BitingMask(np.ma.MaskedArray):
    is_armed = False

    @property
    def _mask(self) -> Any:
        if self.is_armed:
            Victim.bite()
        return np.ma.nomask

    @_mask.setter
    def _mask(self, value: Any) -> None:
        pass


class BitingName(str):
    is_armed = False

    def __eq__(self, other: object) -> bool:
        if self.is_armed:
            Victim.bite()
        return str.__eq__(self, other)

    __hash__ = str.__hash__


@pytest.mark.parametrize("name", ["sum", "sum_real"])
def test_an_integer_of_a_class_made_from_numpy_s_may_bite(lib, refusal, name):
    text = refusal(ndcall.ArgumentError, lib[name], Victim.renew(), BitingInteger(3))
    assert text.splitlines()[0].partition(": ")[2] == CHANGED


def test_the_class_that_a_subclass_of_ndarray_claims_is_not_asked(lib):
    for function in (lib.sum_two, lib.sum_inout):
        x, y = Victim.renew(), np.ones(3).view(BitingClass)
        assert function(x, y) == SIZE + 3
        assert x.dtype == np.float64


def test_a_mask_that_is_a_property_may_bite(lib, refusal):
    y = np.ones(3).view(BitingMask)
    assert lib.sum_two(Victim.renew(), y) == SIZE + 3
    y.is_armed = True
    text = refusal(ndcall.ArgumentError, lib.sum_two, Victim.renew(), y)
    assert text.splitlines()[0].partition(": ")[2] == CHANGED


def test_names_of_fields_are_not_asked_whether_they_are_equal(lib, refusal):
    names = [BitingName("a"), BitingName("b")]
    dtype = np.dtype({"names": names, "formats": ["i4", "f8"], "offsets": [0, 8], "itemsize": 16}, align=True)
    records = np.ones(3, dtype)
    BitingName.is_armed = True
    try:
        text = refusal(ndcall.DtypeError, lib.sum_records, Victim.renew(), records)
    finally:
        BitingName.is_armed = False
    assert "argument 'r' (2nd of 2) has other fields than record" in text
    assert Victim.array.dtype == np.float64
    assert lib.sum_records(Victim.renew(), np.ones(3, lib.record)) == SIZE + 3


def test_a_member_may_bite_while_a_struct_is_filled(lib, refusal):
    x = Victim.renew()
    text = refusal(ndcall.ArgumentError, lambda: lib.vector(x=x, k=Biting(Victim.bite)))
    assert text.splitlines()[0] == f"vector(x, k): {CHANGED}"
    v = lib.vector(x=Victim.renew(), k=1)
    refusal(ndcall.ArgumentError, setattr, v, "k", Biting(Victim.bite))
    assert v.k == 1


def test_a_struct_that_gets_another_array_while_the_call_is_read_is_read_with_it(lib):
    v, y = lib.vector(x=np.ones(SIZE), k=1), np.zeros(4)

    def replace() -> None:
        v.x = np.full(5, 2.0)

    assert lib.sum_vector(v, Biting(replace), y) == 14
    assert y.tolist() == [14] * 4


def test_an_array_that_a_struct_gets_while_the_call_is_read_overlaps_as_any_other(lib, refusal):
    v, y = lib.vector(x=np.ones(SIZE), k=1), np.zeros(4)

    def replace() -> None:
        v.x = y

    text = refusal(ndcall.OverlapError, lib.sum_vector, v, Biting(replace), y)
    assert text.splitlines()[0] == "sum_vector(v, k, y): argument 'y' (3rd of 3) overlaps argument 'v.x'"


def test_an_object_keeps_the_layout_that_it_was_made_with(load_c):
    lib = load_c(SOURCE, contract=CONTRACT)
    s = lib.small(a=7)
    lib.small._layout = lib.large._layout
    assert (s.a, repr(s)) == (7, "<small a=7>")
    with pytest.raises(TypeError, match=r"^the class of this struct was changed since the object was made$"):
        copy.copy(s)
    del lib.small._layout
    assert s.a == 7
    with pytest.raises(AttributeError):
        lib.small()


def test_a_copy_of_an_object_of_another_class_by_force_writes_nothing(lib):
    big = lib.large()
    object.__dict__["__class__"].__set__(big, lib.small)
    with pytest.raises(TypeError, match=r"^the class of this struct was changed since the object was made$"):
        copy.copy(big)


def test_text_of_c_s_memory_is_read_before_a_warning_runs_code(lib, monkeypatch):
    def show(*_: Any, **__: Any) -> None:
        inner.append(lib.write_number(7) if not inner else None)

    inner: list[Any] = []
    monkeypatch.setattr("warnings.showwarning", show)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        monkeypatch.setattr("warnings._showwarnmsg_impl", show)
        assert lib.write_number(5) == "5"
    assert inner[0] == "7"


def test_arguments_of_a_struct_live_until_they_are_read(lib):
    class Clearing:
        def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
            for thing in gc.get_referents(make):
                if type(thing) is dict:
                    thing.clear()
            junk.extend(np.full(5, 9.0) for _ in range(20))
            return np.full(SIZE, 2.0)

    junk: list[np.ndarray] = []
    # It hands the class its own dict; others make a new one for each call.
    make = operator.methodcaller("__call__", x=Clearing(), y=np.full(SIZE, 3.0))
    made = make(lib.two)
    assert (made.x[0], made.y[0], made.n) == (2, 3, SIZE)


def test_a_subclass_whose_copies_run_code_is_looked_at_without_making_one(lib, refusal):
    class Copying(np.ndarray):
        def __array_finalize__(self, other: Any) -> None:
            if acts:
                acts.pop()()

    acts: list[Callable[[], None]] = []
    x = Copying(SIZE, np.dtype(">i8"))
    x[:] = 0
    x[-1] = 2**53 + 1
    acts.append(lambda: np.ndarray.resize(x, 1, refcheck=False))
    text = refusal(ndcall.RangeError, lib.sum, x, 0)
    assert text.splitlines()[0].endswith("holds 9007199254740993 at [999], which float64 cannot hold exactly")
    assert len(acts) == 1


def test_a_struct_is_made_after_the_arrays_whose_shapes_are_known(lib):
    class Cycle:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            ran.append(1)
            x.shape = (2, 3)
            junk.extend(np.ones((40, 50)) for _ in range(20))

    ran, junk = [], []  # type: ignore[var-annotated]
    before = gc.get_threshold()
    for _ in range(50):
        x = np.ones(6)
        Cycle()
        gc.set_threshold(1)
        try:
            y = lib.copy_all(x).y
        except ndcall.ShapeError as error:
            assert str(error).endswith("got       (6,) float64")  # noqa: PT017
        else:
            assert y.shape in ((6,), (2, 3))
        finally:
            gc.set_threshold(*before)
    assert ran


def test_an_object_that_is_no_function_is_told_so(lib):
    core = lib._ndcall_state.core
    for call in (core.show_function, ndcall._core.list_parameters, ndcall._core.describe_function):
        with pytest.raises(TypeError, match=r"^int is no ndcall\.Function$"):
            call(3)
    with pytest.raises(TypeError):
        ndcall._core.describe_ctypes_path(3, 3)


def test_an_exception_of_a_module_that_makes_them_anew_is_held(lib):
    """The module of exceptions may be anybody's."""

    class Making(types.ModuleType):
        @property
        def ArgumentError(self) -> Any:  # noqa: N802
            return object()

    module = ndcall._exceptions
    kept = vars(module).pop("ArgumentError")
    module.__class__ = Making
    try:
        with pytest.raises(TypeError):
            lib.sum("x", 0)
    finally:
        module.__class__ = types.ModuleType
        module.ArgumentError = kept


def test_an_array_in_a_list_that_its_own_mask_shrinks_is_refused(lib, refusal):
    class Shrinking(np.ma.MaskedArray):
        @property
        def _mask(self) -> Any:
            if victims:
                np.ndarray.resize(victims.pop(), 1, refcheck=False)
            return np.ma.nomask

        @_mask.setter
        def _mask(self, value: Any) -> None:
            pass

    victims: list[np.ndarray] = []
    item = np.ndarray.__new__(Shrinking, 4)
    item[:] = 1
    victims.append(item)
    text = refusal(ndcall.ArgumentError, lib.sum_table, [np.ones(4), item])
    assert text.splitlines()[0] == "sum_table(x): argument 'x' changed while it was being read"
    assert not victims


def test_a_name_that_is_no_utf_8_is_no_member(lib):
    s = lib.small(a=1)
    assert not hasattr(s, "\udc80")
    with pytest.raises(AttributeError):
        setattr(s, "\udc80", 1)
    with pytest.raises(ndcall.ArgumentError):
        lib.small(**{"\udc80": 1})
