"""Other processes, threads and versions on one cache: what they do to it while it is in use, and what a start runs."""

from __future__ import annotations

import fcntl
import gc
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ndcall
import pytest
from ndcall import _build, _cache, _load, _locks, _sealed
from ndcall._cache import open_cache
from ndcall._cache_upkeep import clear_cache, find_cache_path, list_entries
from ndcall._platform import find_cache_home
from ndcall._publish import Build

pytestmark = pytest.mark.unsanitized  # files, processes and threads, in Python

SOURCE = "int f(void) { return 1; }\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The path of a cache that is not there yet; it is the only one that is open."""
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(_cache, "_open_caches", {})
    return tmp_path / "cache"


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "code.c"
    path.write_text(SOURCE)
    return path


def run(code: str, *, under: tuple[str, ...] = (), **environment: str) -> tuple[str, str]:
    """What a program printed, and what it said on the terminal."""
    words = [*under, sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, **environment})
    return done.stdout, done.stderr


def call_of(source: Path) -> str:
    return f"import ndcall; print(ndcall.load({str(source)!r}).f())"


# What a start runs.


def test_a_warm_start_makes_no_process(folder, tmp_path):
    source = tmp_path / "code.c"
    source.write_text("#include <math.h>\ndouble f(double x) { return sqrt(x); }\n")
    ndcall.load(source)
    log = tmp_path / "log"
    code = f"import ndcall; ndcall.load({str(source)!r}).f(4.0)"
    _, said = run(code, under=("strace", "-f", "-o", str(log), "-e", "trace=execve,execveat,fork,vfork,clone,clone3"))
    assert said == ""
    calls = [line.split(maxsplit=1)[1] for line in log.read_text().splitlines()]
    made = [call for call in calls if not re.match(r"\+\+\+|---|clone3?\(.*CLONE_THREAD", call)]  # NumPy's BLAS has threads
    assert len(made) == 1, made  # the interpreter itself
    assert made[0].startswith("execve(")


# What others do meanwhile.


def test_loads_are_right_while_the_cache_is_cleared_again_and_again(folder, source):
    over = threading.Event()
    counts = []

    def clear() -> None:
        while not over.wait(0.05):
            counts.append(clear_cache().entries)

    with ThreadPoolExecutor(1) as pool:
        clearing = pool.submit(clear)
        try:
            deadline = time.monotonic() + 60
            while sum(counts) < 8 and time.monotonic() < deadline:
                assert ndcall.load(source).f() == 1
        finally:
            over.set()
    clearing.result()
    assert sum(counts) >= 8


@pytest.mark.parametrize("which", ["*", "builds", "entries", "manifests", "."])
def test_folders_of_the_cache_may_go_while_a_process_has_them_open(which, folder, source):
    ndcall.load(source)
    for path in folder.glob(which) if which != "." else [folder]:
        shutil.rmtree(path)
    source.write_text(SOURCE.replace("1", "2"))
    assert ndcall.load(source).f() == 2
    assert ndcall.load(source).f() == 2


def test_a_cache_that_goes_again_and_again_uses_up_no_descriptors(folder, source):
    ndcall.load(source)
    gc.collect()  # of other tests' caches, now and not meanwhile
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        shutil.rmtree(folder)
        ndcall.load(source)
    # Libraries stay open for ever, by mappings and not by descriptors.
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_build_that_cannot_begin_leaves_nothing(folder, monkeypatch):
    cache = open_cache()
    cache.folder("builds"), cache.folder("locks")
    make = os.mkdir

    def refuse(name, *rest, **named):
        if name == "entry":
            raise OSError(28, "No space left on device")
        make(name, *rest, **named)

    monkeypatch.setattr(os, "mkdir", refuse)
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="No space left"), Build(cache):
        pass
    assert list(folder.glob("builds/*")) == []
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_folder_of_a_build_may_go_while_the_compiler_works(folder, source, tmp_path):
    compiler = tmp_path / "cc"
    compiler.write_text(
        f"""#!/bin/sh
        case "$*" in *-E*) exec gcc "$@" ;; esac
        [ -e {tmp_path}/once ] || {{ touch {tmp_path}/once; rm -rf {folder}; }}
        exec gcc "$@"
        """
    )
    compiler.chmod(0o755)
    assert ndcall.load(source, compiler=compiler).f() == 1


def test_a_library_that_goes_between_look_and_opening_is_built_again(folder, source, monkeypatch):
    ndcall.load(source)
    fetch, removed = _load.fetch_entry, []

    def fetch_and_remove(request):
        found = fetch(request)
        if not removed:
            removed.append(found.entry.folder)
            shutil.rmtree(found.entry.folder)
        return found

    monkeypatch.setattr(_load, "fetch_entry", fetch_and_remove)
    assert ndcall.load(source).f() == 1
    assert removed


