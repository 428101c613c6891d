"""What others, a full disk, strange file systems and strange files may do to the cache, and what a load makes of it."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import ndcall
import pytest
from ndcall import _manifest, _sealed
from ndcall._digest import hash_file
from ndcall._owned import read_file

pytestmark = pytest.mark.unsanitized  # files, users and processes, in Python

NOBODY = 65534
SOURCE = "int f(void) { return 1; }\n"

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


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


@functools.cache
def may_mount() -> bool:
    """Whether this user may mount: root in a container often may not."""
    words = ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"]
    return shutil.which("unshare") is not None and subprocess.run(words, capture_output=True, check=False).returncode == 0


def run(code: str, *, before: str = "", **environment: str) -> tuple[str, str]:
    """What a program printed, and what it said on the terminal; `before` is a command of the shell that mounts something for it."""
    words = [sys.executable, "-c", textwrap.dedent(code)]
    if before:
        if not may_mount():
            pytest.skip("nothing may be mounted here: that takes root with CAP_SYS_ADMIN, and the command unshare")
        words = ["unshare", "-m", "sh", "-c", f'{before}; exec "$@"', "sh", *words]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=120, env={**os.environ, **environment})
    return done.stdout, done.stderr


def load(source: Path, **environment: str) -> tuple[str, str]:
    return run(f"import ndcall; print(ndcall.load({str(source)!r}).f())", **environment)


def load_error(source: Path, **environment: str) -> str:
    """The text of the LoadError that a program of its own meets."""
    code = f"""
        import ndcall
        try:
            ndcall.load({str(source)!r})
        except ndcall.LoadError as error:
            print(error, end="")
    """
    printed, said = run(code, **environment)
    assert said == ""
    return printed


def as_nobody(folder: Path, source: Path, action: str = "print(ndcall.load(source).f())", **environment: str) -> tuple[str, str]:
    """A load by a user whom modes keep out, unlike root; all modules are imported before, since root's may be out of reach."""
    code = f"""
        import os
        import ndcall
        source = {str(source)!r}
        ndcall.load(source)
        from ndcall import _cache
        import shlex, shutil, tempfile
        os.setgroups([])
        os.setgid({NOBODY})
        os.setuid({NOBODY})
        _cache._open_caches.clear()
        os.environ["NDCALL_CACHE_DIR"] = {str(folder)!r}
        try:
            {action}
        except ndcall.LoadError as error:
            print(error)
    """
    return run(code, NDCALL_CACHE_DIR=str(source.with_name("roots")), **environment)


@pytest.fixture
def open_tmp():
    """A folder that everybody may enter, and write: pytest's own are closed."""
    path = Path(f"/tmp/ndcall-test-{os.getpid()}-{os.urandom(4).hex()}")
    path.mkdir()
    path.chmod(0o777)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def open_source(open_tmp):
    path = open_tmp / "code.c"
    path.write_text(SOURCE)
    return path


# Other users.


@only_root
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_a_cache_of_root_is_refused_by_others(mode, open_tmp, open_source):
    cache = open_tmp / "cache"
    cache.mkdir()
    cache.chmod(mode)
    printed, _ = as_nobody(cache, open_source)
    expected = {
        0o700: f"the cache {cache} cannot be used: Permission denied\n",
        0o755: f"the cache {cache} belongs to user 0, not to user {NOBODY}, who runs this\n"
        "  fix       set NDCALL_CACHE_DIR to a folder of your own\n",
    }
    assert printed == expected[mode]


@only_root
def test_a_user_meets_the_same_refusals_as_root(open_tmp, open_source):
    writable, link = open_tmp / "writable", open_tmp / "link"
    for path in (writable, open_tmp / "real"):
        path.mkdir()
        os.chown(path, NOBODY, NOBODY)
    writable.chmod(0o777)
    link.symlink_to(open_tmp / "real")
    assert as_nobody(writable, open_source)[0].startswith(f"the cache {writable} can be written by others (mode 0777)")
    assert as_nobody(link, open_source)[0].startswith(f"the cache {link} is a symbolic link or no folder")
    assert list(writable.iterdir()) == list((open_tmp / "real").iterdir()) == []


@only_root
def test_a_folder_that_cannot_be_made_is_named(open_tmp, open_source):
    (open_tmp / "closed").mkdir(mode=0o755)
    cache = open_tmp / "closed" / "cache"
    assert as_nobody(cache, open_source)[0] == f"the cache {cache} cannot be used: Permission denied\n"


