"""The contract language: types. Void pointers, bytes, any and like, bool, complex in three ways, integers, enums, half and long double."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest

WIDTHS = {
    "signed char": np.byte,
    "unsigned char": np.ubyte,
    "short": np.short,
    "unsigned short": np.ushort,
    "int": np.intc,
    "unsigned int": np.uintc,
    "long": np.long,
    "unsigned long": np.ulong,
    "long long": np.longlong,
    "unsigned long long": np.ulonglong,
    "int8_t": np.int8,
    "uint8_t": np.uint8,
    "int16_t": np.int16,
    "uint16_t": np.uint16,
    "int32_t": np.int32,
    "uint32_t": np.uint32,
    "int64_t": np.int64,
    "uint64_t": np.uint64,
    "size_t": np.uintp,
    "ptrdiff_t": np.intp,
    "intptr_t": np.intp,
    "uintptr_t": np.uintp,
    "float": np.float32,
    "double": np.float64,
    "long double": np.longdouble,
    "_Bool": np.bool_,
}


def identifier(ctype: str) -> str:
    return ctype.replace(" ", "_").strip("_")


MIRRORS = "".join(
    f"/// ndcall: x[n] -> y[n]\nvoid mirror_{identifier(ctype)}(const {ctype} *x, {ctype} *y, int n)"
    "{ for (int i = 0; i < n; i++) y[i] = x[n - 1 - i]; }\n"
    f"{ctype} same_{identifier(ctype)}({ctype} x) {{ return x; }}\n"
    for ctype in WIDTHS
)

SOURCE = (
    """
#include <complex.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <stdbool.h>
"""
    + MIRRORS
    + """
/// ndcall: x: float64[n] -> return
double sum_void(const void *x, int n) { const double *d = x; double s = 0; for (int i = 0; i < n; i++) s += d[i]; return s; }

/// ndcall: x: any[n] -> return; size = itemsize(x)
unsigned checksum(const void *x, size_t n, size_t size) {
    const unsigned char *p = x; unsigned s = 0; for (size_t i = 0; i < n * size; i++) s += p[i]; return s;
}

/// ndcall: x: any[n] -> y: like(x)[n]; size = itemsize(x)
void reversed(const void *x, void *y, size_t n, size_t size) {
    for (size_t i = 0; i < n; i++) memcpy((char *)y + i * size, (const char *)x + (n - 1 - i) * size, size);
}

/// ndcall: x: bool[n] -> y: bool[n]
void invert(const unsigned char *x, unsigned char *y, int n) { for (int i = 0; i < n; i++) y[i] = !x[i]; }

bool both(bool a, bool b) { return a && b; }

typedef struct { double re, im; } dcomplex;
typedef struct { float r, i; } fcomplex;

/// ndcall: x[n] -> y[n]
void conj_c99(const double complex *x, double complex *y, int n) { for (int i = 0; i < n; i++) y[i] = conj(x[i]); }
/// ndcall: x[n] -> y[n]
void conj_c99_single(const float complex *x, float complex *y, int n) { for (int i = 0; i < n; i++) y[i] = conjf(x[i]); }
/// ndcall: x[n] -> y[n]
void conj_struct(const dcomplex *x, dcomplex *y, int n) { for (int i = 0; i < n; i++) { y[i].re = x[i].re; y[i].im = -x[i].im; } }
/// ndcall: x[n] -> y[n]
void conj_struct_single(const fcomplex *x, fcomplex *y, int n) { for (int i = 0; i < n; i++) { y[i].r = x[i].r; y[i].i = -x[i].i; } }
/// ndcall: x: complex128[n] -> y: complex128[n]
void conj_doubles(const double *x, double *y, int n) { for (int i = 0; i < n; i++) { y[2 * i] = x[2 * i]; y[2 * i + 1] = -x[2 * i + 1]; } }

double complex square_c99(double complex z) { return z * z; }
float complex square_c99_single(float complex z) { return z * z; }
dcomplex turn_struct(dcomplex z) { dcomplex w = {-z.im, z.re}; return w; }
/// ndcall: z: complex128 -> w: complex128
void turn_pointer(const double *z, double *w) { w[0] = -z[1]; w[1] = z[0]; }
long double complex turn_long(long double complex z) { return z * 1.0iL; }

