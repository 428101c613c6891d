"""The arguments of `load`: what is asked for, and what is said when it cannot be."""

from __future__ import annotations

import inspect
import re
import subprocess
from pathlib import Path

import ndcall
import pytest
from ndcall._paths import Anchor
from ndcall._request import list_defines, list_flags, list_paths

ADD = "double add(double a, double b) { return a + b; }\ndouble sub(double a, double b) { return a - b; }\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A source, a header, and the library built of them."""
    folder = tmp_path_factory.mktemp("load")
    (folder / "code.c").write_text(ADD)
    (folder / "code.h").write_text("double add(double a, double b);\ndouble sub(double a, double b);\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "code.c", "-o", "libcode.so"], cwd=folder, check=True)
    return folder


def test_the_signature_is_the_documented_one():
    signature = inspect.signature(ndcall.load)
    assert list(signature.parameters) == (
        [
            "what",
            "library",
            "declarations",
            "contracts",
            "only",
            "exclude",
            "include_dirs",
            "defines",
            "flags",
            "libraries",
            "library_dirs",
            "compiler",
            "copy",
        ]
    )
    assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in list(signature.parameters.values())[1:])
    documented = inspect.getdoc(ndcall.load)
    assert documented is not None
    for name in signature.parameters:
        assert any(name in line.split(" : ")[0].split(", ") for line in documented.splitlines() if " : " in line), name


def test_all_names_are_there_and_belong_to_the_package():
    for name in ndcall.__all__:
        found = getattr(ndcall, name)
        assert name == "__version__" or found.__module__ == "ndcall"
    of_package = {"compat"}  # there once somebody has imported it
    assert {name for name in vars(ndcall) if not name.startswith("_")} - of_package <= set(ndcall.__all__)


def test_a_comment_that_is_no_utf8_is_shown_with_replacements(tmp_path):
    (tmp_path / "code.c").write_bytes(b"/* caf\xe9 */\nstruct p { double x; };\n/* th\xe9 */\ndouble f(struct p p) { return p.x; }\n")
    lib = ndcall.load(tmp_path / "code.c")
    assert lib.p.__doc__.splitlines()[0] == "caf\ufffd"
    assert "th\ufffd" in lib.f.__doc__


@pytest.mark.parametrize("form", [str, Path, lambda path: [path], lambda path: (Path(path),)])
def test_paths_come_in_every_form(form, folder):
    assert ndcall.load(form(str(folder / "code.c"))).add(1, 2) == 3


def test_a_header_and_its_library(folder):
    for library in (folder / "libcode.so", str(folder / "libcode.so"), [folder / "libcode.so", "m"]):
        lib = ndcall.load(folder / "code.h", library=library)
        assert (lib.add(1, 2), lib.sub(1, 2)) == (3, -1)
    lib = ndcall.load(folder / "code.h", library="code", library_dirs=folder)
    assert repr(lib) == f"<ndcall library code.h: 2 names from {folder}/libcode.so>"


def test_a_header_of_the_include_path(folder, tmp_path):
    assert ndcall.load("code.h", library=folder / "libcode.so", include_dirs=folder).add(1, 2) == 3
    assert ndcall.load("math.h", library="m").sqrt(4) == 2


def test_a_library_and_prototypes_typed_by_hand(folder):
    lib = ndcall.load(folder / "libcode.so", declarations="double add(double a, double b)")
    assert lib.add(1, 2) == 3
    assert dir(lib) == ["add"]


def test_only_and_exclude_choose_by_pattern(folder):
    for options, names in (
        ({"only": "add"}, ["add"]),
        ({"only": ["a*", "s*"]}, ["add", "sub"]),
        ({"exclude": "s?b"}, ["add"]),
        ({"only": "*", "exclude": ["add"]}, ["sub"]),
    ):
        assert dir(ndcall.load(folder / "code.c", **options)) == names


def test_copy_never_makes_a_copy_an_error(tmp_path):
    (tmp_path / "code.c").write_text("/// ndcall: x[n]\ndouble first(const double *x, int n) { return n ? x[0] : 0; }\n")
    assert ndcall.load(tmp_path / "code.c").first([1, 2]) == 1
    with pytest.raises(ndcall.ContractError):
        ndcall.load(tmp_path / "code.c", copy="never").first([1, 2])


