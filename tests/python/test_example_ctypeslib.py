"""examples/ctypeslib: scripts as people write them, under numpy.ctypeslib and with the one line changed."""

from __future__ import annotations

import ctypes
import os
import runpy
import subprocess
import sys

import ndcall
import numpy as np
import pytest
from ndcall.compat import ctypeslib

MODULES = ("numpy.ctypeslib", "ndcall.compat.ctypeslib")


@pytest.fixture(scope="module")
def folder(tmp_path_factory, examples):
    """The folder of the examples, with the libraries that their first lines say how to build."""
    place = tmp_path_factory.mktemp("examples")
    (place / "ctypeslib").mkdir()
    for name in ("arrays.c", "code.c", "filter.c"):
        (place / name).symlink_to(examples / name)
    built = set()
    for script in sorted((examples / "ctypeslib").glob("*.py")):
        text = script.read_text(encoding="utf-8")
        (place / "ctypeslib" / script.name).write_text(text, encoding="utf-8")
        command = text.partition("Build:")[2].partition("\n")[0]
        if command not in built:
            subprocess.run(command, shell=True, cwd=place / "ctypeslib", check=True)
        built.add(command)
    return place / "ctypeslib"


def change_import(text):
    """The script with its one line changed."""
    lines = text.split("\n")
    changed = [
        line.replace("from numpy import ctypeslib", "from ndcall.compat import ctypeslib").replace(
            "from numpy.ctypeslib import", "from ndcall.compat.ctypeslib import"
        )
        for line in lines
    ]
    assert sum(a != b for a, b in zip(lines, changed, strict=True)) == 1
    return "\n".join(changed)


@pytest.fixture(params=MODULES)
def run(request, folder):
    """run(name): the names of a script that was run under one of the two modules."""

    def run_script(name):
        text = (folder / name).read_text(encoding="utf-8")
        path = folder / f"{request.param.partition('.')[0]}_{name}"
        path.write_text(text if request.param == MODULES[0] else change_import(text), encoding="utf-8")
        return runpy.run_path(str(path))

    return run_script


def test_arrays_of_every_dimension_go_through(run):
    names = run("module.py")
    block = np.arange(24.0).reshape(2, 3, 4)
    i, j, k = np.indices(block.shape)
    np.testing.assert_array_equal(names["one_dimension"](), 2 * np.arange(10.0))
    np.testing.assert_array_equal(names["two_dimensions"](), np.arange(9.0).reshape(3, 3) + np.arange(3)[:, None])
    np.testing.assert_array_equal(names["three_dimensions"](), block[::-1, ::-1, ::-1])
    np.testing.assert_array_equal(names["three_dimensions_by_pointers"](), block + 100 * i + 10 * j + k)


@pytest.mark.parametrize(
    ("dtype", "result"),
    [("i2", "f4"), ("f4", "f4"), ("i4", "f8"), ("f8", "f8"), ("c8", "c8"), ("c16", "c16")],
)
def test_add_takes_the_smallest_of_its_four_functions(run, dtype, result):
    names = run("interface.py")
    a, b = np.arange(6).astype(dtype).reshape(2, 3), np.ones((2, 3), dtype)
    c = names["add"](a, b)
    assert c.dtype == result
    np.testing.assert_array_equal(c, a + b)


def test_add_refuses_what_it_would_spoil(run):
    names = run("interface.py")
    with pytest.raises(TypeError, match=r"^nothing adds .* without losing digits$"):
        names["add"](np.ones(3, np.longdouble), np.ones(3))
    with pytest.raises(ValueError, match=r"^a has shape \(3,\), b \(2,\)$"):
        names["add"]([1, 2, 3], [1, 2])


@pytest.mark.parametrize("view", ["C", "F", "reversed", "sliced"])
def test_filter2d_takes_an_image_with_any_steps(run, view):
    image = np.random.default_rng(1).uniform(size=(8, 9))
    image = {"C": image, "F": np.asfortranarray(image), "reversed": image[::-1, ::-1], "sliced": image[::2, 1::3]}[view]
    filtered = run("interface.py")["filter2d"](image)
    around = sum(
        image[1 + i : image.shape[0] - 1 + i, 1 + j : image.shape[1] - 1 + j] * weight
        for (i, j), weight in np.ndenumerate(np.array([[0.25, 0.5, 0.25], [0.5, 1, 0.5], [0.25, 0.5, 0.25]]))
        for i, j in [(i - 1, j - 1)]
    )
    np.testing.assert_allclose(filtered[1:-1, 1:-1], around, rtol=0, atol=1e-12)
    assert not filtered[0].any()


def test_an_array_gets_in_by_every_way(run):
    names = run("ways.py")
    assert names["by_array"]().tolist() == [1, 2, 3, 4]
    assert names["by_required_array"]().tolist() == [1, 3, 5, 7]
    assert names["by_pointer"]().tolist() == [1, 2, 3, 4]
    assert names["by_parameter"]().tolist() == [1, 2, 3, 4]
    assert names["by_conversion"]().tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("script", ["module.py", "interface.py", "ways.py"])
def test_a_script_prints_the_same_under_both(folder, script):
    printed = []
    for text in ((folder / script).read_text(encoding="utf-8"), change_import((folder / script).read_text(encoding="utf-8"))):
        path = folder / f"printing_{script}"
        path.write_text(text, encoding="utf-8")
        printed.append(subprocess.run([sys.executable, path], capture_output=True, text=True, check=True).stdout)
    assert printed[0] == printed[1] != ""


def test_the_calls_of_the_complete_example_take_the_plan(folder):
    names = runpy.run_path(str(write_changed(folder, "interface.py")))
    a = np.ones(3)
    assert ctypeslib.explain_path(names["lib"].dadd, a, a, a, 3) == "plan"
    image = np.ones((3, 4))
    assert ctypeslib.explain_path(names["lib"].dfilter2d, image, image, image.ctypes.strides, image.ctypes.shape) == "plan"


