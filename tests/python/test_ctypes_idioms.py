"""What real scripts do with ctypes and NumPy: the same under numpy.ctypeslib and under ours, and by which path a call goes."""

from __future__ import annotations

import ctypes
import errno
import multiprocessing.sharedctypes
import os
from ctypes import POINTER, byref, c_char_p, c_double, c_float, c_int, c_long, c_size_t, c_void_p
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from ndcall.compat import ctypeslib
from ndcall.compat.ctypeslib import explain_path

SOURCE = Path(__file__).resolve().parents[1] / "data" / "ctypes_idioms.c"
IDIOMS = {}
CALLS = []  # the functions that idioms have called, with their arguments


def go(function, *arguments):
    CALLS.append((function, arguments))
    return function(*arguments)


def idiom(path):
    """Of a function that gets a library and a ctypeslib module: the path that its last called function takes under ours."""

    def note(function):
        IDIOMS[function.__name__] = (function, path)
        return function

    return note


class Mesh(ctypes.Structure):
    _fields_ = (("count", c_int), ("xyz", POINTER(c_float)), ("triangles", POINTER(c_int)))


class Point(ctypes.Structure):
    _fields_ = (("x", c_double), ("y", c_double), ("tag", c_int))


X = np.array([3.0, -1.0, 2.0])


@idiom("plan")
def a_pointer_type_and_data_as(lib, module):
    lib.sum.argtypes, lib.sum.restype = [POINTER(c_double), c_int], c_double
    return go(lib.sum, X.ctypes.data_as(POINTER(c_double)), len(X))


@idiom("plan")
def an_ndpointer_and_its_length(lib, module):
    lib.sum.argtypes, lib.sum.restype = [module.ndpointer(c_double, flags="C_CONTIGUOUS"), c_int], c_double
    return go(lib.sum, X, X.size)


@idiom("plan")
def an_array_changed_in_place(lib, module):
    x = X.copy()
    lib.scale.argtypes, lib.scale.restype = [module.ndpointer(float, ndim=1, flags="C,W"), c_size_t, c_double], None
    go(lib.scale, x, x.shape[0], 2)
    return x.tolist()


@idiom("plan")
def a_void_pointer_and_the_address_as_a_number(lib, module):
    x = np.zeros(4, np.uint8)
    lib.fill_bytes.argtypes, lib.fill_bytes.restype = [c_void_p, ctypes.c_ubyte, c_size_t], None
    go(lib.fill_bytes, x.ctypes.data, 7, x.nbytes)
    return x.tolist()


@idiom("plan")
def a_void_pointer_and_data_as(lib, module):
    x = np.zeros(4, np.uint8)
    lib.fill_bytes.argtypes, lib.fill_bytes.restype = [c_void_p, ctypes.c_ubyte, c_size_t], None
    go(lib.fill_bytes, x.ctypes.data_as(c_void_p), 255, x.nbytes)
    return x.tolist()


@idiom("plan")
def single_precision_and_a_fixed_width_length(lib, module):
    lib.norm1.argtypes, lib.norm1.restype = [module.ndpointer(np.float32), ctypes.c_int64], c_float
    return go(lib.norm1, X.astype("f4"), X.size)


@idiom("plan")
def a_mask(lib, module):
    lib.count_true.argtypes, lib.count_true.restype = [module.ndpointer(bool, flags="C_CONTIGUOUS"), c_long], c_int
    return go(lib.count_true, X > 0, X.size)


@idiom("plan")
def complex_numbers(lib, module):
    z = np.array([1 + 2j, 3 - 4j])
    lib.conjugate.argtypes, lib.conjugate.restype = [module.ndpointer(np.complex128, flags="C,W"), c_int], None
    go(lib.conjugate, z, z.size)
    return z.tolist()


@idiom("plan")
def the_other_byte_order(lib, module):
    x, y = np.array([1, 2, 513], ">u2"), np.zeros(3, "<u2")
    lib.add_swapped.argtypes, lib.add_swapped.restype = [module.ndpointer(">u2"), module.ndpointer("<u2"), ctypes.c_uint], None
    go(lib.add_swapped, x, y, 3)
    return y.tolist()


