"""What a library has besides functions: variables as live views, constants, enums; and what cannot be shown says why."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>

int counter = 3;
const double pi_half = 1.5;
double table[2][3] = {{1, 2, 3}, {4, 5, 6}};
const char *version = "1.2";
struct opaque;
struct opaque *handle;
static int hidden = 5;
enum mode { FAST = 1, EXACT = 2 };
#define LIMIT 100
#define RATIO 0.25
#define NAME "ndcall"
int count(void) { hidden++; return ++counter; }
double corner(void) { return table[1][2]; }
"""


@pytest.fixture
def lib(load_c):
    return load_c(SOURCE)


def test_a_number_is_a_view_of_no_dimension(lib):
    view = lib.counter
    assert isinstance(view, np.ndarray)
    assert view.shape == ()
    assert view.dtype == np.intc
    before = int(view)
    assert lib.count() == before + 1
    assert int(view) == before + 1
    view[...] = 41
    assert lib.count() == 42


def test_an_array_is_a_view_of_its_shape(lib):
    assert lib.table.tolist() == [[1, 2, 3], [4, 5, 6]]
    lib.table[1, 2] = 9
    assert lib.corner() == 9
    lib.table[1, 2] = 6


def test_a_const_variable_is_read_only(lib):
    assert lib.pi_half == 1.5
    with pytest.raises(ValueError, match="read-only"):
        lib.pi_half[...] = 2


def test_a_view_keeps_its_library(load_c):
    import gc

    view = load_c(SOURCE).table
    gc.collect()
    assert view.sum() == 21


def test_enumerators_and_macros_are_constants(lib):
    assert (lib.FAST, lib.EXACT) == (1, 2)
    assert (lib.LIMIT, lib.RATIO, lib.NAME) == (100, 0.25, "ndcall")
    assert lib.mode["FAST"] == 1


def test_what_cannot_be_shown_says_why(lib):
    assert "handle" in dir(lib)
    assert "struct opaque *handle" in repr(lib.handle)


def test_static_variables_belong_to_the_source_alone(lib):
    assert not hasattr(lib, "hidden") or "static" in repr(lib.hidden)


def test_a_variable_cannot_be_replaced(lib):
    with pytest.raises((AttributeError, TypeError)):
        lib.counter = 3


def test_prototypes_typed_by_hand_and_a_library(refusal):
    lib = ndcall.load("libm.so.6", declarations="double cbrt(double x);")
    assert lib.cbrt(8.0) == 2.0
    with pytest.raises(ndcall.NdcallError, match="not_in_libm"):
        ndcall.load("libm.so.6", declarations="double not_in_libm(double x);")
