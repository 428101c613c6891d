"""Which compiler is taken, and what is known of it without running it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import ndcall
import pytest
from ndcall import _process
from ndcall._cache import open_cache
from ndcall._environment import make_environment, read_search_variables
from ndcall._toolchain import Compiler, find_compiler, identify_cpu, read_facts, read_library_dirs, select_search_flags

pytestmark = pytest.mark.unsanitized  # Python alone


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch):
    for name in ("NDCALL_CC", "CC", "CPATH", "C_INCLUDE_PATH"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def private_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "cache"))
    return open_cache()


def program(path: Path, text: str = '#!/bin/sh\nexec gcc "$@"\n') -> str:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def chosen(wanted: str | None) -> tuple[str, str]:
    found = find_compiler(wanted)
    return found.path, found.asked_by


def test_the_argument_comes_before_the_environment(tmp_path, monkeypatch):
    names = [program(tmp_path / name) for name in ("given", "ndcall_cc", "cc")]
    monkeypatch.setenv("NDCALL_CC", names[1])
    monkeypatch.setenv("CC", names[2])
    assert chosen(names[0]) == (names[0], "compiler=")
    assert chosen(None) == (names[1], "NDCALL_CC")
    monkeypatch.delenv("NDCALL_CC")
    assert chosen(None) == (names[2], "CC")
    monkeypatch.delenv("CC")
    assert chosen(None) == (shutil.which("gcc"), "default")


def test_words_after_the_compiler_are_kept():
    assert find_compiler("gcc -m64 '-DTEXT=a b'").words == (shutil.which("gcc"), "-m64", "-DTEXT=a b")


def test_a_path_with_a_blank_is_one_word(tmp_path):
    path = program(tmp_path / "my compiler")
    assert find_compiler(path).words == (path,)


def test_a_launcher_is_passed_over(tmp_path, monkeypatch):
    launcher = program(tmp_path / "bin" / "ccache")
    (tmp_path / "bin" / "gcc").symlink_to(launcher)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin{os.pathsep}{os.environ['PATH']}")
    behind = find_compiler(None).path
    assert behind != f"{tmp_path}/bin/gcc"
    assert find_compiler("ccache gcc").path == behind


def test_relative_elements_of_path_are_passed_over(tmp_path, monkeypatch):
    program(tmp_path / "onlyhere")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{os.pathsep}.{os.pathsep}")
    with pytest.raises(ndcall.LoadError):
        find_compiler("onlyhere")


def test_a_compiler_that_is_not_there_is_named():
    with pytest.raises(ndcall.LoadError) as caught:
        find_compiler("nosuchcompiler")
    assert str(caught.value) == (
        "the compiler of compiler= was not found: 'nosuchcompiler' is no program in PATH\n"
        "  fix       install gcc (Debian: apt-get install gcc libc6-dev), or name a compiler: NDCALL_CC=clang"
    )


def test_a_machine_without_a_compiler_is_told_what_to_do(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ndcall.LoadError, match=r"^no compiler was found: 'gcc' is no program in PATH\n"):
        find_compiler(None)


def test_what_gcc_says_of_itself(private_cache):
    facts = read_facts(find_compiler("gcc"), (), private_cache)
    assert facts.version.startswith("gcc version ")
    assert facts.target.count("-") >= 2
    assert facts.standard.startswith("gnu")
    assert any(os.path.exists(f"{folder}/stddef.h") for folder in facts.include_dirs)
    assert any(os.path.exists(f"{folder}/stdio.h") for folder in facts.include_dirs)
    assert os.path.basename(facts.tool) == "cc1"


@pytest.mark.skipif(shutil.which("clang") is None, reason="clang is another compiler that may be installed")
def test_what_clang_says_of_itself(private_cache):
    facts = read_facts(find_compiler("clang"), (), private_cache)
    assert "clang version" in facts.version
    assert any(os.path.exists(f"{folder}/stdio.h") for folder in facts.include_dirs)
    assert "clang" in facts.tool


def asked(monkeypatch) -> list[tuple[str, ...]]:
    """Every question that is put to a compiler from now on."""
    questions = []
    answer = _process.run_quietly

    def record(words, text=b""):
        questions.append(tuple(words))
        return answer(words, text)

    monkeypatch.setattr(_process, "run_quietly", record)
    return questions


def test_a_compiler_is_asked_once(private_cache, monkeypatch):
    questions = asked(monkeypatch)
    compiler = find_compiler("gcc")
    assert read_facts(compiler, ("-O3",), private_cache) == read_facts(compiler, ("-O0", "-Wall"), private_cache)
    assert len(questions) == 1
    read_facts(compiler, ("-m64",), private_cache)
    assert len(questions) == 2
    assert read_library_dirs(compiler, (), private_cache) == read_library_dirs(compiler, (), private_cache)
    assert len(questions) == 3


def test_another_compiler_under_the_same_path_is_asked_again(private_cache, tmp_path, monkeypatch):
    questions = asked(monkeypatch)
    path = program(tmp_path / "cc")
    read_facts(find_compiler(path), (), private_cache)
    program(tmp_path / "cc", '#!/bin/sh\n# newer\nexec gcc "$@"\n')
    read_facts(find_compiler(path), (), private_cache)
    assert len(questions) == 2


def test_the_environments_search_path_is_part_of_the_question(private_cache, tmp_path, monkeypatch):
    compiler = find_compiler("gcc")
    before = read_facts(compiler, (), private_cache)
    monkeypatch.setenv("CPATH", str(tmp_path))
    assert read_facts(compiler, (), private_cache).include_dirs == (str(tmp_path), *before.include_dirs)


def test_a_program_that_is_no_compiler_is_a_build_error(private_cache, tmp_path):
    path = program(tmp_path / "cc", "#!/bin/sh\necho nonsense >&2\nexit 7\n")
    with pytest.raises(ndcall.BuildError) as caught:
        read_facts(find_compiler(path), (), private_cache)
    assert str(caught.value) == f"{path} does not answer as gcc and clang do (exit status 7)\nnonsense"
    assert caught.value.command == (path, "-E", "-v", "-x", "c", "-")
    assert caught.value.output == "nonsense\n"


def test_the_toolchains_library_folders_are_absolute_and_there(private_cache):
    folders = read_library_dirs(find_compiler("gcc"), (), private_cache)
    assert folders
    assert all(os.path.isabs(folder) and os.path.isdir(folder) for folder in folders)


def test_flags_that_move_the_search_are_known():
    flags = ("-O3", "--sysroot", "/s", "-I/x", "-m32", "-DX", "-nostdinc", "-Wall", "--sysroot=/t", "-std=c99")
    assert select_search_flags(flags) == ["--sysroot", "/s", "-m32", "-nostdinc", "--sysroot=/t", "-std=c99"]


def test_the_processor_counts_only_where_a_flag_asks_for_it():
    assert identify_cpu(("-O3", "-march=x86-64")) == ""
    assert identify_cpu(("-march=native",)) == identify_cpu(("-mtune=native",)) != ""


def test_elements_that_mean_the_working_directory_are_left_out(monkeypatch):
    monkeypatch.setenv("CPATH", ":/a::relative:/b:")
    monkeypatch.setenv("C_INCLUDE_PATH", ":")
    monkeypatch.setenv("DEPENDENCIES_OUTPUT", "/x")
    assert dict(read_search_variables())["CPATH"] == "/a:/b"
    environment = make_environment("/scratch")
    assert (environment["CPATH"], environment["LC_ALL"], environment["TMPDIR"]) == ("/a:/b", "C", "/scratch")
    assert "C_INCLUDE_PATH" not in environment
    assert "DEPENDENCIES_OUTPUT" not in environment


def test_a_compiler_is_identified_without_running_it(monkeypatch):
    questions = asked(monkeypatch)
    compiler = find_compiler(sys.executable)
    assert isinstance(compiler, Compiler)
    assert compiler.stamp
    assert not questions
