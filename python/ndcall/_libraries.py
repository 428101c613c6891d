"""Finding shared libraries, by their full path and never in the current directory.

A path with a folder in it is a file, as _paths.py says. A name without one ("openblas", "libm.so.6") is looked for in `library_dirs=`,
in the folders that the user gave the loader, in the loader's cache, in the toolchain's folders and in the loader's own: empty and relative
elements are passed over, since they would mean the current directory. What is found is opened by its absolute path.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence

from ._exceptions import LoadError
from ._paths import Anchor, Place, find_file, place_path, show_tried
from ._platform import PLATFORM, is_library_name, library_stem
from ._suggest import suggest_nearest

_LIMIT_OF_SCRIPTS = 4096  # bytes; a linker script that is longer is none
_DEEPEST_SCRIPT = 4


def find_library(name: str, anchor: Anchor, library_dirs: Sequence[str], toolchain_dirs: Callable[[], Sequence[str]]) -> list[str]:
    """The absolute paths of the shared libraries that `name` stands for: one, or several where it is a linker script.

    Parameters
    ----------
    name : str
        A path, or a name without a folder.
    anchor : Anchor
        Where relative paths begin.
    library_dirs : sequence of str
        The user's folders, absolute.
    toolchain_dirs : callable
        Gives the toolchain's folders; called only when nothing was found before them.

    Raises
    ------
    LoadError
        It is nowhere; the text lists the places tried.
    """
    if os.path.dirname(name):
        place = place_path(name, anchor)
        return _follow_script(find_file("library", name, [place]), library_dirs, toolchain_dirs)
    return _follow_script(_find_named(name, anchor, library_dirs, toolchain_dirs), library_dirs, toolchain_dirs)


def _find_named(name: str, anchor: Anchor, library_dirs: Sequence[str], toolchain_dirs: Callable[[], Sequence[str]]) -> str:
    """The file that a name without a folder stands for."""
    tried: list[Place] = []
    for place in _search(name, library_dirs, toolchain_dirs):
        found = _find_in(place.path, name) if os.path.isdir(place.path) else place.path
        if found is not None and is_loadable(found):
            return found
        tried.append(place)
    raise LoadError(_describe_missing(name, anchor, tried))


def _search(name: str, library_dirs: Sequence[str], toolchain_dirs: Callable[[], Sequence[str]]) -> Iterator[Place]:
    """Folders to look in and files that the loader's cache names, in order."""
    for folder in library_dirs:
        yield Place(folder, "library_dirs=")
    for variable in PLATFORM.path_variables:
        for folder in os.environ.get(variable, "").replace(";", os.pathsep).split(os.pathsep):
            if os.path.isabs(folder):
                yield Place(folder, variable)
    if PLATFORM.loader_cache:
        yield from (Place(path, "the loader's cache") for path in _find_in_loader_cache(name))
        yield Place(PLATFORM.loader_cache, "the loader's cache")
    for folder in toolchain_dirs():
        yield Place(folder, "the toolchain")
    for folder in PLATFORM.default_dirs:
        yield Place(folder, "the loader")


def _is_wanted(file: str, name: str) -> bool:
    """Whether a file name is that of library `name` with some version."""
    return is_library_name(file) and (file == name if is_library_name(name) else library_stem(file) == name)


def _version_of(file: str) -> tuple[bool, list[int]]:
    """Sorts the name without a version, which is the one to link with, before all versions, and those by number."""
    numbers = [int(part) for part in file.rpartition(".so")[2].split(".") if part.isdigit()]
    return not numbers, numbers


def _find_in(folder: str, name: str) -> str | None:
    """The library in a folder: under its plain name, else the newest version of it."""
    if is_library_name(name):
        path = os.path.join(folder, name)
        return path if os.path.isfile(path) else None
    for form in PLATFORM.name_forms:
        path = os.path.join(folder, form.format(name))
        if os.path.isfile(path):
            return path
    try:
        versions = [file for file in os.listdir(folder) if file.startswith("lib" + name) and _is_wanted(file, name)]
    except OSError:
        return None
    return os.path.join(folder, max(versions, key=_version_of)) if versions else None


def _find_in_loader_cache(name: str) -> list[str]:
    """What ldconfig's list has for a name, best first."""
    found = [(file, path) for file, path in read_loader_cache(("lib" + name, name)) if _is_wanted(file, name)]
    found.sort(key=lambda pair: _version_of(pair[0]), reverse=True)  # stable: ldconfig's order within a version
    return [path for _, path in found]


