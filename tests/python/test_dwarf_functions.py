"""Which functions are told: those that the library exports, once for each name."""

from __future__ import annotations

import subprocess

import pytest
from ndcall._dwarf.library import DebugInformation

pytestmark = pytest.mark.unsanitized  # nothing here is in C++ but a parser that has tests of its own


@pytest.fixture
def build(tmp_path):
    """build({FILE: text}, *flags): the declarations of the library that is made of these sources."""

    def build(texts, *flags, compiler="gcc"):
        for name, text in texts.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        subprocess.run([compiler, "-g", "-w", "-shared", "-fPIC", *flags, *texts, "-o", "code.so"], cwd=tmp_path, check=True)
        return DebugInformation(str(tmp_path / "code.so"))

    return build


def tell(library, name):
    outline = library.outline(name)
    return None if outline is None else f"{outline[0]} at {outline[1]}:{outline[2]}"


def test_a_static_function_is_not_the_one_of_its_name(build):
    library = build({"a.c": "static void f(int x) {}\nvoid g(void) { f(1); }\n", "b.c": "\nvoid f(double *x) {}\n"})
    assert tell(library, "f") == "void f(double *x) at b.c:2"


def test_what_is_not_exported_is_not_told(build):
    text = """\
static void local(int x) {}
__attribute__((visibility("hidden"))) void hidden(int x) {}
int other(const char *);
int f(int x) { local(x); return other(0); }
"""
    library = build({"a.c": text})
    assert [tell(library, name) for name in ("local", "hidden", "other", "nowhere", "no name")] == [None] * 5
    assert tell(library, "f") == "int f(int x) at a.c:4"


def test_of_a_weak_function_and_the_one_that_replaces_it_the_latter_is_told(build):
    weak, strong = "__attribute__((weak)) void f(int x) {}\n", "void f(double *x) {}\n"
    for texts in ({"a.c": weak, "b.c": strong}, {"a.c": strong, "b.c": weak}):
        assert build(texts).outline("f")[0] == "void f(double *x)"


def test_a_function_that_was_inlined_has_one_declaration(build):
    text = "double f(const double *x, int n) { return x[n]; }\ndouble g(double *x) { return f(x, 1) + f(x, 2); }\n"
    library = build({"a.c": text}, "-O2", "-fno-semantic-interposition")
    assert len(library._functions.find("f")[0].chain) == 2
    assert tell(library, "f") == "double f(const double *x, int n) at a.c:1"


def test_functions_that_were_merged_keep_their_own_declarations(build):
    text = """\
long f(const long *x, int n) { long s = 0; for (int i = 0; i < n; i++) s += x[i]; return s; }
long g(const long *values, int n) { long s = 0; for (int i = 0; i < n; i++) s += values[i]; return s; }
"""
    library = build({"a.c": text}, "-O2")
    assert None in [one.address for name in "fg" for one in library._functions.find(name)]
    assert tell(library, "g") == "long g(const long *values, int n) at a.c:2"
    assert tell(library, "f") == "long f(const long *x, int n) at a.c:1"


def test_only_the_unit_that_has_a_function_is_read(build):
    library = build({f"{name}.c": f"void {name}(int x) {{}}\nint also_{name}(void) {{ return 1; }}\n" for name in "abcdef"})
    assert tell(library, "e") == "void e(int x) at e.c:1"
    assert tell(library, "also_e") == "int also_e(void) at e.c:2"
    assert len(library._functions._unread) == 4  # the first was, to see whether anything is told


def test_where_nothing_says_which_unit_that_is_each_is_read_until_it_is_found(build):
    library = build({f"{name}.c": f"void {name}(int x) {{}}\n" for name in "abcdef"}, compiler="clang")
    assert tell(library, "e") == "void e(int x) at e.c:1"
    assert len(library._functions._unread) == 1


def test_another_name_of_a_function_is_left_alone(build):
    """Two functions that a linker has merged look the same."""
    library = build({"a.c": 'void f(int x) {}\nvoid g(int x) __attribute__((alias("f")));\n', "b.c": "void h(int x) {}\n"})
    assert tell(library, "g") is None
    assert tell(library, "f") == "void f(int x) at a.c:1"
    assert len(library._functions._unread) == 1


def test_a_function_is_known_by_the_name_that_the_linker_has(build):
    library = build({"a.c": 'void f(int x) __asm__("g");\nvoid f(int x) {}\n'})
    assert tell(library, "f") is None
    assert tell(library, "g") == "void g(int x) at a.c:2"


def test_a_function_without_a_prototype_may_take_anything(build):
    library = build({"a.c": "int f() { return 0; }\nint g(x) float x; { return 0; }\nint h(void) { return 0; }\n"})
    assert [tell(library, name) for name in "fgh"] == [None, None, "int h(void) at a.c:3"]


def test_a_function_lies_in_the_file_that_was_included(build, tmp_path):
    (tmp_path / "inside.h").write_text("\n\nvoid f(int x) {}\n", encoding="utf-8")
    for version in ("-gdwarf-4", "-gdwarf-5"):
        library = build({"a.c": '#include <stddef.h>\n#include "inside.h"\nvoid g(size_t n) {}\n'}, version)
        assert tell(library, "f") == "void f(int x) at inside.h:3"
        assert tell(library, "g") == "void g(size_t n) at a.c:3"


CPP = """\
struct point { double x, y; };
namespace n { double inner(double x) { return x; } extern "C" int in_namespace(int a) { return a; } }
extern "C" double mean(const double *x, unsigned long n, bool b, double &r, const point &p) { return n::inner(*x); }
extern "C" void start() {}
double mangled(double *x) { return *x; }
struct klass { int method(int a) const { return a; } };
int use(klass *k) { return k->method(1); }
"""


def test_of_cpp_what_is_extern_c_is_told(build):
    library = build({"a.cpp": CPP}, compiler="g++")
    assert tell(library, "mean") == "double mean(const double *x, unsigned long n, _Bool b, double *r, const struct point *p) at a.cpp:3"
    assert tell(library, "in_namespace") == "int in_namespace(int a) at a.cpp:2"
    # The second looks as everything does under `gcc -g1`.
    assert [tell(library, name) for name in ("mangled", "start", "_Z7mangledPd", "_ZNK5klass6methodEi")] == [None] * 4
