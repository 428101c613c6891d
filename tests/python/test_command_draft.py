"""`ndcall draft`: where the text goes. What is in it, test_draft.py says."""

from __future__ import annotations

from pathlib import Path

import ndcall
import pytest
from ndcall._command.frame import run

pytestmark = pytest.mark.unsanitized  # of the core it drafts one function


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fill.c").write_text("void fill(double *x, int n) { for (int i = 0; i < n; i++) x[i] = 1; }\n")
    return tmp_path


def test_the_draft_is_written_as_the_file_that_load_finds(folder, capsys):
    assert run(["draft", "fill.c"]) == 0
    assert capsys.readouterr() == (
        "",
        "ndcall: wrote fill.contract: read it, mend it, then 'ndcall check fill.c' tells what is still wrong\n",
    )
    assert ndcall.load(folder / "fill.c").fill(2).tolist() == [1, 1]


def test_what_is_told_of_a_header_works(folder, capsys):
    assert run(["draft", "math.h", "--only", "frexp"]) == 0
    assert capsys.readouterr().err == (
        "ndcall: wrote math.contract: read it, mend it, then 'ndcall check math.h --library NAME --contracts math.contract' tells what is"
        " still wrong\n"
    )
    assert run(["check", "math.h", "--only", "frexp", "--library", "m", "--contracts", "math.contract"]) == 0
    assert capsys.readouterr().err == ""
    assert run(["check", "math.h", "--only", "frexp", "--library", "m"]) == 0
    assert capsys.readouterr().err == "ndcall: math.contract lies in this folder and is not used: --contracts math.contract uses it\n"
    (folder / "gain.h").write_text("double half(double x);\n")
    assert run(["draft", "gain.h"]) == 0
    assert "'ndcall check gain.h --library NAME' tells" in capsys.readouterr().err
    (folder / "below").mkdir()
    (folder / "fill.c").rename(folder / "below" / "fill.c")
    assert run(["draft", "below/fill.c"]) == 0
    assert "'ndcall check below/fill.c --contracts fill.contract' tells" in capsys.readouterr().err


def test_a_dash_is_the_standard_output(folder, capsys):
    assert run(["draft", "fill.c", "-o", "-"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (ndcall.draft(folder / "fill.c"), "")
    assert not (folder / "fill.contract").exists()


def test_a_file_that_is_there_is_replaced_only_when_told(folder, capsys):
    (folder / "fill.contract").write_text("# mine\n")
    assert run(["draft", "fill.c"]) == 1
    assert capsys.readouterr().err == "ndcall: fill.contract exists already: --force replaces it, --output names another file\n"
    assert (folder / "fill.contract").read_text() == "# mine\n"
    assert run(["draft", "fill.c", "--output", "other.contract"]) == 0
    assert run(["draft", "fill.c", "--force"]) == 0
    assert (folder / "fill.contract").read_text() != "# mine\n"


def test_a_folder_that_is_not_there_is_told(folder, capsys):
    assert run(["draft", "fill.c", "-o", "no/where.contract"]) == 1
    assert capsys.readouterr().err == "ndcall: no/where.contract cannot be written: No such file or directory\n"


def test_the_options_choose_functions_and_reach_the_reader(folder, capsys):
    (folder / "more.h").write_text("#ifdef MORE\nvoid more(double *x, int n);\nvoid less(double *x, int n);\n#endif\n")
    assert run(["draft", "more.h", "-DMORE", "--only", "more", "-o", "-"]) == 0
    out = capsys.readouterr().out
    assert "more: " in out
    assert "less: " not in out
    assert run(["draft", "more.h", "--only", "moer", "-DMORE", "-o", "-"]) == 1
    assert capsys.readouterr().err == "ndcall: --only 'moer' fits no function of more.h; did you mean 'more'?\n"


SCRIPT = """
import ctypes, sys
libm = ctypes.CDLL("libm.so.6")
libm.hypot.argtypes, libm.hypot.restype = [ctypes.c_double, ctypes.c_double], ctypes.c_double
print("script", sys.argv, __name__, libm.hypot(3, 4))
"""


def test_a_script_is_run_in_its_own_process_and_drafted_from(folder, capfd):
    (folder / "script.py").write_text(SCRIPT)
    assert run(["draft", "--from-ctypes", "script.py"]) == 0
    assert capfd.readouterr() == (
        "",
        "script ['script.py'] __main__ 5.0\n"
        "ndcall: wrote script_ndcall.py: read it, mend it, and put it where the script loads its library\n",
    )
    text = (folder / "script_ndcall.py").read_text()
    assert "\nlib = ndcall.load(\n    'libm.so.6',\n" in text
    assert "\nhypot: x, y\n" in text
    names: dict[str, object] = {}
    exec(text, names)
    assert names["lib"].hypot(3, 4) == 5


def test_a_script_has_modules_of_its_own_folder_and_none_of_the_working_directory(folder, capfd):
    (folder / "own").mkdir()
    (folder / "own" / "settings.py").write_text("NAME = 'libm.so.6'")
    (folder / "own" / "script.py").write_text(
        "import ctypes, settings\nlib = ctypes.CDLL(settings.NAME)\nlib.hypot.argtypes = [ctypes.c_double] * 2\n"
    )
    for name in ("numpy", "ctypes", "settings"):
        (folder / f"{name}.py").write_text("print('taken from the working directory')\nraise SystemExit(9)\n")
    assert run(["draft", "--from-ctypes", "own/script.py", "--output", "-"]) == 0
    printed = capfd.readouterr()
    assert "\nhypot: x, y\n" in printed.out
    assert printed.err == ""


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("raise SystemExit(3)", "script.py was run and failed: exit status 3"),
        ("import os; os.abort()", "script.py was run and failed: ended by signal 6: Aborted"),
        ("import os; os._exit(0)", "script.py was run and failed: exit status 0"),
        ("import ctypes; ctypes.CDLL(None)", "script.py was run and sets no argtypes of a function that it reaches as lib.NAME"),
    ],
)
def test_a_script_that_gives_nothing_is_an_error(folder, capfd, script, message):
    (folder / "script.py").write_text(script)
    assert run(["draft", "--from-ctypes", "script.py"]) == 1
    assert capfd.readouterr().err == f"ndcall: {message}\n"
    assert not (folder / "script_ndcall.py").exists()


def test_nothing_is_run_without_being_asked_for(folder, capfd):
    (folder / "script.py").write_text("open('ran', 'w')")
    assert run(["draft", "script.py"]) == 1
    assert run(["draft", "--from-ctypes", "other.py"]) == 1
    assert capfd.readouterr().err.endswith("ndcall: other.py was not found\n")
    assert not (folder / "ran").exists()
