"""Compiler and reader as child processes: started side by side, waited for, and ended with everything they started.

Python's own `subprocess` would do; it costs 5 ms to import, a tenth of a whole cold start, before the compiler could be started.
"""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import FileIO

from ._core import start_process
from ._environment import is_set, make_environment, say
from ._interrupt import finish, hold_interrupts
from ._progress import Progress

_QUESTION_SECONDS = 60.0  # within which a compiler answers a short question


def show_command(words: Sequence[str]) -> None:
    """Print a command when NDCALL_VERBOSE says so."""
    if is_set("NDCALL_VERBOSE"):
        import shlex

        say(shlex.join(words))


class Child:
    """A process in a group of its own, so that ending it ends what it started, and Ctrl-C at the terminal reaches only us.

    Its input and output are files in memory, not pipes: nobody has to read while it runs, and what it says of a full disk is heard.
    `folder` is its working directory.
    """

    def __init__(self, words: Sequence[str], folder: str, environment: Mapping[str, str], text: bytes = b"") -> None:
        show_command(words)
        self.words = tuple(words)
        self._status: int | None = None
        with contextlib.ExitStack() as files:
            given, self._output, self._messages = (files.enter_context(_open_in_memory()) for _ in range(3))
            given.write(text)
            given.seek(0)
            self._id = start_process(
                [os.fsencode(word) for word in words],
                [os.fsencode(f"{name}={value}") for name, value in environment.items()],
                os.fsencode(folder),
                *(file.fileno() for file in (given, self._output, self._messages)),
            )
            self._files = files.pop_all()

    def wait(self, progress: Progress, seconds: float = math.inf) -> int | None:
        """The exit status; None when it did not end in time."""
        if not self._has_ended():
            _wait_until_ended(self._id, self._has_ended, progress, seconds)
        return self._status

    def kill(self) -> None:
        """End it and what it started, if it still runs."""
        if not self._has_ended():
            import signal

            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._id, signal.SIGKILL)

    def reap(self) -> None:
        """Wait for a process that was killed, and forget what it printed."""
        if not self._has_ended():
            self._take(0)
        self._files.close()

    def _has_ended(self) -> bool:
        if self._status is None:
            self._take(os.WNOHANG)
        return self._status is not None

    def _take(self, options: int) -> None:
        try:
            ended, status = os.waitpid(self._id, options)
        except ChildProcessError:  # the program ignores SIGCHLD, so that nobody knows how it ended
            ended, status = self._id, 0
        if ended:
            self._status = os.waitstatus_to_exitcode(status)

    def output(self) -> bytes:
        self._output.seek(0)
        return self._output.read()

    def messages(self) -> str:
        self._messages.seek(0)
        return self._messages.read().decode("utf-8", "replace")


def describe_end(status: int | None) -> str:
    """How a process ended that failed."""
    if status is None:
        return "not within its time"
    if status >= 0:
        return f"exit status {status}"
    import signal

    return f"ended by signal {-status}: {signal.strsignal(-status) or 'unknown'}"


def _open_in_memory() -> FileIO:
    """A file without a place on a disk; where the system has no such, one without a name."""
    with contextlib.suppress(AttributeError, OSError):  # not Linux; a sandbox that refuses the call
        return FileIO(os.memfd_create("ndcall"), "r+")
    import tempfile

    descriptor, path = tempfile.mkstemp(prefix="ndcall-")
    os.unlink(path)
    return FileIO(descriptor, "r+")


def _wait_until_ended(child: int, has_ended: Callable[[], bool], progress: Progress, seconds: float) -> None:
    """Wait, at most `seconds`, and show the progress; by a descriptor of the process: sleeping between two looks would last too long."""
    deadline = time.monotonic() + seconds
    try:
        descriptor = os.pidfd_open(child)
    except (AttributeError, OSError):  # not Linux, or a kernel before 5.3
        while not has_ended() and time.monotonic() < deadline:
            progress.show()
            time.sleep(0.002)
        return
    import select

    try:
        ending = select.poll()  # select.select takes no descriptor above 1023
        ending.register(descriptor, select.POLLIN)
        while not has_ended() and (left := deadline - time.monotonic()) > 0:
            pause = min(left, progress.show())
            ending.poll(None if pause == math.inf else 1000 * pause)
    finally:
        os.close(descriptor)


class Children(list[Child]):
    """Those that were started; each is in the list before an interrupt can come."""

    def start(self, words: Sequence[str], folder: str, environment: Mapping[str, str], text: bytes = b"") -> Child:
        with hold_interrupts():
            self.append(Child(words, folder, environment, text))
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


def run_quietly(words: Sequence[str], text: bytes = b"") -> tuple[int | None, str, str]:
    """Exit status (None after a minute), output and messages of a short question to a compiler."""
    with Progress(f"asking {os.path.basename(words[0])}") as progress, ended_on_exit() as children:
        child = children.start(words, os.sep, make_environment(), text)
        status = child.wait(progress, _QUESTION_SECONDS)
        return status, child.output().decode("utf-8", "replace"), child.messages()
