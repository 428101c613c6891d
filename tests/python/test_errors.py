"""The exceptions of a call: their tree, their attributes, their text."""

from __future__ import annotations

import copy
import gc
import pickle
import sys
import weakref

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>
#include <stdint.h>

/// ndcall: inout x[n], a[m,n]
void update(double *x, int n, const float *a, int m) { for (int i = 0; i < n; i++) for (int j = 0; j < m; j++) x[i] += a[j * n + i]; }

/// ndcall: x[n], count, name -> y[n]
void three(const double *x, int n, int16_t count, const char *name, double *y) {
    for (int i = 0; i < n; i++) y[i] = x[i] + count + name[0];
}
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


TREE = {
    "NdcallError": (Exception,),
    "ReadError": ("NdcallError",),
    "LoadError": ("NdcallError", OSError),
    "UnknownNameError": ("NdcallError", KeyError),
    "BindError": ("NdcallError",),
    "BuildError": ("NdcallError",),
    "CallError": ("NdcallError",),
    "ContractError": ("NdcallError",),
    "ArgumentError": ("ContractError", TypeError),
    "DtypeError": ("ContractError", TypeError),
    "ShapeError": ("ContractError", ValueError),
    "LayoutError": ("ContractError", ValueError),
    "OverlapError": ("ContractError", ValueError),
    "RangeError": ("ContractError", OverflowError),
    "CheckError": ("ContractError", ValueError),
}


@pytest.mark.parametrize("name", TREE)
def test_the_tree_of_exceptions_is_what_the_documents_say(name):
    kind = getattr(ndcall, name)
    assert name in ndcall.__all__
    assert kind.__module__ == "ndcall"
    for base in TREE[name]:
        assert issubclass(kind, getattr(ndcall, base) if isinstance(base, str) else base)
    assert issubclass(ndcall.CopyWarning, UserWarning)
    assert issubclass(ndcall.CallWarning, UserWarning)


def test_all_mismatches_of_all_arguments_are_told_at_once(lib, refusal):
    x = np.arange(6, dtype=np.float32)[::2]
    x.flags.writeable = False
    assert refusal(ndcall.DtypeError, lib.update, x, np.ones((2, 2, 2), np.int64)) == (
        "update(x, a): argument 'x' (1st of 2) has dtype float32, not float64; is not C-contiguous and not writeable\n"
        "  expected  (n,) float64, C-contiguous, writeable (inout)\n"
        "  got       (3,) float32, strides (8,), read-only\n"
        "  fix       x = np.array(x, np.float64)   (a writeable copy, 24 bytes; results go to the copy)\n"
        "argument 'a' (2nd of 2) has 3 dimensions, not 2\n"
        "  expected  (m, n) float32, C-contiguous\n"
        "  got       (2, 2, 2) int64"
    )


def test_a_given_result_is_looked_at_also_when_an_input_is_refused(lib, refusal):
    assert refusal(ndcall.DtypeError, lib.three, 1j * np.ones(2), 2**15, "a", np.zeros(2, np.float32)) == (
        "three(x, count, name): argument 'x' (1st of 3) has dtype complex128, which float64 does not hold\n"
        "  expected  (n,) float64, C-contiguous\n"
        "  got       (2,) complex128\n"
        "argument 'y' (the result) has dtype float32, not float64\n"
        "  expected  (n,) float64, C-contiguous, writeable (out)\n"
        "  got       (2,) float32\n"
        "  fix       y = np.zeros((2,), np.float64)   (a new array, 16 bytes)\n"
        "argument 'count' (2nd of 3) does not fit int16_t\n"
        "  expected  an integer from -32768 to 32767\n"
        "  got       32768"
    )


def test_the_class_is_the_first_of_the_kinds_that_hold(lib):
    x = np.arange(6.0)[::2]
    x.flags.writeable = False
    with pytest.raises(ndcall.ShapeError) as caught:
        lib.update(x, np.ones((2, 2, 2), np.float32))
    assert {m.kind for m in caught.value.mismatches} == {"layout", "ndim"}


