"""The contract language: structs. By pointer and by value, with arrays in them, struct entries, members as items."""

from __future__ import annotations

import copy
import platform

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>

struct point { double x, y; int label; };

/// ndcall: p
double norm(const struct point *p) { return p->x * p->x + p->y * p->y; }
/// ndcall: inout p, dx
void move(struct point *p, double dx) { p->x += dx; p->label++; }
double norm_of_value(struct point p) { return p.x * p.x + p.y * p.y; }
struct point make_point(double x, double y) { struct point p = {x, y, 7}; return p; }
/// ndcall: inout p[n]
void labels(struct point *p, ptrdiff_t n) { for (ptrdiff_t i = 0; i < n; i++) p[i].label = 1; }
/// ndcall: x -> p
void out_point(double x, struct point *p) { p->x = x; p->y = 2 * x; p->label = 3; }

/// ndcall: p, dx -> p
void moved(struct point *p, double dx) { p->x += dx; p->label++; }

/** Counts of four kinds. */
struct tally {
    int total; /**< Of all kinds. */
    int counts[4];
};
typedef struct { char letter; double weight[2]; _Bool flags[2]; char name[4]; long double width; short last; } mixture;
/// ndcall: m[n] -> return
double total_weight(const mixture *m, int n) { double s = 0; for (int i = 0; i < n; i++) s += m[i].weight[1]; return s; }
/// ndcall: t
int most(const struct tally *t) { int m = 0; for (int i = 0; i < 4; i++) if (t->counts[i] > m) m = t->counts[i]; return m; }

typedef struct chain { struct chain *next; double value; const char *name; union { int i; float f; } any; double (*f)(double); } chain;
/// ndcall: c
double chain_value(const chain *c) { return c->next || c->name ? -1 : c->value; }

struct wide { _Alignas(64) double x[8]; };
/// ndcall: w
double wide_sum(const struct wide *w) { return w->x[0]; }
/// ndcall: w[n] -> return
double wide_sums(const struct wide *w, int n) { return n ? w->x[0] : 0; }

typedef struct { int n; double *x; } series;
/// ndcall: s
double series_sum(const series *s) { double t = 0; for (int i = 0; i < s->n; i++) t += s->x[i]; return t; }
/// ndcall: s
double series_value(series s) { return s.x[s.n - 1]; }
/// ndcall: s -> s
void series_longer(series *s) { s->n--; }
/// ndcall: inout s, factor
void series_scale(series *s, double factor) { for (int i = 0; i < s->n; i++) s->x[i] *= factor; }

typedef struct { int n; double *x; double **y; double ***z; } tables;
/// ndcall: inout t
void tables_fill(tables *t) {
    for (int i = 0; i < t->n; i++) {
        t->x[i] = i;
        for (int j = 0; j < t->n; j++) {
            t->y[i][j] = 10 * i + j;
            for (int k = 0; k < t->n; k++) t->z[i][j][k] = 100 * i + 10 * j + k;
        }
    }
}

typedef struct { const double *data_in; double *data_out; long input_frames, output_frames; double ratio; int channels; } job;
/// ndcall: data.data_in[input_frames, channels], data.ratio -> data.data_out[output_frames, channels];
///   data.output_frames = int(data.input_frames * data.ratio)
void resample(job *data) {
    for (long i = 0; i < data->output_frames; i++)
        for (int c = 0; c < data->channels; c++)
            data->data_out[i * data->channels + c] = data->data_in[(long)((double)i / data->ratio) * data->channels + c];
}

typedef struct { int n; const double *in; double *out; float from; } pipe;
/// ndcall: p
void flow(pipe *p) { for (int i = 0; i < p->n; i++) p->out[i] = p->from * p->in[i]; }

struct matrix { size_t size1, size2, tda; double *data; void *block; int owner; };
/// ndcall: a
double matrix_sum(const struct matrix *a) {
    double s = 0;
    for (size_t i = 0; i < a->size1; i++) for (size_t j = 0; j < a->size2; j++) s += (double)(i + 1) * a->data[i * a->tda + j];
    return a->block || a->owner ? -1 : s;
}
/// ndcall: inout a, value
void matrix_fill(struct matrix *a, double value) {
    for (size_t i = 0; i < a->size1; i++) for (size_t j = 0; j < a->size2; j++) a->data[i * a->tda + j] = value;
}
"""
CONTRACT = """
struct series: x[n]
struct tables: x[n], rows y[n,n], rows z[n,n,n]
struct pipe: in[n], out[n], from
struct matrix: data[size1:tda,size2]; block = NULL; owner = 0
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contract=CONTRACT)


