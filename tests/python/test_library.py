"""A library as a Python object: every name in it is the library's."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest
from ndcall._library import Unavailable

SOURCE = """
int counter = 3;
struct opaque *handle;
double save(double x) { return x; }
double close(double x) { return -x; }
double lambda(double x) { return x; }
double scale(double x) { return 2 * x; }
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


def test_a_library_has_no_names_of_its_own(lib):
    assert dir(lib) == list(lib) == lib._ipython_key_completions_()
    assert {"save", "close", "scale", "counter", "handle"} <= set(dir(lib))
    assert lib.save(2) == 2
    assert [name for name in vars(ndcall.Library) if not name.startswith("_")] == []


def test_items_and_attributes_are_the_same(lib):
    assert lib["scale"] is lib.scale
    assert "scale" in lib
    assert "scail" not in lib


def test_an_item_that_is_not_there_suggests_the_nearest(lib):
    with pytest.raises(ndcall.UnknownNameError) as caught:
        lib["scal"]
    assert str(caught.value) == "code.c has no 'scal'; did you mean 'scale'?"
    assert isinstance(caught.value, KeyError)


def test_an_attribute_that_is_not_there_is_pythons_own_error(lib):
    with pytest.raises(AttributeError) as caught:
        _ = lib.scal
    assert str(caught.value) == "'Library' object has no attribute 'scal'"


def test_names_cannot_be_replaced_or_removed(lib):
    with pytest.raises(AttributeError) as caught:
        lib.counter = 4
    assert str(caught.value) == "code.c: 'counter' cannot be replaced: to set the variable, write lib.counter[...] = 4"
    with pytest.raises(AttributeError) as caught:
        lib.scale = None
    assert str(caught.value) == "code.c: 'scale' cannot be replaced"
    with pytest.raises(AttributeError) as caught:
        del lib.scale
    assert str(caught.value) == "code.c: 'scale' cannot be removed"


def test_a_library_is_made_by_load_only():
    with pytest.raises(TypeError) as caught:
        ndcall.Library()
    assert str(caught.value) == "a library is made by ndcall.load()"


def test_what_cannot_be_shown_says_why_when_it_is_used():
    stand_in = Unavailable("handle", "it is a pointer")
    assert repr(stand_in) == "<ndcall variable handle, cannot be shown: it is a pointer>"
    for use in (lambda: stand_in[0], lambda: np.asarray(stand_in), lambda: float(stand_in)):
        with pytest.raises(ndcall.BindError) as caught:
            use()
        assert str(caught.value) == "handle cannot be shown: it is a pointer"


def test_show_takes_libraries_and_functions_only(lib):
    assert repr(ndcall.show(lib)) == str(ndcall.show(lib))
    with pytest.raises(TypeError) as caught:
        ndcall.show(print)
    assert str(caught.value) == "show() takes a library or a function of ndcall, not builtin_function_or_method"
