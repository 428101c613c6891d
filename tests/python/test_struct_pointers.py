"""Pointers of a struct object that nobody set: C does not get them before somebody said that NULL is meant."""

from __future__ import annotations

import copy

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>

typedef struct node { struct node *next; void (*visit)(int); const char *name; int value; } node;
static int count(const node *n) { return (n->next == NULL) + (n->visit == NULL) + (n->name == NULL) + 10 * n->value; }
/// ndcall: n
int read_node(const node *n) { return count(n); }
/// ndcall: inout n
int change_node(node *n) { return count(n); }
int read_value(node n) { return count(&n); }
/// ndcall: -> n
void fill_node(node *n) { n->value = 4; }
/// ndcall: n -> n
void bump_node(node *n) { n->value++; }
node make_node(int value) { node n = {0}; n.value = value; return n; }

typedef struct { int n; double *x, *y; void *owner; } pair;
/// ndcall: p
double sum(const pair *p) { double s = 0; for (int i = 0; i < p->n; i++) s += p->x[i] + (p->y ? p->y[i] : 0); return s; }

typedef struct { int kind; struct { char *text; int size; } inner; node many[2]; union { int i; void *p; } either; char *names[2]; } nest;
/// ndcall: t
int read_nest(const nest *t) { return !t->inner.text + !t->many[1].next + !t->either.p + !t->names[1] + t->kind; }

typedef struct { int kind; union { void *p; double d; }; } secret;
/// ndcall: s
int read_secret(const secret *s) { return s->p == NULL; }
/// ndcall: -> s
void make_secret(secret *s) { s->d = 0; }
typedef struct { int a; double b[3]; } flat;
/// ndcall: f
int read_flat(const flat *f) { return f->a; }
"""
CONTRACT = """
struct pair: x[n], y[n]?; owner = NULL
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract=CONTRACT)


def test_a_struct_with_pointers_that_nobody_set_is_refused_where_c_reads_it(lib, refusal):
    for function in (lib.read_node, lib.change_node, lib.read_value, lib.bump_node):
        assert refusal(ndcall.ArgumentError, function, lib.node(value=1)) == (
            f"{function.__name__}(n): argument 'n' has pointers that nobody set: next, visit, name\n"
            "  expected  a node with every pointer set\n"
            "  got       NULL in next, visit, name\n"
            "  fix       n.next = n.visit = n.name = None   (if the function takes NULL there), or let the library make it"
        )


def test_the_fix_works(lib):
    n = lib.node(value=1)
    n.next = n.visit = n.name = None
    assert (lib.read_node(n), lib.read_value(n), lib.change_node(n)) == (13, 13, 13)
    assert lib.bump_node(n).value == 2


def test_none_is_null_in_the_constructor_too(lib, refusal):
    assert lib.read_node(lib.node(next=None, visit=None, name=None)) == 3
    assert lib.read_node(lib.node(next=None, visit=None, name="text")) == 2
    text = refusal(ndcall.ArgumentError, lib.read_node, lib.node(next=None, value=1, name="text"))
    assert text.startswith("read_node(n): argument 'n' has a pointer that nobody set: visit\n")


def test_a_pointer_that_no_entry_describes_takes_none_alone(lib):
    n = lib.node()
    for value in (0, 1, n, np.zeros(1), b"text"):
        with pytest.raises(AttributeError, match="it takes None alone"):
            n.next = value


def test_what_c_had_where_it_may_write_counts_as_set(lib):
    for n in (lib.fill_node(), lib.make_node(4), lib.fill_node(out=lib.node())):
        assert lib.read_node(n) == 43
    n = lib.node(next=None, visit=None, name=None)
    assert lib.read_node(lib.bump_node(n)) == 13


def test_an_object_that_c_only_read_or_never_saw_stays_as_it_is(lib):
    n = lib.node()
    with pytest.raises(ndcall.ArgumentError):
        lib.change_node(n)
    with pytest.raises(ndcall.ArgumentError):
        lib.change_node(n)
    twin = copy.copy(n)
    with pytest.raises(ndcall.ArgumentError):
        lib.read_node(twin)
    n.next = n.visit = n.name = None
    assert lib.read_node(copy.copy(n)) == 3
    with pytest.raises(ndcall.ArgumentError):
        lib.read_node(twin)


def test_what_the_line_of_a_struct_lets_be_absent_is_not_asked_for(lib, refusal):
    assert lib.sum(lib.pair(x=np.array([1.0, 2]))) == 3
    assert lib.sum(lib.pair(np.array([1.0, 2]), np.array([3.0, 4]))) == 10
    assert refusal(ndcall.ArgumentError, lib.sum, lib.pair()) == (
        "sum(p): argument 'p' has a pointer that nobody set: x\n  expected  a pair with every pointer set\n  got       NULL in x"
    )


def test_null_as_a_default_in_the_line_will_do_too_and_the_line_may_use_the_name_of_a_typedef(load_c):
    source = """
        typedef struct hook_s { double *first, *second; } hook;
        /// ndcall: h
        int unset(const hook *h) { return !h->first + !h->second; }
    """
    for tag in ("hook", "hook_s"):
        lib = load_c(source, contract=f"struct {tag}: first = NULL; second = NULL\n")
        assert lib.unset(lib.hook_s()) == 2


def test_pointers_inside_a_member_are_set_with_it(lib, refusal):
    t = lib.nest(kind=1)
    text = refusal(ndcall.ArgumentError, lib.read_nest, t)
    assert text.splitlines()[0].endswith("has pointers that nobody set: inner, many, either, names")
    t.inner = t.many = t.either = None
    t.names = None
    assert lib.read_nest(t) == 5
    assert lib.read_nest(lib.nest(inner=None, many=None, either=None, names=None)) == 4


def test_a_pointer_in_a_member_without_a_name_is_c_s_to_set(lib, refusal):
    assert refusal(ndcall.ArgumentError, lib.read_secret, lib.secret()) == (
        "read_secret(s): argument 's' has a pointer that nobody set: (a member without a name)\n"
        "  expected  a secret with every pointer set\n"
        "  got       NULL in (a member without a name)"
    )
    assert lib.read_secret(lib.make_secret()) == 1


def test_a_struct_without_pointers_needs_nothing(lib):
    assert lib.read_flat(lib.flat()) == 0


def test_every_other_mistake_is_told_together_with_it(load_c, refusal):
    lib = load_c("typedef struct { void *p; } box;\n/// ndcall: b, k\nint f(const box *b, int k) { return b->p ? k : 0; }\n")
    text = refusal(ndcall.ArgumentError, lib.f, lib.box(), "3")
    assert "argument 'b' (1st of 2) has a pointer that nobody set: p" in text
    assert "argument 'k' (2nd of 2) is not an integer" in text


def test_gsl_does_not_crash_on_an_empty_spline(refusal):
    gsl = ndcall.load("gsl/gsl_spline.h", library=["gsl", "gslcblas"])
    text = refusal(ndcall.ArgumentError, gsl.gsl_spline_eval, gsl.gsl_spline(), 1.0, gsl.gsl_interp_accel())
    assert text == (
        "gsl_spline_eval(spline, x, a): argument 'spline' (1st of 3) has pointers that nobody set: interp, x, y\n"
        "  expected  a gsl_spline with every pointer set\n"
        "  got       NULL in interp, x, y\n"
        "  fix       spline.interp = spline.x = spline.y = None   (if the function takes NULL there), or let the library make it"
    )
