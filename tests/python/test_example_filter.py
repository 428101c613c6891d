"""examples/filter.c: a filter that takes an image with any steps, without a copy."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest


def reference(a):
    """The same filter in NumPy."""
    b = np.zeros(a.shape)
    sides = a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:]
    corners = a[:-2, :-2] + a[:-2, 2:] + a[2:, :-2] + a[2:, 2:]
    b[1:-1, 1:-1] = a[1:-1, 1:-1] + 0.5 * sides + 0.25 * corners
    return b


@pytest.fixture(scope="module")
def lib(examples):
    return ndcall.load(examples / "filter.c", copy="never")


IMAGE = np.random.default_rng(1).uniform(size=(14, 18))
VIEWS = {
    "C-ordered": IMAGE,
    "Fortran-ordered": np.asfortranarray(IMAGE),
    "transposed": IMAGE.T,
    "with its rows reversed": IMAGE[::-1],
    "with both axes reversed": IMAGE[::-1, ::-1],
    "sliced": IMAGE[1:12:2, 2:16:3],
    "sliced, reversed and transposed": IMAGE[::-2, ::3].T,
    "of one row": IMAGE[:1],
    "of two rows": IMAGE[:2],
    "of no rows": IMAGE[:0],
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_an_image_is_filtered_without_a_copy_when_it_is(lib, view):
    assert np.allclose(lib.dfilter2d(view), reference(view), rtol=0, atol=1e-12)


def test_the_border_is_zero_though_c_never_writes_it(lib):
    for _ in range(20):  # memory that NumPy hands out again would show what it held
        np.full(IMAGE.shape, 7.0)
        b = lib.dfilter2d(IMAGE)
        assert not b[0].any()
        assert not b[-1].any()
        assert not b[:, 0].any()
        assert not b[:, -1].any()


def test_an_array_given_for_the_result_keeps_what_c_does_not_write(lib):
    out = np.full(IMAGE.shape, 7.0)
    assert lib.dfilter2d(IMAGE, out=out) is out
    assert np.all(out[0] == 7)
    assert np.allclose(out[1:-1, 1:-1], reference(IMAGE)[1:-1, 1:-1])


def test_an_image_of_another_dtype_is_converted_when_no_value_changes(examples):
    lib = ndcall.load(examples / "filter.c")
    bytes_image = (IMAGE * 255).astype(np.uint8)
    assert np.allclose(lib.dfilter2d(bytes_image), reference(bytes_image.astype(float)))
    swapped = IMAGE.astype(">f8")
    assert np.allclose(lib.dfilter2d(swapped), reference(IMAGE))


def test_the_function_shows_itself(lib):
    assert repr(lib.dfilter2d) == "<ndcall function dfilter2d(a: float64[m, n]) -> b: float64[m, n]>"
    assert lib.dfilter2d.contract == "a[m:,n:] -> b[m,n]; astrides = byte_strides(a); dims = shape(a)"
    assert lib.dfilter2d.source == "filter.c:14"
    assert "The border stays zero" in lib.dfilter2d.__doc__


def test_a_vector_is_not_an_image(lib, refusal):
    assert refusal(ndcall.ShapeError, lib.dfilter2d, np.ones(5)) == (
        "dfilter2d(a): argument 'a' has 1 dimension, not 2\n"
        '  expected  (m, n) float64, any strides (copy="never")\n'
        "  got       (5,) float64"
    )
