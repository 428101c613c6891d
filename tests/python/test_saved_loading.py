"""Loading a saved library: what can be said, what is refused, and that damage has its place."""

from __future__ import annotations

import contextlib
import re
from hashlib import sha256

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>
struct point { double x, y; };
double gain = 2;
/// ndcall: x[n] -> y[n]
void twice(const double *x, double *y, size_t n) { for (size_t i = 0; i < n; i++) y[i] = gain * x[i]; }
void sadd(const float *a, const float *b, float *c, size_t n) { for (size_t i = 0; i < n; i++) c[i] = a[i] + b[i]; }
void dadd(const double *a, const double *b, double *c, size_t n) { for (size_t i = 0; i < n; i++) c[i] = a[i] + b[i]; }
int root(double x) { return x < 0 ? -1 : 0; }
void unclear(double *x) { *x = 1; }
"""


@pytest.fixture(scope="module")
def lib(load_c):
    return load_c(SOURCE, contracts={"root": "ok return == 0", "add = {s,d}add": "a[n], b[n] -> c[n]"})


@pytest.fixture
def saved(lib, tmp_path):
    """The library saved, and loaded from there."""
    ndcall.save(lib, tmp_path / "code.ndcall")
    return ndcall.load(tmp_path / "code.ndcall")


def test_contracts_of_the_call_come_before_a_file_and_that_before_what_was_saved(saved, tmp_path):
    (tmp_path / "code.contract").write_text("twice: x[k] -> y[k]\nsadd: a[m], b[m] -> unset c[m]\n")
    loaded = ndcall.load(tmp_path / "code.ndcall", contracts={"sadd": "a[i], b[i] -> c[i]"})
    assert (loaded.twice.contract, loaded.sadd.contract) == ("x[k] -> y[k]", "a[i], b[i] -> c[i]")
    assert loaded.add.contract == saved.dadd.contract == "a[n], b[n] -> c[n]"
    ndcall.save(loaded, tmp_path / "other.ndcall")
    assert "  add = dadd: a[n], b[n] -> c[n]\n" in (tmp_path / "other.ndcall").read_text()
    assert ndcall.load(tmp_path / "other.ndcall").sadd.contract == "a[i], b[i] -> c[i]"


def test_functions_can_be_chosen(saved, tmp_path, refusal):
    loaded = ndcall.load(tmp_path / "code.ndcall", only="*add", exclude="sadd", copy="never")
    assert {"dadd", "add"} <= set(loaded)
    assert not {"sadd", "twice"} & set(loaded)
    with pytest.raises(ndcall.LayoutError):
        loaded.dadd(np.ones(4)[::2], np.ones(2))
    assert refusal(ndcall.UnknownNameError, ndcall.load, tmp_path / "code.ndcall", only="twise") == (
        "only= 'twise' fits no function of code.ndcall; did you mean 'twice'?"
    )


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"flags": "-O3"}, "flags="),
        ({"defines": {"N": 1}, "include_dirs": "."}, "include_dirs=, defines="),
        ({"libraries": "m", "compiler": "gcc"}, "libraries=, compiler="),
    ],
)
def test_what_would_build_something_is_refused(saved, tmp_path, refusal, options, named):
    assert refusal(ndcall.LoadError, ndcall.load, tmp_path / "code.ndcall", **options) == (
        f"code.ndcall is a saved library, compiled and read already: {named} would change nothing"
    )


def test_other_mistakes_of_a_call_are_named(saved, tmp_path, refusal):
    path = tmp_path / "code.ndcall"
    assert refusal(ndcall.LoadError, ndcall.load, path, declarations="int f(void);") == (
        "code.ndcall is read for its declarations: declarations= goes with a library"
    )
    assert refusal(ndcall.LoadError, ndcall.load, [path, path]) == "code.ndcall, code.ndcall are 2 saved libraries: load them one at a time"
    assert refusal(ndcall.LoadError, ndcall.load, tmp_path / "cod.ndcall") == (
        f"saved library '{tmp_path}/cod.ndcall' was not found; did you mean 'code.ndcall'?\n  tried     {tmp_path}/cod.ndcall"
    )


def test_another_library_can_be_named(saved, tmp_path):
    (library,) = tmp_path.glob("*.so")
    library.rename(tmp_path / "libother.so")
    loaded = ndcall.load(tmp_path / "code.ndcall", library=tmp_path / "libother.so")
    np.testing.assert_array_equal(loaded.twice([1]), [2])
    assert ndcall.load(tmp_path / "code.ndcall", library="other", library_dirs=tmp_path) != loaded


def test_a_library_that_is_missing_or_other_is_refused(saved, tmp_path, refusal):
    (library,) = tmp_path.glob("*.so")
    data = library.read_bytes()
    library.unlink()  # it is loaded: what is mapped must not change
    library.write_bytes(data[:-1])
    assert refusal(ndcall.LoadError, ndcall.load, tmp_path / "code.ndcall") == (
        f"{library} is not the library that was saved\n"
        f"  saved     SHA-256 {sha256(data).hexdigest()}\n  found     SHA-256 {sha256(data[:-1]).hexdigest()}"
    )
    library.unlink()
    assert refusal(ndcall.LoadError, ndcall.load, tmp_path / "code.ndcall") == (
        f"{tmp_path / 'code.ndcall'} needs {library.name} beside it, which cannot be read: No such file or directory\n"
        "  fix       copy both files together, or name the library with library="
    )


def test_another_machine_is_refused(saved, tmp_path, refusal):
    path = tmp_path / "code.ndcall"
    text = path.read_text()
    path.write_text(re.sub('target ".*"', 'target "sparc-sun-solaris"', text))
    assert re.fullmatch(
        re.escape(f"{path} was saved for sparc-sun-solaris; this is ") + r"\w+-[\w-]+", refusal(ndcall.LoadError, ndcall.load, path)
    )


def test_a_newer_version_is_refused(saved, tmp_path, refusal):
    path = tmp_path / "code.ndcall"
    path.write_text(path.read_text().replace("saved 1", "saved 2", 1))
    assert refusal(ndcall.ReadError, ndcall.load, path) == (
        f"{path}:1:14: version 2 of the format: a newer ndcall wrote it, this one reads version 1\n  ndcall saved 2\n               ^"
    )


def test_a_contract_that_was_edited_wrongly_shows_its_place(saved, tmp_path, refusal):
    path = tmp_path / "code.ndcall"
    path.write_text(path.read_text().replace("  root: ok return == 0", "  root: ok return = 0"))
    line = path.read_text()[: path.read_text().index("  root:")].count("\n") + 1
    assert refusal(ndcall.BindError, ndcall.load, path).startswith(f"{path}:{line}:19: '=' sets a value; to compare, write '=='\n")


def test_a_file_that_is_no_text_is_refused(tmp_path, refusal):
    path = tmp_path / "code.ndcall"
    path.write_bytes(b"\x7fELF\x00")
    assert refusal(ndcall.ReadError, ndcall.load, path) == (
        f"{path}:1:1: this is no saved library: the first line is not 'ndcall saved 1'\n  ?ELF?\n  ^"
    )
    with open(path, "wb") as file:
        file.truncate((64 << 20) + 1)
    assert refusal(ndcall.LoadError, ndcall.load, path) == f"{path} is larger than 64 MiB: it is no saved library"


def test_texts_that_are_no_utf8_are_shown_with_replacements(saved, tmp_path, refusal):
    path = tmp_path / "code.ndcall"
    text = path.read_text()
    text = re.sub(r"(function unclear .*\n)", r'\1  invalid "\\xff"\n', text)
    text = re.sub(r"(variable gain .*\n)", r'\1  invalid "\\xfe"\n', text)
    text = re.sub(r"(  field y .*\n)", r'\1  comment "// \\xfd"\n', text)
    path.write_text(text)
    loaded = ndcall.load(path)
    assert loaded.point.__doc__.splitlines()[0] == "\ufffd"
    assert repr(loaded.gain) == "<ndcall variable gain, cannot be shown: \ufffd>"
    assert "\ufffd" in refusal(ndcall.BindError, loaded.unclear, 1)


# Damage


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small saved library: folder, and text."""
    folder = tmp_path_factory.mktemp("small")
    (folder / "code.c").write_text(
        "struct p { double x; };\nenum e { A, B };\n/* Halves. */\n/// ndcall: x[n] -> y[n]\n"
        "void half(const double *x, double *y, int n) { while (n--) y[n] = x[n] / 2; }\n"
        "double of(struct p p, enum e e) { return p.x + e; }\n"
    )
    ndcall.save(ndcall.load(folder / "code.c"), folder / "code.ndcall")
    return folder, (folder / "code.ndcall").read_bytes()


