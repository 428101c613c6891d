"""Compiles the kernels, and the hand-written twins of the rows, into build/bench."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sysconfig
from pathlib import Path
from types import ModuleType

import numpy as np

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build" / "bench"
COMPILER = os.environ.get("NDCALL_CC") or os.environ.get("CC") or "gcc"
SUFFIX = str(sysconfig.get_config_var("EXT_SUFFIX"))
SHARED = ["-O2", "-DNDEBUG", "-shared", "-fPIC"]
INCLUDES = ["-I", sysconfig.get_path("include"), "-I", np.get_include(), "-I", str(HERE)]


def is_newer(target: Path, *sources: Path) -> bool:
    return target.exists() and all(target.stat().st_mtime > source.stat().st_mtime for source in sources)


def compile_to(target: Path, arguments: list[str]) -> None:
    """Compile; the target is there whole or not at all, whoever else compiles it at the same time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    made = target.with_suffix(f".{os.getpid()}")
    subprocess.run([COMPILER, *SHARED, *arguments, "-o", str(made)], check=True)
    made.replace(target)


def build_kernels(source: Path, header: Path, folder: Path) -> Path:
    """`lib<name of the source>.so` in the folder."""
    library = folder / f"lib{source.stem}.so"
    if not is_newer(library, source, header):
        compile_to(library, [str(source)])
    return library


def link_to(library: Path) -> list[str]:
    return [f"-L{library.parent}", f"-l{library.stem.removeprefix('lib')}", "-Wl,-rpath,$ORIGIN"]


def import_file(path: Path) -> ModuleType:
    """The extension module in the file, under the file's name."""
    spec = importlib.util.spec_from_file_location(path.name.removesuffix(SUFFIX), path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build_module(source: Path, library: Path) -> ModuleType:
    """An extension module written by hand in C, beside the library that it is linked with, imported."""
    module = library.parent / f"{source.stem}{SUFFIX}"
    if not is_newer(module, source, HERE / "hand_checks.h", HERE / "kernels.h", library):
        compile_to(module, ["-fvisibility=hidden", *INCLUDES, str(source), *link_to(library)])
    return import_file(module)


def build_hand() -> tuple[ModuleType, Path]:
    """The hand-written module, and the library of kernels."""
    kernels = build_kernels(HERE / "kernels.c", HERE / "kernels.h", BUILD)
    return build_module(HERE / "hand.c", kernels), kernels
