"""The kernels through cffi: compiled against its API, or opened by its ABI. Pointers are made by `from_buffer`, call by call."""

# mypy: ignore-errors
import re
from pathlib import Path

import cffi


def declarations_of(header: Path) -> str:
    """The header as cffi's own parser takes it: without comments and preprocessor."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", header.read_text(), flags=re.DOTALL)
    return "\n".join(line for line in text.splitlines() if line and not line.startswith("#"))


def compile_api(name: str, header: Path, library: Path) -> Path:
    """Build the extension module `name` beside the library; its file."""
    builder = cffi.FFI()
    builder.cdef(declarations_of(header))
    options = {"libraries": [library.stem.removeprefix("lib")], "library_dirs": [str(library.parent)], "include_dirs": [str(header.parent)]}
    builder.set_source(name, f'#include "{header.name}"', extra_link_args=["-Wl,-rpath,$ORIGIN"], extra_compile_args=["-O2"], **options)
    return Path(builder.compile(tmpdir=str(library.parent)))


def open_abi(header: Path, library: Path):
    """The ffi and the library, without a compiler."""
    ffi = cffi.FFI()
    ffi.cdef(declarations_of(header))
    return ffi, ffi.dlopen(str(library))
