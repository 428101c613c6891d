"""docs/values.md: every cell is what C gets today."""

from __future__ import annotations

import numpy as np
import pytest
from model import values


@pytest.mark.skipif(np.finfo("longdouble").nmant != 63, reason="the page shows the long double of x86")
def test_the_tables_of_values_are_what_c_gets_today(tmp_path):
    assert values.read_tables() == values.make_tables(tmp_path), "scripts/value_tables makes them again"


def test_a_number_that_is_not_quite_the_given_one_is_shown():
    assert values.show_value(2**53 + 1, np.float64(2**53)) == "`9007199254740992.0`"
    assert values.show_value(0.1, np.float32(0.1)) == "`0.10000000149011612`"
    assert values.show_value(-0.0, np.float64(0.0)) == "`0.0`"
    assert values.show_value(1 + 2j, np.complex128(1)) == "`(1+0j)`"
    assert values.show_value("3", np.int8(51)) == "`51`"
    for given, got in (
        (2**64 - 1, np.longdouble(2**64 - 1)),
        (float("nan"), np.float32("nan")),
        (-0.0, np.float16(-0.0)),
        (True, np.int8(1)),
    ):
        assert values.show_value(given, got) == "="
