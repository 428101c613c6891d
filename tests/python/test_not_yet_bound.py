"""Clauses of the language that are parsed and not bound yet: each is refused by its name, and spoils only its own function."""

from __future__ import annotations

import ndcall
import pytest

SOURCE = r"""
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

typedef struct state state;
struct state { int n; };
typedef double (*integrand)(double x, void *params);

state *state_alloc(int n) { state *s = malloc(sizeof *s); s->n = n; return s; }
void state_free(state *s) { free(s); }
int state_size(const state *s) { return s->n; }
const state *state_shared(void) { static state s = {3}; return &s; }
double integrate(integrand f, void *params, double a, double b) { return (b - a) * f((a + b) / 2, params); }
void sort_with(double *work, int lwork, double *x, int n) { (void)work; (void)lwork; (void)x; (void)n; }
int read_some(double *buffer, int frames) { (void)buffer; return frames / 2; }
void name_of(char *buffer, int length) { if (length) buffer[0] = 0; }
int names(const char **table, int n) { (void)table; return n; }
double *make_array(int n) { return calloc((size_t)n, sizeof(double)); }
int ends(const int *x) { int n = 0; while (x[n] >= 0) n++; return n; }
void ragged(double **x, const int *lengths, int m) { (void)x; (void)lengths; (void)m; }
void two_results(double *a, double *b) { *a = 1; *b = 2; }
double scalar(double x) { return x; }
void stencil(const double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i]; }
void keeps(double *x, int n) { (void)x; (void)n; }
int printf_like(const char *format, ...) { return format[0]; }
void start(void) {}
"""

# contract line -> the word that the refusal names
REFUSED = {
    "integrate: f(x -> return; user params), a, b": "callback",
    "integrate: f(x -> return; user params; error 0), a, b": "callback",
    "state_alloc: -> return free state_free": "free",
    "state_free: taken s": "taken",
    "state_shared: -> static return": "static",
    "sort_with: inout x[n]; scratch work[lwork]; lwork = 4*n": "scratch",
    "sort_with: inout x[n]; scratch work[lwork]; first lwork = -1 then lwork = work[0]": "first",
    "read_some: frames -> buffer[return <= frames]": "<=",
    "name_of: length = 16 -> buffer: str[length]": "str",
    "names: table: str[n]": "str",
    "make_array: n -> return[n]": "return[n]",
    "ends: x[until -1]": "until",
    "ragged: rows x[m, lengths], lengths[m]": "ragged",
    "two_results: -> *": "-> *",
    "scalar: broadcast": "broadcast",
    "stencil: x[n] -> y[n]; each n": "each",
    "stencil: x[n] -> y[n]; halo 1 on n": "halo",
    "stencil: x[n] -> y[n]; whole": "whole",
    "keeps: inout x[n]; keep x": "keep",
    "printf_like(format, a: int): format, a": "a variable number of arguments",
}


@pytest.mark.parametrize(("line", "word"), REFUSED.items(), ids=REFUSED.keys())
def test_a_clause_that_is_not_bound_yet_is_refused_by_name(load_c, line, word):
    lib = load_c(SOURCE, contract=line + "\n")
    name = line.replace("(", ":").split(":")[0]
    function = lib[name]  # looking at it never raises
    assert name in repr(function)
    with pytest.raises(ndcall.BindError) as caught:
        function()
    assert word in str(caught.value)
    assert "not bound yet" in str(caught.value)
    assert lib.state_size.declaration.startswith("int state_size")


@pytest.mark.parametrize(
    ("line", "word"),
    {
        "handle state: free state_free": "handle",
        "load start()": "load",
        "unload start()": "unload",
        "state_*: serial": "state_*",
        "s.* = state_*": "s.*",
    }.items(),
)
def test_an_entry_that_is_not_bound_yet_is_refused_by_name(load_c, line, word):
    with pytest.raises(ndcall.BindError) as caught:
        load_c(SOURCE, contracts=line)
    assert word in str(caught.value)
    assert "not bound yet" in str(caught.value)


def test_a_call_that_must_come_first_is_not_left_out_in_silence(load_c):
    with pytest.raises(ndcall.BindError, match="'load' is understood, but not bound yet"):
        load_c(SOURCE, contract="load start()\n")


def test_static_and_inline_functions_are_refused_with_the_reason(load_c):
    lib = load_c("static int hidden(int a) { return a; }\ninline int inlined(int a) { return a; }\nint seen(int a) { return hidden(a); }\n")
    assert lib.seen(3) == 3
    for name, reason in (("hidden", "static"), ("inlined", "inline")):
        with pytest.raises(ndcall.BindError, match=reason):
            lib[name](1)


@pytest.mark.parametrize("name", ["code.cpp", "code.f90"])
def test_sources_in_other_languages_are_refused_with_the_reason(tmp_path, name):
    (tmp_path / name).write_text("")
    with pytest.raises(ndcall.NdcallError, match=name.split(".")[1]):
        ndcall.load(tmp_path / name)