MISTAKES = {
    "a name that only= does not fit": (
        lambda folder: ndcall.load(folder / "code.c", only="adl"),
        ndcall.UnknownNameError,
        "only= 'adl' fits no function of code.c; did you mean 'add'?",
    ),
    "a name that exclude= does not fit": (
        lambda folder: ndcall.load(folder / "code.c", exclude="zzz*"),
        ndcall.UnknownNameError,
        "exclude= 'zzz*' fits no function of code.c",
    ),
    "a header without a library": (
        lambda folder: ndcall.load(folder / "code.h"),
        ndcall.LoadError,
        "code.h declares functions and holds no code: which library has them?\n  fix       library='NAME' or library='/path/to/libNAME.so'",
    ),
    "a library without types": (
        lambda folder: ndcall.load("openblas"),
        ndcall.LoadError,
        "openblas does not say which types its functions take\n"
        "  fix       load its header: ndcall.load('HEADER.h', library='openblas'), or type the prototypes: declarations='...'; "
        "of a C source write the ending too: 'openblas.c'",
    ),
    "a folder": (
        lambda folder: ndcall.load("./src/"),
        ndcall.LoadError,
        "src does not say which types its functions take\n"
        "  fix       load its header: ndcall.load('HEADER.h', library='./src/'), or type the prototypes: declarations='...'; "
        "of a C source write the ending too: './src.c'",
    ),
    "a library for a library": (
        lambda folder: ndcall.load("libm.so.6", library="m", declarations="double cbrt(double);"),
        ndcall.LoadError,
        "libm.so.6 is a library itself: library= goes with a header",
    ),
    "a library for a source": (
        lambda folder: ndcall.load(folder / "code.c", library="m"),
        ndcall.LoadError,
        "code.c becomes a library itself: library= goes with a header\n  fix       libraries= names what it is linked with",
    ),
    "declarations for a source": (
        lambda folder: ndcall.load(folder / "code.c", declarations="int f(void);"),
        ndcall.LoadError,
        "code.c is read for its declarations: declarations= goes with a library",
    ),
    "a source and a header": (
        lambda folder: ndcall.load([folder / "code.c", folder / "code.h"]),
        ndcall.LoadError,
        "code.h (a header) and code.c (a source) cannot be loaded together: sources become a library, headers describe one",
    ),
    "C++": (
        lambda folder: ndcall.load("filter.cpp"),
        ndcall.ReadError,
        "filter.cpp: C++ cannot be read yet, only C\n"
        '  fix       build a library of functions that are declared extern "C", and load a C header of them:'
        " ndcall.load('filter.h', library=...)",
    ),
    "Fortran": (
        lambda folder: ndcall.load("filter.F90"),
        ndcall.ReadError,
        "filter.F90: Fortran cannot be read yet, only C\n"
        "  fix       build a library of functions with bind(C), and load a C header of them: ndcall.load('filter.h', library=...)",
    ),
    "CUDA": (lambda folder: ndcall.load("filter.cu"), ndcall.ReadError, "filter.cu: CUDA cannot be read yet, only C"),
    "a static library": (
        lambda folder: ndcall.load("libx.a", declarations="int f(void);"),
        ndcall.LoadError,
        "libx.a: a static library cannot be loaded: link it into a source with libraries=, or build a shared one of it",
    ),
    "something else": (
        lambda folder: ndcall.load("x.zip"),
        ndcall.LoadError,
        "x.zip: what is it? A C source ends in .c, a header in .h, a library in .so, a saved one in .ndcall",
    ),
    "nothing": (lambda folder: ndcall.load([]), ValueError, "the first argument names no file"),
    "an empty path": (lambda folder: ndcall.load(""), ValueError, "the first argument holds '', which is no path"),
    "a number": (lambda folder: ndcall.load(3), TypeError, "the first argument must be a path (str or Path) or several, not int"),
    "a wrong copy=": (
        lambda folder: ndcall.load(folder / "code.c", copy="always"),
        ValueError,
        "copy= must be 'safe' or 'never', not 'always'",
    ),
    "contracts= of a wrong kind": (
        lambda folder: ndcall.load(folder / "code.c", contracts=3),
        TypeError,
        "contracts= must be a dict, a text or a path, not int",
    ),
    "contracts= with a wrong line": (
        lambda folder: ndcall.load(folder / "code.c", contracts={"add": 3}),
        TypeError,
        "contracts= must map names to lines (str to str), not str to int",
    ),
    "declarations= of a wrong kind": (
        lambda folder: ndcall.load("m", declarations=b"int f(void);"),
        TypeError,
        "declarations= must be str, not bytes",
    ),
    "defines= of a wrong kind": (
        lambda folder: ndcall.load(folder / "code.c", defines=["N=1"]),
        TypeError,
        "defines= must be a dict of names and values, not list",
    ),
    "flags= of a wrong kind": (
        lambda folder: ndcall.load(folder / "code.c", flags=[1]),
        TypeError,
        "flags= must hold str, not int",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told(mistake, folder):
    call, kind, text = MISTAKES[mistake]
    with pytest.raises(kind) as caught:
        call(folder)
    assert str(caught.value) == text


ANCHOR = Anchor("/here", "beside main.py")


def test_folders_in_flags_begin_where_paths_do():
    assert list_flags("-O3 -Isub -I /abs -isystem other -L../x -include pre.h -DN=1 -Wl,-rpath,y", ANCHOR) == (
        *("-O3", "-I/here/sub", "-I", "/abs", "-isystem", "/here/other"),
        *(f"-L{Path.cwd().parent / 'x'}", "-include", "pre.h", "-DN=1", "-Wl,-rpath,y"),
    )


@pytest.mark.parametrize("flag", ["-c", "-o", "-ofile", "-E", "-MD", "@file", "other.c", "-x"])
def test_a_flag_that_builds_something_else_is_refused(flag):
    text = f"flags= holds {flag!r}: ndcall itself says what is built of what, and where it goes"
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        list_flags([flag], ANCHOR)


def test_macros_as_the_compiler_takes_them():
    assert list_defines({"A": None, "B": 1, "C": 1.5, "D": "x y", "E": True, "F": ""}) == ("A", "B=1", "C=1.5", "D=x y", "E=1", "F=")
    for name in ("1A", "A B", "A=1", "f(x)", "", "Ä"):
        with pytest.raises(ValueError, match="is no name of a macro"):
            list_defines({name: 1})
    with pytest.raises(ValueError, match="line break"):
        list_defines({"A": "x\n#include </etc/passwd>"})


def test_a_path_of_bytes_is_decoded():
    class Odd:
        def __fspath__(self):
            return b"a.c"

    assert list_paths(Odd(), "the first argument") == ["a.c"]