def test_a_cache_that_is_exchanged_between_look_and_opening_is_not_used(folder, source, monkeypatch, tmp_path):
    ndcall.load(source)
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    fetch, swapped = _load.fetch_entry, []

    def fetch_and_swap(request):
        found = fetch(request)
        if not swapped:
            swapped.append(folder.rename(tmp_path / "old"))
            (library,) = other.glob("entries/*/library.so")
            library.write_bytes(b"poison")
            other.rename(folder)
        return found

    monkeypatch.setattr(_load, "fetch_entry", fetch_and_swap)
    assert ndcall.load(source).f() == 1
    assert swapped
    assert {entry.flaw for entry in list_entries(verify=True)} == {None}  # the one that was put there did not hold


def test_a_cache_that_is_exchanged_for_ever_is_an_error(folder, source, monkeypatch):
    fetch = _load.fetch_entry

    def fetch_and_remove(request):
        found = fetch(request)
        shutil.rmtree(found.entry.folder)
        return found

    monkeypatch.setattr(_load, "fetch_entry", fetch_and_remove)
    with pytest.raises(ndcall.LoadError) as caught:
        ndcall.load(source)
    assert str(caught.value) == "code.c: the cache was cleared or replaced 10 times between a look at it and its use"


def test_a_builder_that_is_stopped_delays_others_and_hangs_nobody(folder, source, tmp_path, monkeypatch, capfd):
    compiler = tmp_path / "cc"
    compiler.write_text(
        f"""#!/bin/sh
        case "$*" in *-E*) exec gcc "$@" ;; esac
        [ -e {tmp_path}/started ] && exec gcc "$@"
        touch {tmp_path}/started
        sleep 60
        """
    )
    compiler.chmod(0o755)
    code = f"import ndcall; ndcall.load({str(source)!r}, compiler={str(compiler)!r})"
    stopped = subprocess.Popen([sys.executable, "-c", code])
    while not (tmp_path / "started").exists():
        assert stopped.poll() is None
        time.sleep(0.01)
    stopped.send_signal(signal.SIGSTOP)
    try:
        monkeypatch.setattr(_build, "_PATIENCE", 0.2)
        assert ndcall.load(source, compiler=compiler).f() == 1
        holder = f"{stopped.pid} on {os.uname().nodename}"
        assert capfd.readouterr().err == f"ndcall: waited 0 s for process {holder}, which builds the same; building it here too\n"
        assert len(list(folder.glob("builds/*"))) == 1  # it may go on
    finally:
        stopped.kill()
        stopped.wait()
    assert ndcall.load(source, compiler=compiler).f() == 1
    assert list(folder.glob("builds/*")) == []


def test_a_child_forked_meanwhile_does_not_keep_the_lock(folder, tmp_path):
    locks = open_cache().folder("locks")
    with _locks.spare_work("one", locks, seconds=0, work="one.c"):
        child = subprocess.Popen(["sleep", "60"], pass_fds=_list_descriptors(folder / "locks" / "one"))
    try:
        with _locks.hold_lock("one", locks, seconds=0) as held:
            assert held
    finally:
        child.kill()
        child.wait()


def _list_descriptors(path: Path) -> list[int]:
    """The descriptors by which this process has a file open."""
    return [int(link.name) for link in Path("/proc/self/fd").iterdir() if link.exists() and os.path.samefile(link, path)]


def test_a_fork_can_load_what_its_parent_did_not(folder, source):
    code = f"""
        import os, ndcall
        ndcall.load({str(source)!r})
        child = os.fork()
        if child == 0:
            print(ndcall.load({str(source)!r}, flags="-O1").f(), flush=True)
            os._exit(0)
        os.waitpid(child, 0)
        print(ndcall.load({str(source)!r}, flags="-O1").f())
    """
    assert run(code) == ("1\n1\n", "")
    assert len(list_entries()) == 2


def test_many_threads_load_one_source_at_once(folder, source):
    gate = threading.Barrier(8)

    def load(_):
        gate.wait()
        return ndcall.load(source).f()

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(load, range(8))) == [1] * 8
    assert len(list_entries()) == 1
    assert list(folder.glob("builds/*")) == []


def test_two_versions_share_a_cache(folder, source, monkeypatch):
    ndcall.load(source)
    for module in (_sealed, _build):
        monkeypatch.setattr(module, "VERSION", _sealed.VERSION + 1)
    assert ndcall.load(source).f() == 1
    monkeypatch.undo()
    os.environ["NDCALL_CACHE_DIR"] = str(folder)
    try:
        assert run(call_of(source), NDCALL_NO_BUILD="1") == ("1\n", "")
        assert len(list(folder.glob("entries/*"))) == 2
    finally:
        clear_cache()


@pytest.mark.parametrize("number", [11, 22, 37, 38, 95])  # EAGAIN, EINVAL, ENOLCK, ENOSYS, EOPNOTSUPP
def test_whatever_flock_answers_nothing_waits_and_all_is_right(number, folder, source, monkeypatch):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    monkeypatch.setattr(_build, "_PATIENCE", 0.05)
    monkeypatch.setattr("ndcall._publish._PATIENCE", 0.05)
    assert ndcall.load(source).f() == 1
    assert ndcall.load(source).f() == 1


