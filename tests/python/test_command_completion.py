"""What shells complete: scripts, and the answers that they ask for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ndcall._command.frame import run

pytestmark = pytest.mark.unsanitized  # Python alone, in many processes

PROGRAM = [sys.executable, "-m", "ndcall"]


def complete(line: str, folder: Path, **environment: str) -> list[str]:
    """What `ndcall` answers to a shell that completes the last word of a line."""
    words = line.split(" ")
    asked = {"_NDCALL_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    environment = {**os.environ, **asked, **environment}
    ran = subprocess.run(PROGRAM, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    assert ran.stderr == ""
    return [answer.removeprefix("plain,") for answer in ran.stdout.split()]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "code.c").write_text("#define HALF(x) ((x) / 2)\ndouble half(double x) { return HALF(x); }\nstatic int\nhidden(void);\n")
    (tmp_path / "code.contract").write_text("my_half = half: x\n")
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_commands_and_options_are_completed(folder):
    assert complete("ndcall sh", folder) == ["show"]
    assert complete("ndcall check --str", folder) == ["--strict"]


def test_files_are_left_to_the_shell(folder):
    assert complete("ndcall show co", folder) == ["file,co"]


def test_functions_of_a_file_that_was_never_loaded_are_found_in_its_text(folder):
    assert complete("ndcall show code.c h", folder) == ["half", "hidden"]
    assert not (folder / "cache").exists() or not any((folder / "cache" / "entries").glob("*"))


def test_functions_of_a_file_in_the_cache_are_those_of_the_library(folder):
    assert run(["show", "code.c"]) == 0
    assert complete("ndcall run code.c m", folder) == ["my_half"]


@pytest.mark.parametrize("name", ["nowhere.c", "cache.py", "/", "--library"])
def test_what_cannot_be_read_completes_nothing_in_silence(folder, name):
    assert complete(f"ndcall show {name} h", folder) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(shell, capsys):
    assert run(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert f"_NDCALL_COMPLETE={shell}_complete" in out
    assert err == ""


def test_the_script_of_bash_completes_in_bash(folder, tmp_path):
    bash = shutil.which("bash")
    assert bash, "bash is part of every system that these tests run on"
    (tmp_path / "ndcall").write_text(f'#!/bin/sh\nexec {sys.executable} -m ndcall "$@"\n')
    (tmp_path / "ndcall").chmod(0o755)
    asked = "COMP_WORDS=(ndcall show code.c ha); COMP_CWORD=3; _ndcall_completion ndcall"
    script = f'eval "$(ndcall completion bash)"; {asked}; echo "${{COMPREPLY[@]}}"'
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    ran = subprocess.run([bash, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert (ran.stdout, ran.stderr) == ("half\n", "")
