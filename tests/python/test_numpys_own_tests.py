"""NumPy's own tests of numpy.ctypeslib, as they lie in the installed wheel, try ours."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

SUITES = Path(__file__).resolve().parents[1] / "suites"
NUMBER = 23 if np.lib.NumpyVersion(np.__version__) < "2.5.0" else 24  # of the tests: all are there, and none is left out
CTYPESLIB = ["numpy.tests.test_ctypeslib"]
AROUND = ["numpy._core.tests.test_regression::TestRegression::test_to_ctypes"]  # all else that touches a name of the module


def run_suite(folder, tests, module="ndcall.compat.ctypeslib"):
    """The last line that pytest prints, without the time."""
    env = {**os.environ, "PYTHONPATH": f"{SUITES}{os.pathsep}{folder}", "CTYPESLIB": module}
    options = ["-q", "-p", "no:cacheprovider", "--assert=plain", "-p", "redirect_ctypeslib"]
    command = [sys.executable, "-m", "pytest", *options, "--pyargs", *tests]
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    found = re.search(r"^(\d+ .*) in [\d.]+s.*\n\Z", ran.stdout, re.MULTILINE)
    assert found, ran.stdout + ran.stderr
    return found[1]


def count(passed):
    """NumPy itself skips one under Python 3.12, of which a release candidate was broken."""
    return f"{passed - 1} passed, 1 skipped" if sys.version_info[:2] == (3, 12) else f"{passed} passed"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("suite")


def test_all_tests_of_numpy_ctypeslib_pass_with_ours(folder):
    assert run_suite(folder, CTYPESLIB) == count(NUMBER)


@pytest.mark.unsanitized  # an interpreter and a pytest for what the plugin does, not the core
def test_those_tests_fail_when_a_function_of_the_module_does(folder):
    (folder / "broken.py").write_text(
        "from ndcall.compat.ctypeslib import *\n\ndef ndpointer(*_, **__):\n    raise ZeroDivisionError\n", encoding="utf-8"
    )
    assert run_suite(folder, CTYPESLIB, module="broken") == f"9 failed, {count(NUMBER - 9)}"


@pytest.mark.unsanitized  # an interpreter and a pytest for a function that does not call the core
def test_the_test_of_ndarray_ctypes_that_touches_the_module_passes_too(folder):
    assert run_suite(folder, AROUND) == "1 passed"
