"""Compiler and reader as child processes: started side by side, waited for, and ended with everything they started."""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence

from ._environment import is_set, make_environment, say
from ._interrupt import finish, hold_interrupts
from ._progress import Progress


def show_command(words: Sequence[str]) -> None:
    """Print a command when NDCALL_VERBOSE says so."""
    if is_set("NDCALL_VERBOSE"):
        import shlex

        say(shlex.join(words))


class Child:
    """A process in a group of its own, so that ending it ends what it started, and Ctrl-C at the terminal reaches only us.

    Its output goes to files in `folder`, not to pipes: nobody has to read while it runs.
    """

    def __init__(self, name: str, words: Sequence[str], folder: str, environment: Mapping[str, str], text: bytes | None = None) -> None:
        show_command(words)
        self.words = tuple(words)
        self.output_path = os.path.join(folder, name + ".out")
        self.error_path = os.path.join(folder, name + ".err")
        with contextlib.ExitStack() as files:
            given: int | object = subprocess.DEVNULL
            if text is not None:
                path = os.path.join(folder, name + ".in")
                with open(path, "wb") as file:
                    file.write(text)
                given = files.enter_context(open(path, "rb"))
            self._process = subprocess.Popen(
                self.words,
                stdin=given,  # type: ignore[arg-type]
                stdout=files.enter_context(open(self.output_path, "wb")),
                stderr=files.enter_context(open(self.error_path, "wb")),
                cwd=folder,
                env=environment,
                process_group=0 if os.name == "posix" else None,
            )

    def wait(self, progress: Progress, seconds: float = math.inf) -> int | None:
        """The exit status; None when it did not end in time."""
        if self._process.poll() is None:
            _wait_until_ended(self._process, progress, seconds)
        return self._process.poll()

    def kill(self) -> None:
        """End it and what it started, if it still runs."""
        if self._process.poll() is None:
            if os.name == "posix":
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def reap(self) -> None:
        """Wait for a process that was killed."""
        self._process.wait()

    def output(self) -> bytes:
        with open(self.output_path, "rb") as file:
            return file.read()

    def messages(self) -> str:
        with open(self.error_path, encoding="utf-8", errors="replace") as file:
            return file.read()


def _wait_until_ended(process: subprocess.Popen[bytes], progress: Progress, seconds: float) -> None:
    """Wait, at most `seconds`, and show the progress.

    Popen.wait(timeout) sleeps up to 50 ms too long; a descriptor of the process does not.
    """
    try:
        descriptor = os.pidfd_open(process.pid)
    except (AttributeError, OSError):  # not Linux, or a kernel before 5.3
        descriptor = -1
    try:
        deadline = time.monotonic() + seconds
        while process.poll() is None and (left := deadline - time.monotonic()) > 0:
            pause = min(left, progress.show())
            if descriptor >= 0:
                select.select([descriptor], [], [], None if pause == math.inf else pause)
            else:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(None if pause == math.inf else pause)
    finally:
        if descriptor >= 0:
            os.close(descriptor)


class Children(list[Child]):
    """Those that were started; each is in the list before an interrupt can come."""

    def start(self, name: str, words: Sequence[str], folder: str, environment: Mapping[str, str], text: bytes | None = None) -> Child:
        with hold_interrupts():
            self.append(Child(name, words, folder, environment, text))
        return self[-1]


@contextlib.contextmanager
def ended_on_exit() -> Iterator[Children]:
    """Children that do not outlive the block, whatever ends it."""
    children = Children()
    try:
        yield children
    finally:
        finish(lambda: _end(children))


def _end(children: Sequence[Child]) -> None:
    for child in children:
        child.kill()
    for child in children:
        child.reap()


def run_quietly(words: Sequence[str], text: bytes = b"") -> tuple[int, str, str]:
    """Exit status, output and messages of a short question to a compiler."""
    show_command(words)
    done = subprocess.run(words, input=text, capture_output=True, env=make_environment(), check=False, timeout=60)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
