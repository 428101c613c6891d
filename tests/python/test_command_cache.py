"""`ndcall cache`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ndcall._command.frame import run

pytestmark = pytest.mark.unsanitized  # Python alone


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache that holds half.c, which was just used."""
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "half.c").write_text("double half(double x) { return x / 2; }\n")
    assert run(["run", "half.c", "half", "3"]) == 0
    return tmp_path / "cache"


@pytest.fixture
def entry(cache: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The folder of its only entry."""
    capsys.readouterr()
    (found,) = (cache / "entries").iterdir()
    return found


def test_the_path_is_told_whether_it_exists_or_not(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "nothing"))
    assert run(["cache", "path"]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/nothing\n"
    assert not (tmp_path / "nothing").exists()


def test_entries_are_listed_with_date_size_and_sources(entry, tmp_path, capsys):
    assert run(["cache", "list"]) == 0
    key, day, clock, size, unit, name, place = capsys.readouterr().out.split()
    assert (key, name, place) == (entry.name[:12], "half.c", f"({tmp_path}/half.c)")
    assert (day.count("-"), clock.count(":"), unit) == (2, 1, "KiB")
    assert 1 < float(size) < 1000


def test_the_document_lists_the_same(entry, tmp_path, capsys):
    assert run(["cache", "list", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["path"]) == (1, str(tmp_path / "cache"))
    (row,) = document["entries"]
    assert (row["key"], row["name"], row["files"], row["flaw"]) == (entry.name, "half.c", [str(tmp_path / "half.c")], None)


def test_a_whole_cache_verifies(entry, capsys):
    assert run(["cache", "verify"]) == 0
    assert capsys.readouterr().out == "1 of 1 entry is whole\n"


def test_a_damaged_entry_is_told_and_the_status_is_1(entry, capsys):
    library = entry / "library.so"
    data = bytearray(library.read_bytes())
    data[100] ^= 1
    library.chmod(0o600)
    library.write_bytes(data)
    assert run(["cache", "verify"]) == 1
    first, second, last = capsys.readouterr().out.splitlines()
    assert first.startswith(entry.name[:12])
    assert second.startswith("  damaged: library.so ")
    assert last == "0 of 1 entry is whole"
    assert run(["cache", "verify", "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)["entries"]
    assert row["flaw"]["kind"] == "damaged"


def test_clear_removes_what_was_not_used_for_so_many_days_or_all(entry, cache, capsys):
    assert run(["cache", "clear", "--unused-for", "1"]) == 0
    assert capsys.readouterr().out == "removed 0 entries, 0 B\n"
    assert entry.exists()
    assert run(["cache", "clear"]) == 0
    assert capsys.readouterr().out.startswith("removed 1 entry, ")
    assert list((cache / "entries").iterdir()) == []


def test_a_cache_that_others_can_write_is_refused(cache, capsys):
    cache.chmod(0o777)
    for words in (["list"], ["verify"], ["clear"]):
        assert run(["cache", *words]) == 1
        assert capsys.readouterr().err.startswith("ndcall: ")


def test_a_misspelt_command_is_answered_with_the_nearest(capsys):
    assert run(["cache", "lits"]) == 2
    assert capsys.readouterr().err.endswith("Error: there is no command 'lits'; did you mean 'list'?\n")


def test_a_number_of_days_below_zero_is_a_wrong_command_line(capsys):
    assert run(["cache", "clear", "--unused-for", "-1"]) == 2
    assert "is not in the range x>=0" in capsys.readouterr().err