@idiom("plan")
def results_in_arrays_of_one_element(lib, module):
    value = module.ndpointer(float, shape=(1,))
    lib.min_max.argtypes, lib.min_max.restype = [module.ndpointer(float), c_int, value, value], None
    low, high = np.empty(1), np.empty(1)
    go(lib.min_max, X, X.size, low, high)
    return (low[0], high[0])


@idiom("ctypes")
def results_by_byref(lib, module):
    lib.min_max.argtypes, lib.min_max.restype = [module.ndpointer(float), c_int, POINTER(c_double), POINTER(c_double)], None
    low, high = c_double(), c_double()
    go(lib.min_max, X, X.size, byref(low), byref(high))
    return (low.value, high.value)


@idiom("ctypes")
def a_struct_of_pointers_by_byref(lib, module):
    xyz, triangles = np.arange(9, dtype="f4"), np.array([0, 1, 2], "i4")
    mesh = Mesh(1, xyz.ctypes.data_as(POINTER(c_float)), triangles.ctypes.data_as(POINTER(c_int)))
    lib.mesh_area.argtypes, lib.mesh_area.restype = [POINTER(Mesh)], c_float
    return go(lib.mesh_area, byref(mesh))


@idiom("plan")
def a_struct_of_pointers_by_pointer(lib, module):
    xyz, triangles = np.arange(9, dtype="f4"), np.array([0, 1, 2], "i4")
    mesh = Mesh(1, xyz.ctypes.data_as(POINTER(c_float)), triangles.ctypes.data_as(POINTER(c_int)))
    lib.mesh_area.argtypes, lib.mesh_area.restype = [POINTER(Mesh)], c_float
    return go(lib.mesh_area, ctypes.pointer(mesh))


@idiom("plan")
def an_array_of_structs_as_a_structured_array(lib, module):
    points = np.zeros(3, np.dtype(Point))
    lib.move_points.argtypes, lib.move_points.restype = [module.ndpointer(np.dtype(Point), flags="C,W"), c_int, c_double, c_double], None
    go(lib.move_points, points, 3, 1.5, -1)
    return points.tolist()


@idiom("plan")
def an_array_of_structs_of_ctypes(lib, module):
    points = (Point * 3)()
    lib.move_points.argtypes, lib.move_points.restype = [POINTER(Point), c_int, c_double, c_double], None
    go(lib.move_points, points, 3, 1.5, -1)
    return module.as_array(points).tolist()


@idiom("ctypes")
def a_struct_by_value(lib, module):
    lib.point_norm.argtypes, lib.point_norm.restype = [Point], c_double
    lib.make_point.argtypes, lib.make_point.restype = [c_double, c_double], Point
    return go(lib.point_norm, go(lib.make_point, 3, 4))


@idiom("ctypes")
def a_callback(lib, module):
    kind = ctypes.CFUNCTYPE(c_double, c_double)
    lib.integrate.argtypes, lib.integrate.restype = [kind, c_double, c_double, c_int], c_double
    return go(lib.integrate, kind(lambda x: 2 * x), 0, 1, 10)


@idiom("ctypes")
def a_function_of_the_library_as_a_callback(lib, module):
    kind = ctypes.CFUNCTYPE(c_double, c_double)
    lib.integrate.argtypes, lib.integrate.restype = [kind, c_double, c_double, c_int], c_double
    return go(lib.integrate, ctypes.cast(lib.half, kind), 0, 1, 10)


@idiom("ctypes")
def a_callback_that_sees_arrays(lib, module):
    rows = []
    kind = ctypes.CFUNCTYPE(None, POINTER(c_double), c_int, c_void_p)
    visit = kind(lambda row, n, data: rows.append(module.as_array(row, (n,)).copy().tolist()))
    lib.each_row.argtypes, lib.each_row.restype = [module.ndpointer(float, 2, flags="C"), c_int, c_int, kind, c_void_p], None
    go(lib.each_row, np.arange(6.0).reshape(2, 3), 2, 3, visit, None)
    return rows


@idiom("plan")
def a_table_of_row_pointers(lib, module):
    a = np.arange(9.0).reshape(3, 3)
    row = POINTER(c_double)
    lib.trace.argtypes, lib.trace.restype = [POINTER(row), c_int], c_double
    return go(lib.trace, (row * 3)(*[one.ctypes.data_as(row) for one in a]), 3)


