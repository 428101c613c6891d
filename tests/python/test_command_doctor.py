"""`ndcall doctor`: each check, when it fails, has its cure."""

from __future__ import annotations

import json
import os
from pathlib import Path

import ndcall
import pytest
from ndcall._command import doctor
from ndcall._command.frame import run

pytestmark = pytest.mark.unsanitized  # of the core it makes one ordinary call


def rows_of(out: str) -> dict[str, str]:
    """The first word of each row, by the name of its check."""
    return {line[6:16].strip(): line[:4].strip() for line in out.splitlines() if line[:4].strip()}


def test_a_healthy_machine_passes_every_check(capsys):
    assert run(["doctor"]) == 0
    out = capsys.readouterr().out
    assert rows_of(out) == dict.fromkeys(doctor.CHECKS, "ok")
    assert f"ok    ndcall    {ndcall.__version__}   ({Path(ndcall.__file__).parent})\n" in out
    assert "ok    a call    -2 * [1, 2, 3] is [-2, -4, -6]\n" in out


def test_the_document_has_a_row_for_each_check(capsys):
    assert run(["doctor", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema"], document["ok"]) == (1, True)
    assert [check["name"] for check in document["checks"]] == list(doctor.CHECKS)
    assert document["checks"][-1] == {"name": "a call", "ok": True, "found": "-2 * [1, 2, 3] is [-2, -4, -6]", "cure": ""}


def test_a_missing_compiler_fails_with_its_cure(capsys, monkeypatch):
    monkeypatch.setenv("NDCALL_CC", "nocc")
    assert run(["doctor"]) == 1
    out = capsys.readouterr().out
    assert {name for name, word in rows_of(out).items() if word == "FAIL"} == {"compiler", "a call"}
    assert (
        "FAIL  compiler  the compiler of NDCALL_CC was not found: 'nocc' is no program in PATH\n"
        "                fix: install gcc (Debian: apt-get install gcc libc6-dev), or name a compiler: NDCALL_CC=clang\n"
    ) in out


def test_a_compiler_that_is_none_fails(capsys, monkeypatch):
    monkeypatch.setenv("NDCALL_CC", "/bin/true")
    assert run(["doctor"]) == 1
    assert "FAIL  compiler  /bin/true does not answer as gcc and clang do (exit status 0)\n" in capsys.readouterr().out


def test_a_libclang_that_is_none_fails_with_its_cure(tmp_path, capsys, monkeypatch):
    (tmp_path / "libclang.so").write_text("no library")
    monkeypatch.setenv("NDCALL_LIBCLANG", str(tmp_path / "libclang.so"))
    assert run(["doctor", "--json"]) == 1
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert not checks["libclang"]["ok"]
    assert checks["libclang"]["found"].startswith(f"{tmp_path}/libclang.so cannot be opened: ")
    assert checks["libclang"]["cure"].endswith(" -m pip install libclang-ng")
    assert not checks["headers"]["ok"]


def test_a_cache_that_others_can_write_fails(tmp_path, capsys, monkeypatch):
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(0o777)
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(folder))
    assert run(["doctor"]) == 1
    out = capsys.readouterr().out
    assert rows_of(out)["cache"] == "FAIL"
    assert str(folder) in out


def test_a_file_system_without_locks_fails_with_its_cure(capsys, monkeypatch):
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(37, os.strerror(37))  # ENOLCK, as some network file systems say

    monkeypatch.setattr(fcntl, "flock", refuse)
    assert doctor._examine("locks", doctor.CHECKS["locks"]) == doctor.Outcome(
        "locks",
        False,
        "flock does not work there, so that processes which start at once each build the same",
        "put the cache on a local disk: NDCALL_CACHE_DIR=/path/of/a/folder",
    )


def test_a_full_disk_fails(capsys, monkeypatch):
    real = os.statvfs
    monkeypatch.setattr(os, "statvfs", lambda path: os.statvfs_result([*real(path)[:4], 10, *real(path)[5:]]))
    outcome = doctor._examine("cache", doctor.CHECKS["cache"])
    assert not outcome.ok
    assert outcome.found.endswith(" has 0 MiB of free space")
    assert outcome.cure == "make room, or name another folder with NDCALL_CACHE_DIR"


def test_a_compiled_part_of_another_version_fails(monkeypatch):
    monkeypatch.setattr(doctor, "__version__", "9.9.9")
    outcome = doctor._examine("ndcall", doctor.CHECKS["ndcall"])
    assert outcome == doctor.Outcome(
        "ndcall",
        False,
        f"the package is 9.9.9, and its compiled part {ndcall.__version__}",
        "install it again: pip install --force-reinstall ndcall",
    )


@pytest.mark.parametrize("words", [["doctor"], ["doctor", "--json"]])
def test_a_wrong_result_fails(words, capsys, monkeypatch):
    monkeypatch.setattr(doctor, "_TRIAL", doctor._TRIAL.replace("factor * x[i]", "factor + x[i]"))
    assert run(words) == 1
    assert "-2 * [1, 2, 3] is [-1.0, 0.0, 1.0]" in capsys.readouterr().out