# Where the cache lies.


def test_without_a_home_nothing_is_made_below_the_working_directory(tmp_path, source, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("NDCALL_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    before = sorted(tmp_path.rglob("*"))
    for home in ("", "relative"):
        monkeypatch.setenv("HOME", home)
        assert os.path.isabs(find_cache_home())  # of the user's entry in the table of users
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)  # a user without one, as in containers
    monkeypatch.setattr(_cache, "_open_caches", {})
    assert find_cache_home() == ""
    assert ndcall.load(source).f() == 1
    assert sorted(tmp_path.rglob("*")) == before
    with pytest.raises(ndcall.LoadError) as caught:
        find_cache_path()
    assert str(caught.value) == (
        "there is no cache: no home folder is known\n  fix       set HOME, or NDCALL_CACHE_DIR to a folder for the cache"
    )


def test_folders_above_the_cache_are_private_whatever_the_umask(tmp_path, source):
    folder = tmp_path / "a" / "b" / "cache"
    printed, said = run(f"import os; os.umask(0); {call_of(source)}", NDCALL_CACHE_DIR=str(folder))
    assert (printed, said) == ("1\n", "")
    assert {path.stat().st_mode & 0o777 for path in (folder, *folder.parents[:2])} == {0o700}


def test_a_private_cache_that_is_gone_is_made_again(tmp_path, source, monkeypatch, capfd):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NDCALL_CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(_cache, "_open_caches", {})
    assert ndcall.load(source).f() == 1
    shutil.rmtree(open_cache().path)  # as the parent of a fork does at its end
    assert ndcall.load(source).f() == 1
    assert capfd.readouterr().err.count("serves this process only") == 2


def test_no_folder_at_all_is_an_error_with_a_cure(tmp_path, source, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NDCALL_CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(_cache, "_open_caches", {})

    def refuse(**_):
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.mkdtemp", refuse)
    with pytest.raises(ndcall.LoadError) as caught:
        ndcall.load(source)
    assert str(caught.value) == (
        f"{tmp_path}/file/ndcall cannot be written (Not a directory), and neither can a temporary folder"
        " (No usable temporary directory found)\n"
        "  fix       set NDCALL_CACHE_DIR to a folder that can be written"
    )


@pytest.mark.parametrize("name", ["caf\u00e9", "a\nb", "a\tb", "a\\b", "-O3", "$(x)", "x" * 255], ids=ascii)
def test_a_strange_name_of_the_caches_folder_works(name, tmp_path, source, monkeypatch):
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / name))
    assert ndcall.load(source).f() == 1
    assert ndcall.load(source).f() == 1
    assert len(list_entries()) == 1


@pytest.mark.parametrize("name", ["caf\u00e9", "a\tb", "a b", "a\\b", "$(x)", "x" * 200], ids=ascii)
def test_a_strange_name_of_a_source_and_its_header_works(name, folder, tmp_path):
    home = tmp_path / name
    home.mkdir()
    (home / "number.h").write_text("#define NUMBER 1\n")
    source = home / "code.c"
    source.write_text('#include "number.h"\nint f(void) { return NUMBER; }\n')
    assert ndcall.load(source).f() == 1
    (home / "number.h").write_text("#define NUMBER 2\n")
    assert ndcall.load(source).f() == 2
    assert {entry.files for entry in list_entries()} == {(str(source),)}


def test_a_path_that_is_no_utf8_is_refused_by_name(folder, tmp_path, source, monkeypatch):
    home = tmp_path / "caf\udce9"
    home.mkdir()
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(home))
    for path in (source, home / "code.c"):
        with pytest.raises(ndcall.LoadError) as caught:
            ndcall.load(path)
        named = home if path is source else path
        assert str(caught.value) == f"{str(named)!r} has bytes that are no UTF-8: give it another name"


def test_a_path_that_is_too_long_is_named(tmp_path, source, monkeypatch):
    folder = tmp_path.joinpath(*["x" * 250] * 20)
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(folder))
    with pytest.raises(ndcall.LoadError) as caught:
        ndcall.load(source)
    assert str(caught.value) == f"the cache {folder} cannot be used: File name too long"


def test_a_path_in_which_only_the_folder_itself_fits_is_left_for_a_private_cache(tmp_path, source, monkeypatch, capfd):
    monkeypatch.setattr(_cache, "_open_caches", {})
    folder = tmp_path
    while len(str(folder)) < 3800:
        folder = folder / ("x" * 200)
    folder = folder / ("x" * (4090 - len(str(folder))))
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(folder))
    try:
        assert ndcall.load(source).f() == 1
        assert "cannot be written (File name too long)" in capfd.readouterr().err
    finally:
        subprocess.run(["rm", "-rf", tmp_path / ("x" * 200)], check=True)
