"""Twenty thousand calls, each decided twice: by ndcall, and by the model in tests/model, which is written from the documents alone."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from model.memory import bytes_of, interleaves, overlap, overlaps_itself
from model.play import DifferenceError, Player
from model.rules import KINDS, holds_integer, widening

CASES = 2000  # in each of ten blocks


@pytest.fixture(scope="module")
def player(tmp_path_factory):
    return Player(tmp_path_factory.mktemp("model"))


# The sanitizers see what each kind of call does in the other tests; of these blocks they get two.
BLOCKS = [pytest.param(block, marks=[pytest.mark.unsanitized] if block > 1 else []) for block in range(10)]


@pytest.mark.parametrize("block", BLOCKS)
def test_every_call_is_accepted_or_refused_as_the_model_says_and_leaves_what_it_says(player, block):
    player.start_counts()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in range(block * CASES, (block + 1) * CASES):
            player.play(seed)
    assert 0.3 < player.accepted / player.played < 0.7
    assert [kind for kind in KINDS if not player.kinds[kind]] == []


def test_a_case_is_the_same_whenever_it_is_drawn(player):
    def draw(seed):
        player.scene.reset(seed)
        function = player.choose_function()
        args, named = player.scene.call(function)
        return function.name, repr(args), repr(named), player.scene.canvas.tobytes()

    for seed in (3, 14, 159):
        first = draw(seed)
        draw(seed + 1)
        assert draw(seed) == first


def test_a_difference_tells_the_case_and_both_verdicts(player, monkeypatch):
    monkeypatch.setattr(Player, "compare", lambda *_: "did something else")
    with pytest.raises(DifferenceError) as caught:
        player.play(7)
    text = str(caught.value)
    assert text.startswith("case 7, copy=")
    assert "\nthe model says: " in text
    assert text.endswith("\nndcall: did something else")


# --- the model itself, where a mistake in it would hide one of ndcall's


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "longdouble"])
def test_the_model_holds_the_integers_that_numpy_keeps(dtype):
    digits = {"float16": 11, "float32": 24, "float64": 53, "longdouble": 64 if np.finfo("longdouble").nmant == 63 else 113}[dtype]
    target = np.dtype(dtype)
    assert holds_integer(target, 2**digits)
    assert not holds_integer(target, 2**digits + 1)
    assert holds_integer(target, -(2 ** (digits + 1)))
    assert not holds_integer(target, 2 ** int(np.finfo(target).maxexp))


def test_the_model_widens_as_the_values_of_small_types_say():
    for source in ("int8", "uint8", "int16", "uint16"):
        info = np.iinfo(source)
        every = np.arange(info.min, info.max + 1)
        for target in ("int8", "uint8", "int16", "uint16", "int32"):
            kept = np.array_equal(every.astype(target), every)
            assert widening(np.dtype(source), np.dtype(target)) in (("same", "lossless") if kept else ("never",))


def test_the_model_finds_overlap_byte_by_byte():
    x = np.zeros(12, np.int16)
    assert bytes_of(x[2:4:1]).tolist() == [x.__array_interface__["data"][0] + k for k in (4, 5, 6, 7)]
    assert not overlap(x[::2], x[1::2])
    assert overlap(x[:7], x[6:])
    assert overlaps_itself(np.lib.stride_tricks.sliding_window_view(x, 3))
    assert interleaves(np.lib.stride_tricks.as_strided(x, (2, 3), (6, 4)))
    assert not overlaps_itself(np.lib.stride_tricks.as_strided(x, (2, 3), (6, 4)))