@only_root
def test_a_filled_cache_serves_where_it_cannot_be_written(open_tmp, folder, open_source):
    ndcall.load(open_source)
    cache = open_tmp / "cache"
    shutil.copytree(folder, cache)
    for path in (cache, *cache.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
        path.chmod(path.stat().st_mode & 0o500)
    assert as_nobody(cache, open_source) == ("1\n", "")
    assert as_nobody(cache, open_source, "os.environ['NDCALL_NO_BUILD'] = '1'; print(ndcall.load(source).f())") == ("1\n", "")
    missing = "os.environ['NDCALL_NO_BUILD'] = '1'; ndcall.load(source, flags='-O1')"
    assert as_nobody(cache, open_source, missing)[0] == f"code.c is not in the cache {cache}, and NDCALL_NO_BUILD forbids building it\n"


@only_root
@pytest.mark.parametrize("which", ["entries/*", "entries/*/entry", "entries/*/library.so", "manifests/*", "facts/*"])
def test_what_belongs_to_others_is_built_again(which, folder, source):
    ndcall.load(source)
    (path,) = folder.glob(which)
    os.chown(path, NOBODY, -1)
    assert load(source) == ("1\n", "")
    (path,) = folder.glob(which) if which != "facts/*" else (folder,)
    assert path.stat().st_uid == 0


def test_a_poisoned_library_is_not_opened(folder, source, tmp_path):
    ndcall.load(source)
    (library,) = folder.glob("entries/*/library.so")
    poison = tmp_path / "poison.c"
    poison.write_text("int f(void) { return 666; }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", poison, "-o", tmp_path / "poison.so"], check=True)
    content = (tmp_path / "poison.so").read_bytes()
    size = library.stat().st_size
    for changed in (content, content.ljust(size, b"\0")[:size]):
        library.write_bytes(changed)
        assert load(source) == ("1\n", "")
        (library,) = folder.glob("entries/*/library.so")


# A disk that is full, and file systems that lack something.


def test_a_full_disk_leads_to_a_private_cache(tmp_path, source):
    cache = tmp_path / "small"
    cache.mkdir(mode=0o700)
    fill = f"mount -t tmpfs -o size=64k,mode=700 none {cache} && head -c 60k /dev/zero >{cache}/ballast"
    assert load(source, before=fill, NDCALL_CACHE_DIR=str(cache)) == (
        "1\n",
        f"ndcall: {cache} cannot be written (No space left on device); what is built serves this process only."
        " Set NDCALL_CACHE_DIR to a folder where it can be kept.\n",
    )


@pytest.mark.parametrize("inodes", range(2, 14))
def test_a_disk_that_fills_up_at_any_file_leads_to_a_right_answer(inodes, tmp_path, source):
    cache = tmp_path / "small"
    cache.mkdir(mode=0o700)
    printed, said = load(source, before=f"mount -t tmpfs -o nr_inodes={inodes},mode=700 none {cache}", NDCALL_CACHE_DIR=str(cache))
    assert printed == "1\n"
    assert said == "" or "cannot be written (No space left on device)" in said


@pytest.mark.parametrize("limit", [0, 100, 3000])
def test_a_limit_on_the_size_of_files_is_an_error_that_says_so(limit, folder, source):
    code = f"""
        import resource
        import ndcall
        resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
        try:
            ndcall.load({str(source)!r})
        except ndcall.NdcallError as error:
            print(str(error).partition("command")[0])
    """
    printed, _ = run(code)
    assert "File too large" in printed or "File size limit exceeded" in printed
    assert list(folder.glob("entries/*")) == []
    assert load(source) == ("1\n", "")
    assert list(folder.glob("builds/*")) == []


def test_a_file_system_from_which_nothing_may_be_executed_is_named(tmp_path, source):
    cache = tmp_path / "noexec"
    cache.mkdir(mode=0o700)
    text = load_error(source, before=f"mount -t tmpfs -o noexec,mode=700 none {cache}", NDCALL_CACHE_DIR=str(cache))
    first, fix = text.split("\n")
    assert first.startswith(f"{cache}/entries/")
    assert first.endswith("/library.so lies on a file system from which nothing may be executed (mount option noexec)")
    assert fix == "  fix       set NDCALL_CACHE_DIR to a folder on another one"


def test_a_filled_cache_serves_from_a_file_system_that_is_read_only(folder, source):
    ndcall.load(source)
    folder.chmod(0o755)  # what a read-only file system does not let us tighten
    printed = load(source, before=f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}", NDCALL_NO_BUILD="1")
    assert printed == ("1\n", "")
    other = source.with_name("other.c")
    other.write_text(SOURCE)
    printed, said = load(other, before=f"mount --bind {folder} {folder} && mount -o remount,bind,ro {folder}")
    assert printed == "1\n"
    assert said.startswith(f"ndcall: {folder} cannot be written (Read-only file system); what is built serves this process only.")


def test_times_in_whole_seconds_are_trusted_two_seconds_later():
    second = 1_000_000_000
    for changed, since, may in ((10 * second, 11 * second, True), (10 * second, 12 * second + 1, False)):
        assert _manifest.may_have_changed(SimpleNamespace(st_ctime_ns=changed), since) == may
    assert not _manifest.may_have_changed(SimpleNamespace(st_ctime_ns=10 * second + 1), 10 * second + 2)


def test_a_header_from_the_future_is_read_right_every_time(folder, source, tmp_path, monkeypatch):
    header = tmp_path / "number.h"
    source.write_text('#include "number.h"\nint f(void) { return NUMBER; }\n')
    now = time.time_ns
    monkeypatch.setattr(time, "time_ns", lambda: now() - 3600 * 10**9)
    monkeypatch.setattr("ndcall._build._coarse_time", lambda: now() - 3600 * 10**9)
    for number in (1, 2, 2, 3):
        header.write_text(f"#define NUMBER {number}\n")
        assert ndcall.load(source).f() == number


