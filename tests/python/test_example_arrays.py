"""examples/arrays.c: one, two and three dimensions, flat and through tables of pointers, and a struct that holds all of them."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest


@pytest.fixture(scope="module")
def lib(examples):
    return ndcall.load(examples / "arrays.c")


@pytest.fixture(scope="module")
def strict(examples):
    return ndcall.load(examples / "arrays.c", copy="never")


BLOCK = np.arange(24.0).reshape(2, 3, 4)


def test_one_dimension_goes_in_and_comes_back(lib):
    assert np.array_equal(lib.np_array_1dim([1, 2, 3]), [2, 4, 6])


def test_a_table_of_rows_goes_in_and_comes_back(lib):
    assert np.array_equal(lib.np_array_2dim(BLOCK[0]), BLOCK[0] + np.arange(3)[:, None])


def test_rows_that_are_apart_are_passed_without_a_copy(strict):
    wide = np.arange(40.0).reshape(4, 10)
    view = wide[::-2, 2:7]
    assert np.array_equal(strict.np_array_2dim(view), view + np.arange(2)[:, None])


def test_rows_are_written_in_place_of_a_larger_array(strict):
    wide = np.zeros((6, 8))
    strict.np_array_2dim(np.ones((3, 4)), out=wide[1::2, 2:6])
    assert np.array_equal(wide[1::2, 2:6], [[1] * 4, [2] * 4, [3] * 4])
    assert wide.sum() == 24


def test_elements_that_are_apart_in_a_row_are_copied_when_read_and_refused_when_written(lib, strict, refusal):
    view = np.arange(24.0).reshape(3, 8)[:, ::2]
    assert np.array_equal(lib.np_array_2dim(view), view + np.arange(3)[:, None])
    with pytest.raises(ndcall.LayoutError):
        strict.np_array_2dim(view)
    with pytest.raises(ndcall.LayoutError):
        lib.np_array_2dim(np.ones((3, 4)), out=view)


def test_three_flat_dimensions_go_in_and_come_back(lib):
    assert np.array_equal(lib.np_array_3dim(BLOCK), BLOCK[::-1, ::-1, ::-1])
    assert np.array_equal(lib.np_array_3dim(BLOCK.T), BLOCK.T[::-1, ::-1, ::-1])


def test_three_dimensions_of_pointers_go_in_and_come_back(lib):
    i, j, k = np.ogrid[:2, :3, :4]
    assert np.array_equal(lib.np_array_3ptr(BLOCK), BLOCK + 100 * i + 10 * j + k)


def test_three_dimensions_of_pointers_need_no_copy_of_a_box_in_a_larger_block(strict):
    block = np.arange(6.0 * 7 * 8).reshape(6, 7, 8)
    box = block[1::2, ::-3, 2:6]
    i, j, k = np.ogrid[:3, :3, :4]
    assert np.array_equal(strict.np_array_3ptr(box), box + 100 * i + 10 * j + k)


def test_empty_tables_are_called_too(lib):
    for shape in ((0, 3), (3, 0), (0, 0)):
        assert lib.np_array_2dim(np.ones(shape)).shape == shape
    assert lib.np_array_3ptr(np.ones((2, 0, 4))).shape == (2, 0, 4)


def fields(lib, n=2, m=3, o=4):
    return lib.Fields(one=np.zeros(n), two=np.zeros((n, m)), three=np.zeros((n, m, o)))


def test_a_struct_of_tables_is_filled_by_c_and_seen_by_python(lib):
    f = fields(lib)
    lib.fill_fields(f)
    i, j, k = np.ogrid[:2, :3, :4]
    assert np.array_equal(f.one, [0, 1])
    assert np.array_equal(f.two, (10 * i + j)[:, :, 0])
    assert np.array_equal(f.three, 100 * i + 10 * j + k)


def test_a_struct_writes_into_the_arrays_it_was_made_of(lib):
    three = np.zeros((2, 3, 4))
    f = lib.Fields(one=np.zeros(2), two=np.zeros((2, 3)), three=three)
    lib.fill_fields(f)
    assert three[1, 2, 3] == 123


def test_a_struct_is_read_by_c_as_python_filled_it(lib):
    f = fields(lib)
    f.two[...] = 1
    f.three[...] = 2
    assert lib.use_fields(f) == 2 * 3 + 2 * 24


def test_a_struct_tells_the_numbers_that_its_arrays_determine(lib):
    f = fields(lib, 5, 3, 2)
    assert (f.n, f.m, f.o) == (5, 3, 2)


def test_a_struct_whose_arrays_disagree_is_refused(lib):
    with pytest.raises(ndcall.ShapeError, match="two"):
        lib.Fields(one=np.zeros(2), two=np.zeros((3, 3)), three=np.zeros((2, 3, 4)))