enum colour { RED = 1, GREEN = 2, BLUE = 4 };
typedef enum { UP = -1, DOWN = 1 } direction;
int as_number(enum colour c) { return c; }
direction flipped(direction d) { return d == UP ? DOWN : UP; }
#define FLAG_FAST 1
#define FLAG_EXACT 2
#define FLAG_LOUD 8
/// ndcall: flags: FLAG_* = FLAG_FAST
unsigned flags_of(unsigned flags) { return flags; }

/// ndcall: x: float16[n] -> y: float16[n]
void half_mirror(const uint16_t *x, uint16_t *y, int n) { for (int i = 0; i < n; i++) y[i] = x[n - 1 - i]; }

long double next(long double x) { return x + 1; }

/// ndcall: n -> y: any[n]; size = itemsize(y)
void zeros(void *y, size_t n, size_t size) { for (size_t i = 0; i < n * size; i++) ((unsigned char *)y)[i] = 0; }

char shout(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 32) : c; }

struct particle { double mass; float position[3]; int charge; };
/// ndcall: p[n] -> return
double mass(const struct particle *p, int n) { double s = 0; for (int i = 0; i < n; i++) s += p[i].mass * p[i].charge; return s; }
/// ndcall: -> p[n]
void make(struct particle *p, int n) {
    for (int i = 0; i < n; i++) { p[i].mass = i; p[i].charge = -i; p[i].position[2] = 0.5f * (float)i; }
}
"""
)


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE)


@pytest.mark.parametrize("ctype", WIDTHS)
def test_an_array_of_every_c_number_goes_in_and_out(lib, ctype):
    dtype = np.dtype(WIDTHS[ctype])
    x = np.array([1, 0, 1] if dtype.kind == "b" else [1, 2, 3], dtype)
    y = lib[f"mirror_{identifier(ctype)}"](x)
    assert y.dtype == dtype
    assert np.array_equal(y, x[::-1])


@pytest.mark.parametrize("ctype", WIDTHS)
def test_every_c_number_goes_in_and_out_at_its_limits(lib, ctype):
    dtype = np.dtype(WIDTHS[ctype])
    same = lib[f"same_{identifier(ctype)}"]
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        assert same(int(limits.min)) == limits.min
        assert same(int(limits.max)) == limits.max
        assert type(same(1)) is int
        for beyond in (int(limits.min) - 1, int(limits.max) + 1):
            with pytest.raises(ndcall.RangeError):
                same(beyond)
    elif dtype.kind == "b":
        assert same(True) is True
        assert same(np.False_) is False
    else:
        assert same(0.5) == 0.5
        assert np.isnan(same(float("nan")))
        assert same(np.inf) == np.inf


def test_a_number_is_never_taken_from_a_float_or_a_text_for_an_integer(lib):
    for wrong in (1.0, np.float64(1), "1", None, [1], np.bool_(True)):
        with pytest.raises(ndcall.ContractError):
            lib.same_int(wrong)
    assert lib.same_int(True) == 1
    assert lib.same_int(np.array(7)) == 7


def test_a_float_takes_numbers_and_no_text(lib):
    assert lib.same_double(3) == 3.0
    assert lib.same_double(np.float32(0.5)) == 0.5
    assert lib.same_float(0.1) == np.float32(0.1)
    for wrong in ("1", None, 1j, 1 + 0j):
        with pytest.raises(ndcall.ContractError):
            lib.same_double(wrong)
    for too_large in (1e300, 2**200):
        with pytest.raises(ndcall.RangeError):
            lib.same_float(too_large)
    with pytest.raises(ndcall.RangeError):
        lib.same_double(2**53 + 1)


def test_a_bool_takes_only_bools(lib):
    assert lib.both(True, np.True_) is True
    for wrong in (1, 0.0, "yes"):
        with pytest.raises(ndcall.ContractError):
            lib.both(wrong, True)


def test_a_void_pointer_gets_the_dtype_that_the_contract_says(lib):
    assert lib.sum_void([1, 2, 3]) == 6


def test_any_takes_every_dtype_and_like_follows_it(lib):
    for x in (np.array([1, 2], np.int16), np.array([1.5, 2.5]), np.array([1j, 2]), np.array([True, False])):
        assert lib.checksum(x) == sum(x.tobytes())
        y = lib.reversed(x)
        assert y.dtype == x.dtype
        assert np.array_equal(y, x[::-1])


def test_any_takes_no_objects(lib):
    with pytest.raises(ndcall.DtypeError):
        lib.checksum(np.array([None, 1]))


def test_like_refuses_another_dtype(lib):
    with pytest.raises(ndcall.DtypeError):
        lib.reversed(np.array([1, 2]), out=np.zeros(2))


def test_like_a_struct_is_a_struct_of_the_same_fields(lib):
    x = np.array([(1, 2.5), (3, 4.5)], [("a", "i8"), ("b", "f8")])
    assert lib.reversed(x).tolist() == [(3, 4.5), (1, 2.5)]
    assert lib.reversed(x, out=np.zeros(2, x.dtype))["a"].tolist() == [3, 1]
    for fields in ([("a", "i8"), ("b", "i8")], [("a", "i8"), ("c", "f8")], [("b", "f8"), ("a", "i8")]):
        with pytest.raises(ndcall.DtypeError):
            lib.reversed(x, out=np.zeros(2, fields))


def test_a_result_whose_dtype_nothing_tells_must_be_given(lib, refusal):
    y = np.ones(3, np.int16)
    assert lib.zeros(3, out=y) is y
    assert y.tolist() == [0, 0, 0]
    assert refusal(ndcall.DtypeError, lib.zeros, 3) == (
        "zeros(n): argument 'y' (the result) has no dtype that this call determines: give the array by out="
    )


def test_bytes_may_be_bools(lib):
    y = lib.invert([True, False])
    assert y.dtype == bool
    assert y.tolist() == [False, True]
    with pytest.raises(ndcall.DtypeError):
        lib.invert(np.array([1, 0], np.uint8))


@pytest.mark.parametrize(
    ("function", "dtype"),
    [
        ("conj_c99", np.complex128),
        ("conj_c99_single", np.complex64),
        ("conj_struct", np.complex128),
        ("conj_struct_single", np.complex64),
        ("conj_doubles", np.complex128),
    ],
)
def test_complex_arrays_in_every_spelling(lib, function, dtype):
    x = np.array([1 + 2j, -3j, 4], dtype)
    y = lib[function](x)
    assert y.dtype == dtype
    assert np.array_equal(y, x.conj())
    assert np.array_equal(lib[function]([1, 2.5, 1j]), [1, 2.5, -1j])


def test_complex_numbers_in_every_spelling(lib):
    assert lib.square_c99(1 + 2j) == (1 + 2j) ** 2
    assert lib.square_c99(3) == 9
    assert lib.square_c99_single(1 + 2j) == (1 + 2j) ** 2
    assert lib.turn_struct(1 + 2j) == -2 + 1j
    assert lib.turn_pointer(1 + 2j) == -2 + 1j
    assert lib.turn_long(np.clongdouble(1 + 2j)) == -2 + 1j
    assert type(lib.square_c99(1)) is complex


def test_an_enum_is_said_by_name_or_member_or_number(lib):
    assert lib.as_number("GREEN") == 2
    assert lib.as_number(lib.GREEN) == 2
    assert lib.as_number(4) == 4
    assert lib.flipped("UP") == lib.DOWN == 1
    with pytest.raises(ndcall.ContractError, match="GREEN"):
        lib.as_number("GREN")


def test_flags_of_a_prefix_are_said_without_it_and_joined(lib):
    assert lib.flags_of() == 1
    assert lib.flags_of("EXACT|LOUD") == 10
    assert lib.flags_of(lib.FLAG_LOUD) == 8


def test_half_precision_lies_in_unsigned_shorts(lib):
    x = np.array([1, 0.5, -2], np.float16)
    y = lib.half_mirror(x)
    assert y.dtype == np.float16
    assert np.array_equal(y, x[::-1])


def test_long_doubles_keep_their_precision(lib):
    x = np.longdouble(1) / 3
    y = lib.next(x)
    assert type(y) is np.longdouble
    assert y == x + 1


def test_a_plain_char_is_a_text_of_one_character(lib):
    assert lib.shout("a") == "A"
    with pytest.raises(ndcall.ContractError):
        lib.shout("ab")


def test_an_array_of_structs_is_a_structured_array(lib):
    p = lib.make(3)
    assert p["mass"].tolist() == [0, 1, 2]
    assert p["charge"].tolist() == [0, -1, -2]
    assert p["position"][2].tolist() == [0, 0, 1]
    assert p.dtype.itemsize == 24
    assert lib.mass(p) == -5
    with pytest.raises(ndcall.DtypeError):
        lib.mass(np.zeros(3, [("mass", "f8")]))
