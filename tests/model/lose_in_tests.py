"""A pytest plugin of `scripts/mutate`: in every test, checks are lost one after the other, each in a child of the run that fails or dies.

NDCALL_LOSE is a JSON object: by test, as FILE::NAME, the checks that it shall notice the loss of. The names of those that it did are added
to the file NDCALL_NOTICED. A test notices nothing that fails also in a child where nothing is lost.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest

LOSE: dict[str, list[str]] = json.loads(os.environ["NDCALL_LOSE"])
NOTICED = Path(os.environ["NDCALL_NOTICED"])


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    waiting = LOSE.get(f"{pyfuncitem.path.name}::{pyfuncitem.originalname}", [])
    if waiting and not is_noticed(pyfuncitem, ""):
        # Asked once more: a test that only runs once, because of what it leaves on the disk, notices everything.
        for name in [name for name in waiting if is_noticed(pyfuncitem, name) and not is_noticed(pyfuncitem, "")]:
            waiting.remove(name)  # not in the test's other parameters
            with NOTICED.open("a", encoding="utf-8") as file:
                print(name, file=file)
    return (yield)


def is_noticed(test: pytest.Function, name: str) -> bool:
    child = os.fork()
    if child == 0:
        os.environ["NDCALL_MUTANT"] = name
        signal.alarm(60)
        try:
            test.obj(**{argument: test.funcargs[argument] for argument in test._fixtureinfo.argnames})
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0