@idiom("plan")
def a_table_of_row_addresses(lib, module):
    a = np.arange(9.0).reshape(3, 3)
    lib.trace.argtypes, lib.trace.restype = [module.ndpointer(np.uintp, ndim=1, flags="C"), c_int], c_double
    return go(lib.trace, (a.ctypes.data + np.arange(3) * a.strides[0]).astype(np.uintp), 3)


@idiom("plan")
def a_handle(lib, module):
    lib.counter_new.argtypes, lib.counter_new.restype = [c_double], c_void_p
    lib.counter_add.argtypes, lib.counter_add.restype = [c_void_p, c_double], c_int
    lib.counter_value.argtypes, lib.counter_value.restype = [c_void_p], c_double
    lib.counter_delete.argtypes, lib.counter_delete.restype = [c_void_p], None
    handle = go(lib.counter_new, 1)
    go(lib.counter_add, handle, 2.5)
    got = go(lib.counter_add, handle, 1), go(lib.counter_value, handle)
    go(lib.counter_delete, handle)
    return got


@idiom("plan")
def bytes_in_and_out(lib, module):
    lib.greet.argtypes, lib.greet.restype = [c_char_p], c_char_p
    return go(lib.greet, b"world")


@idiom("plan")
def a_string_buffer(lib, module):
    buffer = ctypes.create_string_buffer(16)
    lib.version.argtypes, lib.version.restype = [c_char_p, c_size_t], c_int
    return (go(lib.version, buffer, len(buffer)), buffer.value)


@idiom("plan")
def an_array_of_strings(lib, module):
    words = (c_char_p * 3)(b"one", b"three", b"five")
    lib.longest.argtypes, lib.longest.restype = [POINTER(c_char_p), c_int], c_size_t
    return go(lib.longest, words, 3)


@idiom("ctypes")
def a_result_that_errcheck_reads(lib, module):
    def check(result, function, arguments):
        if result < 0:
            raise RuntimeError(f"{function.__name__}{arguments}")
        return 10 * result

    lib.checked.argtypes, lib.checked.restype, lib.checked.errcheck = [c_int], c_int, check
    with pytest.raises(RuntimeError, match=r"^checked\(-1,\)$"):
        go(lib.checked, -1)
    return go(lib.checked, 4)


@idiom("plan")
def an_array_that_c_owns(lib, module):
    lib.get_window.argtypes, lib.get_window.restype = [], module.ndpointer(float, shape=(2, 2))
    return go(lib.get_window).tolist()


@idiom("plan")
def a_pointer_that_becomes_an_array(lib, module):
    lib.get_window.argtypes, lib.get_window.restype = [], POINTER(c_double)
    return module.as_array(go(lib.get_window), shape=(4,)).tolist()


@idiom("plan")
def a_fortran_symbol(lib, module):
    one, single = module.ndpointer(np.int32), module.ndpointer(np.float32)
    y = np.ones(3, "f4")
    lib.saxpy_.argtypes, lib.saxpy_.restype = [one, single, single, single], None
    go(lib.saxpy_, np.array([3], "i4"), np.array([2], "f4"), X.astype("f4"), y)
    return y.tolist()


@idiom("ctypes")
def a_fortran_symbol_with_byref(lib, module):
    y = np.ones(3, "f4")
    single = module.ndpointer(np.float32)
    lib.saxpy_.argtypes, lib.saxpy_.restype = [POINTER(c_int), POINTER(c_float), single, single], None
    go(lib.saxpy_, byref(c_int(3)), byref(c_float(2)), X.astype("f4"), y)
    return y.tolist()


@idiom("ctypes")
def an_optional_array_by_a_class_of_ones_own(lib, module):
    base = module.ndpointer(float, flags="C")
    optional = type("optional", (base,), {"from_param": classmethod(lambda cls, obj: obj if obj is None else base.from_param(obj))})
    lib.optional_sum.argtypes, lib.optional_sum.restype = [base, optional, c_int], c_double
    return (go(lib.optional_sum, X, None, 3), go(lib.optional_sum, X, X, 3))


