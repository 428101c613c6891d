"""Ctrl-C while C is called, and while a load waits: what comes out, what is written, and what is left."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

SOURCE = """
#include <errno.h>
#include <unistd.h>

/* Says that it began, waits for a byte, fills x, says that it ends: how often a signal ended the wait is the result. */
static int work(int *x, long n) {
    char byte;
    int signals = 0;
    if (write(1, "begun\\n", 6) != 6) return -1;
    while (read(0, &byte, 1) < 0 && errno == EINTR) signals++;
    for (long i = 0; i < n; i++) x[i] = (int)i + 1;
    return write(1, "ended\\n", 6) == 6 ? signals : -1;
}
int released(int *x, long n) { return work(x, n); }
int held(int *x, long n) { return work(x, n); }
int add(int a, int b) { return a + b; }
"""
CONTRACT = """
released: inout x[n]; nogil
held: inout x[n]; gil
"""


class Python:
    """A Python process that is talked to by lines."""

    def __init__(self, code: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", textwrap.dedent(code)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, **environment},
        )

    def expect(self, line: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == line + "\n"

    def interrupt(self, times: int = 1) -> None:
        for _ in range(times):
            self.process.send_signal(signal.SIGINT)
            time.sleep(0.02)

    def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("x")
        self.process.stdin.flush()

    def end(self) -> tuple[int, str, str]:
        """Exit status, what else it printed, its messages."""
        process = self.process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        with process, process.stdin, process.stdout, process.stderr:  # not communicate(): a part may be read already
            return process.wait(timeout=60), process.stdout.read(), process.stderr.read()


@pytest.fixture(scope="module")
def start(load_c, tmp_path_factory):
    """start(code): a Python process that has the library as `lib` and an array as `x`."""
    folder = tmp_path_factory.mktemp("interrupt")
    (folder / "code.c").write_text(SOURCE)
    (folder / "code.contract").write_text(CONTRACT)
    begin = f"import ndcall, numpy as np, threading\nlib = ndcall.load({str(folder / 'code.c')!r})\nx = np.zeros(3, np.intc)\n"
    with contextlib.ExitStack() as processes:

        def run(code: str) -> Python:
            python = Python(begin + textwrap.dedent(code))
            processes.callback(python.process.kill)
            return python

        yield run


@pytest.mark.parametrize("function", ["released", "held"])
@pytest.mark.parametrize("times", [1, 3], ids=["once", "three times"])
def test_c_ends_its_work_and_then_the_interrupt_is_raised(start, function, times):
    python = start(f"""
        result = "none"
        try:
            result = lib.{function}(x)
        except KeyboardInterrupt:
            print("interrupted", x.tolist(), result)
        print(lib.add(1, 2))
    """)
    python.expect("begun")
    python.interrupt(times)
    python.go_on()
    python.expect("ended")
    assert python.end() == (0, "interrupted [1, 2, 3] none\n3\n", "")


def test_nobody_who_catches_it_is_told_where_it_was(start):
    python = start("lib.released(x)")
    python.expect("begun")
    python.interrupt()
    python.go_on()
    python.expect("ended")
    status, _, messages = python.end()
    assert status == -signal.SIGINT
    assert [line for line in messages.splitlines() if line.startswith("  File")] == ['  File "<string>", line 4, in <module>']
    assert messages.splitlines()[-1] == "KeyboardInterrupt"


def test_a_system_call_that_c_waits_in_ends_early_as_in_any_program(start):
    python = start("""
        import signal
        signal.signal(signal.SIGINT, lambda *_: print("handled"))
        print(lib.released(x))
    """)
    python.expect("begun")
    python.interrupt(2)
    python.go_on()
    python.expect("ended")
    python.expect("handled")
    status, printed, messages = python.end()
    assert (status, int(printed) >= 1, messages) == (0, True, "")


def test_a_handler_that_raises_nothing_leaves_the_result(start):
    python = start("""
        import signal
        signal.signal(signal.SIGINT, lambda *_: print("handled"))
        print(lib.released(x) >= 0, x.tolist())
    """)
    python.expect("begun")
    python.interrupt()
    python.go_on()
    python.expect("ended")
    assert python.end() == (0, "handled\nTrue [1, 2, 3]\n", "")


def test_another_thread_goes_on_in_c_while_the_main_thread_is_interrupted(start):
    python = start("""
        done = threading.Event()

        def work():
            lib.released(x)
            done.set()

        try:
            threading.Thread(target=work).start()
            done.wait()
        except KeyboardInterrupt:
            print("interrupted", x.tolist())
        done.wait()
        print("result", x.tolist())
    """)
    python.expect("begun")
    python.interrupt()
    python.expect("interrupted [0, 0, 0]")
    python.go_on()
    python.expect("ended")
    assert python.end() == (0, "result [1, 2, 3]\n", "")


def test_the_main_thread_is_interrupted_when_a_thread_that_holds_the_gil_comes_back(start):
    python = start("""
        done = threading.Event()

        def work():
            lib.held(x)
            done.set()

        try:
            threading.Thread(target=work).start()
            done.wait()
        except KeyboardInterrupt:
            print("interrupted", x.tolist())
        done.wait()
    """)
    python.expect("begun")
    python.interrupt()
    python.go_on()
    python.expect("ended")
    assert python.end() == (0, "interrupted [1, 2, 3]\n", "")


def test_a_thread_that_is_in_c_when_python_ends_ends_with_it(start):
    """C comes back while the interpreter is being finalized: it must neither run on without the GIL nor end the process by abort()."""
    python = start("""
        import os, time

        class Late:
            def __del__(self):  # run by the finalization, which has set its mark by then
                os.write(1, b"finalizing\\n")
                while not self.array[0]:
                    time.sleep(0.01)
                time.sleep(0.3)  # gives up the GIL, so that the thread comes back in between

        late = Late()
        late.array = x
        threading.Thread(target=lib.released, args=(x,), daemon=True).start()
        time.sleep(0.05)
    """)
    python.expect("begun")
    python.expect("finalizing")
    python.go_on()
    python.expect("ended")
    assert python.end() == (0, "", "")


# --- while a load waits


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A source, a header that includes a pipe, and a compiler that waits and has a child of its own."""
    (tmp_path / "code.c").write_text("int f(void) { return 1; }\n")
    (tmp_path / "code.h").write_text('#include "pipe.h"\nint f(void);\n')
    os.mkfifo(tmp_path / "pipe.h")
    compiler = tmp_path / "cc"
    compiler.write_text(
        f'#!/bin/sh\ncase "$*" in *-E*) exec gcc "$@" ;; esac\n'
        f"(sleep 30; touch {tmp_path}/ended) &\necho begun\ntouch $TMPDIR/stray {tmp_path}/begun\n"
        f'while [ ! -e {tmp_path}/go ]; do sleep 0.02; done\nkill $!\nexec gcc "$@"\n'
    )
    compiler.chmod(0o755)
    return tmp_path