# Strange files.


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), Path.mkdir], ids=["pipe", "device", "folder"])
def test_what_is_no_plain_file_is_never_read(make, tmp_path):
    make(tmp_path / "strange")
    assert hash_file(str(tmp_path / "strange")) == ""


def test_a_file_that_has_grown_is_not_read(tmp_path):
    path = tmp_path / "huge.h"
    path.touch()
    os.truncate(path, 1 << 40)  # a hole: it takes no room, and hours to read
    assert hash_file(str(path), 100) == ""
    root = os.open(tmp_path, os.O_RDONLY)
    assert read_file("huge.h", root, 100).what == read_file("huge.h", root).what == "huge.h has 1099511627776 bytes"
    os.close(root)


@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero"), lambda path: (path.touch(), os.truncate(path, 1 << 40))]
)
def test_a_header_that_became_strange_is_not_read_by_us(make, folder, source, tmp_path):
    header = tmp_path / "number.h"
    header.write_text("#define NUMBER 1\n")
    source.write_text('#include "number.h"\nint f(void) { return NUMBER; }\n')
    assert ndcall.load(source).f() == 1
    header.unlink()
    make(header)
    began = time.monotonic()
    text = load_error(source, NDCALL_NO_BUILD="1")
    assert text == f"code.c is not in the cache {folder}, and NDCALL_NO_BUILD forbids building it"
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("rows", [
    [["record"]],
    [["file", "/x", "1:2:3:4", "0"]],
    [["record", "KEY", ""], ["file", "/x"]],
    [["record", "KEY", ""], ["file", "/x", "many", "0"]],
    [["record", "KEY", ""], ["absent", "/x"]],
    [["record", "KEY", ""], ["tool"]],
    [["record", "KEY", ""], ["unknown", "x", "y"]],
    [["record", "../entries/KEY", ""]],
    [["record", "..", ""]],
    [["record", "", ""]],
    [["record", "KEY", ""], ["absent", "/x", "-", *map(str, range(200_000))]],
    [["record", "KEY", ""], ["file", "/dev/zero", "0", ""]],
    [["record", "KEY", ""], ["file", "\udc80" * 5000, "1:1:1:1", ""]],
    [[]],
    [["", "", ""]],
])  # fmt: skip
def test_a_manifest_with_hostile_rows_never_raises(rows, folder, source):
    ndcall.load(source)
    (entry,) = folder.glob("entries/*")
    (manifest,) = folder.glob("manifests/*")
    manifest.write_bytes(_sealed.seal_rows("manifest", [[word.replace("KEY", entry.name) for word in row] for row in rows]))
    assert ndcall.load(source).f() == 1


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["source"]],
        [["source", "code.c"]],
        [["file", "library.so"]],
        [["source", "x"], ["file", "../../../code.c", "26", "0"]],
        [["word"]],
    ],
)
def test_an_entry_with_hostile_rows_never_raises(rows, folder, source):
    ndcall.load(source)
    (seal,) = folder.glob("entries/*/entry")
    seal.write_bytes(_sealed.seal_rows("entry", rows))
    assert load(source) == ("1\n", "")


@pytest.mark.parametrize("rows", [[], [["tool"]], [["version"], ["target", "x"], ["standard", "y"], ["include"], ["tool", "", ""]]])
def test_facts_with_hostile_rows_never_raise(rows, folder, source):
    ndcall.load(source)
    (facts,) = folder.glob("facts/*")
    facts.write_bytes(_sealed.seal_rows("facts", rows))
    source.write_text(SOURCE + "\n")
    assert load(source) == ("1\n", "")


def test_an_entry_among_ten_thousand_files_is_found_and_removed(folder, source):
    from ndcall._cache_upkeep import clear_cache

    ndcall.load(source)
    (entry,) = folder.glob("entries/*")
    for i in range(10_000):
        (entry / f"more{i}").touch()
    assert load(source) == ("1\n", "")
    assert clear_cache().entries == 1
    assert list(folder.glob("entries/*")) == []


@pytest.mark.parametrize("which", ["entries/KEY", "manifests/KEY"])
@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_stands_in_the_place_of_something_is_replaced_once(which, kind, folder, source):
    ndcall.load(source)
    (path,) = folder.glob(which.replace("KEY", "*"))
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    {"folder": lambda: (path / "in").mkdir(parents=True), "file": path.touch, "link": lambda: path.symlink_to("/etc")}[kind]()
    assert load(source) == ("1\n", "")
    assert load(source, NDCALL_NO_BUILD="1") == ("1\n", "")


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("/etc/passwd")], ids=["pipe", "folder", "link"])
def test_a_strange_lock_stops_nobody(make, folder, source):
    ndcall.load(source)
    for lock in folder.glob("locks/*"):
        lock.unlink()
        make(lock)
    shutil.rmtree(folder / "entries")
    assert load(source) == ("1\n", "")
    assert list(folder.glob("builds/*")) == []
