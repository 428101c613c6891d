"""The table of checks that can be lost stands as it is in the source; what their loss does, `scripts/mutate` finds out."""

from __future__ import annotations

from dataclasses import replace

from model.mutants import HEADER, faults_of, list_forgotten, plant, read_spared, read_table

TABLE = read_table()


def test_every_line_of_the_table_stands_in_the_source_as_often_as_in_the_table():
    assert len(TABLE) > 340
    assert faults_of(TABLE) == []


def test_every_file_that_refuses_something_in_a_call_is_in_the_table():
    files, spared = {mutant.file for mutant in TABLE}, read_spared()
    assert list_forgotten(files, set(spared)) == []
    assert all(len(reason.split()) > 5 for reason in spared.values())
    assert list_forgotten(files - {"call/guard.cpp"}, {*spared, "call/half.cpp"}) == [
        "src/call/guard.cpp refuses something, and has no line in the table",
        "src/call/half.cpp needs no reason to have no line",
    ]


def test_a_check_that_moved_or_has_the_name_of_another_is_told():
    first, second = TABLE[:2]
    moved = replace(first, line=first.line.replace("«", "«never_written && "))
    assert faults_of([moved, replace(second, name=first.name)]) == [
        f"{first.name}: the name is taken twice",
        f"{first.name}: stands 0 times in src/call/examine.cpp, 1 times in the table: {moved.original}",
    ]


def test_a_test_that_is_to_notice_a_loss_must_be_there():
    (mutant,) = (mutant for mutant in TABLE if mutant.name == "fast-count")
    assert (mutant.proof.partition("::")[0], mutant.harmless) == ("test_language_sides.py", "")
    for proof in ("test_language_sides.py::test_of_nothing", "test_nowhere.py::test_of_nothing", "test_language_sides.py"):
        assert faults_of([replace(mutant, proof=proof)]) == [f"fast-count: there is no test {proof}"]


def test_a_loss_that_changes_nothing_has_its_reason_in_the_table():
    harmless = [mutant for mutant in TABLE if mutant.harmless]
    assert {"fast-step-overflow", "size-overflow"} <= {mutant.name for mutant in harmless}
    assert all(len(mutant.harmless.split()) > 8 and not mutant.proof for mutant in harmless)


def test_a_planted_file_is_the_source_with_its_conditions_in_macros(tmp_path):
    by_name = {mutant.name: mutant for mutant in TABLE}
    kind, size = by_name["dtype-kind"], by_name["dtype-itemsize"]
    plant([by_name["fast-dtype"]], tmp_path)
    (path,) = plant([kind, size], tmp_path)
    assert sorted(tmp_path.rglob("*.?pp")) == [path, tmp_path / "mutants.hpp"]
    assert (tmp_path / "mutants.hpp").read_text(encoding="utf-8") == HEADER
    text = path.read_text(encoding="utf-8")
    assert text.startswith('#include "mutants.hpp"\n')
    assert (
        'return NDCALL_DEMANDS("dtype-kind", wanted.kind == view.dtype.kind) && '
        'NDCALL_DEMANDS("dtype-itemsize", wanted.itemsize == view.dtype.itemsize);'
    ) in text


def test_of_a_line_that_stands_twice_each_place_can_be_lost(tmp_path):
    twice = [mutant for mutant in TABLE if mutant.name in ("step-zero", "rows-zero")]
    (path,) = plant(twice, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert 0 < text.index('NDCALL_REFUSES("step-zero", step == 0)') < text.index('NDCALL_REFUSES("rows-zero", step == 0)')