# The mistakes of the original, one by one, and what becomes of each.


def test_mistake_1_a_folder_that_is_the_name_file_in_quotes(folder, monkeypatch, refusal, tmp_path):
    """os.path.dirname("__file__") is "": the library is looked for wherever the script is started."""
    monkeypatch.chdir(tmp_path)
    text = refusal(ndcall.LoadError, ctypeslib.load_library, "code", os.path.dirname("__file__"))
    assert text.startswith("no file with expected extension; tried\n")
    assert text.endswith(f"\n  {tmp_path}/code.so")


def test_mistake_2_ctypes_is_never_imported(folder):
    """Python's own NameError, under both modules."""
    text = (folder / "interface.py").read_text(encoding="utf-8").replace("import ctypes\n", "", 1)
    (folder / "forgotten.py").write_text(change_import(text), encoding="utf-8")
    with pytest.raises(NameError, match="ctypes"):
        runpy.run_path(str(folder / "forgotten.py"))


def test_mistake_3_a_list_of_one_string_is_searched_for_a_letter(folder, refusal):
    """`dtype.char in ["DG"]` never holds, so all numbers go to dadd. What it is not made for is refused there."""
    names = runpy.run_path(str(write_changed(folder, "interface.py")))
    assert "D" not in ["DG"]
    z, c = np.ones(3, complex), np.empty(3, complex)
    assert refusal(ctypeslib.DtypeError, names["lib"].dadd, z, z, c, 3) == (
        "dadd: the 1st of 4 arguments has dtype complex128, not float64\n"
        "  expected  float64, C-contiguous, aligned\n"
        "  got       (3,) complex128"
    )


def test_mistake_4_the_second_array_is_as_long_as_it_likes(examples, refusal):
    """ctypes cannot know: c reads past the end of b. A contract knows that both have n items."""
    lib = ndcall.load(examples / "code.c")
    assert "dadd(a, b): argument 'b' " in refusal(ndcall.ShapeError, lib.dadd, np.ones(3), np.ones(2))


def test_mistake_5_zeros_like_takes_over_an_order_that_c_does_not_write(folder, refusal):
    names = runpy.run_path(str(write_changed(folder, "interface.py")))
    a = np.asfortranarray(np.ones((3, 4)))
    b = np.zeros_like(a)
    assert refusal(ctypeslib.LayoutError, names["lib"].dfilter2d, a, b, a.ctypes.strides, a.ctypes.shape) == (
        "dfilter2d: the 2nd of 4 arguments is not C-contiguous\n"
        "  expected  float64, 2 dimensions, C-contiguous, aligned, writeable\n"
        "  got       (3, 4) float64, strides (8, 24)\n"
        '  fix       np.require(array, requirements="CAW")   (a copy, 96 bytes; what C writes goes to the copy)'
    )


def test_mistake_6_strides_are_c_ints_in_c_and_pointers_wide_in_python(tmp_path, build_library, refusal):
    """On 64 bits C finds the upper half of the first number where it looks for the second: an image of no columns, and all zeros."""
    (tmp_path / "code.h").write_text("void dfilter2d(double *a, double *b, int *astrides, int *dims);\n", encoding="utf-8")
    build_library("void dfilter2d(double *a, double *b, int *astrides, int *dims) {}", tmp_path / "code.so")
    function = ctypeslib.load_library("code", tmp_path, header="code.h").dfilter2d
    function.restype = None
    image, intp = ctypeslib.ndpointer(float, ndim=2, flags="aligned"), ctypes.POINTER(ctypeslib.c_intp)
    assert refusal(ndcall.BindError, setattr, function, "argtypes", [image, image, intp, intp]) == (
        "dfilter2d: argument 3 'astrides' is POINTER(c_long), and C takes int *; argument 4 'dims' is POINTER(c_long), and C takes int *\n"
        "  declared  void dfilter2d(double *a, double *b, int *astrides, int *dims)   (code.h:1)\n"
        "  fix       argument 3: ctypes.POINTER(ctypes.c_int)\n"
        "  fix       argument 4: ctypes.POINTER(ctypes.c_int)"
    )


def test_mistake_7_names_of_dtypes_that_nobody_imported(folder):
    """`csingle` alone is no name, and it is first asked for when somebody adds complex64: Python's own NameError, under both modules."""
    text = (folder / "interface.py").read_text(encoding="utf-8").replace("np.complex64", "csingle")
    for changed in (text, change_import(text)):
        (folder / "nameless.py").write_text(changed, encoding="utf-8")
        with pytest.raises(NameError, match="csingle"):
            runpy.run_path(str(folder / "nameless.py"))


def test_mistake_8_the_first_array_alone_chooses_the_function(examples, refusal):
    """numpy.require then makes real numbers of a complex b, with no more than a warning. A contract converts where every value stays."""
    lib = ndcall.load(examples / "code.c")
    a, b = np.ones(3), np.ones(3, complex)
    with pytest.warns(np.exceptions.ComplexWarning):
        np.require(b, float, ["CONTIGUOUS", "ALIGNED"])
    assert refusal(ndcall.DtypeError, lib.dadd, a, b) == (
        "dadd(a, b): argument 'b' (2nd of 2) has dtype complex128, which float64 does not hold\n"
        "  expected  (n,) float64, C-contiguous\n"
        "  got       (3,) complex128"
    )


def write_changed(folder, name):
    path = folder / f"changed_{name}"
    path.write_text(change_import((folder / name).read_text(encoding="utf-8")), encoding="utf-8")
    return path
