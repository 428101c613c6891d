"""Compiling and reading: the command, what is told when it fails, what is printed and what is left."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from pathlib import Path

import ndcall
import pytest
from ndcall._link import explain_undefined

pytestmark = pytest.mark.unsanitized  # compilers and our Python around them


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def built(cache):
    """built(): how many entries there are by now."""
    return lambda: len(list(cache.glob("entries/*")))


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text))
    return path


def build_error(*what, **options):
    with pytest.raises(ndcall.BuildError) as caught:
        ndcall.load(*what, **options)
    error = caught.value
    # The command ends the text; its build folder has a random name.
    text, _, command = str(error).rpartition("\n  command   ")
    assert command.startswith(error.command[0])
    return text, error


def test_a_syntax_error_is_told_in_the_compilers_words(cache, tmp_path):
    source = write(tmp_path / "code.c", "int f(int a) { return a +; }\n")
    text, error = build_error(source)
    assert text.splitlines()[0] == "code.c could not be compiled (exit status 1)"
    assert f"{source}:1:26: error: expected expression before ';' token" in text
    assert error.output in text + "\n"
    assert os.path.basename(error.command[0]) == "gcc"
    assert str(source) in error.command


def test_an_implicit_declaration_is_an_error(cache, tmp_path):
    text, _ = build_error(write(tmp_path / "code.c", "double f(double x) { return g(x); }\n"))
    assert "implicit declaration of function 'g'" in text


def test_a_missing_type_is_no_int(cache, tmp_path):
    text, _ = build_error(write(tmp_path / "code.c", "f(double x) { return x; }\n"))
    assert "return type defaults to 'int'" in text


def test_a_failed_build_is_not_kept(cache, built, tmp_path):
    source = write(tmp_path / "code.c", "int f(int a) { return a +; }\n")
    for _ in range(2):
        build_error(source)
    assert built() == 0
    assert list(cache.glob("builds/*")) == []


def test_an_undefined_symbol_is_named_with_its_likely_library(cache, tmp_path):
    source = write(
        tmp_path / "code.c",
        """\
        double cblas_ddot(int n, const double *x, int incx, const double *y, int incy);
        double norm(const double *x, int n) { return cblas_ddot(n, x, 1, x, 1); }
        """,
    )
    assert build_error(source)[0] == (
        "code.c: undefined symbol 'cblas_ddot'\n  used in   norm\n  fix       libraries=['openblas']   (likely, by the name 'cblas_ddot')"
    )


def test_an_undefined_symbol_that_no_table_knows(cache, tmp_path):
    source = write(tmp_path / "code.c", "int g(void);\nint h(void);\nint f(void) { return g() + h(); }\n")
    assert build_error(source)[0] == (
        "code.c: undefined symbols 'g', 'h'\n"
        "  used in   f\n"
        "  fix       name the library that has it with libraries=, or load the source that defines it in the same call"
    )


@pytest.mark.parametrize(
    "message",
    [
        "/usr/bin/ld: /tmp/x.o: in function `f':\n/code.c:3: undefined reference to `omp_get_max_threads'\n",
        "ld.lld: error: undefined symbol: omp_get_max_threads\n>>> referenced by code.c:3\n",
        "ld.gold: code.c:3: error: undefined reference to 'omp_get_max_threads'\n",
        'Undefined symbols for architecture arm64:\n  "_omp_get_max_threads", referenced from:\n',
    ],
    ids=["bfd", "lld", "gold", "macOS"],
)
def test_every_linkers_words_are_understood(message):
    text = explain_undefined(message, "code.c")
    assert text is not None
    assert text.splitlines()[0] == "code.c: undefined symbol 'omp_get_max_threads'"
    assert text.endswith("  fix       flags=['-fopenmp']   (likely, by the name 'omp_get_max_threads')")


def test_a_library_that_the_linker_does_not_find_is_named(cache, tmp_path):
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    assert build_error(source, libraries="nosuchlibrary")[0] == (
        "code.c: the linker does not find the library nosuchlibrary\n"
        "  fix       install its development package, or name its folder with library_dirs="
    )


def test_warnings_of_the_compiler_are_shown_each_time(cache, built, tmp_path):
    source = write(tmp_path / "code.c", "int f(int a) { char *p = a; return p != 0; }\n")
    for _ in range(2):
        with pytest.warns(ndcall.BuildWarning, match=r"^code\.c: the compiler warns\n(?s:.*)makes pointer from integer") as caught:
            ndcall.load(source)
        assert caught[0].filename == __file__
    assert built() == 1


def test_flags_and_defines_reach_compiler_and_reader(cache, tmp_path):
    source = write(
        tmp_path / "code.c",
        """\
        #include "sizes.h"
        #ifdef FAST
        int fast(void) { return N; }
        #endif
        int o3(void) { return TEXT[0] == 'a' && TEXT[1] == ' '; }
        """,
    )
    write(tmp_path / "include" / "sizes.h", "#define SIZES 1\n")
    lib = ndcall.load(source, include_dirs=tmp_path / "include", defines={"FAST": None, "N": 7, "TEXT": '"a b"'}, flags="-O3 -Wall")
    assert (lib.fast(), lib.o3()) == (7, 1)


def test_several_sources_become_one_library(cache, built, tmp_path):
    one = write(tmp_path / "one.c", "int two(void);\nint one(void) { return two() - 1; }\n")
    two = write(tmp_path / "two.c", "int two(void) { return 2; }\n")
    lib = ndcall.load([one, two])
    assert (lib.one(), lib.two(), built()) == (1, 2, 1)
    assert repr(lib).startswith("<ndcall library one.c, two.c: 2 names from ")


def test_a_header_of_the_second_source_counts_too(cache, tmp_path):
    one = write(tmp_path / "one.c", "int one(void) { return 1; }\n")
    two = write(tmp_path / "two.c", '#include "number.h"\nint two(void) { return NUMBER; }\n')
    header = write(tmp_path / "number.h", "#define NUMBER 2\n")
    assert ndcall.load([one, two]).two() == 2
    write(header, "#define NUMBER 3\n")
    assert ndcall.load([one, two]).two() == 3


def test_a_static_library_that_is_linked_in_counts_as_read(cache, tmp_path):
    def archive(number):
        write(tmp_path / "part.c", f"int part(void) {{ return {number}; }}\n")
        subprocess.run(["gcc", "-c", "-fPIC", "part.c", "-o", "part.o"], cwd=tmp_path, check=True)
        subprocess.run(["ar", "rcs", "libpart.a", "part.o"], cwd=tmp_path, check=True)

    source = write(tmp_path / "code.c", "int part(void);\nint f(void) { return part(); }\n")
    archive(1)
    assert ndcall.load(source, libraries="part", library_dirs=tmp_path).f() == 1
    archive(2)
    assert ndcall.load(source, libraries="part", library_dirs=tmp_path).f() == 2
    assert ndcall.load(source, libraries=tmp_path / "libpart.a").f() == 2


def test_a_shared_library_is_found_again_when_the_source_is_loaded(cache, tmp_path):
    write(tmp_path / "part.c", "int part(void) { return 5; }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "part.c", "-o", "libpart.so"], cwd=tmp_path, check=True)
    source = write(tmp_path / "code.c", "int part(void);\nint f(void) { return part(); }\n")
    assert ndcall.load(source, libraries="part", library_dirs=tmp_path).f() == 5
    assert ndcall.load(source, libraries=tmp_path / "libpart.so").f() == 5


def test_a_library_binds_its_own_symbols_first(cache, tmp_path):
    source = write(tmp_path / "code.c", "double gamma(double x) { return x + 1000; }\ndouble f(double x) { return gamma(x); }\n")
    assert ndcall.load(source, flags="-fno-builtin").f(2.0) == 1002


def test_libm_is_always_linked(cache, tmp_path):
    assert (
        ndcall.load(write(tmp_path / "code.c", "#include <math.h>\ndouble f(double x) { return floor(x) + hypot(3, x - 23); }\n")).f(27.0)
        == 32
    )


@pytest.mark.skipif(shutil.which("clang") is None, reason="clang is another compiler that may be installed")
def test_another_compiler_is_another_build(cache, built, tmp_path):
    source = write(tmp_path / "code.c", "#ifdef __clang__\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif\n")
    assert ndcall.load(source, compiler="gcc").f() == 2
    assert ndcall.load(source, compiler="clang").f() == 1
    assert built() == 2


def test_commands_are_printed_when_asked_for(cache, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("NDCALL_VERBOSE", "1")
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    ndcall.load(source)
    printed = capfd.readouterr().err.splitlines()
    assert all(line.startswith("ndcall: ") for line in printed)
    assert any(" -shared " in line and " -O2 -g " in line for line in printed)
    assert any("ndcall-read-c --libclang " in line for line in printed)
    assert not any("-ffast-math" in line for line in printed)
    ndcall.load(source)
    (entry,) = cache.glob("entries/*")
    assert capfd.readouterr().err == f"ndcall: code.c is in the cache: {entry}\n"


def test_a_warm_start_runs_no_process_and_imports_nothing_heavy(cache, tmp_path):
    source = write(tmp_path / "code.c", "#include <math.h>\ndouble f(double x) { return sqrt(x); }\n")
    ndcall.load(source)
    code = f"""
        import sys
        import numpy
        before = set(sys.modules)
        import ndcall

        def refuse(event, arguments):
            if event in ("os.fork", "os.posix_spawn", "os.exec", "subprocess.Popen", "os.system", "os.forkpty"):
                raise SystemExit(f"{{event}} {{arguments}}")
        sys.addaudithook(refuse)
        assert ndcall.load({str(source)!r}).f(4.0) == 2
        heavy = {{"subprocess", "hashlib", "_hashlib", "tempfile", "shutil", "shlex", "platformdirs", "glob", "ctypes", "inspect"}}
        print(sorted((set(sys.modules) - before) & heavy))
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stdout + done.stderr


