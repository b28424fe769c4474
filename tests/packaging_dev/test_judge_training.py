"""Training pairs of the judge: made by rule, with the labels that they deserve."""

from pathlib import Path
from random import Random

import msgspec
import pytest

from judge_training import corruptions
from judge_training.loosening import loosen
from judge_training.training_mix import TrainingMix, is_held
from judge_training.training_pairs import (
    Label,
    QuestionRow,
    QuestionSource,
    StatementRow,
    statement_pairs,
)

CONTEXT = (
    "The bridge over the Aln was built in 1887 by Martha Kerr. It is 262 metres long. "
    "Before the bridge, a ferry ran twice a day between Holm and Lesund. "
    "It was closed to lorries in March 1974, after a flood."
)
ROW = QuestionRow(
    source="made", group="Aln Bridge", question="Who built the bridge over the Aln?",
    context=CONTEXT, answerable=True, answers=("Martha Kerr",), starts=(CONTEXT.index("Martha"),),
)  # fmt: skip
OTHER = msgspec.structs.replace(
    ROW, context="The bridge keeper lives in Lesund and counts the carts.", answers=(), starts=()
)


@pytest.mark.parametrize("seed", range(40))
def test_a_corruption_changes_one_place_and_says_which_kind(seed: int) -> None:
    sentence = "It was closed to lorries in March 1974, after a flood, by Martha Kerr."
    changed = corruptions.corrupt(sentence, CONTEXT, Random(seed))
    assert changed is not None
    text, kind = changed
    assert text != sentence
    assert kind in {"number", "name", "opposite", "negation", "group"}


def test_numbers_keep_their_form_and_names_come_from_the_document() -> None:
    for seed in range(20):
        number = corruptions.change_number("It is 262 metres long.", CONTEXT, Random(seed))
        assert number is not None
        assert len(number) == len("It is 262 metres long.")
        assert "262" not in number
        name = corruptions.change_name("He met Martha Kerr there.", CONTEXT, Random(seed))
        assert name is not None
        assert name.removeprefix("He met ").removesuffix(" there.") in CONTEXT


def test_a_negation_is_put_in_and_taken_out() -> None:
    assert corruptions.negate("It is open.", Random(1)) == "It is not open."
    assert corruptions.negate("It is not open.", Random(1)) == "It is open."
    assert corruptions.negate("They don't swim.", Random(1)) == "They do swim."
    assert corruptions.negate("Who was there?", Random(1)) == "Who wasn't there?"
    assert corruptions.negate("Nothing to turn round", Random(1)) is None


def test_what_answers_holds_the_answer_and_what_does_not_lacks_it() -> None:
    source = QuestionSource([ROW, OTHER], Random(3))
    pairs = [pair for _round in range(60) for pair in source.pairs(ROW)]
    answering = [pair for pair in pairs if not pair.statement and pair.label == 1]
    assert len(answering) == 60
    for pair in answering:
        assert pair.span is not None
        assert pair.evidence[slice(*pair.span)] == "Martha Kerr"
    for pair in pairs:
        if not pair.statement and pair.label == 0 and pair.question == ROW.question:
            assert "Martha Kerr" not in pair.evidence
    labels = {pair.label for pair in pairs if pair.statement}
    assert labels == set(Label)


def test_an_unanswerable_question_gives_no_right_answer() -> None:
    row = msgspec.structs.replace(ROW, answerable=False, plausible=("Lesund",))
    pairs = QuestionSource([row], Random(3)).pairs(row)
    assert [pair.label for pair in pairs] == [0, Label.UNSUPPORTED]


def test_yes_and_no_are_judged_with_their_question() -> None:
    row = msgspec.structs.replace(ROW, answers=(), starts=(), yesno=False)
    said = {
        pair.statement.strip(".").lower(): pair.label
        for pair in QuestionSource([row, OTHER], Random(3)).pairs(row)
        if pair.statement
    }
    assert said == {"yes": Label.CONTRADICTED, "no": Label.SUPPORTED}


def test_a_statement_meets_the_evidence_of_another_as_unsupported() -> None:
    row = StatementRow("made", "a", "The bridge is long.", "It is 262 metres long.", "supported")
    other = StatementRow("made", "b", "Cheese is old.", ("Cheese is old.", "So."), "supported")
    pairs = [p for seed in range(60) for p in statement_pairs(row, other, Random(seed))]
    far = [pair for pair in pairs if "Cheese" in pair.evidence]
    assert far
    assert all(pair.label == Label.UNSUPPORTED for pair in far)


def test_loosened_sentences_keep_their_numbers() -> None:
    for seed in range(30):
        assert "1887" in loosen("However, the bridge was built in 1887.", Random(seed))


def test_held_documents_are_never_drawn(tmp_path: Path) -> None:
    pages = [first + second for first in "abcdefghi" for second in "abcdefghi"]
    rows = [
        {"kind": "nli", "source": "made", "group": page, "statement": page, "evidence": "e"}
        | {"label": "supported"}
        for page in pages
    ]
    lines = b"\n".join(msgspec.json.encode(row) for row in rows)
    (tmp_path / "wice-dev.jsonl").write_bytes(lines)
    drawn = TrainingMix(tmp_path, {}, seed=1).pairs()
    statements = {next(drawn).statement for _n in range(600)}
    held = {page for page in pages if is_held("wice-dev", page)}
    assert 10 < len(held) < 40
    assert statements == set(pages) - held
