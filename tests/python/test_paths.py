"""Where a relative path is looked up, and what is said when nothing is there."""

from __future__ import annotations

import os
import subprocess
import sys

import ndcall
import pytest
from ndcall._paths import Anchor, Place, find_anchor, find_file, place_path

pytestmark = pytest.mark.unsanitized  # Python alone looks paths up, in many processes


def anchor_in(globals_of_caller):
    names = {"find_anchor": find_anchor, **globals_of_caller}
    exec("found = find_anchor()", names)
    return names["found"]


def test_a_module_looks_beside_its_own_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find_anchor() == Anchor(os.path.dirname(__file__), "beside test_paths.py")


def test_a_prompt_looks_in_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert anchor_in({"__name__": "__main__"}) == Anchor(str(tmp_path), "in the working directory")


def test_frames_of_ndcall_itself_are_passed_over(tmp_path):
    outer = {"__name__": "user", "__file__": str(tmp_path / "user.py"), "inner": lambda: anchor_in({"__name__": "ndcall.compat"})}
    exec("found = inner()", outer)
    # The frame below the one of ndcall is a function of this module.
    assert outer["found"].folder == os.path.dirname(__file__)


@pytest.mark.parametrize("path", ["./filter.c", "../filter.c", "./sub/filter.c"])
def test_a_dot_in_front_means_the_working_directory(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    anchor = Anchor("/elsewhere", "beside main.py")
    assert place_path(path, anchor) == Place(os.path.normpath(tmp_path / path), "in the working directory")


def test_an_absolute_path_stays_what_it_is():
    assert place_path("/a/b/../filter.c", Anchor("/elsewhere", "beside main.py")) == Place("/a/filter.c", "")


def test_other_relative_paths_begin_at_the_anchor():
    assert place_path("sub/filter.c", Anchor("/a", "beside main.py")) == Place("/a/sub/filter.c", "beside main.py")


def refused(path, places):
    with pytest.raises(ndcall.LoadError) as caught:
        find_file("source", path, places)
    return str(caught.value)


def test_a_missing_file_lists_the_places_tried(tmp_path):
    assert refused("filter.c", [Place("/nowhere/filter.c", "beside main.py"), Place("/neither/filter.c", "include_dirs=")]) == (
        "source 'filter.c' was not found\n  tried     /nowhere/filter.c   (beside main.py)\n            /neither/filter.c   (include_dirs=)"
    )


def test_a_misspelt_file_suggests_its_neighbour(tmp_path):
    (tmp_path / "filter.c").touch()
    assert refused("fliter.c", [Place(f"{tmp_path}/fliter.c", "beside main.py")]) == (
        f"source 'fliter.c' was not found; did you mean 'filter.c'?\n  tried     {tmp_path}/fliter.c   (beside main.py)"
    )


def test_a_file_that_lies_in_the_working_directory_is_pointed_out(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "filter.c").touch()
    assert refused("filter.c", [Place("/nowhere/filter.c", "beside main.py")]) == (
        "source 'filter.c' was not found\n"
        "  tried     /nowhere/filter.c   (beside main.py)\n"
        "  fix       './filter.c'   (it lies in the working directory)"
    )


def test_a_folder_is_no_source(tmp_path):
    assert refused("code", [Place(str(tmp_path), "beside main.py")]) == (
        f"source 'code' was not found: it is a folder\n  tried     {tmp_path}   (beside main.py)"
    )


def test_a_tilde_is_the_shells(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "filter.c").touch()
    assert refused("~/filter.c", [Place("/nowhere/~/filter.c", "beside main.py")]) == (
        "source '~/filter.c' was not found\n"
        "  tried     /nowhere/~/filter.c   (beside main.py)\n"
        f"  fix       '{tmp_path}/filter.c'   ('~' is the shell's)"
    )


def test_a_script_loads_what_lies_beside_it_from_any_directory(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "code.c").write_text("int where(void) { return 1; }\n")
    (tmp_path / "code.c").write_text("int where(void) { return 2; }\n")
    (home / "main.py").write_text("import ndcall\nprint(ndcall.load('code.c').where(), ndcall.load('./code.c').where())\n")
    in_prompt = "import ndcall; print(ndcall.load('code.c').where())"
    for words, printed in (([home / "main.py"], ["1", "2"]), (["-c", in_prompt], ["2"])):
        done = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.stdout.split() == printed, done.stderr
