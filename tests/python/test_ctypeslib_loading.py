"""load_library of ndcall.compat.ctypeslib."""

from __future__ import annotations

import ctypes
import sys
import sysconfig
from pathlib import Path

import ndcall
import numpy as np
import pytest
from ndcall.compat import ctypeslib


@pytest.fixture(scope="module")
def folder(tmp_path_factory, build_library):
    place = tmp_path_factory.mktemp("libraries")
    build_library("int answer(void) { return 42; }", place / "libdeep.so")
    (place / "broken.so").write_text("no library", encoding="utf-8")
    (place / "script.py").touch()
    return place


def test_a_library_is_found_by_its_name_beside_a_file_or_in_a_folder(folder):
    loaded = [
        ctypeslib.load_library("libdeep", folder),
        ctypeslib.load_library("libdeep", str(folder / "script.py")),
        ctypeslib.load_library(b"libdeep", str(folder).encode()),
        ctypeslib.load_library(Path("libdeep.so"), folder),
    ]
    assert all(one is loaded[0] for one in loaded)
    assert isinstance(loaded[0], ctypes.CDLL)
    assert loaded[0]._name == str(folder / "libdeep.so")
    assert loaded[0].answer() == loaded[0]["answer"]() == 42


def test_a_relative_folder_is_the_callers(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert ctypeslib.load_library("libdeep", ".") is ctypeslib.load_library("libdeep", folder)
    assert ctypeslib.load_library("libdeep", "") is ctypeslib.load_library("libdeep", folder)


def test_a_library_that_is_nowhere_lists_the_places_tried(folder, refusal):
    endings = dict.fromkeys([sysconfig.get_config_var("EXT_SUFFIX"), ".so"])
    places = "\n".join(f"  {folder}/deep{ending}" for ending in endings)
    assert refusal(ndcall.LoadError, ctypeslib.load_library, "deep", folder) == f"no file with expected extension; tried\n{places}"


def test_a_library_that_is_none_is_an_oserror(folder, refusal):
    assert issubclass(ndcall.LoadError, OSError)
    assert refusal(ndcall.LoadError, ctypeslib.load_library, "broken", folder) == f"{folder}/broken.so: file too short"


@pytest.mark.parametrize("arguments", [(5, "."), ("deep", 5)])
def test_what_is_no_path_is_a_typeerror_as_with_numpy(arguments):
    for module in (ctypeslib, np.ctypeslib):
        with pytest.raises(TypeError, match=r"expected str, bytes or os\.PathLike object, not int"):
            module.load_library(*arguments)


def test_the_old_name_still_loads_and_warns(folder):
    with pytest.warns(DeprecationWarning, match=r"\Actypes_load_library is the old name of load_library\Z") as caught:
        lib = ctypeslib.ctypes_load_library("libdeep", folder)
    assert lib is ctypeslib.load_library("libdeep", folder)
    assert caught[0].filename == __file__


def test_the_module_has_numpys_names_and_the_old_one():
    assert {name for name in np.ctypeslib.__all__ if not name.startswith("_")} <= set(ctypeslib.__all__)
    assert all(hasattr(ctypeslib, name) for name in ctypeslib.__all__)


def test_what_is_windows_is_told_so(folder, refusal):
    (folder / "theirs.dll").write_bytes(b"MZ" + bytes(100))
    assert refusal(ndcall.LoadError, ctypeslib.load_library, "theirs.dll", folder).endswith(
        f"\n  {folder}/theirs.dll is a library for Windows, and this is linux"
    )
    assert refusal(
        ndcall.LoadError, ctypeslib.CDLL, folder / "theirs.dll" if sys.version_info >= (3, 12) else f"{folder}/theirs.dll"
    ).endswith(f"\n  {folder}/theirs.dll is a library for Windows, and this is linux")
    assert refusal(AttributeError, getattr, ctypeslib, "windll") == (
        "windll is for Windows' calling conventions, which other systems do not have: use CDLL or cdll"
    )
    assert refusal(AttributeError, getattr, ctypeslib, "ndpointr") == "module 'ndcall.compat.ctypeslib' has no attribute 'ndpointr'"