@idiom("plan")
def an_array_of_ctypes(lib, module):
    lib.sum.argtypes, lib.sum.restype = [POINTER(c_double), c_int], c_double
    return go(lib.sum, module.as_ctypes(X.copy()), 3)


@idiom("plan")
def shared_memory_of_processes(lib, module):
    shared = module.as_array(multiprocessing.sharedctypes.RawArray(c_double, 6)).reshape(2, 3)
    shared[...] = 2
    lib.sum.argtypes, lib.sum.restype = [module.ndpointer(float, flags="C"), c_int], c_double
    return go(lib.sum, shared, shared.size)


@idiom("ctypes")
def no_argtypes_at_all(lib, module):
    lib.sum.argtypes, lib.sum.restype = None, c_double
    return go(lib.sum, X.ctypes, c_int(3))


@idiom("ctypes")
def an_object_with_as_parameter(lib, module):
    lib.sum.argtypes, lib.sum.restype = [c_void_p, c_int], c_double
    return go(lib.sum, SimpleNamespace(_as_parameter_=X.ctypes.data), 3)


def test_there_are_enough_idioms():
    paths = [path for _, path in IDIOMS.values()]
    assert len(paths) >= 30
    assert paths.count("plan") >= 12


@pytest.fixture(scope="module")
def library(tmp_path_factory, build_library):
    return build_library(SOURCE.read_text(encoding="utf-8"), tmp_path_factory.mktemp("idioms") / "libidioms.so")


@pytest.mark.parametrize("name", IDIOMS)
@pytest.mark.filterwarnings("ignore:A builtin ctypes object gave a PEP3118:RuntimeWarning")
def test_an_idiom_gives_the_same_under_both_modules_and_takes_its_path(library, name):
    function, path = IDIOMS[name]
    folder, file = os.path.split(library)
    expected = function(np.ctypeslib.load_library(file, folder), np.ctypeslib)
    assert function(ctypes.CDLL(library), ctypeslib) == expected
    assert function(ctypeslib.load_library(file, folder), ctypeslib) == expected
    called, arguments = CALLS[-1]
    assert explain_path(called, *arguments).partition(":")[0] == path


def test_errno_of_ctypes_own_is_kept_by_ctypes(library):
    for module in (ctypes, ctypeslib):
        lib = module.CDLL(library, use_errno=True)
        lib.checked.argtypes, lib.checked.restype = [c_int], c_int
        ctypes.set_errno(0)
        assert (lib.checked(-1), ctypes.get_errno()) == (-1, errno.EINVAL)
    assert explain_path(lib.checked, -1).startswith("ctypes: ")


def test_variadic_functions_take_what_follows(library):
    for module in (ctypes, ctypeslib):
        lib = module.CDLL(None)
        buffer = ctypes.create_string_buffer(32)
        lib.snprintf.argtypes, lib.snprintf.restype = [c_char_p, c_size_t, c_char_p], c_int
        assert lib.snprintf(buffer, 32, b"%d %s %.1f", 5, b"five", c_double(5.5)) == 10
        assert buffer.value == b"5 five 5.5"
    assert explain_path(lib.snprintf, buffer, 32, b"%d", 5) == "ctypes: argtypes has 3, not 4"


def test_variables_of_the_library_are_seen(library):
    for module in (ctypes, ctypeslib):
        assert c_int.in_dll(module.CDLL(library), "verbosity").value == 2


def test_symbols_are_global_when_they_are_asked_to_be(tmp_path, build_library):
    for number, module in enumerate((ctypes, ctypeslib)):
        symbol = f"ndcall_test_of_global_{number}"
        path = build_library(f"int {symbol}(void) {{ return 5; }}", tmp_path / f"{symbol}.so")
        with pytest.raises(AttributeError):
            getattr(ctypes.CDLL(None), symbol)
        module.CDLL(path, mode=ctypes.RTLD_GLOBAL)
        assert getattr(ctypes.CDLL(None), symbol)() == 5


def test_libraries_are_found_by_every_form_of_cdll(library):
    for module in (ctypes, ctypeslib):
        assert module.cdll.LoadLibrary(library).half is not None
        assert module.cdll[library] is module.cdll[library]
        assert module.CDLL(library)._name == library
