"""Declarations from debug information say what the reader of C says of the same text, whatever compiler wrote it in whatever form."""

from __future__ import annotations

import os
import re
import subprocess
from types import SimpleNamespace

import pytest
from ndcall._dwarf.library import DebugInformation
from ndcall.compat import ctypeslib

pytestmark = pytest.mark.unsanitized  # nothing here is in C++ but a parser that has tests of its own

TYPES = """\
#include <complex.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>
typedef intptr_t intp;
typedef intp npy_intp;
typedef struct { double re, im; } cdouble;
typedef double mat3[3][3];
typedef double (*integrand)(double, void *);
typedef double callback(double);
typedef struct handle handle;
typedef const struct handle *chandle;
struct node { int a; struct node *next; union { int i; float f; } u; };
union either { int i; double d; };
enum color { red, green };
typedef enum { small, large } size_kind;
typedef enum { minus = -1, plus } sign_kind;
enum wide { huge_one = 0x100000000 };
struct outer { struct { int x; } inner; };
typedef struct list { struct list *head; } list_t;
struct mesh {
    char name[6]; struct { int rows, columns; }; cdouble ends[2]; double *values; unsigned bit : 3; union either either; struct node *first;
    double (*weigh)(const struct mesh *); mat3 turn; struct { short deep[2][3]; } inside; double rest[];
};
"""
FUNCTIONS = {
    "integers": "void %(signed char a, unsigned char b, short c, unsigned short d, int e, unsigned int f, long g, unsigned long h)",
    "long_ones": "void %(long long a, unsigned long long b, __int128 c, unsigned __int128 *d, char e)",
    "of_a_size": "void %(int8_t a, uint16_t b, int32_t c, uint64_t d, size_t e, ptrdiff_t f, npy_intp g, wchar_t h, _Bool i)",
    "reals": "void %(float a, double b, long double c)",
    "complexes": "void %(float _Complex a, double _Complex b, long double _Complex c)",
    "pointers": "void %(double *a, double **b, double ***c, void *d, void **e, const void *f, char **g)",
    "qualified": "void %(const int a, const double *b, double *const c, volatile int *d, double *restrict e, const char *const *f)",
    "typedefs": "void %(const intp *a, npy_intp b, const npy_intp *const c, chandle d, handle *e, const chandle *f)",
    "to_arrays": "void %(mat3 *a, double (*b)[5], char (*c)[])",
    "records": "void %(struct node a, struct node *b, union either c, union either *d, cdouble e, const cdouble *f)",
    "more_records": "void %(struct outer *a, list_t *b, struct list *c, FILE *d)",
    "structs_with_all": "struct mesh *%(struct mesh *a, const struct mesh *const *b, volatile struct mesh *c, struct outer d)",
    "enums": "void %(enum color a, enum color *b, size_kind c, sign_kind d, const enum color *e, enum wide f)",
    "callbacks": "void %(double (*a)(double), integrand b, callback *c, int (*d)(const void *, const void *), integrand *e)",
    "more_callbacks": "void %(void (*a)(void), int (*b)(const char *, ...), double (*(*c)(int))(double))",
    "variadic": "int %(const char *format, ...)",
    "nothing": "int %(void)",
    "give_pointer": "void *%(void)",
    "give_text": "const char *%(void)",
    "give_struct": "cdouble %(void)",
    "give_complex": "double _Complex %(void)",
    "give_function": "integrand %(void)",
    "give_enum": "enum color %(void)",
    "give_const": "const double *const *%(int n)",
}
# What only the text of a declaration says: C makes pointers of these, and compilers drop how they were written.
DECAYED = {
    "arrays": (
        "void %(double a[3], double b[], double c[][4], const double d[2][3][4], mat3 e, const mat3 f, int *g[7])",
        "void %(double *a, double *b, double (*c)[4], const double (*d)[3][4], double (*e)[3], const double (*f)[3], int **g)",
    ),
    "extents": (
        "void %(int n, int m, double a[n][m], double b[static 3], double (*c)[n])",
        "void %(int n, int m, double (*a)[], double *b, double (*c)[])",
    ),
    "functions": ("void %(callback a, double b(double))", "void %(callback *a, double (*b)(double))"),
}
BUILDS = {
    "gcc": "gcc -g",
    "gcc, DWARF 4, optimised, types apart": "gcc -g -gdwarf-4 -O2 -fdebug-types-section",
    "gcc, DWARF 5, optimised, types apart, compressed": "gcc -g -gdwarf-5 -O2 -fdebug-types-section -gz",
    "gcc, 64-bit DWARF, linked as a whole": "gcc -g -gdwarf64 -O2 -flto",
    "gcc, DWARF 3": "gcc -g -gdwarf-3 -gstrict-dwarf",
    "clang": "clang -g",
    "clang, DWARF 4, optimised": "clang -g -gdwarf-4 -O2",
}