def read_loader_cache(beginnings: tuple[str, ...] = ("",)) -> list[tuple[str, str]]:
    """Name and path of every library in the loader's cache whose name begins with one of these, without running ldconfig."""
    try:
        with open(PLATFORM.loader_cache, "rb") as file:
            data = file.read()
    except OSError:
        return []
    begin = data.find(b"glibc-ld.so.cache1.1")
    if begin < 0 or len(data) < begin + 48:
        return []
    data = data[begin:]
    # 20 bytes of magic, count, length of the strings, 20 bytes; then rows of flags, name, path, OS version, hardware capabilities.
    (count,) = struct.unpack_from("=I", data, 20)
    rows = struct.iter_unpack("=iIIIQ", data[48 : 48 + 24 * min(count, (len(data) - 48) // 24)])
    wanted = tuple(map(os.fsencode, beginnings))
    return [(_string_at(data, name), _string_at(data, path)) for _, name, path, _, _ in rows if data.startswith(wanted, name)]


def _string_at(data: bytes, offset: int) -> str:
    return os.fsdecode(data[offset : max(data.find(b"\0", offset), offset)])


def is_loadable(path: str) -> bool:
    """Whether a file is a library for this interpreter, or a linker script that names one: a 32-bit library beside it is passed over."""
    try:
        with open(path, "rb") as file:
            head = file.read(20)
    except OSError:
        return False
    if not head.startswith(b"\x7fELF"):
        return PLATFORM.loader_cache == "" or _names_in_script(path) != []
    own = _own_elf_kind()
    return own is None or (head[4:6], head[18:20]) == own


def _own_elf_kind() -> tuple[bytes, bytes] | None:
    """Class with byte order, and machine, of the running interpreter."""
    try:
        with open("/proc/self/exe", "rb") as file:
            head = file.read(20)
    except OSError:
        return None
    return (head[4:6], head[18:20]) if head.startswith(b"\x7fELF") else None


def _names_in_script(path: str) -> list[str]:
    """The shared libraries that a linker script loads always: `GROUP ( /lib/libm.so.6 AS_NEEDED ( ... ) )`; [] when it is no script."""
    try:
        with open(path, "rb") as file:
            text = file.read(_LIMIT_OF_SCRIPTS + 1)
    except OSError:
        return []
    if len(text) > _LIMIT_OF_SCRIPTS or b"\0" in text:
        return []
    plain = re.sub(r"/\*.*?\*/", " ", text.decode("utf-8", "replace"), flags=re.DOTALL)
    plain = re.sub(r"AS_NEEDED\s*\([^)]*\)", " ", plain)
    names = [word for group in re.findall(r"\b(?:GROUP|INPUT)\s*\(([^)]*)\)", plain) for word in re.split(r"[\s,]+", group)]
    return [word for word in names if word.startswith("-l") or is_library_name(os.path.basename(word))]


def _follow_script(path: str, library_dirs: Sequence[str], toolchain_dirs: Callable[[], Sequence[str]], depth: int = 0) -> list[str]:
    """The file itself, or the libraries that it names when it is a linker script."""
    with open(path, "rb") as file:
        head = file.read(20)
    if not PLATFORM.loader_cache or head.startswith(b"\x7fELF"):
        return [path]
    names = _names_in_script(path) if depth < _DEEPEST_SCRIPT else []
    if not names:
        raise LoadError(f"{path} is not a shared library" + ("" if head else ": it is empty"))
    folder = os.path.dirname(path)
    found: list[str] = []
    for name in names:
        if name.startswith("-l"):
            anchor = Anchor(folder, f"named in {os.path.basename(path)}")
            named = _find_named(name[2:], anchor, [folder, *library_dirs], toolchain_dirs)
        else:
            named = os.path.join(folder, name)
        found += _follow_script(named, library_dirs, toolchain_dirs, depth + 1)
    return found


def _describe_missing(name: str, anchor: Anchor, tried: Iterable[Place]) -> str:
    places = list(tried)
    known = {library_stem(file) for file, _ in read_loader_cache()}
    stem = library_stem(name)
    hint = suggest_nearest(stem, sorted(known)) if stem not in known else ""
    folders = list({place.path: place for place in places if not is_library_name(os.path.basename(place.path))}.values())
    unfit = [Place(place.path, "it is for another machine") for place in places if is_library_name(os.path.basename(place.path))]
    lines = [f"library {name!r} was not found{hint}", *show_tried([*folders, *unfit])]
    beside = os.path.join(anchor.folder, name if is_library_name(name) else PLATFORM.name_forms[0].format(name))
    if os.path.isfile(beside):
        lines.append(f"  fix       {beside!r}   (a name without a folder is not looked for {anchor.said})")
    elif not hint and stem not in known:
        lines.append("  fix       library_dirs='FOLDER', or install the package that has it")
    return "\n".join(lines)
