"""The headers of real libraries, loaded whole: known values, and the table of docs/headers.md, which scripts/survey_headers.py prints.

A row of the table is compared word for word where the package has the version of the docs. Of any other version every function must be
callable or say why it is not.
"""

from __future__ import annotations

import importlib.util
import sys
import zlib
from pathlib import Path

import ndcall
import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


def import_survey():
    spec = importlib.util.spec_from_file_location("survey_headers", ROOT / "scripts" / "survey_headers.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a dataclass looks its module up
    spec.loader.exec_module(module)
    return module


SURVEY = import_survey()
ROWS = {line.split(" | ")[0]: line for line in SURVEY.PAGE.read_text(encoding="utf-8").splitlines(keepends=True) if line.startswith("| ")}


def need(package: str) -> str:
    version = SURVEY.find_version(package)
    if not version:
        pytest.skip(f"{package} is not installed (scripts/setup installs it)")
    return version


@pytest.mark.unsanitized  # thousands of functions bound one like the other: a minute of it
@pytest.mark.parametrize("subject", SURVEY.SUBJECTS, ids=lambda subject: subject.title.strip("`"))
def test_every_function_is_callable_or_says_why_not(subject):
    version = need(subject.package)
    found = SURVEY.survey(subject, version)
    assert all(len(problem.partition(" cannot be called: ")[2]) > 10 for problem in found.unknown)
    assert found.functions > 50
    assert found.callable + sum(found.refused.values()) == found.functions
    documented = ROWS[f"| {subject.title}"]
    if f" | {SURVEY.NOT_DRAFTED} | " in documented:
        found.drafted = None  # the table was made before ndcall could draft
    row = SURVEY.print_row(found)
    if f" | {version} | " in documented:
        assert found.unknown == []
        assert row == documented, "scripts/survey_headers.py --write makes the table again"


def test_cblas():
    need("libopenblas-dev")
    lib = ndcall.load("cblas.h", library="openblas", contracts={"cblas_ddot": "x[n:incx], y[n:incy] -> return"})
    assert lib.cblas_ddot(np.arange(3.0), np.arange(6.0)[::2]) == 10


def test_lapacke():
    need("liblapacke-dev")
    line = "copy a[n,n], b[n,nrhs] -> b, ipiv[n]; matrix_layout = LAPACK_ROW_MAJOR; lda = n; ldb = nrhs; ok return == 0"
    lib = ndcall.load("lapacke.h", library="lapacke", contracts={"LAPACKE_dgesv": line})
    a, b = np.array([[4.0, 1, 2], [1, 3, 0], [2, 0, 5]]), np.array([[1.0, 2], [3, 4], [5, 6]])
    found = lib.LAPACKE_dgesv(a, b)
    assert np.allclose(a @ found.b, b, rtol=0, atol=1e-14)
    assert np.allclose(found.b[0], [-0.69767442, -0.60465116])
    with pytest.raises(ndcall.CallError, match=r"return = 1"):
        lib.LAPACKE_dgesv(np.zeros((2, 2)), np.ones((2, 1)))


def test_gsl():
    need("libgsl-dev")
    lib = ndcall.load(["gsl/gsl_sf_bessel.h", "gsl/gsl_version.h"], library=["gsl", "gslcblas"])
    assert lib.gsl_sf_bessel_J0(5.0) == pytest.approx(-0.1775967713143383, rel=1e-14)
    assert need("libgsl-dev").startswith(lib.GSL_VERSION)


def test_fftw():
    need("libfftw3-dev")
    lib = ndcall.load("fftw3.h", library=["fftw3", "fftw3_threads"], contracts={"fftw_alignment_of": "p[n] -> return"})
    assert bytes(lib.fftw_version).startswith(b"fftw-3.")
    assert lib.FFTW_ESTIMATE == 1 << 6
    assert lib.fftw_init_threads() != 0
    aligned = np.zeros(64)
    aligned = aligned[-aligned.ctypes.data // 8 % 16 :]
    assert lib.fftw_alignment_of(aligned) == 0
    assert lib.fftw_alignment_of(aligned[1:]) == 8


def test_zlib():
    need("zlib1g-dev")
    lib = ndcall.load("zlib.h", library="z", contracts={"crc32": "crc, buf[len] -> return"})
    data = np.tile(np.arange(100, dtype=np.uint8), 50)
    assert lib.zlibVersion() == lib.ZLIB_VERSION
    assert lib.crc32(0, data) == zlib.crc32(data) == 996028444
    assert lib.compressBound(5000) == 5014


def test_sqlite():
    need("libsqlite3-dev")
    lib = ndcall.load("sqlite3.h", library="sqlite3")
    assert lib.sqlite3_libversion() == lib.SQLITE_VERSION
    assert lib.sqlite3_libversion_number() == lib.SQLITE_VERSION_NUMBER
    assert lib.sqlite3_strglob("a*c", "abc") == 0
