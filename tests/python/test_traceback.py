"""What a traceback shows, in Python and in IPython: the caller's line, and none of ndcall's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

pytestmark = pytest.mark.unsanitized  # IPython, compilers, and our Python around them

MISTAKES = {
    "a file that is not there": ("ndcall.load('nowhere.c')", "LoadError"),
    "an error of the compiler": ("ndcall.load('wrong.c')", "BuildError"),
    "another language": ("ndcall.load('code.cpp')", "ReadError"),
    "a pattern that fits nothing": ("ndcall.load('code.c', only='g*')", "UnknownNameError"),
    "a contract that does not bind": ("ndcall.load('code.c', contracts={'f': 'x[n]'})", "BindError"),
    "a name that is not there": ("lib['g']", "UnknownNameError"),
    "a call": ("lib.f('x')", "ArgumentError"),
    "a pickle whose source has changed": ("pickled()", "LoadError"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mistakes")
    (folder / "code.c").write_text("double f(double x) { return x; }\n")
    (folder / "wrong.c").write_text("double f(double x) { return x +; }\n")
    (folder / "begin.py").write_text(
        "import ndcall, os, pathlib, pickle, sys\n"
        "lib = ndcall.load('./code.c')\n"
        "pathlib.Path('other.c').write_text('int g(void) { return 1; }')\n"
        "from ndcall._pickling import restore_function\n"
        "packed = ndcall.load('./other.c', flags=['-I' + os.getcwd()]).g.__reduce__()[1]\n"
        "pathlib.Path('other.c').write_text('int g(void) { return 2; }')\n"
        "import ndcall._pickling; ndcall._pickling._alive.clear()\n"
        "pickled = restore_function(*packed)\n"
    )
    return folder


def run(folder: Path, code: str, **environment: str) -> str:
    given = {**os.environ, "IPYTHONDIR": str(folder / "ipython"), **environment}
    words = [sys.executable, "-c", textwrap.dedent(code)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder, env=given, timeout=120)
    return done.stdout + done.stderr


def split(printed: str) -> dict[str, str]:
    """What was printed for each of MISTAKES, behind its name in a line of its own."""
    parts = re.split(rf"^== ({'|'.join(MISTAKES)})\n", printed, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_a_traceback_shows_the_callers_line_and_none_of_ours(folder):
    code = "import traceback\nexec(open('begin.py').read())\n"
    for mistake, (statement, _) in MISTAKES.items():
        code += f"try:\n    {statement}\nexcept ndcall.NdcallError:\n    print('== {mistake}')\n    traceback.print_exc(file=sys.stdout)\n"
    printed = split(run(folder, code))
    for mistake, (_, name) in MISTAKES.items():
        # From Python 3.13 on the caller's line itself is shown.
        head = re.match(
            r'Traceback \(most recent call last\):\n  File "<string>", line \d+, in <module>\n(?:    .*\n)*ndcall\.(\w+): ',
            printed[mistake],
        )
        assert head is not None, printed[mistake]
        assert head[1] == name
        assert "During handling" not in printed[mistake]


def test_ipython_shows_one_frame(folder):
    code = """
        from IPython.core.interactiveshell import InteractiveShell
        shell = InteractiveShell.instance()
        shell.run_line_magic("colors", "nocolor")
        shell.run_cell(open("begin.py").read())
    """
    for mistake, (statement, _) in MISTAKES.items():
        code += f"""
        print("== {mistake}")
        shell.run_cell({statement!r})
        """
    printed = split(run(folder, code))
    for mistake, (statement, name) in MISTAKES.items():
        assert len(re.findall(r"^(?:Cell In|File )", printed[mistake], re.MULTILINE)) == 1, printed[mistake]
        assert f"----> 1 {statement}" in printed[mistake]
        assert re.search(rf"^{name}: ", printed[mistake], re.MULTILINE), printed[mistake]
        assert "During handling" not in printed[mistake]


def test_everything_is_shown_when_verbose(folder):
    assert "_paths.py" in run(folder, "import ndcall\nndcall.load('nowhere.c')\n", NDCALL_VERBOSE="1")
    assert "_paths.py" not in run(folder, "import ndcall\nndcall.load('nowhere.c')\n")


def test_what_the_caller_was_handling_stays_in_the_chain(folder):
    printed = run(folder, "import ndcall\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    ndcall.load('nowhere.c')\n")
    assert printed.count("During handling of the above exception, another exception occurred:") == 1
    assert printed.index("ZeroDivisionError") < printed.index("LoadError")
    assert printed.count('  File "<string>"') == 2


def test_an_exception_of_the_callers_own_objects_keeps_its_frames(folder):
    code = """
        import ndcall
        class Name:
            def __fspath__(self):
                raise RuntimeError("mine")
        import os; os.PathLike.register(Name)
        ndcall.load(Name())
    """
    assert "in __fspath__" in run(folder, code)