def test_a_struct_is_a_class_of_the_library(lib):
    p = lib.point(x=3, y=4)
    assert (p.x, p.y, p.label) == (3.0, 4.0, 0)
    p.label = 5
    assert p.label == 5
    assert "point" in repr(p)


def test_a_member_that_does_not_exist_is_refused(lib):
    with pytest.raises((AttributeError, ndcall.ArgumentError)):
        lib.point(z=1)
    p = lib.point()
    with pytest.raises(AttributeError):
        p.z = 1
    with pytest.raises(ndcall.RangeError):
        p.label = 2**40


def test_a_struct_is_passed_by_pointer_and_by_value(lib):
    p = lib.point(x=3, y=4)
    assert lib.norm(p) == 25
    assert lib.norm_of_value(p) == 25
    assert lib.move(p, 1.0) is None
    assert (p.x, p.label) == (4, 1)


def test_the_class_of_a_struct_shows_its_members(lib):
    assert lib.tally.__doc__ == ("Counts of four kinds.\n\nAttributes\n----------\ntotal : int\n    Of all kinds.\ncounts : int [4]")
    assert lib.point.__doc__ == "Attributes\n----------\nx : double\ny : double\nlabel : int"


def test_a_member_that_cannot_be_given_stays_zero(lib):
    link = lib.chain(value=2, next=None, f=None, name=None)
    assert (link.next, link.value, link.name, lib.chain_value(link)) == (None, 2, None, 2)
    link.value, link.name = 3, "last"
    assert (link.value, link.name, lib.chain_value(link)) == (3, "last", -1)
    with pytest.raises(ndcall.ArgumentError, match="'next' is unknown"):
        lib.chain(next=link)


def test_a_struct_that_is_aligned_by_hand_is_refused(lib, refusal):
    assert refusal(ndcall.BindError, lib.wide_sum, lib.wide()).startswith(
        "wide_sum cannot be called: struct wide is aligned to 64 bytes by hand: ndcall makes no such memory"
    )
    assert refusal(ndcall.BindError, lib.wide_sums, []).startswith(
        "wide_sums cannot be called: an array of struct wide has no dtype: it is aligned to 64 bytes by hand"
    )


def test_the_own_trampoline_passes_a_struct_by_value(lib):
    if platform.machine() == "x86_64":
        assert "  path      general walk, own trampoline\n" in str(ndcall.show(lib.norm_of_value))


def test_a_struct_comes_back_by_value_and_through_a_pointer(lib):
    p = lib.make_point(1, 2)
    assert (p.x, p.y, p.label) == (1, 2, 7)
    q = lib.out_point(2.0)
    assert (q.x, q.y, q.label) == (2, 4, 3)
    assert type(p) is type(q) is lib.point


def test_a_struct_on_both_sides_is_copied_in_and_returned(lib):
    p = lib.point(x=3, label=1)
    q = lib.moved(p, 2)
    assert (p.x, p.label) == (3, 1)
    assert (q.x, q.label) == (5, 2)
    given = lib.point()
    assert lib.moved(p, 1, out=given) is given
    assert (p.x, given.x) == (3, 4)
    assert lib.moved(p, 1, out=p) is p
    assert (p.x, p.label) == (4, 2)


def test_a_copy_of_a_struct_shares_its_arrays(lib):
    s = lib.series(x=np.array([1.0, 2.0, 3.0]))
    for twin in (lib.series_longer(s), copy.copy(s)):
        assert twin is not s
        assert twin.x is s.x
    assert (s.n, lib.series_longer(s).n) == (3, 2)
    t = lib.tables(x=np.zeros(1), y=np.zeros((1, 1)), z=np.zeros((1, 1, 1)))
    twin = copy.copy(t)
    x = t.x
    del t
    lib.tables_fill(twin)  # the row tables live on
    assert twin.x is x


