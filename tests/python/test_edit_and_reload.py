"""Editing a source and loading it again in the same interpreter; what a function without a contract suggests."""

from __future__ import annotations

import os

import ndcall
import pytest


def test_loading_an_edited_source_gives_the_new_code_and_keeps_the_old(tmp_path):
    source = tmp_path / "filter.c"
    source.write_text("int version(void) { return 1; }\n")
    first = ndcall.load(source)
    old = first.version
    source.write_text("int version(void) { return 2; }\nint more(int a) { return a; }\n")
    second = ndcall.load(source)
    assert (old(), first.version(), second.version(), second.more(5)) == (1, 1, 2, 5)
    assert not hasattr(first, "more")


def test_the_same_time_stamp_does_not_hide_an_edit(tmp_path):
    source = tmp_path / "filter.c"
    source.write_text("int version(void) { return 1; }\n")
    status = source.stat()
    assert ndcall.load(source).version() == 1
    source.write_text("int version(void) { return 2; }\n")
    os.utime(source, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert ndcall.load(source).version() == 2


def test_an_edited_header_gives_the_new_code(tmp_path):
    (tmp_path / "number.h").write_text("#define NUMBER 1\n")
    source = tmp_path / "filter.c"
    source.write_text('#include "number.h"\nint number(void) { return NUMBER; }\n')
    assert ndcall.load(source).number() == 1
    (tmp_path / "number.h").write_text("#define NUMBER 2\n")
    assert ndcall.load(source).number() == 2


def test_an_edited_contract_file_gives_the_new_contract(tmp_path):
    source = tmp_path / "code.c"
    source.write_text("void f(double *x, double *y, int n) { for (int i = 0; i < n; i++) y[i] = x[i] + y[i]; }\n")
    (tmp_path / "code.contract").write_text("f: x[n] -> y[n]\n")
    assert ndcall.load(source).f([1, 2]).tolist() == [1, 2]
    (tmp_path / "code.contract").write_text("f: y[n], x[n] -> y[n]\n")
    assert ndcall.load(source).f([10, 20], [1, 2]).tolist() == [11, 22]


def test_unchanged_source_is_not_compiled_again(tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("NDCALL_VERBOSE", "1")
    source = tmp_path / "code.c"
    source.write_text("int unchanged(void) { return 1; }\n")
    ndcall.load(source)
    assert "-shared" in "".join(capfd.readouterr())
    ndcall.load(source)
    assert "-shared" not in "".join(capfd.readouterr())


def test_a_broken_edit_does_not_spoil_what_is_loaded(tmp_path):
    source = tmp_path / "code.c"
    source.write_text("int f(void) { return 1; }\n")
    lib = ndcall.load(source)
    source.write_text("int f(void) { return 1 }\n")
    with pytest.raises(ndcall.NdcallError):
        ndcall.load(source)
    assert lib.f() == 1
    source.write_text("int f(void) { return 3; }\n")
    assert ndcall.load(source).f() == 3


SUGGESTIONS = {
    "void add(const float *a, const float *b, float *c, long n) { for (long i = 0; i < n; i++) c[i] = a[i] + b[i]; }": "a[n], b[n] -> c[n]",
    "void scale(double *x, int n, double f) { for (int i = 0; i < n; i++) x[i] *= f; }": "inout x[n]",
    "double sum(const double *x, int n) { double s = 0; for (int i = 0; i < n; i++) s += x[i]; return s; }": "x[n]",
}


@pytest.mark.parametrize(("source", "line"), SUGGESTIONS.items(), ids=SUGGESTIONS.values())
def test_a_function_without_a_contract_prints_the_line_that_would_cure_it(load_c, source, line):
    lib = load_c(source + "\n")
    name = source.split("(")[0].split()[-1]
    with pytest.raises(ndcall.BindError) as caught:
        lib[name]()
    assert line in str(caught.value)
    cured = load_c(source + "\n", contracts={name: line})
    assert cured[name].contract == line
