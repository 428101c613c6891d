"""Loads that start all at once, and loads that are killed wherever that is possible: the next start is right, and nothing is left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.unsanitized,  # files and processes, in Python
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="its driver follows processes with Linux's ptrace"),
]


def drive(what: str, folder: Path) -> str:
    """What cache_driver.py printed."""
    (folder / "code.c").write_text("int f(void) { return 7; }\n")
    driver = Path(__file__).with_name("cache_driver.py")
    done = subprocess.run([sys.executable, driver, what, folder], capture_output=True, text=True, check=False, timeout=900)
    return done.stdout + done.stderr


def test_a_crowd_on_an_empty_cache_gets_one_entry_and_right_answers(tmp_path):
    assert drive("crowd", tmp_path) == "32 processes, 1 entry, 0 left over\n"


def test_a_load_may_be_killed_between_any_two_system_calls(tmp_path):
    printed = drive("calls", tmp_path)
    count = int(printed.removeprefix("killed before each of ").removesuffix(" system calls\n"))
    assert count > 200  # else it was not a whole build


def test_a_load_may_be_killed_at_any_moment(tmp_path):
    assert drive("moments", tmp_path) == "killed at 200 moments\n"
