"""What the line of a struct promises, C gets: its defaults, extents and checks, and what C does to a struct's members is seen."""

from __future__ import annotations

import ndcall
import numpy as np
import pytest

SOURCE = """
typedef struct { int n; const double *x; double *y; int bits : 3; } couple;
/// ndcall: c
double couple_sum(const couple *c) { return c->x[0] + c->y[0]; }
/// ndcall: inout c, x[k]
void couple_fill(couple *c, const double *x, int k) { c->y[0] = k + x[0]; }
/// ndcall: inout c
void couple_turn(couple *c) { static double own[3] = {7, 8, 9}; c->y = own; }
typedef struct { int m, n; const double *y, *x; } product;
typedef struct { unsigned long long big; double _Complex z; int n; } numbers;
/// ndcall: p? -> return; check p == NULL or p.n >= 0
int numbers_n(const numbers *p) { return p ? p->n : -1; }
/// ndcall: p? -> return; check p.n >= 0
int numbers_there(const numbers *p) { return p ? p->n : -1; }
/// ndcall: p; check p.big > 0
int numbers_big(const numbers *p) { return p->n; }

typedef struct { int n; double *x; signed char share; int length; const char *name; } named;
/// ndcall: s
int named_sum(const named *s) { return 10000 * s->n + 100 * s->share + s->length + (s->name ? s->name[0] : 0); }
"""
CONTRACT = """
struct couple: x[n], y[n]; check n > 1
struct product: y[m], x[n*m]
struct named: x[n], length = n, share = 2*length, name = "A"
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract=CONTRACT)


def test_a_default_of_a_struct_is_what_c_gets_or_is_refused(lib, refusal):
    s = lib.named(x=np.zeros(3))
    assert (s.length, s.share, s.name, lib.named_sum(s)) == (3, 6, "A", 30668)
    s = lib.named(x=np.zeros(3), share=1, name="B")
    assert (s.length, s.share, s.name, lib.named_sum(s)) == (3, 1, "B", 30169)
    assert lib.named_sum(lib.named(np.zeros(2), 63)) == 20000 + 12600 + 63 + 65
    assert refusal(ndcall.RangeError, lib.named, np.zeros(2), 64) == (
        "named(x, length, share, name): argument 'share' (3rd of 4) has the default 2*length, which is no value of signed char"
    )
    assert refusal(ndcall.RangeError, lib.named, x=np.zeros(64)) == (
        "named(x, length, share, name): share = 128 does not fit C's signed char"
    )


def test_the_line_of_a_struct_is_held_to_when_an_object_is_made(lib, refusal):
    x = np.array([1.0, 2])
    assert lib.couple_sum(lib.couple(x, np.array([3.0, 4]))) == 4
    assert refusal(ndcall.CheckError, lib.couple, [1.0], np.zeros(1)) == (
        "couple(x, y): check n > 1 failed\n  expected  n > 1\n  got       n = 1"
    )
    assert refusal(ndcall.ShapeError, lib.couple, x, np.zeros(3)).splitlines()[0] == "couple(x, y): argument 'y' (2nd of 2) has length 3"
    assert refusal(ndcall.OverlapError, lib.couple, x, x).splitlines()[0] == "couple(x, y): argument 'y' (2nd of 2) overlaps argument 'x'"
    assert refusal(ndcall.ArgumentError, lib.couple, x=None, y=x).splitlines()[0] == "couple(x, y): argument 'x' (1st of 2) is None"
    assert (lib.product([1, 2], [1, 2, 3, 4]).n, lib.product([1], []).n) == (2, 0)
    assert refusal(ndcall.RangeError, lib.product, [], []) == "product(y, x): nothing in this call determines 'n'"


def test_what_c_may_write_through_a_struct_is_no_other_argument(lib, refusal):
    y = np.zeros(2)
    c = lib.couple(np.ones(2), y)
    lib.couple_fill(c, [3.0])
    assert y.tolist() == [4, 0]
    assert refusal(ndcall.OverlapError, lib.couple_fill, c, y).splitlines()[0] == (
        "couple_fill(c, x): argument 'x' (2nd of 2) shares memory with 'c.y', which C may write"
    )


def test_a_member_that_c_points_elsewhere_is_not_taken_for_the_array_that_was_given(lib, refusal):
    c = lib.couple(np.ones(2), np.zeros(2))
    lib.couple_turn(c)
    assert lib.couple_sum(c) == 8
    assert refusal(AttributeError, getattr, c, "y") == "member 'y' (double *y) points to memory that C made: its extents are not known"


def test_a_bit_field_is_no_member(lib, refusal):
    c = lib.couple(np.ones(2), np.zeros(2))
    assert refusal(AttributeError, getattr, c, "bits") == "'couple' object has no attribute 'bits'"
    assert refusal(AttributeError, setattr, c, "bits", 1) == "struct couple has no member 'bits' that can be set"


def test_a_check_asks_the_members_of_a_struct_that_is_there(lib, refusal):
    assert (lib.numbers_n(), lib.numbers_n(lib.numbers(n=2)), lib.numbers_there(), lib.numbers_big(lib.numbers(big=1, n=3))) == (
        -1,
        2,
        -1,
        3,
    )
    for function in (lib.numbers_n, lib.numbers_there):
        with pytest.raises(ndcall.CheckError):
            function(lib.numbers(n=-1))
    assert refusal(ndcall.CheckError, lib.numbers_big, lib.numbers(big=2**63)) == (
        "numbers_big(p): check p.big > 0 failed\n  expected  p.big > 0\n  got       a member of 'p' is no real 64-bit number in p.big > 0"
    )
