"""A mistake in a contract is shown in the line that the user wrote, whether the parser or the binder finds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ndcall
import pytest

SOURCE = """#include <stddef.h>
/** Adds.
 *
 * ndcall: a[n], b[n] -> c[n]
 *   ; check n == zz
 */
void found_by_the_binder(double *a, double *b, double *c, long n) { (void)a; (void)b; (void)c; (void)n; }

/// ndcall: a(n] -> b
void found_by_the_parser(double *a, double *b, long n) { (void)a; (void)b; (void)n; }

void in_a_file(double *a, double *b, long n) { (void)a; (void)b; (void)n; }
"""

FILE = """# two lines, the second one wrong

in_a_file: a[n]
  -> b[zz]
"""

SHOWN = {
    "found_by_the_binder": ("code.c:5:19: 'zz' is not known here", "   *   ; check n == zz\n                    ^\n"),
    "found_by_the_parser": ("code.c:9:16: expected ',', '->', ';' or ')', found ']'", "  /// ndcall: a(n] -> b\n                 ^\n"),
    "in_a_file": ("code.contract:4:6: nothing tells what 'zz' is", "    -> b[zz]\n       ^\n"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_caret_stands_under_what_the_user_wrote(load_c: Callable[..., Any], name: str) -> None:
    lib = load_c(SOURCE, contract=FILE)
    with pytest.raises(ndcall.BindError) as caught:
        lib[name]([1.0])
    message, lines = SHOWN[name]
    assert message in str(caught.value)
    assert lines in str(caught.value)


def test_a_mistake_in_a_dictionary_shows_its_key_too(load_c: Callable[..., Any]) -> None:
    with pytest.raises(ndcall.BindError) as caught:
        load_c(SOURCE, contracts={"in_a_file": "a[n] => b[n]"})
    assert "contracts=:1:17: '=>' is not in the language" in str(caught.value)
    assert "\n  in_a_file: a[n] => b[n]\n                  ^" in str(caught.value)


def test_parentheses_behind_an_array_are_told_from_a_callback(load_c: Callable[..., Any]) -> None:
    with pytest.raises(ndcall.BindError) as caught:
        load_c(SOURCE, contracts={"in_a_file": "a(n) -> b[n]"})
    assert "1:12: 'a' is double *, not a function: extents stand in [ ]\n" in str(caught.value)
