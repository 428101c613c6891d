"""Cures in the words of a shell."""

from __future__ import annotations

import pytest
from ndcall._command.words import in_words_of_the_shell


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("a header: which library?\n  fix       library='NAME'", "a header: which library?\n  fix       --library NAME"),
        ("no symbol\n  fix       libraries=['z']   (likely)", "no symbol\n  fix       -l z   (likely)"),
        ("no symbol\n  fix       flags='-fopenmp -x'", "no symbol\n  fix       --flags '-fopenmp -x'"),
        ("missing\n  fix       name its folder with library_dirs=", "missing\n  fix       name its folder with -L"),
        ("C++\n  fix       a header: ndcall.load('a.h', library=...)", "C++\n  fix       a header: ndcall show a.h --library ..."),
        ("only= 'x*' fits nothing", "--only 'x*' fits nothing"),
        ("a.c could not be compiled\n    3 | int flags='a', only=3;", "a.c could not be compiled\n    3 | int flags='a', only=3;"),
        ("my_library='a' and relibraries=2", "my_library='a' and relibraries=2"),
    ],
)
def test_parameters_become_options_in_our_own_lines_only(text, translated):
    assert in_words_of_the_shell(text) == translated
