"""Installs the peers into a venv in build/peers/PYTHON and builds their extension modules beside it; both only when something changed.

The modules are imported into the process that runs ndcall, so that all calls are timed in one: the venv holds the same NumPy, and its
packages are looked for after those of .venv.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import site
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import numpy as np
from build_hand import COMPILER, HERE, INCLUDES, SHARED, SUFFIX, build_kernels, is_newer, link_to

BUILD = HERE.parent / "build" / "peers" / str(sys.implementation.cache_tag)  # no two interpreters share a module
REQUIREMENTS = HERE / "requirements-peers.txt"
SOURCES = Path(__file__).resolve().parent
PYTHON = BUILD / "venv" / "bin" / "python"
PACKAGES = ("cffi", "cython", "nanobind", "numba", "pybind11")
LOG = BUILD / "build.log"


def say(text: str) -> None:
    print(f"peers: {text}", file=sys.stderr, flush=True)


def install() -> bool:
    """Make the venv when it is not there or out of date, and let this process import from it. False when there is no network."""
    wanted = hashlib.sha256(f"{sys.version}{np.__version__}{sys.executable}".encode() + REQUIREMENTS.read_bytes()).hexdigest()
    stamp = BUILD / "installed"
    if not stamp.exists() or stamp.read_text() != wanted:
        say(f"installing {', '.join(PACKAGES)} into {(BUILD / 'venv').relative_to(HERE.parent)}")
        venv.create(BUILD / "venv", with_pip=True, clear=True)
        command = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", f"numpy=={np.__version__}", "-r", REQUIREMENTS]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            say(f"pip could not install them (no network?), they are left out: {done.stderr.strip().splitlines()[-1]}")
            return False
        stamp.write_text(wanted)
    site.addsitedir(sysconfig.get_path("purelib", vars={"base": str(BUILD / "venv"), "platbase": str(BUILD / "venv")}))
    return True


def versions() -> dict[str, str]:
    return {name: importlib.metadata.version(name) for name in PACKAGES}


def run(command: list[object], folder: Path, **environment: str) -> None:
    """Run a build step; what it prints goes to build.log, and is shown when it fails."""
    path = f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env={**os.environ, "PATH": path, **environment}, capture_output=True, text=True
    )
    with LOG.open("a") as log:
        log.write(done.stdout + done.stderr)
    if done.returncode:
        raise SystemExit(f"{done.stdout[-3000:]}{done.stderr[-3000:]}\npeers: failed: {' '.join(map(str, command))}")


def build_cython(source: Path, library: Path) -> None:
    text = library.parent / f"{source.stem}.c"
    run([PYTHON, "-m", "cython", "-3", source, "-o", text], library.parent)
    target = library.parent / f"{source.stem}{SUFFIX}"
    run([COMPILER, *SHARED, "-fvisibility=hidden", "-w", *INCLUDES, text, *link_to(library), "-o", target], library.parent)


def build_cpp(source: Path, library: Path, *more: object) -> None:
    target = library.parent / f"{source.stem}{SUFFIX}"
    run(["g++", "-std=c++17", *SHARED, "-fvisibility=hidden", *INCLUDES, source, *more, *link_to(library), "-o", target], library.parent)


def nanobind_library() -> list[object]:
    """nanobind's own part, compiled once, and the folders of its headers; its authors ask for -fno-strict-aliasing."""
    import nanobind

    root, built = Path(nanobind.__file__).parent, BUILD / "nanobind.o"
    include: list[object] = [f"-I{root}/include", f"-I{root}/ext/robin_map/include", "-fno-strict-aliasing"]
    if not built.exists():
        flags = ["-std=c++17", "-Os", "-DNDEBUG", "-fPIC", "-fvisibility=hidden"]
        run(["g++", *flags, "-c", *INCLUDES, *include, root / "src" / "nb_combined.cpp", "-o", built], BUILD)
    return [*include, built]


def build_nanobind(source: Path, library: Path) -> None:
    build_cpp(source, library, *nanobind_library())


def build_pybind11(source: Path, library: Path) -> None:
    import pybind11

    build_cpp(source, library, f"-I{pybind11.get_include()}")


def build_f2py(source: Path, library: Path) -> None:
    command = [
        PYTHON,
        "-m",
        "numpy.f2py",
        "-c",
        source,
        "--backend",
        "meson",
        f"-L{library.parent}",
        f"-l{library.stem.removeprefix('lib')}",
    ]
    run(command, library.parent, LDFLAGS="-Wl,-rpath,$ORIGIN")


def build_cffi(header: Path, library: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(SOURCES)!r}); from pathlib import Path; from by_cffi import compile_api; "
    run([PYTHON, "-c", code + f"compile_api('_{header.stem}_cffi', Path({str(header)!r}), Path({str(library)!r}))"], library.parent)


def build(sources: dict[Path, Callable[[Path, Path], None]], library: Path) -> None:
    """Build each source with its builder, where what it made is older than the source."""
    for source, builder in sources.items():
        stamp = library.parent / f"{source.name}.built"
        if not is_newer(stamp, source, library, BUILD / "installed"):
            say(f"building {source.name}")
            builder(source, library)
            stamp.touch()


def build_modules() -> Path:
    """The modules of the fixed rows, in BUILD; the library of kernels there."""
    library = build_kernels(HERE / "kernels.c", HERE / "kernels.h", BUILD)
    sources = {
        SOURCES / "by_cython.pyx": build_cython,
        SOURCES / "by_nanobind.cpp": build_nanobind,
        SOURCES / "by_pybind11.cpp": build_pybind11,
        SOURCES / "by_f2py.pyf": build_f2py,
        HERE / "kernels.h": build_cffi,
    }
    build(sources, library)
    sys.path[:0] = [str(BUILD), str(SOURCES)]
    return library
