"""examples/demo.py, which `make demo` runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("matplotlib")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What the demonstration prints, and the folder it ran in."""
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "demo.py")],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "MPLCONFIGDIR": str(folder / "matplotlib")},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout, folder


@pytest.mark.unsanitized  # it measures time and draws; each step has its own sanitized test
def test_the_demonstration_draws_a_picture(printed):
    assert (printed[1] / "demo.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.unsanitized  # as above
def test_the_demonstration_shows_function_mistake_and_times(printed):
    text = printed[0]
    assert "<ndcall function dfilter2d(a: float64[m, n]) -> b: float64[m, n]>" in text
    assert "OverlapError: dfilter2d(a): argument 'b' (the result) overlaps argument 'a'" in text
    assert "ShapeError: dfilter2d(a): argument 'a' has 1 dimension, not 2" in text
    for contestant in ("ndcall", "ctypes + ndpointer", "plain NumPy"):
        assert len(re.findall(rf"^ +{re.escape(contestant)} +\d+\.\d+ (?:ms|us) +\d+\.\d x$", text, re.MULTILINE)) == 2


@pytest.mark.unsanitized  # as above
def test_every_file_that_the_demonstration_names_exists(printed):
    section = printed[0].split("Where each step's code stands")[1]
    paths = re.findall(r"^ +[\w, ]+? {2,}((?:src|python)/\S+)$", section, re.MULTILINE)
    assert len(paths) >= 8
    for path in paths:
        assert (ROOT / path.split(":")[0]).is_file(), path
