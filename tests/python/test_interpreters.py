"""Kinds of interpreter that ndcall refuses until it is tested in them."""

import subprocess
import sys

import pytest

CODE = """
import warnings
warnings.simplefilter("ignore")
interpreters = __import__(NAME)
inner = interpreters.create()
interpreters.run_string(inner, '''
import warnings
warnings.simplefilter("ignore")
try:
    import ndcall
except ImportError as error:
    print(error.__cause__ or error)
''')
"""


def find_interpreters_module() -> str:
    for name in ("_xxsubinterpreters", "_interpreters"):
        try:
            __import__(name)
        except ImportError:
            continue
        return name
    pytest.skip("this Python has no module that makes sub-interpreters")


def test_a_sub_interpreter_is_refused_at_import() -> None:
    code = CODE.replace("NAME", repr(find_interpreters_module()))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    refused_by_us = "ndcall is not tested in sub-interpreters yet: import it in the main interpreter"
    refused_by_python = "module ndcall._core does not support loading in subinterpreters"  # from 3.12 on, when they have a GIL of their own
    assert refused_by_us in done.stdout or refused_by_python in done.stdout, done.stderr
