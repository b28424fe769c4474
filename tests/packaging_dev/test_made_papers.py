"""Made papers of the judge's training: what they say they answer stands in them."""

import re
from collections import defaultdict
from random import Random

import pytest

from judge_training.made_papers import PaperMaker, Row
from judge_training.made_tables import TableMaker
from judge_training.made_texts import MadeTexts, Thing, read_questions_abroad, read_texts
from judge_training.made_values import LANGUAGES, make_value
from judge_training.training_mix import is_held


@pytest.fixture(scope="module")
def texts() -> MadeTexts:
    return read_texts("training_texts")


def _rows(texts: MadeTexts, seed: int) -> list[Row]:
    papers, tables = (maker(Random(seed), texts) for maker in (PaperMaker, TableMaker))
    return [
        row
        for number, kind in enumerate(texts.kinds)
        for row in (tables if kind.columns else papers).rows(kind, number)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_an_answered_question_has_its_answer_in_the_paper(texts: MadeTexts, seed: int) -> None:
    questions = [row for row in _rows(texts, seed) if row["kind"] == "qa"]
    for row in questions:
        assert row["answerable"] == bool(row["answers"])
        for answer, start in zip(row["answers"], row["starts"], strict=True):
            assert row["context"][start:].startswith(answer)
    assert 0.35 < sum(row["answerable"] for row in questions) / len(questions) < 0.65


def test_statements_are_of_all_three_kinds_and_differ_from_each_other(texts: MadeTexts) -> None:
    labels = defaultdict(list)
    for row in _rows(texts, 4):
        if row["kind"] == "nli":
            assert row["statement"]
            assert "{" not in row["statement"] + row["question"] + row["evidence"]
            labels[row["label"]].append(row)
    assert set(labels) == {"supported", "contradicted", "unsupported"}
    sizes = [len(rows) for rows in labels.values()]
    assert min(sizes) > 0.5 * max(sizes)


def test_kinds_that_are_held_back_are_others_than_those_trained_on(texts: MadeTexts) -> None:
    held = read_texts("held_texts")
    assert not {kind.name for kind in held.kinds} & {kind.name for kind in texts.kinds}
    assert is_held("held-papers-claims", "lease:3")
    assert not is_held("made-papers", "gym:3")


def test_a_thing_has_its_own_unit_in_every_paper(texts: MadeTexts) -> None:
    things = [
        thing
        for each in (texts, read_texts("held_texts"))
        for kind in each.kinds
        for thing in (*kind.things, *kind.columns)
        if thing.plain_type in {"measure", "span"}
    ]
    assert len(things) > 20
    for thing in things:
        made = [make_value(thing.value_type, "en", Random(seed)).written for seed in range(12)]
        assert len({re.sub(r"[\d.]+ ?", "", text) for text in made}) == 1, thing


def test_names_are_there_in_every_language(texts: MadeTexts) -> None:
    def assert_whole(thing: Thing) -> None:
        assert set(thing.names) == set(LANGUAGES)
        assert all(thing.names.values())

    for kind in texts.kinds:
        assert set(kind.titles) == set(LANGUAGES)
        for thing in (*kind.things, *kind.columns):
            assert_whole(thing)
        if kind.columns:
            assert len({len(rows) for rows in kind.rows.values()}) == 1
    assert all(set(rule) == set(LANGUAGES) for rule in texts.rules)
    assert all(len(set(each)) == 5 for each in read_questions_abroad().values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sum_is_said_as_the_language_says_it(language: str) -> None:
    value = make_value("money:12-13", language, Random(2))
    assert value.written.strip("€$£ EUR").startswith("12")
    assert set(value.abroad) == set(LANGUAGES)