def load(folder: Path, more: str) -> Python:
    return Python(f"import ndcall; print(ndcall.load({more}).f())", NDCALL_CACHE_DIR=str(folder / "cache"))


def wait_while_runs(python: Python, condition) -> None:
    while not condition():
        assert python.process.poll() is None
        time.sleep(0.02)


@pytest.mark.unsanitized  # compilers and our Python around them
@pytest.mark.parametrize("times", [1, 5], ids=["once", "five times"])
def test_the_compiler_and_its_children_end_and_nothing_is_left(folder, times, list_processes):
    python = load(folder, f"{str(folder / 'code.c')!r}, compiler={str(folder / 'cc')!r}")
    wait_while_runs(python, (folder / "begun").exists)
    python.interrupt(times)
    status, printed, messages = python.end()
    assert (status, printed) == (-signal.SIGINT, "")
    if times == 1:  # the later ones may meet Python while it prints this, which cuts its own text short
        assert messages.splitlines()[-1] == "KeyboardInterrupt"
    assert list((folder / "cache").glob("builds/*")) == []
    assert list_processes(str(folder)) == []
    assert not (folder / "ended").exists()


@pytest.mark.unsanitized  # the reader, a process of its own
def test_the_reader_ends_too(folder, list_processes):
    subprocess.run(["gcc", "-shared", "-o", folder / "libcode.so", folder / "code.c"], check=True)
    python = load(folder, f"{str(folder / 'code.h')!r}, library={str(folder / 'libcode.so')!r}")
    wait_while_runs(python, lambda: any("ndcall-read-c" in one for one in list_processes(str(folder / "code.h"))))
    python.interrupt()
    status, _, messages = python.end()
    assert status == -signal.SIGINT
    frames = [line for line in messages.splitlines() if not line.startswith("    ")]  # from Python 3.13 on with the text of the line
    assert frames == ["Traceback (most recent call last):", '  File "<string>", line 1, in <module>', "KeyboardInterrupt"]
    assert list((folder / "cache").glob("builds/*")) == []
    assert list_processes(str(folder)) == []


@pytest.mark.unsanitized  # two builds, and locks between them
def test_who_waits_for_another_build_stops_waiting_and_the_other_goes_on(folder):
    arguments = f"{str(folder / 'code.c')!r}, compiler={str(folder / 'cc')!r}"
    builder = load(folder, arguments)
    wait_while_runs(builder, (folder / "begun").exists)
    waiter = load(folder, arguments)
    (lock,) = (path for path in (folder / "cache").glob("locks/*") if path.name != "builds")
    opened = Path(f"/proc/{waiter.process.pid}/fd")
    wait_while_runs(waiter, lambda: any(os.path.samefile(one, lock) for one in opened.iterdir() if one.exists()))
    waiter.interrupt()
    status, _, messages = waiter.end()
    assert (status, messages.splitlines()[-1]) == (-signal.SIGINT, "KeyboardInterrupt")
    (folder / "go").touch()
    assert builder.end() == (0, "1\n", "")
