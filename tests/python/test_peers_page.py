"""docs/peers.md shows the figures that are kept beside it; whether they are those of today's machine, only `make bench` can say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "peers.md").read_text(encoding="utf-8")


@pytest.mark.unsanitized  # no call of ndcall
def test_the_tables_of_the_page_are_made_of_the_figures_beside_it():
    command = [sys.executable, "-m", "peers.publish", "--show"]
    done = subprocess.run(command, cwd=ROOT / "benchmarks", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = dict(re.findall(r"<!-- (\w+): made by .*?-->\n\n(.*?)\n\n<!-- end of \1 -->", PAGE, re.DOTALL))
    assert found == json.loads(done.stdout)