def test_an_interrupt_ends_the_compiler_and_leaves_nothing(cache, tmp_path, list_processes):
    started, ended = tmp_path / "started", tmp_path / "ended"
    compiler = write(
        tmp_path / "cc",
        f"""\
        #!/bin/sh
        case "$*" in *-E*) exec gcc "$@" ;; esac
        (sleep 20; touch {ended}) &
        touch $TMPDIR/stray {started}
        wait
        """,
    )
    compiler.chmod(0o755)
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    code = f"import ndcall; ndcall.load({str(source)!r}, compiler={str(compiler)!r})"
    child = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not started.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    _, messages = child.communicate(timeout=15)
    assert messages.rstrip().endswith("KeyboardInterrupt")
    assert list(cache.glob("builds/*")) == []
    assert list_processes(str(ended)) == []
    assert not ended.exists()


def test_nothing_is_left_in_the_folder_of_the_source(cache, tmp_path):
    source = write(tmp_path / "src" / "code.c", "int f(void) { return 1; }\n")
    ndcall.load(source, flags="--coverage")
    assert [path.name for path in source.parent.iterdir()] == ["code.c"]


def test_a_debugger_is_told_the_folder_of_the_source(cache, tmp_path):
    ndcall.load(write(tmp_path / "src" / "code.c", "int f(void) { return 1; }\n"))
    (library,) = cache.glob("entries/*/library.so")
    content = library.read_bytes()
    assert str(tmp_path / "src").encode() in content
    assert b"/builds/" not in content


