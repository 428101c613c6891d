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