def test_an_array_inside_a_struct_is_given_by_its_values(lib):
    t = lib.tally(counts=[3, 1, 4, 1], total=9)
    assert (t.total, t.counts.tolist(), lib.most(t)) == (9, [3, 1, 4, 1], 4)
    t.counts[0] = 7
    t.total = 13
    assert (t.total, lib.most(t)) == (13, 7)


INLINE_REFUSALS = [
    (
        {"counts": [1, 2]},
        ndcall.ShapeError,
        """tally(counts): argument 'counts' has length 2
  expected  (4,) int32, C-contiguous
  got       (2,) int32""",
    ),
    (
        {"counts": 1},
        ndcall.ShapeError,
        """tally(counts): argument 'counts' has 0 dimensions, not 1
  expected  (4,) int32, C-contiguous
  got       1""",
    ),
    (
        {"counts": [1.5, 2, 3, 4]},
        ndcall.DtypeError,
        """tally(counts): argument 'counts' holds 1.5 at [0], which is not converted to int32
  expected  (4,) int32, C-contiguous
  got       a list of 4""",
    ),
    (
        {"counts": np.array([1, 2, 3, 2**40])},
        ndcall.DtypeError,
        """tally(counts): argument 'counts' has dtype int64, which int32 does not hold
  expected  (4,) int32, C-contiguous
  got       (4,) int64""",
    ),
    (
        {"counts": None},
        ndcall.ArgumentError,
        """tally(counts): argument 'counts' is None
  expected  (4,) int32, C-contiguous
  got       None""",
    ),
]


@pytest.mark.parametrize(("members", "kind", "text"), INLINE_REFUSALS)
def test_an_array_inside_a_struct_is_converted_like_an_input(lib, refusal, members, kind, text):
    assert refusal(kind, lib.tally, **members) == text
    t = lib.tally(counts=[1, 2, 3, 4])
    assert refusal(kind, setattr, t, "counts", members["counts"]) == text
    assert t.counts.tolist() == [1, 2, 3, 4]


def test_an_array_inside_a_struct_takes_what_loses_nothing(lib):
    m = lib.mixture(weight=np.arange(4, dtype=np.int16)[::2], flags=[True, False], name=b"abc\0")
    assert (m.weight.tolist(), m.flags.tolist(), m.name.tobytes()) == ([0, 2], [True, False], b"abc\0")
    m.weight = m.weight[::-1]
    assert m.weight.tolist() == [2, 0]


def test_the_class_of_a_struct_tells_its_dtype(lib):
    many = np.zeros(3, lib.mixture)
    many["weight"][:, 1] = [1, 2, 3]
    assert lib.total_weight(many) == 6
    assert np.dtype(lib.mixture).itemsize == 64
    assert np.dtype(lib.point).names == ("x", "y", "label")
    assert not hasattr(lib.series, "dtype")  # its pointers mean nothing in an array


def test_another_struct_is_refused(lib, refusal):
    assert refusal(ndcall.ArgumentError, lib.norm, lib.series(x=np.zeros(2))) == (
        "norm(p): argument 'p' is a series, not the library's point\n  expected  an object of struct point, from this load of the library"
    )
    with pytest.raises(ndcall.ArgumentError):
        lib.norm((1, 2))


def test_a_struct_of_another_library_is_refused(lib, load_c, refusal):
    other = load_c("struct point { double x, y; int label; };\n/// ndcall: p\nint f(struct point *p) { return p->label; }\n")
    assert refusal(ndcall.ArgumentError, lib.norm, other.point(x=1)) == (
        "norm(p): argument 'p' is a point, not the library's point\n  expected  an object of struct point, from this load of the library"
    )


LAYOUTS_OF_ONE_SIZE = {
    "swapped": [("x", ">f8"), ("y", "f8"), ("label", "i4")],
    "another type": [("x", "f8"), ("y", "i8"), ("label", "i4")],
    "another name": [("x", "f8"), ("z", "f8"), ("label", "i4")],
    "objects": [("x", "f8"), ("y", "O"), ("label", "i4")],
}


