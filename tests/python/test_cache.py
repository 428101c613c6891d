"""The cache: whose it may be, what is believed of it, and what it costs when something in it is wrong."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import ndcall
import pytest
from ndcall import _cache, _locks, _publish, _sealed
from ndcall._cache import open_cache
from ndcall._platform import find_cache_home

pytestmark = pytest.mark.unsanitized  # files and locks, in Python

SOURCE = "int f(void) { return 1; }\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The path of a cache that is not there yet."""
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "code.c"
    path.write_text(SOURCE)
    return path


def refused():
    with pytest.raises(ndcall.LoadError) as caught:
        open_cache()
    return str(caught.value)


def run(code: str, **options) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False, **options)


def test_a_new_cache_is_private(folder):
    open_cache()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_everything_in_it_is_private_whatever_the_umask(folder, source):
    code = f"import os; os.umask(0); import ndcall; print(ndcall.load({str(source)!r}).f())"
    done = run(code)
    assert done.stdout == "1\n", done.stderr
    assert {oct(path.stat().st_mode & 0o077) for path in (folder, *folder.rglob("*"))} == {"0o0"}
    assert ndcall.load(source).f() == 1


def test_a_folder_that_others_can_read_is_tightened(folder):
    folder.mkdir(mode=0o755)
    open_cache()
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_folder_that_others_can_write_is_refused(mode, folder):
    folder.mkdir()
    folder.chmod(mode)
    assert refused() == (
        f"the cache {folder} can be written by others (mode {mode:04o}); what is loaded from it could be theirs\n"
        "  fix       look at what is in it, remove it, and make it again with mode 0700"
    )
    assert folder.stat().st_mode & 0o7777 == mode  # never repaired


def test_a_folder_that_becomes_writable_by_others_is_refused_from_then_on(folder, source):
    ndcall.load(source)
    folder.chmod(0o777)
    with pytest.raises(ndcall.LoadError, match="can be written by others"):
        ndcall.load(source)


def test_an_inner_folder_that_others_can_write_is_refused(folder):
    folder.mkdir(mode=0o700)
    (folder / "entries").mkdir()
    (folder / "entries").chmod(0o777)
    cache = open_cache()
    with pytest.raises(ndcall.LoadError, match=f"the cache {folder}/entries can be written by others"):
        cache.folder("entries")


def test_a_symbolic_link_is_refused(folder, tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "real")
    assert refused() == f"the cache {folder} is a symbolic link or no folder\n  fix       set NDCALL_CACHE_DIR to a folder"


def test_an_inner_symbolic_link_is_refused(folder, tmp_path, source):
    folder.mkdir(mode=0o700)
    (tmp_path / "real").mkdir(mode=0o700)
    (folder / "entries").symlink_to(tmp_path / "real")
    with pytest.raises(ndcall.LoadError) as caught:
        ndcall.load(source)
    assert str(caught.value) == f"{folder}/entries is no folder: remove it, the cache makes it again"


def test_an_owner_is_compared_with_the_effective_user(folder, monkeypatch):
    folder.mkdir(mode=0o700)
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    assert refused() == (
        f"the cache {folder} belongs to user {owner}, not to user {owner + 1}, who runs this\n"
        "  fix       set NDCALL_CACHE_DIR to a folder of your own"
    )


def test_a_process_with_the_rights_of_another_user_loads_nothing(folder, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    assert refused() == "ndcall loads nothing from its cache while the effective user or group differs from the real one"


def test_a_relative_folder_is_refused(monkeypatch):
    monkeypatch.setenv("NDCALL_CACHE_DIR", "cache")
    assert refused() == "NDCALL_CACHE_DIR is 'cache': it must be an absolute path"


def test_a_given_folder_that_cannot_be_made_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "file" / "cache"))
    assert refused() == f"the cache {tmp_path}/file/cache cannot be used: Not a directory"


def test_the_default_is_in_the_users_own_cache_folder(tmp_path, monkeypatch):
    import platformdirs

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert find_cache_home() == platformdirs.user_cache_dir() == str(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert find_cache_home() == platformdirs.user_cache_dir()
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert os.path.isabs(find_cache_home())


def test_a_home_that_cannot_be_written_gives_a_private_cache_said_once(tmp_path, source):
    (tmp_path / "file").touch()
    code = f"""
        import ndcall, os
        assert ndcall.load({str(source)!r}).f() == 1
        lib = ndcall.load({str(source)!r})
        print(repr(lib).split()[-1])
    """
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "file"), "NDCALL_CACHE_DIR": ""}
    done = run(code, env=environment)
    assert done.stderr == (
        f"ndcall: {tmp_path}/file/ndcall cannot be written (Not a directory); what is built serves this process only."
        " Set NDCALL_CACHE_DIR to a folder where it can be kept.\n"
    )
    library = Path(done.stdout.strip().rstrip(">"))
    assert library.name == "library.so"
    assert not library.exists()  # removed at the end of the process


