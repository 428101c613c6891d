"""Loses one check after another, and demands that somebody notices: the test that the table names, else a unit test or the model.

`scripts/mutate` runs this. One build serves all: the files of the table are compiled once more, with every check in a macro that asks an
environment variable, and are linked with the ordinary build's other files. The ordinary build has nothing of it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from .mutants import ROOT, Mutant, faults_of, plant, read_table

if TYPE_CHECKING:
    from .play import Player

BUILD, OUT = ROOT / "build" / "python", ROOT / "build" / "mutants"
CASES = 20000  # what scripts/test plays
# One of each kind that the model sees, in three files: what scripts/test has time for.
SAMPLE = ["byte-order", "ndim", "contiguity", "step-no-multiple", "alignment", "writeability", "dtype-kind", "dtype-itemsize",
          "rows-overlap", "extent-simple", "symbol-fits", "result-negative", "check", "overlap", "alias-same-start"]  # fmt: skip


# --- the build


def objects_to_replace(planted: list[Path]) -> list[dict[str, str]]:
    """The commands of build/python that compile one of the files, or include one."""
    files = {str(ROOT / "src" / path.relative_to(OUT / "src")) for path in planted}
    told = subprocess.run(["ninja", "-C", str(BUILD), "-t", "deps"], capture_output=True, text=True, check=True).stdout
    # A path is relative to the build where ccache is told to make them so.
    needed = {
        block.split(":", 1)[0]: {os.path.normpath(BUILD / line.strip()) for line in block.splitlines()[1:]} for block in told.split("\n\n")
    }
    needing = {name for name, paths in needed.items() if files & paths}
    commands = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    for command in commands:
        words = shlex.split(command["command"])
        command["output"] = words[words.index("-o") + 1]
    return [command for command in commands if command["output"] in needing or command["file"] in files]


def compile_object(command: dict[str, str]) -> Path:
    source, out = command["file"], OUT / "objects" / command["output"]
    out.parent.mkdir(parents=True, exist_ok=True)
    planted = OUT / "src" / Path(source).relative_to(ROOT / "src") if source.startswith(str(ROOT / "src")) else Path(source)
    words = shlex.split(command["command"])
    words[words.index("-o") + 1] = str(out)
    words[words.index("-c") + 1] = str(planted if planted.exists() else source)
    compiler = next(i for i, word in enumerate(words) if word.endswith("++"))
    words[compiler + 1 : compiler + 1] = [f"-I{OUT / 'src'}"]
    subprocess.run([*words, "-O0", "-g0", "-w"], cwd=BUILD, check=True)
    return out


def link(target: str, replaced: dict[str, Path], out: Path) -> None:
    """The ordinary link of a target, with the planted objects in front: what stands in a library is then not taken from there."""
    told = subprocess.run(["ninja", "-C", str(BUILD), "-t", "commands", target], capture_output=True, text=True, check=True).stdout
    words = shlex.split(told.splitlines()[-1].removeprefix(": && ").split(" && ")[0])
    words = [str(replaced[word]) if word in replaced else word for word in words]
    words[words.index("-o") + 1] = str(out)
    core = [str(path) for name, path in replaced.items() if "ndcall_core.dir" in name]
    subprocess.run([*words[: words.index("-o")], *core, *words[words.index("-o") :]], cwd=BUILD, check=True)


def build(mutants: list[Mutant], with_unit_tests: bool) -> None:
    commands = objects_to_replace(plant(mutants, OUT / "src"))
    commands = [command for command in commands if with_unit_tests or not command["output"].startswith("tests/")]
    with ThreadPoolExecutor(2) as pool:
        compiled = list(pool.map(compile_object, commands))
    replaced = {command["output"]: path for command, path in zip(commands, compiled, strict=True)}
    inner = make_environment()
    module = next(BUILD.glob("src/_core*.so"))
    link(f"src/{module.name}", {name: path for name, path in replaced.items() if not name.startswith("tests/")}, inner / module.name)
    if with_unit_tests:
        link("tests/unit/ndcall_unit_tests", replaced, OUT / "unit_tests")


def make_environment() -> Path:
    """A virtual environment on top of .venv, with a copy of the package; returns the package's folder."""
    venv = OUT / "venv"
    if not (venv / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = venv / "lib" / version / "site-packages"
    (site / "packages.pth").write_text(str(ROOT / ".venv" / "lib" / version / "site-packages") + "\n", encoding="utf-8")
    subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(site)], check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(ROOT / "python" / "ndcall", site / "ndcall", dirs_exist_ok=True)
    return site / "ndcall"


# --- the tests


def ask_model(names: list[str]) -> list[str]:
    """Those whose loss the model does not see. Every one is lost in a child of one process, which has loaded everything."""
    from .play import Player  # ndcall is the planted one only in the environment of the second step

    with tempfile.TemporaryDirectory() as folder:
        os.environ["NDCALL_CACHE_DIR"] = folder + "/cache"
        warnings.simplefilter("ignore")
        player = Player(Path(folder))
        if lose_all(player, [""]) == [""]:
            return lose_all(player, names)
    raise SystemExit("mutate: the model differs also when no check is lost")


def lose_all(player: Player, names: list[str]) -> list[str]:
    """Those whose loss is not noticed, two children at a time."""
    children: dict[int, str] = {}
    survivors, waiting = [], list(names)
    while waiting or children:
        while waiting and len(children) < 2:
            name = waiting.pop(0)
            children[start_child(player, name)] = name
        pid, status = os.wait()
        name = children.pop(pid)
        survivors += [name] if status == 0 else []
    return survivors


