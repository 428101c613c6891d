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
    source = write(tmp_path / "code.c", "int f(void) { return N; }\n")
    assert ndcall.load(source, flags=["-UN", "-DN=1"]).f() == 1
    assert ndcall.load(source, flags=["-DN=1", "-UN", "-DN=2"]).f() == 2
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


def test_a_cache_in_a_folder_with_blanks_works(tmp_path, monkeypatch):
    monkeypatch.setenv("NDCALL_CACHE_DIR", str(tmp_path / "my cache"))
    header = write(tmp_path / "my code" / "my number.h", "#define NUMBER 1\n")
    source = write(tmp_path / "my code" / "code.c", '#include "my number.h"\nint f(void) { return NUMBER; }\n')
    assert ndcall.load(source).f() == 1
    write(header, "#define NUMBER 2\n")
    assert ndcall.load(source).f() == 2
