"""A function of a library as a Python object: how it shows itself, compares, copies and travels."""

from __future__ import annotations

import copy
import inspect
import pickle
import subprocess
import sys
import textwrap

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>

/// Scale a vector.
///
/// The factor is a pure number.
/// ndcall: x[n], factor = 2.0 -> y[n]
void scale(const double *x, double factor, double *y, size_t n) { for (size_t i = 0; i < n; i++) y[i] = factor * x[i]; }

/* Sum of all values, in volt. */
/// ndcall: x[n]
double sum(const double *x, size_t n) { double s = 0; for (size_t i = 0; i < n; i++) s += x[i]; return s; }

void not_enough(const double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i]; }

/// ndcall: x[n
double broken(double *x, int n) { return x[0] + n; }
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


def test_a_function_has_the_names_of_a_function(lib):
    f = lib.scale
    assert (f.__name__, f.__qualname__, f.__module__) == ("scale", "scale", "ndcall")
    assert callable(f)
    assert isinstance(f, ndcall.Function)
    assert type(f).__module__ == "ndcall"


def test_the_item_and_the_attribute_are_one_object(lib):
    assert lib.scale is lib["scale"]
    assert lib.scale == lib.scale


def test_a_function_tells_its_contract_declaration_and_source(lib):
    assert lib.scale.contract == "x[n], factor = 2.0 -> y[n]"
    assert lib.scale.declaration == "void scale(const double *x, double factor, double *y, size_t n)"
    assert lib.scale.source == "code.c:8"
    assert lib.scale.library is lib


def test_the_signature_is_a_signature(lib):
    signature = inspect.signature(lib.scale)
    assert list(signature.parameters) == ["x", "factor", "y", "out"]
    assert signature.parameters["factor"].default == 2.0
    assert signature.parameters["y"].default is None
    assert signature.parameters["out"].kind is inspect.Parameter.KEYWORD_ONLY


def test_repr_shows_shapes_and_dtypes(lib):
    assert repr(lib.scale) == "<ndcall function scale(x: float64[n], factor: float = 2.0) -> y: float64[n]>"
    assert repr(lib.sum) == "<ndcall function sum(x: float64[n]) -> float>"


def test_the_docstring_is_numpydoc(lib):
    assert inspect.getdoc(lib.scale) == textwrap.dedent("""\
        scale(x, factor=2.0, y=None, *, out=None)

        Scale a vector.

        The factor is a pure number.

        Parameters
        ----------
        x : (n,) float64 ndarray
        factor : float, default 2.0

        Returns
        -------
        y : (n,) float64 ndarray

        Raises
        ------
        ContractError
            An argument breaks the contract; nothing was called.

        Notes
        -----
        Source: `scale`, read from code.c:8. The GIL is released when the arrays are large.
        Contract: ``x[n], factor = 2.0 -> y[n]``""")


def test_help_prints_the_docstring(lib, capsys):
    help(lib.scale)
    printed = capsys.readouterr().out
    assert "Scale a vector." in printed
    assert "x : (n,) float64 ndarray" in printed


def test_a_function_that_is_not_described_enough_says_why_when_it_is_called(lib, refusal):
    f = lib.not_enough  # no exception here, nor below
    assert repr(f).startswith("<ndcall function not_enough")
    assert "not_enough" in dir(lib)
    text = refusal(ndcall.BindError, f, [1.0])
    assert "x[n] -> y[n]" in text
    for attribute in ("contract", "__signature__"):
        with pytest.raises(ndcall.BindError):
            getattr(f, attribute)
    assert f.declaration == "void not_enough(const double *x, double *y, int n)"
    assert f.source == "code.c:14"


def test_a_contract_with_a_mistake_spoils_only_its_own_function(lib, refusal):
    assert lib.sum([1, 2]) == 3
    text = refusal(ndcall.BindError, lib.broken, [1.0])
    assert "code.c:16:16: expected ']'" in text
    assert "/// ndcall: x[n\n                 ^" in text


def test_a_name_that_does_not_exist_suggests_the_nearest(lib, refusal):
    text = refusal(ndcall.UnknownNameError, lambda: lib["sclae"])
    assert text == "code.c has no 'sclae'; did you mean 'scale'?"
    with pytest.raises(KeyError):
        lib["sclae"]
    with pytest.raises(AttributeError, match="sclae"):
        _ = lib.sclae


def test_functions_compare_and_hash_by_what_they_are(lib, load_c):
    other = load_c(SOURCE)
    assert lib.scale == lib["scale"]
    assert lib.scale != lib.sum
    assert hash(lib.scale) == hash(lib["scale"])
    assert {lib.scale: 1}[lib.scale] == 1
    assert lib.scale != other.scale or lib.scale.library == other.scale.library
    assert lib.scale != "scale"


def test_copies_are_the_function_itself(lib):
    assert copy.copy(lib.scale) is lib.scale
    assert copy.deepcopy({"f": lib.scale})["f"] is lib.scale


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_a_function_pickles(lib, protocol):
    f = pickle.loads(pickle.dumps(lib.scale, protocol))
    assert f.__name__ == "scale"
    assert np.array_equal(f([1, 2], 3), [3, 6])
    assert f.contract == lib.scale.contract
    assert f == lib.scale


def in_another_process(code, data, **environment):
    import os

    return subprocess.run(
        [sys.executable, "-c", code], input=data, capture_output=True, check=False, env={**os.environ, **environment}, timeout=120
    )


def test_a_function_travels_to_another_process(lib):
    code = "import pickle, sys; f = pickle.load(sys.stdin.buffer); print(f.__name__, f([1, 2], 3).tolist())"
    done = in_another_process(code, pickle.dumps(lib.scale))
    assert done.stdout.decode().split("\n")[0] == "scale [3.0, 6.0]", done.stderr.decode()


def test_unpickling_never_compiles_and_the_first_call_does(lib, tmp_path):
    code = (
        "import os, pickle, sys; f = pickle.load(sys.stdin.buffer); d = os.environ['NDCALL_CACHE_DIR'];"
        "print(f.__name__, any(name.endswith('.so') for _, _, names in os.walk(d) for name in names)); print(f([1, 2], 3).tolist())"
    )
    done = in_another_process(code, pickle.dumps(lib.scale), NDCALL_CACHE_DIR=str(tmp_path / "empty"))
    assert done.stdout.decode().split("\n")[:2] == ["scale False", "[3.0, 6.0]"], done.stderr.decode()


def test_the_documentation_of_a_function_that_cannot_be_called_says_why(lib, refusal):
    assert lib.not_enough.__doc__ == refusal(ndcall.BindError, lib.not_enough, [1])


def test_show_prints_declaration_contract_signature_and_plan(lib):
    text = str(ndcall.show(lib.scale))
    assert "void scale(const double *x, double factor, double *y, size_t n)" in text
    assert "x[n], factor = 2.0 -> y[n]" in text
    assert "code.c" in text
    for place in ("rdi", "xmm0", "rsi", "rdx"):
        assert place in text
    whole = str(ndcall.show(lib))
    for name in ("scale", "sum", "not_enough", "broken"):
        assert name in whole


def test_a_library_shows_itself_and_its_names(lib):
    assert "code.c" in repr(lib)
    assert [name for name in dir(lib) if not name.startswith("_")] == ["broken", "not_enough", "scale", "sum"]