def start_child(player: Player, name: str) -> int:
    """A process in which the check is lost; it fails, or dies, when that is noticed."""
    child = os.fork()
    if child != 0:
        return child
    os.environ["NDCALL_MUTANT"] = name
    signal.alarm(300)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        for seed in range(CASES):
            player.play(seed)
    except BaseException:
        os._exit(1)
    os._exit(0)


def ask(command: list[str], name: str, **environment: str) -> bool:
    """Whether tests fail when this check is lost."""
    done = subprocess.run(command, env={**os.environ, "NDCALL_MUTANT": name, **environment}, capture_output=True, timeout=900, cwd=ROOT)
    return done.returncode != 0


def ask_all(command: list[str], names: list[str]) -> list[str]:
    """Those that these tests do not notice, two asked at a time."""
    if names and ask(command, ""):
        raise SystemExit(f"mutate: {command[0]} fails also when no check is lost")
    with ThreadPoolExecutor(2) as pool:
        noticed = list(pool.map(lambda name: ask(command, name), names))
    return [name for name, is_noticed in zip(names, noticed, strict=True) if not is_noticed]


def ask_unit_tests(names: list[str]) -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests" / "unit" / "call").glob("*_test.cpp"))]
    suites = sorted({suite for text in texts for suite in re.findall(r"^TEST(?:_F)?\((\w+),", text, re.MULTILINE)})
    return ask_all(
        [str(OUT / "unit_tests"), "--gtest_brief=1", "--gtest_fail_fast", f"--gtest_filter={':'.join(f'{s}.*' for s in suites)}"], names
    )


def ask_player(names: list[str]) -> list[str]:
    """The model, which needs the planted ndcall and so another interpreter."""
    command = [str(OUT / "venv" / "bin" / "python"), "-m", "model.mutate", "--ask-model", *names]
    told = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")}, stdout=subprocess.PIPE, text=True, check=True)
    return told.stdout.split()


def ask_named_tests(mutants: list[Mutant]) -> list[str]:
    """Those that the test which the table names does not notice; lose_in_tests.py does it, in one run of all these tests."""
    tests = sorted({mutant.proof for mutant in mutants})
    lose = {test: [mutant.name for mutant in mutants if mutant.proof == test] for test in tests}
    with tempfile.TemporaryDirectory() as folder:
        noticed = Path(folder) / "noticed"
        noticed.touch()
        surroundings = {"NDCALL_LOSE": json.dumps(lose), "NDCALL_NOTICED": str(noticed), "PYTHONPATH": str(ROOT / "tests")}
        options = ["-q", "-n", "2", "--dist", "loadfile", "-p", "model.lose_in_tests", "-p", "no:cacheprovider", "-p", "no:faulthandler"]
        command = [str(OUT / "venv" / "bin" / "python"), "-m", "pytest", *options, *(f"tests/python/{test}" for test in tests)]
        done = subprocess.run(command, env={**os.environ, **surroundings}, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=False)
        if done.returncode != 0:
            raise SystemExit(f"mutate: these tests fail also when no check is lost\n{done.stdout}")
        found = noticed.read_text(encoding="utf-8").split()
    return [mutant.name for mutant in mutants if mutant.name not in found]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/mutate", description="Loses one check after another, and demands that a test fails.")
    parser.add_argument("only", nargs="*", help="names of checks, or files below src/; all, when none is given")
    parser.add_argument("--model", action="store_true", help="ask the model alone")
    parser.add_argument("--sample", action="store_true", help="a few checks, and the model alone")
    parser.add_argument("--ask-model", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.sample:
        options.only, options.model = SAMPLE, True
    mutants = [mutant for mutant in read_table() if not options.only or {mutant.name, mutant.file} & set(options.only)]
    names = [mutant.name for mutant in mutants]
    if options.ask_model:
        print("\n".join(ask_model(names)))
        return 0
    if faults := faults_of(read_table()):
        print("\n".join(faults))
        return 1
    start = time.monotonic()
    build(mutants, not options.model)
    print(f"mutate: built after {time.monotonic() - start:.0f} s", flush=True)

    def ask_who(who: str, asked: list[str], step: Callable[[], list[str]]) -> list[str]:
        left = step() if asked else []
        seconds = time.monotonic() - start
        print(f"mutate: the {who} the loss of {len(asked) - len(left)} of {len(asked)} checks ({seconds:.0f} s)", flush=True)
        return left

    if options.model:
        left = ask_who("model notices", names, lambda: ask_player(names))
    else:
        named = [mutant for mutant in mutants if mutant.proof]
        unnoticed = ask_who("tests that the table names notice", [mutant.name for mutant in named], lambda: ask_named_tests(named))
        others = [mutant.name for mutant in mutants if not mutant.proof]
        in_core = [mutant.name for mutant in mutants if not mutant.proof and not mutant.file.startswith("python/")]
        unseen = ask_who("unit tests notice", in_core, lambda: ask_unit_tests(in_core))
        asked = [name for name in others if name in unseen or name not in in_core]
        left = unnoticed + ask_who("model notices", asked, lambda: ask_player(asked))
    return tell(mutants, left)


def tell(mutants: list[Mutant], left: list[str]) -> int:
    """Who was not noticed, and who was though the table says that it cannot be."""
    faults = [f"nobody notices when this check is lost: {m.name}" for m in mutants if m.name in left and not m.harmless]
    faults += [f"this check is noticed, and the table calls it harmless: {m.name}" for m in mutants if m.harmless and m.name not in left]
    harmless = [m.name for m in mutants if m.harmless and m.name in left]
    if harmless:
        print(f"mutate: the loss of {len(harmless)} changes nothing, for the reasons of the table: {' '.join(harmless)}")
    for fault in faults:
        print(f"mutate: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