def define(name, prototype):
    return prototype.replace("%", name) + " { __builtin_trap(); }\n"


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A folder with the source, and what the reader of C says of each function in it."""
    folder = tmp_path_factory.mktemp("dwarf")
    written = {**FUNCTIONS, **{name: text for name, (text, _) in DECAYED.items()}}
    (folder / "code.c").write_text(TYPES + "".join(define(*row) for row in written.items()), encoding="utf-8")
    subprocess.run(["gcc", "-shared", "-fPIC", "code.c", "-o", "code.so"], cwd=folder, check=True)
    read = ctypeslib.load_library("code", folder, header="code.c")._FuncPtr._declarations_
    return SimpleNamespace(folder=folder, read=read, outlines={name: read.outline(name) for name in written})


@pytest.fixture(scope="module", params=BUILDS)
def build(request, source):
    path = str(source.folder / "built.so")
    subprocess.run([*BUILDS[request.param].split(), "-shared", "-fPIC", "code.c", "-o", path], cwd=source.folder, check=True)
    return DebugInformation(path)


def strip_folder(outline):
    text, file, *rest = outline
    return text, os.path.basename(file), *rest


def drop_words(outline):
    """Kinds and sizes, which is what is compared with types of ctypes, and where it stands."""
    _, file, line, result, parameters, is_variadic = strip_folder(outline)
    levels = [(name, [level[:2] for level in levels]) for name, levels in parameters]
    return file, line, [level[:2] for level in result], levels, is_variadic


def test_every_function_is_declared_as_the_reader_declares_it(build, source):
    told = {name: strip_folder(build.outline(name)) for name in FUNCTIONS}
    assert told == {name: strip_folder(source.outlines[name]) for name in FUNCTIONS}


def test_the_structs_of_every_function_have_the_members_that_the_reader_tells(build, source):
    seen = 0
    for name in FUNCTIONS:
        for position in range(-1, len(source.outlines[name][4])):
            assert build.members(name, position) == source.read.members(name, position)
            seen += len(build.members(name, position))
    assert seen > 60


def test_arrays_and_functions_are_the_pointers_that_c_makes_of_them(build, source):
    for name, (_, text) in DECAYED.items():
        assert build.outline(name)[0] == text.replace("%", name)
        assert drop_words(build.outline(name)) == drop_words(source.outlines[name])


RARE = """\
typedef float v4 __attribute__((vector_size(16)));
void others(v4 a, _Float128 b, _Decimal64 *c, _Float16 d, _Atomic int *e) {}
"""


def test_a_type_that_nobody_here_knows_is_named(tmp_path, build_library):
    path = build_library(RARE, tmp_path / "rare.so", "-w", "-x", "c")
    assert DebugInformation(path).outline("others")[4] == [
        ("a", [("other", 0, "v4")]),
        ("b", [("other", 16, "_Float128")]),
        ("c", [("pointer", 8, "_Decimal64 *"), ("other", 8, "_Decimal64")]),
        ("d", [("float", 2, "_Float16")]),
        ("e", [("pointer", 8, "int *"), ("signed", 4, "int")]),  # which DWARF 4 does not tell from other ints
    ]


def test_two_structs_of_one_name_stay_two(tmp_path, build_library):
    text = "void f(struct a { int x; } *p, void (*g)(struct a { double x[4]; } *)) {}\n"
    path = build_library(text, tmp_path / "two.so", "-w")
    outline = DebugInformation(path).outline("f")
    assert [size for _, size, _ in outline[4][0][1]] == [8, 4]
    assert re.sub(r"\s+", " ", outline[0]) == "void f(struct a *p, void (*g)(struct a.2 *))"
