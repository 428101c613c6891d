"""Starts loads by forking and ends them where it is told to: the program behind test_cache_kills.py.

    python cache_driver.py crowd|calls|moments FOLDER

It has imported ndcall and has no threads, so that a start costs a fork. FOLDER holds `code.c`, whose `f` gives 7. Compiler and reader are
scripts that repeat what the true ones did: a build costs milliseconds, and its system calls are the same each time. Prints a line for
each thing that was wrong, and at last how much was tried.
"""

from __future__ import annotations

import ctypes
import os
import random
import select
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import ndcall
import ndcall._compile  # what a load imports when it needs it would be counted with its system calls
import ndcall._publish
from ndcall import _build, _reader
from ndcall._cache_upkeep import list_entries

TRACE_ME, RUN_TO_NEXT_CALL, SET_OPTIONS = 0, 24, 0x4200
MARK_CALLS, END_WITH_TRACER = 0x1, 0x100000
STOPPED_AT_CALL = signal.SIGTRAP | 0x80
PATIENCE = 60.0  # seconds; whoever needs more hangs

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def load_and_check(source: Path) -> None:
    assert ndcall.load(source).f() == 7


def start_again(source: Path, cache: Path) -> None:
    """The next start gets it right, leaves nothing, and the one after that needs no build."""
    load_and_check(source)
    assert os.listdir(cache / "builds") == []
    assert [entry.flaw for entry in list_entries(verify=True)] == [None]
    os.environ["NDCALL_NO_BUILD"] = "1"
    load_and_check(source)


def fork(action: Callable[[], object], *, is_traced: bool = False) -> int:
    """A process that does this, and ends with 0 when nothing was raised. A traced one is stopped first."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        if is_traced:
            libc.ptrace(TRACE_ME, 0, None, None)
            os.kill(os.getpid(), signal.SIGSTOP)
        action()
        status = 0
    except BaseException:
        traceback.print_exc(file=sys.stdout)
        sys.stdout.flush()
    finally:
        os._exit(status)


def wait(child: int) -> str:
    """ "" for a process that ended well; else what went wrong."""
    descriptor = os.pidfd_open(child)
    ended = select.select([descriptor], [], [], PATIENCE)[0]
    os.close(descriptor)
    if not ended:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return "hangs" if not ended else "" if status == 0 else f"ended with {os.waitstatus_to_exitcode(status)}"


def kill_after_calls(child: int, count: int) -> bool:
    """Let a traced process make so many system calls, and kill it before the next; whether it was still there."""
    os.waitpid(child, 0)
    libc.ptrace(SET_OPTIONS, child, None, MARK_CALLS | END_WITH_TRACER)
    seen = received = 0
    while seen < 2 * count:  # it stops where a call begins and where it ends
        if libc.ptrace(RUN_TO_NEXT_CALL, child, None, received) != 0:
            raise OSError(ctypes.get_errno(), "ptrace")
        _, status = os.waitpid(child, 0)
        if not os.WIFSTOPPED(status):
            assert status == 0, status
            return False
        is_call = os.WSTOPSIG(status) == STOPPED_AT_CALL
        seen += is_call
        received = 0 if is_call else os.WSTOPSIG(status)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def repeat_true_answers(source: Path) -> None:
    """Let compiler and reader run once, and put scripts in their place that do what they did."""
    folder = source.parent
    os.environ["NDCALL_CACHE_DIR"] = str(folder / "true")
    assert wait(fork(lambda: load_and_check(source))) == ""
    (entry,) = (folder / "true" / "entries").iterdir()
    (folder / "answer").write_text(os.popen("gcc -E -v -x c /dev/null -o /dev/null 2>&1").read())
    compiler, reader = folder / "cc", folder / "read"
    compiler.write_text(
        f"""#!/bin/sh
        case "$*" in *-E*) cat {folder}/answer >&2; echo 'ndcall_standard 201710L'; exit ;; esac
        while [ "$1" != -o ]; do shift; done
        cp {entry}/library.so "$2"
        """
    )
    reader.write_text(f"#!/bin/sh\ncat {entry}/declarations\n")
    compiler.chmod(0o755)
    reader.chmod(0o755)
    os.environ["NDCALL_CC"] = str(compiler)
    _reader.find_reader = _build.find_reader = lambda: str(reader)


def try_kill(source: Path, kill: Callable[[int], bool], *, is_traced: bool) -> tuple[bool, str]:
    """A load on an empty cache that is killed, and the next start: whether there was something to kill, and what was wrong."""
    cache = source.parent / "cache"
    os.environ["NDCALL_CACHE_DIR"] = str(cache)
    was_killed = kill(fork(lambda: load_and_check(source), is_traced=is_traced))
    problem = wait(fork(lambda: start_again(source, cache)))
    shutil.rmtree(cache)
    return was_killed, problem


def kill_between_all_calls(source: Path) -> None:
    count = 0
    was_killed = True
    while was_killed:
        was_killed, problem = try_kill(source, partial(kill_after_calls, count=count), is_traced=True)
        if problem:
            print(f"killed after {count} system calls: the next start {problem}")
        count += 1
    print(f"killed before each of {count - 1} system calls")


def kill_at_random_moments(source: Path) -> None:
    os.environ["NDCALL_CACHE_DIR"] = str(source.parent / "timed")
    began = time.monotonic()
    assert wait(fork(lambda: load_and_check(source))) == ""
    longest = time.monotonic() - began

    def kill(child: int) -> bool:
        time.sleep(random.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        return os.waitpid(child, 0)[1] != 0

    outcomes = [try_kill(source, kill, is_traced=False) for _ in range(200)]
    for _, problem in outcomes:
        if problem:
            print(f"killed: the next start {problem}")
    print("killed at 200 moments" if any(was_killed for was_killed, _ in outcomes) else "nothing was ever killed")


def start_a_crowd(source: Path) -> None:
    cache = source.parent / "cache"
    os.environ["NDCALL_CACHE_DIR"] = str(cache)
    gate, opener = os.pipe()

    def start() -> None:
        os.close(opener)
        os.read(gate, 1)  # returns when the last one that holds `opener` has closed it
        load_and_check(source)

    children = [fork(start) for _ in range(32)]
    os.close(opener)
    for child in children:
        if problem := wait(child):
            print(f"one of them {problem}")
    print(f"32 processes, {len(os.listdir(cache / 'entries'))} entry, {len(os.listdir(cache / 'builds'))} left over")


if __name__ == "__main__":
    source = Path(sys.argv[2]) / "code.c"
    repeat_true_answers(source)
    {"crowd": start_a_crowd, "calls": kill_between_all_calls, "moments": kill_at_random_moments}[sys.argv[1]](source)
