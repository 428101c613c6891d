"""How functions and libraries travel to other processes and machines."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys

import ndcall
import pytest

SOURCE = (
    "#include <math.h>\n/// ndcall: x[n]\ndouble total(const double *x, int n) { double s = 0; while (n--) s += fabs(x[n]); return s; }\n"
)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "code.c"
    path.write_text(SOURCE)
    return path


def use_elsewhere(data: bytes, cache, code: str = "f([1, -2])") -> str:
    """What another process, with a cache of its own, gets from a pickled function f."""
    program = f"""if True:
        import pickle, sys
        f = pickle.load(sys.stdin.buffer)
        try:
            print({code})
        except OSError as error:
            print(error)
    """
    environment = {**os.environ, "NDCALL_CACHE_DIR": str(cache)}
    done = subprocess.run([sys.executable, "-c", program], input=data, capture_output=True, check=False, env=environment)
    assert not done.stderr, done.stderr.decode()
    return done.stdout.decode().rstrip("\n")


def test_a_library_travels_whole(source, tmp_path):
    data = pickle.dumps(ndcall.load(source))
    assert use_elsewhere(data, tmp_path / "other", "(f.total([1, -2]), dir(f))") == "(3.0, ['total'])"


def test_in_its_own_process_it_is_the_same_object(source):
    lib = ndcall.load(source)
    assert pickle.loads(pickle.dumps(lib)) is lib
    assert copy.deepcopy(lib) is copy.copy(lib) is lib


def test_two_loads_of_the_same_are_equal(source):
    one, two = ndcall.load(source), ndcall.load(source)
    assert one == two
    assert hash(one) == hash(two)
    assert one.total == two.total
    assert one != ndcall.load(source, flags="-O1")
    assert one != "code.c"


def test_the_text_travels_where_the_file_is_not(source, tmp_path):
    data = pickle.dumps(ndcall.load(source).total)
    source.unlink()
    assert use_elsewhere(data, tmp_path / "other") == "3.0"


def test_a_contract_travels_from_wherever_it_stood(source, tmp_path):
    source.with_suffix(".contract").write_text('total: x[n]; check n > 2 else "too short"\n')
    data = pickle.dumps(ndcall.load(source).total)
    source.unlink()
    source.with_suffix(".contract").unlink()
    assert use_elsewhere(data, tmp_path / "other", "f.contract") == 'x[n]; check n > 2 else "too short"'


def test_a_file_that_differs_is_an_error_that_names_both(source, tmp_path):
    from hashlib import sha256

    data = pickle.dumps(ndcall.load(source).total)
    source.write_text(SOURCE + "\n")
    assert use_elsewhere(data, tmp_path / "other") == (
        f"{source} is not what was pickled\n"
        f"  pickled   SHA-256 {sha256(SOURCE.encode()).hexdigest()}\n"
        f"  found     SHA-256 {sha256((SOURCE + chr(10)).encode()).hexdigest()}"
    )


def test_a_source_with_headers_of_its_own_must_be_there(source, tmp_path):
    (tmp_path / "own.h").write_text("\n")
    source.write_text('#include "own.h"\n' + SOURCE)
    data = pickle.dumps(ndcall.load(source).total)
    assert use_elsewhere(data, tmp_path / "other") == "3.0"
    source.unlink()
    assert use_elsewhere(data, tmp_path / "another") == (
        f"{source} was not found, and its text was not pickled: it is long, or includes headers of its own"
    )


def test_a_long_source_is_not_pickled(source):
    short = len(pickle.dumps(ndcall.load(source).total))
    source.write_text(SOURCE + "/*" + 70000 * " " + "*/\n")
    assert len(pickle.dumps(ndcall.load(source).total)) < short + 1000


def test_a_prebuilt_library_that_differs_is_an_error(source, tmp_path):
    library = tmp_path / "libcode.so"
    subprocess.run(["gcc", "-shared", "-fPIC", source, "-o", library], check=True)
    declared = "double total(const double *x, int n);"
    data = pickle.dumps(ndcall.load(library, declarations=declared, contracts={"total": "x[n]"}).total)
    assert use_elsewhere(data, tmp_path / "other") == "3.0"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", source, "-o", library], check=True)
    assert use_elsewhere(data, tmp_path / "other").startswith(f"{library} is not what was pickled\n  pickled   SHA-256 ")


def test_a_pickle_of_another_format_is_refused():
    from ndcall._pickling import restore_library

    with pytest.raises(ndcall.LoadError) as caught:
        restore_library({"format": 99})
    assert str(caught.value) == "this was pickled by another version of ndcall (format 99, here 1)"


def test_only_plain_values_are_pickled(source):
    import pickletools

    lib = ndcall.load(source, contracts={"total": "x[n]"})
    named = {argument for opcode, argument, _ in pickletools.genops(pickle.dumps(lib.total, 2)) if opcode.name == "GLOBAL"}
    assert named <= {"ndcall._pickling restore_function", "_codecs encode"}