def load_edited(small, data: bytes) -> str:
    """What an edit led to: "works", "place" for an error with line and column, or the error about the library or the machine."""
    folder, _ = small
    path = folder / "edited.ndcall"
    path.write_bytes(data)
    try:
        lib = ndcall.load(path)
    except (ndcall.ReadError, ndcall.BindError) as error:
        return "place" if re.match(re.escape(str(path)) + r":\d+:\d+: ", str(error)) else str(error)
    except ndcall.LoadError as error:
        return str(error)
    for name in lib:
        repr(lib[name])
        with contextlib.suppress(ndcall.BindError):
            _ = lib[name].__doc__
    return "works"


@pytest.mark.unsanitized  # a thousand loads; scripts/fuzz cuts and changes texts under the sanitizers
def test_a_file_cut_anywhere_is_an_error_with_its_place(small):
    _, data = small
    assert load_edited(small, data) == "works"
    assert {load_edited(small, data[:size]) for size in range(len(data) - 1)} == {"place"}


def test_each_line_left_out_or_doubled_is_an_error_or_a_library(small):
    _, data = small
    lines = data.splitlines(keepends=True)
    for i in range(len(lines)):
        for edited in (lines[:i] + lines[i + 1 :], lines[: i + 1] + lines[i:]):
            assert load_edited(small, b"".join(edited)) in ("place", "works")


@pytest.mark.unsanitized  # as above
def test_each_byte_changed_is_an_error_or_a_library(small):
    _, data = small
    for at in range(len(data)):
        byte = (b"\x00", b"\xff", b'"', b"9", b"\n")[at % 5]
        found = load_edited(small, data[:at] + byte + data[at + 1 :])
        assert found in ("place", "works") or " needs " in found or "is not the library" in found or "was saved for" in found, found