def test_a_full_disk_does_not_stop_a_load(folder, source, monkeypatch, capfd):
    publish = _publish.Build.publish

    def publish_elsewhere(build, *rest):
        if build.path.startswith(str(folder)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return publish(build, *rest)

    monkeypatch.setattr(_publish.Build, "publish", publish_elsewhere)
    monkeypatch.setattr(_cache, "_open_caches", {})
    for _ in range(2):
        assert ndcall.load(source).f() == 1
    assert list(folder.glob("builds/*")) == []
    assert capfd.readouterr().err == (
        f"ndcall: {folder} cannot be written (No space left on device); what is built serves this process only."
        " Set NDCALL_CACHE_DIR to a folder where it can be kept.\n"
    )


def test_a_disk_that_is_full_everywhere_is_an_error(folder, source, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(_publish.Build, "publish", refuse)
    monkeypatch.setattr(_cache, "_open_caches", {})
    with pytest.raises(OSError, match="No space left on device"):
        ndcall.load(source)


def test_what_others_may_have_written_is_not_read(folder, source):
    ndcall.load(source)
    for name in ("entry", "library.so", "declarations"):
        (path,) = folder.glob(f"entries/*/{name}")
        path.chmod(0o666)
        assert ndcall.load(source).f() == 1
        (path,) = folder.glob(f"entries/*/{name}")
        assert path.stat().st_mode & 0o022 == 0


def spoil(path: Path, how: str) -> None:
    content = path.read_bytes()
    if how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "empty":
        path.write_bytes(b"")
    elif how == "flipped":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif how == "longer":
        path.write_bytes(content + b"\n")
    elif how == "missing":
        path.unlink()
    elif how == "link":
        path.rename(path.with_name("moved"))
        path.symlink_to("moved")
    elif how == "folder":
        path.unlink()
        path.mkdir()
    elif how == "pipe":
        path.unlink()
        os.mkfifo(path)


@pytest.mark.parametrize("how", ["cut", "empty", "flipped", "longer", "missing", "link", "folder", "pipe"])
@pytest.mark.parametrize("which", ["entries/*/entry", "entries/*/library.so", "entries/*/declarations", "manifests/*", "facts/*"])
def test_what_is_damaged_is_built_again(how, which, folder, source):
    ndcall.load(source)
    (path,) = folder.glob(which)
    spoil(path, how)
    if which == "facts/*":
        source.write_text(SOURCE + "\n")
    # In a process of its own: this one has the library open.
    done = run(f"import ndcall; print(ndcall.load({str(source)!r}).f())")
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert list(folder.glob("builds/*")) == []


def test_a_loaded_library_is_never_overwritten(folder, source):
    lib = ndcall.load(source)
    (path,) = folder.glob("entries/*/library.so")
    before = path.stat().st_ino
    with path.open("rb"):  # held open, so that its inode is not used again
        spoil(path.parent / "entry", "cut")
        again = ndcall.load(source)
        (path,) = folder.glob("entries/*/library.so")
        assert path.stat().st_ino != before
        assert lib.f() == again.f() == 1


def test_the_cache_may_be_removed_while_it_is_in_use(folder, source):
    lib = ndcall.load(source)
    subprocess.run(["rm", "-rf", folder], check=True)
    assert lib.f() == 1
    assert ndcall.load(source).f() == 1


def test_a_cache_that_was_replaced_is_checked_anew(folder, source, tmp_path):
    ndcall.load(source)
    folder.rename(tmp_path / "old")
    folder.mkdir()
    folder.chmod(0o777)
    assert "can be written by others" in refused()


def test_a_manifest_from_elsewhere_leads_nowhere(folder, source):
    ndcall.load(source)
    (path,) = folder.glob("manifests/*")
    path.write_bytes(_sealed.seal_rows("manifest", [["record", "../../../etc", ""]]))
    assert ndcall.load(source).f() == 1


def test_leftovers_of_the_dead_are_removed_and_those_of_the_living_stay(folder, source):
    cache = open_cache()
    builds = Path(cache.path_of("builds"))
    cache.folder("builds")
    (builds / "dead" / "entry").mkdir(parents=True)
    (builds / "dead" / "entry" / "library.so").write_bytes(b"half")
    (builds / "temporary").write_bytes(b"half")
    with _publish.Build(cache) as living:
        ndcall.load(source)
        assert [str(path) for path in builds.iterdir()] == [living.path]
    assert list(builds.iterdir()) == []


def test_leftovers_go_at_a_warm_start_too(folder, source):
    ndcall.load(source)
    (folder / "builds" / "dead").mkdir()
    ndcall.load(source)
    assert list(folder.glob("builds/*")) == []


def test_a_killed_builder_leaves_nothing_that_matters(folder, source, tmp_path):
    compiler = tmp_path / "cc"
    compiler.write_text(
        f"""#!/bin/sh
        case "$*" in *-E*) exec gcc "$@" ;; esac
        [ -e {tmp_path}/go ] && exec gcc "$@"
        touch {tmp_path}/started
        sleep 1
        """
    )
    compiler.chmod(0o755)
    code = f"import ndcall; print(ndcall.load({str(source)!r}, compiler={str(compiler)!r}).f())"
    child = subprocess.Popen([sys.executable, "-c", code])
    while not (tmp_path / "started").exists():
        assert child.poll() is None
        time.sleep(0.01)
    child.kill()
    child.wait()
    assert list(folder.glob("builds/*")) != []
    (tmp_path / "go").touch()
    done = run(code)
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert list(folder.glob("builds/*")) == []


def test_who_waits_too_long_builds_too_and_says_who_is_slow(folder, source, monkeypatch, capfd):
    from ndcall import _build

    monkeypatch.setattr(_build, "_PATIENCE", 0.05)
    ndcall.load(source)
    subprocess.run(["rm", "-r", folder / "manifests", folder / "entries"], check=True)
    (name,) = (path.name for path in folder.glob("locks/*") if path.name != "builds")
    monkeypatch.setattr(_cache, "_open_caches", {})
    with _locks.spare_work(name, open_cache().folder("locks"), seconds=0, work="code.c"):
        assert ndcall.load(source).f() == 1
    holder = f"{os.getpid()} on {os.uname().nodename}"
    assert capfd.readouterr().err == f"ndcall: waited 0 s for process {holder}, which builds the same; building it here too\n"


def test_the_oldest_goes_when_the_cache_is_full(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("NDCALL_CACHE_SIZE", "1")
    for i in range(4):
        path = tmp_path / f"code{i}.c"
        path.write_text(f"static const char big[300000] = {{{i + 1}}};\nint f(int i) {{ return big[i]; }}\n")
        for entry in folder.glob("entries/*/*"):
            then = entry.stat().st_mtime - 100  # the clock of files is coarser than four builds
            os.utime(entry, (then, then))
        assert ndcall.load(path).f(0) == i + 1
    assert len(list(folder.glob("entries/*"))) == 3
    assert ndcall.load(tmp_path / "code3.c").f(0) == 4
    assert ndcall.load(tmp_path / "code0.c").f(0) == 1


def test_a_size_that_is_no_number_is_told(folder, source, monkeypatch, capfd):
    monkeypatch.setenv("NDCALL_CACHE_SIZE", "1 GB")
    assert ndcall.load(source).f() == 1
    assert capfd.readouterr().err == "ndcall: NDCALL_CACHE_SIZE is '1 GB', which is no whole number of MiB; 1024 is taken\n"


def test_a_use_is_noted_but_not_at_every_start(folder, source):
    ndcall.load(source)
    (entry,) = folder.glob("entries/*/entry")
    for age, is_noted in ((7200, True), (60, False)):
        then = time.time() - age
        os.utime(entry, (then, then))
        ndcall.load(source)
        assert (entry.stat().st_mtime > then + 1) == is_noted


def test_file_systems_without_locks_are_built_on_all_the_same(folder, source, monkeypatch):
    import fcntl

    def refuse(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert ndcall.load(source).f() == 1
    (folder / "builds" / "young").mkdir()
    ndcall.load(source)
    assert [path.name for path in folder.glob("builds/*")] == ["young"]  # nobody can tell whether its builder lives


@pytest.mark.parametrize("rows", [[], [["word"]], [["a\tb", "c\nd", "e\\f", ""], ["\udc80"]]])
def test_sealed_rows_come_back_as_they_were(rows):
    data = _sealed.seal_rows("test", rows)
    assert _sealed.open_rows("test", data) == rows
    assert _sealed.open_rows("other", data) is None
    for i in range(len(data)):
        assert _sealed.open_rows("test", data[:i]) is None
        assert _sealed.open_rows("test", data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :]) is None


@pytest.mark.parametrize("size", [0, 1, 1000, 3_000_000])
def test_both_implementations_of_the_hash_agree(size):
    import hashlib

    from ndcall._digest import sha256

    data = os.urandom(size)
    assert sha256(data) == hashlib.sha256(data).hexdigest()
