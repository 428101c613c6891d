"""When the cache serves, and when something is built again."""

from __future__ import annotations

import os
import textwrap
import time
from pathlib import Path

import ndcall
import pytest

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


def test_the_same_request_builds_once(cache, built, tmp_path):
    source = write(tmp_path / "code.c", "#include <stdlib.h>\nint f(void) { return 1; }\n")
    for _ in range(3):
        ndcall.load(source)
        ndcall.load(source, only="f", copy="never", contracts={"f": "-> return"})
    assert built() == 1


@pytest.mark.parametrize("options", [{"flags": "-O1"}, {"defines": {"N": 1}}, {"include_dirs": "/usr/include"}, {"compiler": "gcc -O1"}])
def test_every_option_that_reaches_the_compiler_is_another_build(options, cache, built, tmp_path):
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    ndcall.load(source)
    ndcall.load(source, **options)
    assert built() == 2


def test_the_order_of_flags_counts(cache, built, tmp_path):
    source = write(tmp_path / "code.c", "#ifdef __OPTIMIZE__\nint f(void) { return 1; }\n#else\nint f(void) { return 0; }\n#endif\n")
    assert ndcall.load(source, flags=["-O0", "-O1"]).f() == 1
    assert ndcall.load(source, flags=["-O1", "-O0"]).f() == 0
    assert built() == 2


def test_a_text_that_comes_back_finds_its_build(cache, built, tmp_path):
    header = write(tmp_path / "number.h", "#define NUMBER 1\n")
    source = write(tmp_path / "code.c", '#include "number.h"\nint f(void) { return NUMBER; }\n')
    for number in (1, 2, 1, 2):
        write(header, f"#define NUMBER {number}\n")
        assert ndcall.load(source).f() == number
    assert built() == 2


def test_a_header_that_comes_earlier_in_the_search_is_met(cache, tmp_path):
    for folder, number in (("first", None), ("second", 2)):
        (tmp_path / folder).mkdir()
        if number:
            write(tmp_path / folder / "number.h", f"#define NUMBER {number}\n")
    source = write(tmp_path / "code.c", "#include <number.h>\nint f(void) { return NUMBER; }\n")
    options = {"include_dirs": [tmp_path / "first", tmp_path / "second"]}
    assert ndcall.load(source, **options).f() == 2
    write(tmp_path / "first" / "number.h", "#define NUMBER 1\n")
    assert ndcall.load(source, **options).f() == 1


def test_a_header_beside_the_source_shadows_one_of_the_search_path(cache, tmp_path):
    write(tmp_path / "include" / "number.h", "#define NUMBER 2\n")
    source = write(tmp_path / "code.c", '#include "number.h"\nint f(void) { return NUMBER; }\n')
    assert ndcall.load(source, include_dirs=tmp_path / "include").f() == 2
    write(tmp_path / "number.h", "#define NUMBER 1\n")
    assert ndcall.load(source, include_dirs=tmp_path / "include").f() == 1


def test_a_header_that_is_only_asked_for_counts(cache, tmp_path):
    source = write(
        tmp_path / "code.c", '#if __has_include("extra.h")\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif\n'
    )
    assert ndcall.load(source).f() == 2
    write(tmp_path / "extra.h", "\n")
    assert ndcall.load(source).f() == 1


def test_a_header_with_a_faked_time_is_met(cache, tmp_path):
    header = write(tmp_path / "number.h", "#define NUMBER 1\n")
    source = write(tmp_path / "code.c", '#include "number.h"\nint f(void) { return NUMBER; }\n')
    os.utime(header, (1, 1))
    time.sleep(0.02)  # past the tick of the clock that stamps files, so that the first build is kept
    assert ndcall.load(source).f() == 1
    write(header, "#define NUMBER 2\n")
    os.utime(header, (1, 1))
    assert ndcall.load(source).f() == 2


def test_a_removed_header_is_an_error(cache, tmp_path):
    header = write(tmp_path / "number.h", "#define NUMBER 1\n")
    source = write(tmp_path / "code.c", '#include "number.h"\nint f(void) { return NUMBER; }\n')
    ndcall.load(source)
    header.unlink()
    with pytest.raises(ndcall.BuildError, match=r"number\.h: No such file or directory"):
        ndcall.load(source)


def test_a_compiler_that_was_replaced_builds_again(cache, built, tmp_path):
    compiler = write(tmp_path / "cc", '#!/bin/sh\nexec gcc "$@"\n')
    compiler.chmod(0o755)
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    ndcall.load(source, compiler=compiler)
    write(compiler, '#!/bin/sh\n# newer\nexec gcc "$@"\n')
    ndcall.load(source, compiler=compiler)
    assert built() == 2


def test_a_source_in_another_folder_is_another_build(cache, tmp_path):
    for number in (1, 2):
        write(tmp_path / str(number) / "number.h", f"#define NUMBER {number}\n")
        write(tmp_path / str(number) / "code.c", '#include "number.h"\nint f(void) { return NUMBER; }\n')
    assert [ndcall.load(tmp_path / str(number) / "code.c").f() for number in (1, 2)] == [1, 2]


def test_headers_and_declarations_are_read_once(cache, built, tmp_path):
    for _ in range(2):
        assert ndcall.load("m", declarations="double sqrt(double x);").sqrt(9.0) == 3
        assert ndcall.load("math.h", library="m", only="sqrt").sqrt(9.0) == 3
    assert built() == 2
    assert list(cache.glob("entries/*/library.so")) == []


