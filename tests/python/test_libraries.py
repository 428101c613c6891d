"""Finding shared libraries: where, in which order, and never in the current directory."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import ndcall
import pytest
from ndcall._libraries import find_library, is_loadable, read_loader_cache
from ndcall._paths import Anchor
from ndcall._platform import library_stem

pytestmark = pytest.mark.unsanitized  # Python alone finds libraries


@pytest.fixture(scope="module")
def victim(tmp_path_factory):
    """A shared library that nobody installed."""
    folder = tmp_path_factory.mktemp("victim")
    source = folder / "victim.c"
    source.write_text("int answer(void) { return 42; }\n")
    library = folder / "libvictim.so"
    subprocess.run(["gcc", "-shared", "-fPIC", source, "-o", library], check=True)
    return library


def find(name, *, library_dirs=(), toolchain_dirs=(), folder="/elsewhere"):
    return find_library(
        name, Anchor(str(folder), "beside main.py"), [str(one) for one in library_dirs], lambda: list(map(str, toolchain_dirs))
    )


def refused(name, **where):
    with pytest.raises(ndcall.LoadError) as caught:
        find(name, **where)
    return str(caught.value)


def test_the_current_directory_is_never_searched(victim, monkeypatch):
    monkeypatch.chdir(victim.parent)
    for value in ("", ":", ".", f":{os.sep}nowhere:", "relative"):
        monkeypatch.setenv("LD_LIBRARY_PATH", value)
        for name in ("victim", "libvictim.so"):
            assert refused(name).startswith(f"library {name!r} was not found")


def test_a_folder_of_the_loader_is_searched_where_it_is_absolute(victim, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", f":{victim.parent}:")
    assert find("victim") == find("libvictim.so") == [str(victim)]


def test_the_users_folders_come_first(victim, tmp_path, monkeypatch):
    copy = Path(shutil.copy(victim, tmp_path))
    monkeypatch.setenv("LD_LIBRARY_PATH", str(victim.parent))
    assert find("victim", library_dirs=[tmp_path]) == [str(copy)]


def test_the_toolchains_folders_are_asked_for_last(victim, tmp_path):
    asked = []

    def toolchain_dirs():
        asked.append(True)
        return [str(victim.parent)]

    anchor = Anchor("/elsewhere", "beside main.py")
    assert find_library("libc.so.6", anchor, [], toolchain_dirs)[0].endswith("libc.so.6")
    assert not asked
    assert find_library("victim", anchor, [], toolchain_dirs) == [str(victim)]
    assert asked


def test_a_relative_path_lies_beside_the_caller(victim, tmp_path):
    (tmp_path / "sub").mkdir()
    copy = shutil.copy(victim, tmp_path / "sub")
    assert find("sub/libvictim.so", folder=tmp_path) == [copy]


def test_the_newest_of_several_versions_is_taken(victim, tmp_path):
    for version in ("2", "10", "9.1"):
        shutil.copy(victim, tmp_path / f"libvictim.so.{version}")
    assert find("victim", library_dirs=[tmp_path]) == [str(tmp_path / "libvictim.so.10")]
    assert find("libvictim.so.2", library_dirs=[tmp_path]) == [str(tmp_path / "libvictim.so.2")]


def test_a_library_of_another_name_that_begins_alike_is_not_taken(victim, tmp_path):
    shutil.copy(victim, tmp_path / "libvictim2.so.1")
    shutil.copy(victim, tmp_path / "libvictim-extra.so.1")
    assert refused("victim", library_dirs=[tmp_path]).startswith("library 'victim' was not found")


def test_a_linker_script_leads_to_what_it_names(victim, tmp_path):
    script = tmp_path / "libscript.so"
    script.write_text(f"/* GNU ld script */\nOUTPUT_FORMAT(elf64-x86-64)\nGROUP ( {victim} AS_NEEDED ( /nowhere/libother.so ) /x/lib.a )\n")
    assert find("script", library_dirs=[tmp_path]) == [str(victim)]
    script.write_text("INPUT(-lvictim)\n")
    assert find(str(script), library_dirs=[victim.parent]) == [str(victim)]


def test_linker_scripts_that_name_each_other_end(tmp_path):
    (tmp_path / "liba.so").write_text("INPUT(-lb)\n")
    (tmp_path / "libb.so").write_text("INPUT(-la)\n")
    assert refused("a", library_dirs=[tmp_path]).endswith(" is not a shared library")


def test_a_library_for_another_machine_is_passed_over(victim, tmp_path):
    foreign = bytearray(victim.read_bytes())
    foreign[18:20] = b"\xff\x7f"
    (tmp_path / "libvictim.so").write_bytes(foreign)
    assert not is_loadable(str(tmp_path / "libvictim.so"))
    assert find("victim", library_dirs=[tmp_path], toolchain_dirs=[victim.parent]) == [str(victim)]


@pytest.mark.parametrize(("content", "said"), [(b"", ": it is empty"), (b"plain text\n", "")])
def test_a_file_that_is_no_library_is_refused(content, said, tmp_path):
    path = tmp_path / "libno.so"
    path.write_bytes(content)
    assert refused(str(path)) == f"{path} is not a shared library{said}"


def test_the_text_lists_every_place(tmp_path, monkeypatch):
    monkeypatch.setenv("LD_LIBRARY_PATH", f"{tmp_path}/a")
    assert refused("nosuchlibraryatall", library_dirs=["/b"], toolchain_dirs=["/c"]) == (
        "library 'nosuchlibraryatall' was not found\n"
        "  tried     /b   (library_dirs=)\n"
        f"            {tmp_path}/a   (LD_LIBRARY_PATH)\n"
        "            /etc/ld.so.cache   (the loader's cache)\n"
        "            /c   (the toolchain)\n"
        "            /lib64   (the loader)\n"
        "            /usr/lib64   (the loader)\n"
        "            /lib   (the loader)\n"
        "            /usr/lib   (the loader)\n"
        "            /usr/local/lib   (the loader)\n"
        "  fix       library_dirs='FOLDER', or install the package that has it"
    )


def test_a_library_beside_the_caller_is_pointed_out(victim):
    text = refused("libvictim.so", folder=victim.parent)
    assert text.endswith(f"\n  fix       '{victim}'   (a name without a folder is not looked for beside main.py)")


def test_a_path_object_is_a_file_even_without_a_folder(victim, tmp_path, monkeypatch):
    shutil.copy(victim, tmp_path)
    monkeypatch.chdir(tmp_path)
    names = {"ndcall": ndcall, "Path": Path, "__name__": "__main__"}
    exec("lib = ndcall.load(Path('libvictim.so'), declarations='int answer(void);')", names)
    assert names["lib"].answer() == 42
    assert str(tmp_path / "libvictim.so") in repr(names["lib"])


def test_the_loaders_cache_is_read_without_a_process():
    found = dict(read_loader_cache())
    assert found["libc.so.6"].endswith("/libc.so.6")
    assert all(os.path.isabs(path) for path in found.values())


def test_a_loaders_cache_that_is_none_is_empty(tmp_path, monkeypatch):
    import ndcall._libraries as module

    for content in (b"", b"garbage", b"glibc-ld.so.cache1.1" + b"\xff" * 40):
        path = tmp_path / "cache"
        path.write_bytes(content)
        monkeypatch.setattr(module, "PLATFORM", module.PLATFORM.replace(loader_cache=str(path)))
        assert read_loader_cache() == []


@pytest.mark.parametrize(
    ("name", "stem"), [("libopenblas.so", "openblas"), ("libm.so.6", "m"), ("libfoo-1.2.so.3.4", "foo-1.2"), ("plugin.so", "plugin")]
)
def test_the_stem_is_the_name_without_lib_and_version(name, stem):
    assert library_stem(name) == stem
