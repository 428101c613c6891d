"""The program `ndcall`: exit statuses, what goes to which stream, terminals, pipes and signals."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import ndcall
import numpy as np
import pytest
from ndcall._command import frame

pytestmark = pytest.mark.unsanitized  # Python alone, in many processes

SCALE = """
#include <stddef.h>

/// Multiplies.
/// ndcall: x[n], factor -> y[n]
void scale(const double *x, double factor, double *y, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) y[i] = factor * x[i];
}
"""
PROGRAM = [sys.executable, "-m", "ndcall"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with scale.c in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scale.c").write_text(SCALE)
    return tmp_path


def read_terminal(words: list[str], **environment: str) -> str:
    """What a program writes to a terminal, both streams."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm", **environment}) as process:
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # Linux's word for the end of a terminal
                break
            if not part:
                break
            parts.append(part)
        process.wait()
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


def test_the_installed_program_and_the_module_are_the_same(folder):
    # As the script that pip writes does; some of the environments that run these tests have no scripts.
    script = "import sys; from importlib.metadata import entry_points; sys.exit(entry_points(name='ndcall')['ndcall'].load()())"
    first = subprocess.run([sys.executable, "-c", script, "show", "scale.c"], capture_output=True, text=True, check=True)
    second = subprocess.run([*PROGRAM, "show", "scale.c"], capture_output=True, text=True, check=True)
    assert (first.stdout, first.stderr) == (second.stdout, second.stderr)
    assert first.stdout == "<ndcall function scale(x: float64[n], factor: float) -> y: float64[n]>\n"


def test_importing_ndcall_does_not_import_the_command_line():
    code = "import sys, ndcall; print([name for name in sys.modules if name.startswith(('click', 'ndcall._command'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_help_imports_no_command(monkeypatch):
    monkeypatch.setattr(frame, "import_module", lambda name: pytest.fail(f"{name} was imported"))
    assert frame.run(["--help"]) == 0


def test_every_command_of_the_table_has_help_with_examples(capsys):
    for name in frame.COMMANDS:
        assert frame.run([name, "--help"]) == 0
        out = capsys.readouterr().out
        assert out.startswith(f"Usage: ndcall {name} ")
        assert f"$ ndcall {name}" in out


@pytest.mark.parametrize("name", list(frame.COMMANDS))
def test_every_example_of_a_help_runs(folder, name, capsys):
    np.save(folder / "x.npy", [1.0, 2.0])
    (folder / "roots.h").write_text("double cbrt(double x);\n")
    (folder / "script.py").write_text("import ctypes\nctypes.CDLL('libm.so.6').cbrt.argtypes = [ctypes.c_double]\n")
    assert frame.run([name, "--help"]) == 0
    examples = re.findall(r"^ *\$ (.*)$", capsys.readouterr().out, re.MULTILINE)
    assert examples
    script = "".join(f"{line}\n" for line in [f'ndcall() {{ {sys.executable} -m ndcall "$@"; }}', *examples])
    ran = subprocess.run(["sh", "-e"], input=script, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_version_is_told(capsys):
    assert frame.run(["--version"]) == 0
    assert capsys.readouterr().out == f"ndcall {ndcall.__version__}\n"


def test_a_misspelt_command_is_answered_with_the_nearest(capsys):
    assert frame.run(["shwo", "scale.c"]) == 2
    usage = "Usage: ndcall [OPTIONS] COMMAND [ARGS]...\nTry 'ndcall --help' for help.\n\n"
    assert capsys.readouterr().err == f"{usage}Error: there is no command 'shwo'; did you mean 'show'?\n"


def test_an_error_of_ndcall_is_its_text_on_stderr_and_status_1(folder, capsys):
    assert frame.run(["show", "scael.c"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        f"ndcall: source 'scael.c' was not found; did you mean 'scale.c'?\n  tried     {folder}/scael.c   (in the working directory)\n"
    )


def test_a_cure_is_told_in_the_words_of_a_shell(folder, capsys):
    (folder / "zip.c").write_text(
        "unsigned long crc32(unsigned long, const void *, unsigned); unsigned long f(void) { return crc32(0, 0, 0); }"
    )
    assert frame.run(["show", "zip.c"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("ndcall: zip.c: undefined symbol 'crc32'\n")
    assert "  fix       -l z   (likely, by the name 'crc32')\n" in err


def test_a_value_that_load_does_not_take_is_a_wrong_command_line(folder, capsys):
    assert frame.run(["show", "scale.c", "--flags=-c"]) == 2
    assert capsys.readouterr().err.endswith("Error: --flags holds '-c': ndcall itself says what is built of what, and where it goes\n")


def test_a_folder_is_a_wrong_command_line(folder, capsys):
    assert frame.run(["show", "."]) == 2
    assert capsys.readouterr().err.endswith("Error: Invalid value for 'FILE': File '.' is a directory.\n")


def test_what_the_compiler_warns_of_goes_to_stderr_without_a_place_in_python(folder, capsys):
    (folder / "scale.c").write_text(SCALE + "static int unused(void) { return 0; }\n")
    assert frame.run(["show", "scale.c", "--flags=-Wall"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("<ndcall function scale(")
    assert err.startswith("ndcall: scale.c: the compiler warns\n")
    assert "unused" in err
    assert "BuildWarning" not in err


def test_errors_have_colour_on_a_terminal_only(folder):
    words = [*PROGRAM, "show", "nowhere.c"]
    assert read_terminal(words).startswith("\x1b[31m\x1b[1mndcall:\x1b[0m source 'nowhere.c' was not found")
    assert read_terminal(words, NO_COLOR="1").startswith("ndcall: source 'nowhere.c' was not found")
    assert read_terminal(words, TERM="dumb").startswith("ndcall: source 'nowhere.c' was not found")
    assert b"\x1b" not in subprocess.run(words, capture_output=True, check=False).stderr


def test_a_reader_that_has_seen_enough_ends_the_program_quietly(folder):
    (folder / "many.c").write_text("\n".join(f"int function_{i}(int a) {{ return a; }}" for i in range(3000)))
    # An unbuffered Python takes half a write for a whole one.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    words = [*PROGRAM, "show", "many.c"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"<ndcall function function_0(a: int) -> int>\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_ctrl_c_ends_the_program_and_its_children_in_silence(folder):
    compiler = folder / "slow-cc"
    compiler.write_text(f'#!/bin/sh\ncase "$*" in *-shared*) echo $$ > {folder}/pid; exec sleep 600;; esac\nexec gcc "$@"\n')
    compiler.chmod(0o755)
    words = [*PROGRAM, "show", "scale.c", "--compiler", str(compiler)]
    environment = {**os.environ, "NDCALL_VERBOSE": "1"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stderr is not None
        # The commands are said as they begin; the reader's is the last, and from then on both are waited for.
        assert any("ndcall-read-c" in line for line in process.stderr)
        while not (folder / "pid").exists() or not (folder / "pid").read_text().strip():
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "")
    with pytest.raises(ProcessLookupError):
        os.kill(int((folder / "pid").read_text()), 0)
