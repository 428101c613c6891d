"""What an include search found, and where it looked in vain."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ndcall._includes import Read, SearchPath, make_search_path, read_dependencies

pytestmark = pytest.mark.unsanitized  # Python alone


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def test_the_search_path_is_in_the_compilers_order():
    flags = ["-isystem", "/system", "-I/flag", "-iquote", "/quote", "-O2", "-idirafter/after"]
    assert make_search_path(flags, ["/given"], ["/cpath"], ["/usr/include"]) == SearchPath(
        ("/quote",), ("/given", "/flag", "/cpath", "/system", "/usr/include", "/after")
    )


def test_places_searched_in_vain_are_noted(tmp_path):
    source = write(tmp_path / "code.c", '#include "a.h"\n#  include <sys/b.h>\n#include_next <c.h>\n')
    for path in ("two/a.h", "two/sys/b.h", "one/c.h"):
        write(tmp_path / path, "\n")
    read = Read({str(source)}, SearchPath((f"{tmp_path}/quote",), (f"{tmp_path}/one", f"{tmp_path}/two")))
    read.add_files([str(source), f"{tmp_path}/two/a.h"])
    assert {os.path.relpath(path, tmp_path) for path in read.absent} == {"a.h", "quote/a.h", "one/a.h", "one/sys/b.h", "two/c.h"}
    assert list(read.hashes) == [f"{tmp_path}/two/a.h"]


def test_a_list_of_dependencies_is_read_with_its_escapes(tmp_path):
    path = write(tmp_path / "dependencies", "a.o: /x/a.c /x/with\\ blank.h \\\n /x/$$dollar.h\nb.o: /x/b.c /x/../x/a.h\n")
    assert read_dependencies(str(path)) == ["/x/a.c", "/x/with blank.h", "/x/$dollar.h", "/x/b.c", "/x/../x/a.h"]
    assert read_dependencies(str(tmp_path / "nothing")) == []
