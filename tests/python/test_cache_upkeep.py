"""What the cache holds, seen from outside; whether it is whole; and how it is emptied."""

from __future__ import annotations

import os
import time
from pathlib import Path

import ndcall
import pytest
from ndcall._cache import open_cache
from ndcall._cache_upkeep import Cleared, clear_cache, find_cache_path, list_entries
from ndcall._owned import Flaw
from ndcall._publish import Build

pytestmark = pytest.mark.unsanitized  # files, in Python


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The path of a cache that is not there yet."""
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def loaded(folder, tmp_path):
    """loaded(name): the source of this name, after it was loaded."""

    def load(name: str) -> Path:
        source = tmp_path / name
        source.write_text(f"int {source.stem}(void) {{ return 1; }}\n")
        ndcall.load(source)
        return source

    return load


def age(folder: Path, name: str, seconds: float) -> None:
    """Let the entry of `name` be unused for so long."""
    (entry,) = (one for one in list_entries() if one.name == name)
    then = time.time() - seconds
    for path in (*Path(entry.path).iterdir(), *(folder / "manifests").iterdir()):
        os.utime(path, (then, then))


def test_the_path_is_told_without_making_the_folder(folder):
    assert find_cache_path() == str(folder)
    assert list_entries() == []
    assert clear_cache() == Cleared(0, 0)
    assert not folder.exists()


def test_entries_are_listed_with_what_they_were_built_from(folder, loaded):
    source = loaded("one.c")
    (entry,) = list_entries()
    assert (entry.name, entry.files, entry.flaw) == ("one.c", (str(source),), None)
    assert Path(entry.path) == folder / "entries" / entry.key
    assert entry.size == sum(path.stat().st_size for path in Path(entry.path).iterdir())
    assert time.time() - 60 < entry.last_used < time.time() + 1


def test_what_was_read_of_headers_and_typed_declarations_is_listed_too(folder):
    ndcall.load("m", declarations="double sqrt(double x);")
    ndcall.load("math.h", library="m", only="sqrt")
    assert sorted((entry.name, len(entry.files)) for entry in list_entries()) == [("m", 0), ("math.h", 1)]


def test_the_last_used_comes_first(folder, loaded):
    for name in ("one.c", "two.c", "three.c"):
        loaded(name)
    age(folder, "two.c", 50)
    age(folder, "one.c", 5000)
    assert [entry.name for entry in list_entries()] == ["three.c", "two.c", "one.c"]


def test_listing_is_no_use(folder, loaded):
    loaded("one.c")
    age(folder, "one.c", 100_000)
    list_entries(verify=True)
    (entry,) = list_entries()
    assert entry.last_used < time.time() - 90_000


def spoil_length(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def spoil_byte(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize(
    ("name", "spoil", "flaw"),
    [
        ("library.so", spoil_byte, Flaw("damaged", "library.so is not what was written")),
        ("declarations", spoil_byte, Flaw("damaged", "declarations is not what was written")),
        ("entry", spoil_byte, Flaw("damaged", "entry is not what was written")),
        ("entry", Path.unlink, Flaw("damaged", "entry cannot be opened (No such file or directory)")),
        ("library.so", lambda path: path.chmod(0o666), Flaw("foreign", "library.so can be written by others (mode 0666)")),
        (".", lambda path: path.chmod(0o777), Flaw("foreign", "its folder can be written by others (mode 0777)")),
    ],
    ids=["library", "declarations", "entry", "missing", "writable file", "writable folder"],
)
def test_a_flaw_is_told_in_words(name, spoil, flaw, folder, loaded):
    loaded("one.c")
    loaded("two.c")
    (entry,) = (one for one in list_entries() if one.name == "one.c")
    spoil(Path(entry.path) / name)
    assert {one.flaw for one in list_entries(verify=True)} == {None, flaw}


def test_a_file_of_another_length_is_told_with_it(folder, loaded):
    loaded("one.c")
    (library,) = folder.glob("entries/*/library.so")
    size = library.stat().st_size
    spoil_length(library)
    (entry,) = list_entries(verify=True)
    assert entry.flaw == Flaw("damaged", f"library.so has {size + 1} bytes")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_is_told_with_it(folder, loaded):
    loaded("one.c")
    (library,) = folder.glob("entries/*/library.so")
    os.chown(library, 12345, -1)
    (entry,) = list_entries(verify=True)
    assert entry.flaw == Flaw("foreign", "library.so belongs to user 12345")


def test_what_is_no_entry_is_listed_as_damaged(folder, loaded):
    loaded("one.c")
    (folder / "entries" / "file").write_text("what is this?")
    (folder / "entries" / "link").symlink_to("/etc")
    flaws = {entry.key: entry.flaw for entry in list_entries() if entry.flaw}
    assert flaws.keys() == {"file", "link"}
    assert {flaw.what for flaw in flaws.values()} == {"its folder cannot be opened (Not a directory)"}


def test_a_cache_is_emptied_and_serves_again(folder, loaded):
    loaded("one.c")
    loaded("two.c")
    size = sum(path.stat().st_size for path in folder.glob("[efm]*/**/*") if path.is_file())
    assert clear_cache() == Cleared(2, size)
    assert [path.name for path in folder.glob("*/*") if path.parent.name != "locks"] == []
    assert clear_cache() == Cleared(0, 0)
    loaded("one.c")
    assert [entry.name for entry in list_entries()] == ["one.c"]


def test_only_what_was_not_used_for_long_is_removed(folder, loaded):
    loaded("one.c")
    age(folder, "one.c", 5000)
    loaded("two.c")
    assert clear_cache(unused_for=4000).entries == 1
    assert [entry.name for entry in list_entries()] == ["two.c"]


def test_what_is_damaged_is_removed_too_and_links_are_not_followed(folder, loaded, tmp_path):
    loaded("one.c")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").touch()
    (folder / "entries" / "link").symlink_to(tmp_path / "precious")
    (folder / "manifests" / "folder").mkdir()
    clear_cache()
    assert [path.name for path in folder.glob("*/*") if path.parent.name != "locks"] == []
    assert (tmp_path / "precious" / "file").exists()


def test_a_builder_at_work_is_not_disturbed(folder, loaded):
    loaded("one.c")
    with Build(open_cache()) as build:
        clear_cache()
        assert Path(build.entry_path).is_dir()


def test_a_cache_of_others_is_refused_not_emptied(folder, loaded):
    loaded("one.c")
    folder.chmod(0o777)
    for function in (list_entries, clear_cache):
        with pytest.raises(ndcall.LoadError, match=r"can be written by others \(mode 0777\)"):
            function()
    folder.chmod(0o700)
    assert len(list_entries()) == 1