def test_a_source_that_changes_while_it_is_compiled_is_built_again(cache, built, tmp_path):
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    compiler = write(
        tmp_path / "cc",
        f"""\
        #!/bin/sh
        case "$*" in *-E*) exec gcc "$@" ;; esac
        gcc "$@"
        if [ ! -e {tmp_path}/once ]; then touch {tmp_path}/once; echo 'int f(void) {{ return 2; }}' >{source}; fi
        """,
    )
    compiler.chmod(0o755)
    assert ndcall.load(source, compiler=compiler).f() == 2
    assert built() == 1


def test_a_compiler_that_hangs_up_is_told_by_its_signal(cache, tmp_path):
    compiler = write(tmp_path / "cc", '#!/bin/sh\ncase "$*" in *-E*) exec gcc "$@" ;; esac\nkill -SEGV $$\n')
    compiler.chmod(0o755)
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    assert build_error(source, compiler=compiler)[0] == "code.c could not be compiled (ended by signal 11: Segmentation fault)\n"


def test_long_messages_are_cut_in_the_text_and_whole_in_the_attribute(cache, tmp_path):
    source = write(tmp_path / "code.c", "".join(f"unknown{i} f{i}(void);\n" for i in range(100)))
    text, error = build_error(source)
    assert re.search(r"\n\.\.\. \(\d+ more lines in \.output\)$", text)
    assert "unknown99" in error.output


def test_no_warning_comes_from_a_clean_build(cache, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ndcall.load(write(tmp_path / "code.c", "int f(void) { return 1; }\n"))