def test_building_can_be_forbidden(cache, tmp_path, monkeypatch):
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    monkeypatch.setenv("NDCALL_NO_BUILD", "1")
    with pytest.raises(ndcall.LoadError) as caught:
        ndcall.load(source)
    assert str(caught.value) == f"code.c is not in the cache {cache}, and NDCALL_NO_BUILD forbids building it"
    monkeypatch.delenv("NDCALL_NO_BUILD")
    ndcall.load(source)
    monkeypatch.setenv("NDCALL_NO_BUILD", "1")
    assert ndcall.load(source).f() == 1


def test_another_libclang_reads_again_unless_building_is_forbidden(cache, built, tmp_path, monkeypatch):
    from ndcall._reader import find_libclang

    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    ndcall.load(source)
    (tmp_path / "libclang.so").symlink_to(find_libclang())
    monkeypatch.setenv("NDCALL_LIBCLANG", str(tmp_path / "libclang.so"))
    monkeypatch.setenv("NDCALL_NO_BUILD", "1")
    assert ndcall.load(source).f() == 1
    monkeypatch.delenv("NDCALL_NO_BUILD")
    assert ndcall.load(source).f() == 1
    assert built() == 2


def test_a_cache_in_a_folder_with_blanks_works(tmp_path, monkeypatch):
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "my cache"))
    header = write(tmp_path / "my code" / "my number.h", "#define NUMBER 1\n")
    source = write(tmp_path / "my code" / "code.c", '#include "my number.h"\nint f(void) { return NUMBER; }\n')
    assert ndcall.load(source).f() == 1
    write(header, "#define NUMBER 2\n")
    assert ndcall.load(source).f() == 2


def test_a_header_above_a_linked_folder_is_the_one_that_was_read(cache, tmp_path):
    write(tmp_path / "real" / "inner" / "a.h", '#include "../number.h"\n')
    write(tmp_path / "number.h", "#define NUMBER 9\n")  # where the text of the path leads
    header = write(tmp_path / "real" / "number.h", "#define NUMBER 1\n")  # where the link leads
    (tmp_path / "linked").symlink_to(tmp_path / "real" / "inner")
    source = write(tmp_path / "src" / "code.c", '#include "a.h"\nint f(void) { return NUMBER; }\n')
    assert ndcall.load(source, include_dirs=tmp_path / "linked").f() == 1
    write(header, "#define NUMBER 2\n")
    assert ndcall.load(source, include_dirs=tmp_path / "linked").f() == 2


def test_a_link_to_a_header_that_leads_elsewhere_is_met(cache, tmp_path):
    for number in (1, 2):
        write(tmp_path / f"{number}.h", f"#define NUMBER {number}\n")
    link = tmp_path / "number.h"
    source = write(tmp_path / "code.c", '#include "number.h"\nint f(void) { return NUMBER; }\n')
    for number in (1, 2):
        link.unlink(missing_ok=True)
        link.symlink_to(f"{number}.h")
        assert ndcall.load(source).f() == number


def test_what_the_assembler_includes_is_read_each_time(cache, tmp_path):
    data = write(tmp_path / "data.bin", "A")
    source = write(
        tmp_path / "code.c",
        f"""\
        __asm__(".section .rodata\\ndata: .incbin \\"{data}\\"\\n.previous\\n");
        extern const char data[1] __attribute__((visibility("hidden")));
        int f(void) {{ return data[0]; }}
        """,
    )
    assert ndcall.load(source, only="f").f() == ord("A")
    write(data, "B")
    assert ndcall.load(source, only="f").f() == ord("B")


def test_a_file_that_a_flag_names_counts_as_read(cache, tmp_path):
    symbols = write(tmp_path / "symbols.map", "{ global: f; local: *; };\n")
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\nint g(void) { return 2; }\n")
    flags = [f"-Wl,--version-script={symbols}"]
    with pytest.raises(ndcall.BindError, match="'g' is not in"):
        ndcall.load(source, flags=flags).g()
    write(symbols, "{ global: f; g; local: *; };\n")
    assert ndcall.load(source, flags=flags).g() == 2


def test_a_source_that_changes_and_changes_back_while_it_is_compiled_is_noticed(cache, tmp_path):
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    compiler = write(
        tmp_path / "cc",
        f"""\
        #!/bin/sh
        case "$*" in *-E*) exec gcc "$@" ;; esac
        [ -e {tmp_path}/once ] && exec gcc "$@"
        touch {tmp_path}/once
        cp {source} {tmp_path}/kept; echo 'int f(void) {{ return 2; }}' >{source}
        gcc "$@"
        cp {tmp_path}/kept {source}
        """,
    )
    compiler.chmod(0o755)
    assert ndcall.load(source, compiler=compiler).f() == 1


def test_a_compiler_proper_that_was_replaced_behind_its_driver_builds_again(cache, built, tmp_path):
    proper = write(tmp_path / "cc1", "old\n")
    compiler = write(
        tmp_path / "cc",
        f"""\
        #!/bin/sh
        case "$*" in *-E*) gcc "$@"; echo ' {proper} -E' >&2; exit ;; esac
        exec gcc "$@"
        """,
    )
    compiler.chmod(0o755)
    # The last program that the driver names is the first that is found, so gcc's own line has to go.
    write(compiler, compiler.read_text().replace('gcc "$@"; echo', "gcc \"$@\" 2>&1 | sed 's, /[^ ]*/cc1 , /nowhere ,' >&2; echo"))
    source = write(tmp_path / "code.c", "int f(void) { return 1; }\n")
    for _ in range(2):
        ndcall.load(source, compiler=compiler)
    assert built() == 1
    write(proper, "upgraded\n")
    ndcall.load(source, compiler=compiler)
    assert built() == 2
