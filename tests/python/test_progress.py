"""The line on the terminal while a load takes its time: what it says, where it is not shown, and that nothing is left of it."""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import pty
import struct
import subprocess
import sys
import termios
import textwrap
import types
from pathlib import Path

import pytest
from ndcall import _progress
from ndcall._progress import Progress

pytestmark = pytest.mark.unsanitized  # compilers and our Python around them

SOURCE = "int f(void) { return 1; }\n"


class Terminal:
    """A process whose stderr is a terminal: what was written there so far, and what a person would see of it."""

    def __init__(self, code: str, *, columns: int = 80, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 25, columns, 0, 0))
        given = {**os.environ, "TERM": "xterm", "PYTHON_COLORS": "0", **environment}
        words = [sys.executable, "-c", textwrap.dedent(code)]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=theirs, text=True, env=given)
        os.close(theirs)
        self.written = ""

    def read_until(self, text: str) -> None:
        while text not in self.written:
            self.written += os.read(self._ours, 4096).decode()

    def end(self) -> str:
        """Read the rest; what the process printed elsewhere."""
        with contextlib.suppress(OSError):  # EIO: nobody has the other end any more
            while True:
                self.written += os.read(self._ours, 4096).decode()
        os.close(self._ours)
        printed, _ = self.process.communicate(timeout=60)
        return printed

    def seen(self) -> list[str]:
        """The lines that stand there now."""
        lines = []
        for line in self.written.replace("\r\n", "\n").split("\n"):
            shown: list[str] = []
            for part in line.split("\r"):
                shown[: len(part)] = part
            lines.append("".join(shown).rstrip())
        return lines


@pytest.fixture
def slow(tmp_path, monkeypatch):
    """A source, and a compiler that waits for the file `go`."""
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "cache"))
    compiler = tmp_path / "cc"
    compiler.write_text(
        f'#!/bin/sh\ncase "$*" in *-E*) exec gcc "$@" ;; esac\n'
        f'touch {tmp_path}/begun\nwhile [ ! -e {tmp_path}/go ]; do sleep 0.02; done\nexec gcc "$@"\n'
    )
    compiler.chmod(0o755)
    (tmp_path / "code.c").write_text(SOURCE)

    def load(source: Path = tmp_path / "code.c") -> str:
        return f"import ndcall; print(ndcall.load({str(source)!r}, compiler={str(compiler)!r}).f())\n"

    return types.SimpleNamespace(load=load, go=(tmp_path / "go").touch, begun=tmp_path / "begun")


def test_a_slow_build_shows_what_is_done_and_for_how_long_and_leaves_nothing(slow):
    terminal = Terminal(slow.load())
    terminal.read_until("(1 s)")
    assert terminal.seen() == ["ndcall: compiling code.c (1 s)"]
    slow.go()
    assert terminal.end() == "1\n"
    assert terminal.seen() == [""]


def test_nothing_is_shown_in_a_pipe(slow, tmp_path):
    code = f"import threading, pathlib; threading.Timer(1.2, pathlib.Path({str(tmp_path / 'go')!r}).touch).start(); {slow.load()}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("1\n", "")


@pytest.mark.parametrize("environment", [{"NDCALL_VERBOSE": "1"}, {"TERM": "dumb"}], ids=lambda one: next(iter(one)))
def test_nothing_is_shown_between_the_lines_of_verbose_nor_where_it_could_not_be_erased(slow, tmp_path, environment):
    code = f"import threading, pathlib; threading.Timer(1.2, pathlib.Path({str(tmp_path / 'go')!r}).touch).start(); {slow.load()}"
    terminal = Terminal(code, **environment)
    assert terminal.end() == "1\n"
    assert "compiling code.c" not in terminal.written
    assert ("-shared" in terminal.written) == ("NDCALL_VERBOSE" in environment)


def test_who_waits_for_another_process_is_told(slow):
    first = subprocess.Popen([sys.executable, "-c", slow.load()], stdout=subprocess.PIPE, text=True)
    while not slow.begun.exists():
        assert first.poll() is None
    terminal = Terminal(slow.load())
    terminal.read_until("(1 s)")
    assert terminal.seen() == ["ndcall: waiting for another process that builds code.c (1 s)"]
    slow.go()
    assert (terminal.end(), first.communicate(timeout=60)[0]) == ("1\n", "1\n")
    assert terminal.seen() == [""]


def test_the_line_goes_when_the_build_is_interrupted(slow):
    terminal = Terminal(slow.load())
    terminal.read_until("(1 s)")
    terminal.process.send_signal(2)
    terminal.end()
    assert terminal.seen()[0] == "Traceback (most recent call last):"
    assert terminal.seen()[-2:] == ["KeyboardInterrupt", ""]


def test_a_name_changes_nothing_on_the_terminal_and_a_long_line_is_cut(slow, tmp_path):
    source = tmp_path / "a\x1b[31m\xe9.c"
    source.write_text(SOURCE)
    terminal = Terminal(slow.load(source), columns=31)
    terminal.read_until(" (1")
    slow.go()
    assert terminal.end() == "1\n"
    assert "\x1b" not in terminal.written
    assert terminal.written.startswith("\rndcall: compiling a?[31m?.c")
    assert max(map(len, terminal.written.split("\r"))) == 30
    assert terminal.seen() == [""]


@pytest.fixture
def clock(monkeypatch):
    """The time of _progress, which stands still; clock.now sets it."""
    clock = types.SimpleNamespace(now=100.0)
    monkeypatch.setattr(_progress, "time", types.SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_nothing_is_done_in_the_first_half_second(clock, monkeypatch):
    monkeypatch.setattr(_progress, "_measure_terminal", lambda: pytest.fail("looked at the terminal"))
    with Progress("compiling code.c") as progress:
        clock.now += 0.375
        assert progress.show() == 0.125


def test_the_seconds_are_counted_from_the_beginning(clock, monkeypatch):
    terminal = io.StringIO()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(_progress, "_measure_terminal", lambda: 80)
    with Progress("compiling code.c") as progress:
        for step in (0.5, 0.5, 1.25):
            clock.now += step
            progress.show()
        assert progress.show() == 0.75
    line = "\rndcall: compiling code.c"
    assert terminal.getvalue() == f"{line}{line} (1 s){line} (2 s){line} (2 s)\r{' ' * 30}\r"


@pytest.mark.parametrize("stderr", [None, io.StringIO(), object()], ids=["none", "text", "object"])
def test_a_program_without_an_ordinary_stderr_is_shown_nothing(clock, monkeypatch, stderr):
    monkeypatch.setattr(sys, "stderr", stderr)
    with Progress("compiling code.c") as progress:
        clock.now += 1
        assert progress.show() == float("inf")


def test_a_terminal_that_goes_away_ends_no_build(clock, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    with contextlib.suppress(OSError), open(theirs, "w") as terminal:  # EIO when it is closed
        monkeypatch.setattr(sys, "stderr", terminal)
        with Progress("compiling code.c") as progress:
            clock.now += 1
            progress.show()
            os.close(ours)
            clock.now += 1
            assert progress.show() == 1
