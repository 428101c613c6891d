"""docs/hostile.md: what ndcall, ctypes and a module written by hand do with bad arguments is tried again, each cell in its own process."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "hostile.md").read_text(encoding="utf-8")

# C writes out of bounds in the other columns: that is the point, and what a sanitizer stops.
pytestmark = pytest.mark.unsanitized


@pytest.fixture(scope="module")
def tried():
    script = ROOT / "benchmarks" / "hostile.py"
    done = subprocess.run([sys.executable, script, "--bare", "--json"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def region_of(name: str) -> str:
    return re.search(rf"<!-- {name}: made by .*?-->\n\n(.*?)\n\n<!-- end of {name} -->", PAGE, re.DOTALL)[1]


def test_every_cell_of_ndcall_is_right_or_refused(tried):
    cells = {case: row[column][0] for case, row in tried["table"].items() for column in ("ndcall", 'ndcall, copy="never"')}
    assert set(cells.values()) == {"right", "refused", "-"}
    assert [case for case, verdict in cells.items() if verdict == "-"] == ["n = 17", "n = 10 million"]


def test_no_refusal_leaves_out_the_argument_what_was_expected_or_what_came(tried):
    refusals = [cell[2] for row in tried["table"].values() for column, cell in row.items() if column.startswith("ndcall") and cell[1]]
    assert len(refusals) > 40
    form = re.compile(
        r"add\(a, b\): argument '[abc]' \((1st of 2|2nd of 2|the result)\) .+\n  expected  .+\n  got       .+(\n  fix       .+)?"
    )
    assert [text for text in refusals if not form.match(text)] == []


def test_the_table_of_the_page_is_what_happens(tried):
    assert tried["regions"]["bare"] == region_of("bare"), "benchmarks/hostile.py --write makes it again"


def test_the_refusals_of_the_page_are_what_ndcall_says(tried):
    assert tried["regions"]["refusals"] == region_of("refusals"), "benchmarks/hostile.py --write makes it again"