@pytest.mark.parametrize("fields", LAYOUTS_OF_ONE_SIZE)
def test_structs_of_another_layout_are_refused_in_every_call_also_when_the_size_is_the_same(lib, fields):
    dtype = np.dtype(LAYOUTS_OF_ONE_SIZE[fields], align=True)
    assert dtype.itemsize == np.dtype(lib.point).itemsize
    own = np.zeros(2, lib.point)
    for _ in range(3):  # the first call binds the function; the later ones take the fast path
        assert lib.labels(own) is None
        assert lib.labels(np.zeros(2, np.dtype([("x", "f8"), ("y", "f8"), ("label", "i4")], align=True))) is None
        with pytest.raises(ndcall.DtypeError) as caught:
            lib.labels(np.zeros(2, dtype))
        assert caught.value.problem == "has other fields than point"


def test_an_array_in_a_struct_tells_its_length(lib):
    s = lib.series(x=np.array([1.0, 2.0, 3.0]))
    assert s.n == 3
    assert lib.series_sum(s) == 6
    assert lib.series_value(s) == 3


def test_c_writes_into_the_array_of_a_struct(lib):
    x = np.array([1.0, 2.0])
    s = lib.series(x=x)
    lib.series_scale(s, 10)
    assert x.tolist() == [10, 20]
    assert s.x.tolist() == [10, 20]


def test_a_struct_keeps_its_arrays_alive(lib):
    s = lib.series(x=np.full(1000, 0.5))
    for _ in range(20):
        np.full(1000, 7.0)
    assert lib.series_sum(s) == 500


def test_a_struct_whose_one_visible_member_is_an_array_is_given_as_that_array(lib):
    assert lib.series_sum(np.array([1.0, 2.0])) == 3
    big = np.arange(20.0).reshape(4, 5)
    assert lib.matrix_sum(big) == float((np.arange(1, 5) @ big).sum())
    assert lib.matrix_sum(big[1:3, 2:]) == float((np.arange(1, 3) @ big[1:3, 2:]).sum())
    lib.matrix_fill(big[:, 1:3], -1.0)
    assert np.all(big[:, 1:3] == -1)
    assert big[0, 0] == 0


def test_tables_of_one_two_and_three_dimensions_in_a_struct(lib):
    t = lib.tables(x=np.zeros(2), y=np.zeros((2, 2)), z=np.zeros((2, 2, 2)))
    lib.tables_fill(t)
    assert t.x.tolist() == [0, 1]
    assert t.y.tolist() == [[0, 1], [10, 11]]
    assert t.z[1].tolist() == [[100, 101], [110, 111]]


def test_members_called_like_python_keywords_get_an_underscore(lib):
    out = np.zeros(2)
    p = lib.pipe(in_=[1, 2], out_=out, from_=3)
    lib.flow(p)
    assert out.tolist() == p.out_.tolist() == [3, 6]
    p.from_ = 4
    p.in_ = np.array([5.0, 6.0])
    lib.flow(p)
    assert out.tolist() == [20, 24]
    assert {"in_", "out_", "from_", "n"} <= set(dir(p))


def test_members_may_stand_as_items_of_one_function(lib):
    x = np.arange(8.0).reshape(4, 2)
    y = lib.resample(x, 2.0)
    assert y.shape == (8, 2)
    assert np.array_equal(y, np.repeat(x, 2, axis=0))


def test_a_new_struct_is_zero_in_every_byte(load_c):
    lib = load_c(
        """#include <stddef.h>
        typedef struct { int first; char text[100]; } Wide;
        /// ndcall: w -> return
        int count_bytes(const Wide *w) {
            int set = 0;
            for (size_t i = 0; i < sizeof *w; i++) set += ((const char *)w)[i] != 0;
            return set;
        }"""
    )
    assert lib.count_bytes(lib.Wide()) == 0


def test_a_struct_inside_a_struct_is_a_view_of_its_memory_and_a_union_is_not_shown(load_c, refusal):
    lib = load_c("""
    typedef struct { double x, y; } point;
    typedef struct { long n; point at; union { int i; float f; } either; } body;
    double reach(body *b) { b->at.y += 1; return b->at.x; }
    """)
    body = lib.body(n=1)
    at = body.at
    at["x"] = 2.5
    assert lib.reach(body) == 2.5
    assert at["y"] == 1.0
    assert refusal(AttributeError, getattr, body, "either") == "member 'either' (union body.either either) cannot be shown"
    del body
    assert at["x"] == 2.5