def test_the_exception_has_the_attributes_of_its_first_mismatch(lib):
    with pytest.raises(ndcall.RangeError) as caught:
        lib.three([1.0], 40000, "a")
    error = caught.value
    assert (error.kind, error.argument, error.position) == ("range", "count", 1)
    assert "does not fit" in error.problem
    assert error.got == "40000"
    assert "32767" in error.expected
    assert len(error.mismatches) == 1
    assert error.mismatches[0].problem == error.problem


def test_the_text_is_made_when_it_is_read(lib):
    class Counting(np.ndarray):
        shown = 0

        def __repr__(self):
            Counting.shown += 1
            return "shown"

    x = np.ones((2, 2)).view(Counting)
    with pytest.raises(ndcall.ShapeError) as caught:
        lib.three(x, 1, "a")
    assert Counting.shown == 0
    assert "'x'" in str(caught.value)


def test_an_exception_keeps_no_argument_alive(lib):
    class Watched(np.ndarray):
        pass

    x = np.ones((2, 2)).view(Watched)
    watch = weakref.ref(x)
    try:
        lib.three(x, 1, "a")
    except ndcall.ShapeError as error:
        kept = error.with_traceback(None)
    del x
    gc.collect()
    assert watch() is None
    assert "'x'" in str(kept)


def test_a_refused_call_leaves_no_reference_behind(lib):
    x, a = np.arange(3.0), np.ones((2, 2, 2), np.float32)
    before = sys.getrefcount(x), sys.getrefcount(a)
    for _ in range(100):
        with pytest.raises(ndcall.ContractError):
            lib.update(x, a)
    assert (sys.getrefcount(x), sys.getrefcount(a)) == before


def test_a_misspelt_argument_suggests_the_nearest(lib, refusal):
    text = refusal(ndcall.ArgumentError, lib.three, [1.0], 1, nam="a")
    assert "'nam'" in text
    assert "did you mean 'name'?" in text


FACTS = ("kind", "argument", "position", "problem", "expected", "got", "fix")


def travel(error):
    return pickle.loads(pickle.dumps(error))


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, travel])
def test_errors_keep_their_text_and_what_they_tell_in_a_copy_and_in_another_process(lib, again):
    with pytest.raises(ndcall.ShapeError) as caught:
        lib.three(np.ones((2, 2)), 1, "a")
    caught.value.add_note("while the second file was read")
    twice = again(again(caught.value))
    assert (type(twice), str(twice), twice.__notes__) == (ndcall.ShapeError, str(caught.value), ["while the second file was read"])
    assert [getattr(twice, name) for name in FACTS] == [getattr(caught.value, name) for name in FACTS]
    assert twice.mismatches == ()


def test_an_error_that_python_made_has_its_text_alone_when_it_comes_back():
    again = travel(ndcall.ContractError("no report"))
    assert str(again) == "no report"
    assert not any(hasattr(again, name) for name in FACTS)


def test_a_build_error_has_the_command_and_the_compilers_words(load_c):
    with pytest.raises(ndcall.NdcallError, match=r"code\.c:1") as caught:
        load_c("int f(int a) { return a +; }\n")
    assert isinstance(caught.value, (ndcall.BuildError, ndcall.ReadError))


def test_a_contract_for_a_function_that_does_not_exist_raises_at_load(load_c):
    with pytest.raises(ndcall.NdcallError, match="did you mean 'update'"):
        load_c(SOURCE, contracts={"updte": "inout x[n]"})


def test_a_contract_in_the_call_with_a_mistake_raises_at_load(load_c):
    with pytest.raises(ndcall.NdcallError, match=r"(?s)x\(n\).*\^"):
        load_c(SOURCE, contracts={"update": "inout x(n)"})


def test_a_const_result_contradicts_a_fact(load_c):
    lib = load_c("void f(const double *x, int n) { (void)x; (void)n; }\n", contract="f: -> x[n]\n")
    with pytest.raises(ndcall.BindError, match=r"const"):
        lib.f(3)


def test_an_input_that_the_body_visibly_writes_is_refused(load_c):
    lib = load_c("void f(double *x, int n) { for (int i = 0; i < n; i++) x[i] = 0; }\n", contract="f: x[n]\n")
    with pytest.raises(ndcall.BindError, match="inout"):
        lib.f([1.0])
