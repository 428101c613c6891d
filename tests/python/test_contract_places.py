"""Where a contract may stand, and which place wins."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import ndcall
import pytest
from ndcall._contracts import find_contracts, read_contracts
from ndcall._paths import Anchor

SOURCE = """\
/// ndcall: x[n], k = 1
double f(const double *x, int n, double k) { return n * k + x[0]; }
"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "code.c"
    path.write_text(SOURCE)
    return path


def test_each_place_replaces_the_whole_line_of_the_next(source):
    assert ndcall.load(source).f.contract == "x[n], k = 1"
    source.with_suffix(".contract").write_text("f: x[n], k = 2\n")
    assert ndcall.load(source).f.contract == "x[n], k = 2"
    for contracts in ({"f": "x[n], k = 3"}, "# a text\nf: x[n], k = 3\n"):
        assert ndcall.load(source, contracts=contracts).f.contract == "x[n], k = 3"
    assert ndcall.load(source, contracts={"f": "x[n], k = 3"}).f([0, 0]) == 6


def test_blank_lines_below_a_contract_do_not_take_it_from_its_function(load_c):
    lib = load_c(
        """/* Of the whole file. */

// ndcall: x[n]

double first(const double *x, int n) { return x[0] + n; }
/* ndcall: x[n], k = 3 */


double second(const double *x, int n, double k) { return x[0] + n + k; }

/// Of this section, not of the next function.

double third(double x) { return x; }
"""
    )
    assert (lib.first([1, 2]), lib.second([1, 2])) == (3, 6)
    assert "section" not in lib.third.__doc__


@pytest.mark.parametrize("form", [str, Path])
def test_a_path_is_read(form, source, tmp_path):
    (tmp_path / "other.contract").write_text("f: x[n], k = 4\n")
    assert ndcall.load(source, contracts=form(str(tmp_path / "other.contract"))).f.contract == "x[n], k = 4"


def test_a_path_that_is_not_there_lists_the_places(source):
    with pytest.raises(ndcall.LoadError) as caught:
        ndcall.load(source, contracts="nothing.contract")
    folder = Path(__file__).parent
    assert str(caught.value) == (
        f"contract file 'nothing.contract' was not found\n  tried     {folder}/nothing.contract   (beside test_contract_places.py)"
    )


def test_a_file_beside_a_library_counts(tmp_path):
    (tmp_path / "part.c").write_text("double f(const double *x, int n, double k) { return n * k + x[0]; }\n")
    subprocess.run(["gcc", "-shared", "-fPIC", "part.c", "-o", "libpart.so.1"], cwd=tmp_path, check=True)
    (tmp_path / "part.contract").write_text("f: x[n], k = 5\n")
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
    lib = ndcall.load(tmp_path / "libpart.so.1", declarations="double f(const double *x, int n, double k);")
    assert lib.f.contract == "x[n], k = 5"


def test_the_names_of_files_that_are_looked_for(tmp_path):
    for name in ("code", "openblas", "x-1.2"):
        (tmp_path / f"{name}.contract").write_text(f"{name}\n")
    found = find_contracts([f"{tmp_path}/{name}" for name in ("code.c", "code.h", "libopenblas.so.0", "libx-1.2.so", "other.c")])
    assert [(rank, Path(path).name, text) for rank, path, text in found] == [
        (1, "code.contract", "code\n"),
        (1, "openblas.contract", "openblas\n"),
        (1, "x-1.2.contract", "x-1.2\n"),
    ]


def test_a_text_that_is_no_utf8_is_refused_with_its_line(source):
    source.with_suffix(".contract").write_bytes(b"# one\n# \xff\n")
    with pytest.raises(ndcall.LoadError) as caught:
        ndcall.load(source)
    assert str(caught.value) == f"{source.with_suffix('.contract')}:2: byte 0xff is not UTF-8"


def test_a_text_is_no_path():
    anchor = Anchor("/", "beside main.py")
    assert read_contracts("f: x[n]\ng: y.contract", anchor) == ((0, "contracts=", "f: x[n]\ng: y.contract"),)
    assert read_contracts(None, anchor) == ()
