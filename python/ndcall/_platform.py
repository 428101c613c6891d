"""What differs between operating systems, as one row each. Linux is tested; the other rows say what their loaders document."""

from __future__ import annotations

import os
import re
import sys

from ._value import Value


class Platform(Value):
    """How one operating system names, finds and links shared libraries."""

    built_name: str  # what a library that we compile is called inside its entry of the cache
    name_forms: tuple[str, ...]  # file names of the library `{}`, best first
    library_pattern: str  # a file name that is a shared library's
    path_variables: tuple[str, ...]  # folders that the user gave the loader
    loader_cache: str  # the loader's list of libraries; "" when there is none
    default_dirs: tuple[str, ...]  # where the loader looks anyway
    link_flags: tuple[str, ...]  # bind own symbols first; an undefined symbol is an error now, not at the first call
    executable_suffix: str
    libclang_patterns: tuple[str, ...]  # globs of system installations


_PLATFORMS = {
    "linux": Platform(
        built_name="library.so",
        name_forms=("lib{}.so", "{}.so"),
        library_pattern=r"\.so(\.[0-9]+)*$",
        path_variables=("LD_LIBRARY_PATH",),
        loader_cache="/etc/ld.so.cache",
        default_dirs=("/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib"),
        link_flags=("-Wl,-Bsymbolic,-z,defs",),
        executable_suffix="",
        libclang_patterns=(
            "/usr/lib/llvm-*/lib/libclang.so*",
            "/usr/lib/llvm-*/lib/libclang-[0-9]*.so*",
            "/usr/lib/*/libclang-[0-9]*.so*",
            "/usr/lib64/libclang.so*",
            "/usr/lib/libclang.so*",
        ),
    ),
    "darwin": Platform(
        built_name="library.dylib",
        name_forms=("lib{}.dylib", "{}.dylib", "lib{}.so"),
        library_pattern=r"\.(dylib|so)$",
        path_variables=("DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
        loader_cache="",
        default_dirs=("/opt/homebrew/lib", "/usr/local/lib", "/usr/lib"),
        link_flags=("-Wl,-undefined,error",),  # two-level names: own symbols come first by themselves
        executable_suffix="",
        libclang_patterns=(
            "/opt/homebrew/opt/llvm*/lib/libclang.dylib",
            "/Library/Developer/CommandLineTools/usr/lib/libclang.dylib",
        ),
    ),
    "win32": Platform(
        built_name="library.dll",
        name_forms=("{}.dll", "lib{}.dll"),
        library_pattern=r"(?i)\.dll$",
        path_variables=("PATH",),
        loader_cache="",
        default_dirs=(os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32"),),
        link_flags=(),  # the linker refuses undefined symbols by itself
        executable_suffix=".exe",
        libclang_patterns=(r"C:\Program Files\LLVM\bin\libclang.dll",),
    ),
}

PLATFORM = _PLATFORMS.get(sys.platform, _PLATFORMS["linux"])


def is_library_name(name: str) -> bool:
    """Whether a file of this name is a shared library."""
    return re.search(PLATFORM.library_pattern, name) is not None


def library_stem(name: str) -> str:
    """ "openblas" of libopenblas.so.0: the name that -l, and NAME.contract, use."""
    stem = re.sub(PLATFORM.library_pattern, "", name)
    return stem[3:] if stem.startswith("lib") and sys.platform != "win32" else stem


def find_cache_home() -> str:
    """The folder that holds a user's caches, absolute; it need not exist. "" where nobody says which folder is the user's."""
    if sys.platform in ("darwin", "win32"):
        import platformdirs

        return platformdirs.user_cache_dir()
    # What platformdirs answers on every other system, without its import of 12 ms; but never a place below the working directory.
    given = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(given):
        return given
    home = os.environ.get("HOME", "")
    if not os.path.isabs(home):
        import pwd

        try:
            home = pwd.getpwuid(os.getuid()).pw_dir
        except KeyError:
            return ""
    return os.path.join(home, ".cache") if os.path.isabs(home) else ""
