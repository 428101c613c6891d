"""Saved libraries: what `save` writes, and that `load` takes it or says where it is damaged."""

from __future__ import annotations

import copy
import errno
import inspect
import os
import pickle
import pydoc
import re
import resource
import subprocess
import sys
import threading
from hashlib import sha256
from pathlib import Path

import ndcall
import numpy as np
import pytest

SOURCE = """
#include <stddef.h>
struct point { double x, y; };
enum color { RED, BLUE = 5 };
#define LIMIT 7
double gain = 2;
static double count;

/** Doubles what it gets,
 *    in place of nothing.
 *  ndcall: x[n]
 *      -> y[n]; check n < LIMIT
 */
void twice(const double *x, double *y, size_t n) { for (size_t i = 0; i < n; i++) y[i] = gain * x[i]; }
void sadd(const float *a, const float *b, float *c, size_t n) { for (size_t i = 0; i < n; i++) c[i] = a[i] + b[i]; }
void dadd(const double *a, const double *b, double *c, size_t n) { count++; for (size_t i = 0; i < n; i++) c[i] = a[i] + b[i]; }
const char *explain(int code) { return code < 0 ? "negative" : "fine"; }
int root(double x) { return x < 0 ? -1 : 0; }
double norm(struct point p) { return p.x * p.x + p.y * p.y; }
int color_of(enum color c) { return c; }
void unclear(double *x) { *x = 1; }
"""
CONTRACT = """
add = {s,d}add: a[n], b[n] -> c[n]   # a family
root: ok return == 0 else explain(return)
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    folder = tmp_path_factory.mktemp("source")
    (folder / "code.c").write_text(SOURCE)
    (folder / "code.contract").write_text(CONTRACT)
    return folder / "code.c"


@pytest.fixture(scope="module")
def lib(source):
    return ndcall.load(source)


@pytest.fixture
def saved(lib, tmp_path):
    """The library saved, and loaded from there."""
    ndcall.save(lib, tmp_path / "code.ndcall")
    return ndcall.load(tmp_path / "code.ndcall")


def run_python(program: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


# What survives


def test_every_name_and_every_call_survives(lib, saved):
    assert dir(saved) == dir(lib)
    np.testing.assert_array_equal(saved.twice([1, 2]), [2, 4])
    assert saved.add(np.float32([1]), np.float32([2])).dtype == np.float32
    assert saved.add([1.0], [2.0]).dtype == np.float64
    assert (saved.norm(saved.point(x=3, y=4)), saved.color_of("BLUE"), saved.LIMIT, saved.RED, dict(saved.color)) == (
        25.0,
        5,
        7,
        0,
        {"RED": 0, "BLUE": 5},
    )
    with pytest.raises(ndcall.CallError, match="negative"):
        saved.root(-1)
    with pytest.raises(ndcall.CheckError):
        saved.twice(np.ones(7))


def test_a_function_shows_itself_as_it_did(lib, saved):
    for name in ("twice", "add", "dadd", "root", "norm", "color_of"):
        one, other = lib[name], saved[name]
        assert repr(other) == repr(one)
        assert other.contract == one.contract
        assert other.declaration == one.declaration
        assert other.source == one.source
        assert other.__doc__ == one.__doc__
        assert pydoc.render_doc(other) == pydoc.render_doc(one)
        assert inspect.signature(other) == inspect.signature(one)
    assert str(ndcall.show(saved)) == str(ndcall.show(lib))
    assert "\n      -> y[n]" in "\n" + saved.twice.contract.replace("    ->", "      ->")
    assert f"({saved._ndcall_state.recipe.request.files[0]}:4)" in str(ndcall.show(saved.twice))


def test_what_could_not_be_called_still_says_why(lib, saved, refusal):
    assert refusal(ndcall.BindError, saved.unclear, 1) == refusal(ndcall.BindError, lib.unclear, 1)


def test_variables_are_those_of_the_copy(lib, saved):
    saved.gain[...] = 10
    np.testing.assert_array_equal(saved.twice([1]), [10])
    np.testing.assert_array_equal(lib.twice([1]), [2])


def test_saving_what_was_loaded_gives_the_same_text(saved, tmp_path):
    (tmp_path / "again").mkdir()
    files = ndcall.save(saved, tmp_path / "again" / "code.ndcall")
    assert [os.path.basename(file) for file in files] == sorted(os.listdir(tmp_path / "again"), reverse=True)
    for file in files:
        assert Path(file).read_bytes() == (tmp_path / os.path.basename(file)).read_bytes()


def test_a_saved_library_travels_by_path_and_hash(saved, tmp_path):
    assert pickle.loads(pickle.dumps(saved)) is saved
    assert copy.deepcopy(saved) is saved
    assert saved == ndcall.load(tmp_path / "code.ndcall")
    data = tmp_path / "pickle"
    data.write_bytes(pickle.dumps(saved.twice))
    program = "import pickle, sys\ntry: print(pickle.load(open(sys.argv[1], 'rb'))([3, 4]))\nexcept OSError as error: print(error)"
    assert run_python(program, data).stdout == "[6. 8.]\n"
    text = (tmp_path / "code.ndcall").read_text()
    longer = text + "\n"
    (tmp_path / "code.ndcall").write_text(longer)
    assert run_python(program, data).stdout == (
        f"{tmp_path / 'code.ndcall'} is not what was pickled\n"
        f"  pickled   SHA-256 {sha256(text.encode()).hexdigest()}\n"
        f"  found     SHA-256 {sha256(longer.encode()).hexdigest()}\n"
    )
    (tmp_path / "code.ndcall").unlink()
    assert run_python(program, data).stdout == (
        f"{tmp_path / 'code.ndcall'} was not found, and its text was not pickled: it is a saved library, which names files beside it\n"
    )


def test_neither_compiler_nor_libclang_nor_cache_is_used(saved, tmp_path):
    folder = tmp_path / "moved"
    folder.mkdir()
    for file in tmp_path.glob("code.*"):
        file.rename(folder / file.name)
    os.chmod(folder, 0o500)
    program = "import ndcall, sys\nlib = ndcall.load(sys.argv[1])\nprint(lib.twice([1, 2]), 'subprocess' in sys.modules)\n"
    done = run_python(
        program,
        folder / "code.ndcall",
        PATH="",
        HOME="/nonexistent",
        XDG_CACHE_HOME="/nonexistent/cache",
        NDCALL_CACHE_DIR="/nonexistent/cache",
        NDCALL_LIBCLANG="/nonexistent/libclang.so",
        NDCALL_CC="/nonexistent/cc",
    )
    assert (done.stdout, done.stderr) == ("[2. 4.] False\n", "")


def test_nothing_tells_of_the_folders_it_was_saved_in(saved, source, tmp_path):
    text = (tmp_path / "code.ndcall").read_text()
    assert str(source.parent) not in text
    assert not re.search(r"^(library|file) .*/", text, re.MULTILINE)


# What is written, and where


def test_the_text_is_what_the_documents_say(lib, tmp_path):
    files = ndcall.save(ndcall.load(lib._ndcall_state.recipe.request.files[0], only=["twice", "root"]), tmp_path / "code.ndcall")
    text = Path(files[0]).read_text()
    digest = sha256(Path(files[1]).read_bytes()).hexdigest()
    assert files == (str(tmp_path / "code.ndcall"), str(tmp_path / f"code.{digest[:12]}.so"))
    assert text.startswith(
        f'ndcall saved 1\nlibrary file "code.{digest[:12]}.so" sha256 {digest}\nhidden explain\ncontracts\n'
        "  twice: x[n]\n      -> y[n]; check n < LIMIT\n  root: ok return == 0 else explain(return)\nndcall declarations 1\n"
    )
    assert "function sadd" not in text
    assert '  comment at 0:9 "// Doubles what it gets,\\n// in place of nothing."\n' in text
    loaded = ndcall.load(files[0])
    assert "explain" not in loaded
    assert {"root", "twice"} <= set(loaded)


def test_a_relative_path_begins_in_the_working_directory(lib, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert ndcall.save(lib, "code.ndcall")[0] == str(tmp_path / "code.ndcall")


def test_saving_again_replaces_the_text_and_keeps_the_old_library(source, tmp_path):
    first = ndcall.save(ndcall.load(source), tmp_path / "code.ndcall")
    old = ndcall.load(tmp_path / "code.ndcall")
    before = {file: os.stat(file).st_ino for file in first}
    assert ndcall.save(ndcall.load(source), tmp_path / "code.ndcall") == first
    assert {file: os.stat(file).st_ino for file in first} == before  # nothing was to be written
    second = ndcall.save(ndcall.load(source, flags="-O1"), tmp_path / "code.ndcall")
    assert second[1] != first[1]
    assert sorted(os.listdir(tmp_path)) == sorted(os.path.basename(file) for file in {*first, *second})
    np.testing.assert_array_equal(old.twice([1]), ndcall.load(tmp_path / "code.ndcall").twice([1]))


def test_who_loads_while_it_is_saved_gets_the_old_or_the_new(source, tmp_path):
    builds = [ndcall.load(source), ndcall.load(source, flags="-O1")]
    ndcall.save(builds[0], tmp_path / "code.ndcall")

    def save_often() -> None:
        for i in range(60):
            ndcall.save(builds[i % 2], tmp_path / "code.ndcall")

    savers = [threading.Thread(target=save_often) for _ in range(2)]
    for saver in savers:
        saver.start()
    while any(saver.is_alive() for saver in savers):
        np.testing.assert_array_equal(ndcall.load(tmp_path / "code.ndcall").twice([1]), [2])
    assert len(os.listdir(tmp_path)) == 3


def test_a_damaged_copy_is_replaced_by_a_new_file(lib, tmp_path):
    _, library = ndcall.save(lib, tmp_path / "code.ndcall")
    Path(library).write_bytes(b"damaged")
    before = os.stat(library).st_ino
    ndcall.save(lib, tmp_path / "code.ndcall")
    assert os.stat(library).st_ino != before
    np.testing.assert_array_equal(ndcall.load(tmp_path / "code.ndcall").twice([1]), [2])


@pytest.mark.parametrize(
    ("path", "kind", "text"),
    [
        ("code.txt", ValueError, "the second argument is 'code.txt': the name of a saved library ends in .ndcall"),
        (".ndcall", ValueError, "the second argument is '.ndcall': the name of a saved library ends in .ndcall"),
        (["code.ndcall"], TypeError, "the second argument must be a path (str or Path), not list"),
        ("a\0.ndcall", ValueError, "the second argument holds 'a\\x00.ndcall', which is no path"),
        (
            "/a\udcff.ndcall",
            ValueError,
            "the second argument is '/a\\udcff.ndcall': a saved library has a printable path in UTF-8",
        ),
    ],
)
def test_a_name_that_is_none_is_refused(lib, refusal, path, kind, text):
    assert refusal(kind, ndcall.save, lib, path) == text


def test_only_libraries_are_saved(lib, refusal):
    assert refusal(TypeError, ndcall.save, lib.twice, "code.ndcall") == "save() takes a library of ndcall, not Function"


def test_a_folder_that_is_not_there_leaves_nothing(lib, refusal, tmp_path):
    path = tmp_path / "none" / "code.ndcall"
    library = ndcall.save(lib, tmp_path / "code.ndcall")[1].replace(str(tmp_path), str(path.parent))
    assert refusal(FileNotFoundError, ndcall.save, lib, path) == f"[Errno 2] No such file or directory: '{library}'"


def test_a_folder_in_the_way_leaves_nothing(lib, refusal, tmp_path):
    (tmp_path / "code.ndcall").mkdir()
    assert refusal(IsADirectoryError, ndcall.save, lib, tmp_path / "code.ndcall") == (
        f"[Errno 21] Is a directory: '{tmp_path / 'code.ndcall'}'"
    )
    assert os.listdir(tmp_path) == ["code.ndcall"]


def test_a_folder_that_cannot_be_written_leaves_nothing(source, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    (tmp_path / "folder").mkdir(mode=0o555)
    program = """if True:
        import os, sys, ndcall
        lib = ndcall.load(sys.argv[1])
        os.chdir(sys.argv[2])
        ndcall.save.__name__  # imported while its file can still be read
        os.setgid(65534); os.setuid(65534)  # whom root's freedom from modes does not help
        try: ndcall.save(lib, "code.ndcall", library="code")
        except OSError as error: print(error)
    """
    done = run_python(program, source, tmp_path / "folder")
    assert (done.stdout, done.stderr) == (f"[Errno 13] Permission denied: '{tmp_path}/folder/code.ndcall'\n", "")
    assert os.listdir(tmp_path / "folder") == []


@pytest.mark.parametrize("size", [1000, 20000])
def test_a_full_disk_leaves_what_was_there(lib, tmp_path, size):
    """RLIMIT_FSIZE ends the library first; with the library there already, only the text is too long."""
    target = tmp_path / "code.ndcall"
    library = ndcall.save(lib, target)[1]
    assert 1000 < len(target.read_bytes()) < 20000
    target.write_text("old")
    kept = {"code.ndcall", os.path.basename(library)}
    if size == 20000:
        os.unlink(library)
        kept = {"code.ndcall"}
        size = 3000
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        with pytest.raises(OSError, match="too large") as caught:
            ndcall.save(lib, target)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.errno == errno.EFBIG
    assert set(os.listdir(tmp_path)) == kept
    assert target.read_text() == "old"


def test_a_library_whose_file_is_gone_is_refused(saved, tmp_path, refusal):
    (library,) = tmp_path.glob("*.so")
    data = library.read_bytes()
    library.unlink()
    assert refusal(ndcall.LoadError, ndcall.save, saved, tmp_path / "again.ndcall") == (
        f"{library} cannot be read any more: No such file or directory\n  fix       load code.ndcall again"
    )
    library.write_bytes(data + b"x")
    assert refusal(ndcall.LoadError, ndcall.save, saved, tmp_path / "again.ndcall") == (
        f"{library} is not what was loaded any more\n  loaded    SHA-256 {sha256(data).hexdigest()}\n"
        f"  found     SHA-256 {sha256(data + b'x').hexdigest()}\n  fix       load code.ndcall again"
    )


def test_a_contract_that_is_wrong_is_not_saved(tmp_path, refusal):
    (tmp_path / "code.c").write_text("/// ndcall: x[n\ndouble f(double *x, int n) { return *x; }\nint g(void) { return 3; }\n")
    lib = ndcall.load(tmp_path / "code.c")
    text = refusal(ndcall.BindError, ndcall.save, lib, tmp_path / "code.ndcall")
    assert text.startswith(
        f"contracts that are wrong cannot be saved\n  fix       mend them, or leave their functions out with exclude=\n{tmp_path}/code.c:1:"
    )
    assert not list(tmp_path.glob("*.ndcall"))
    ndcall.save(ndcall.load(tmp_path / "code.c", exclude="f"), tmp_path / "code.ndcall")
    assert ndcall.load(tmp_path / "code.ndcall").g() == 3
