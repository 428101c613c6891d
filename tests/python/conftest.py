"""What the tests share: a cache of their own, C text to library in one call, and the text of a refusal."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# A shell that runs the tests in the background has them ignore Ctrl-C, and with them every program that they start to interrupt it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def cache_of_this_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Nothing is read from, or left in, the cache of whoever runs the tests; subprocesses inherit the variable."""
    folder = tmp_path_factory.mktemp("cache")
    before = os.environ.get("NDCALL_CACHE_DIR")
    os.environ["NDCALL_CACHE_DIR"] = str(folder)
    yield folder
    if before is None:
        del os.environ["NDCALL_CACHE_DIR"]
    else:
        os.environ["NDCALL_CACHE_DIR"] = before


@pytest.fixture(scope="session")
def examples() -> Path:
    return Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="module")
def load_c(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Any]:
    """load_c(text, contract="...", **options of ndcall.load): writes code.c, and code.contract beside it, and loads them."""
    import ndcall

    numbers = itertools.count()

    def load(text: str, *, contract: str | None = None, **options: Any) -> Any:
        folder = tmp_path_factory.mktemp(f"source{next(numbers)}")
        (folder / "code.c").write_text(text, encoding="utf-8")
        if contract is not None:
            (folder / "code.contract").write_text(contract, encoding="utf-8")
        return ndcall.load(folder / "code.c", **options)

    return load


@pytest.fixture(scope="session")
def build_library() -> Callable[..., str]:
    """build_library(text, path, *flags): what gcc makes of C text, without ndcall; the path."""

    def build(text: str, path: Path, *flags: str) -> str:
        command = ["gcc", "-shared", "-fPIC", "-g", "-O1", "-x", "c", "-", "-o", str(path), *flags]
        subprocess.run(command, input=text, text=True, check=True)
        return str(path)

    return build


@pytest.fixture(scope="session")
def refusal() -> Callable[..., str]:
    """refusal(kind, function, *arguments): the call raises exactly this class; its whole text."""

    def refuse(kind: type[BaseException], function: Callable[..., Any], *arguments: Any, **named: Any) -> str:
        with pytest.raises(kind) as caught:
            function(*arguments, **named)
        assert type(caught.value) is kind
        return str(caught.value)

    return refuse


@pytest.fixture(scope="session")
def list_processes() -> Callable[[str], list[str]]:
    """list_processes(text): the command lines of running processes that hold a text, ours left out."""

    def find(text: str) -> list[str]:
        found = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                found.append(path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        return [one for one in found if text in one and f" {os.getpid()} " not in one]

    return find
