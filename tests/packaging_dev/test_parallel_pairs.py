"""Parallel pairs of the judge: translations read as runs, and what they say of each other."""

from pathlib import Path
from random import Random

import pytest

from judge_training.clones import Clone
from judge_training.made_texts import read_answers_abroad, read_questions_abroad
from judge_training.parallel_pairs import ParallelRow, parallel_examples
from judge_training.parallel_sources import Documents, gnome_help, parallel_rows
from judge_training.training_pairs import Label, Pair, parallel_pairs

ENGLISH = (
    "The bridge over the Aln was built in 1887 by Martha Kerr.",
    "It is 262 metres long and carries two lanes.",
    "Before the bridge, a ferry ran twice a day to Lesund.",
    "The bridge was closed to lorries in March 1974.",
)
GERMAN = (
    "Die Brücke über den Aln wurde 1887 von Martha Kerr gebaut.",
    "Sie ist 262 Meter lang und hat zwei Spuren.",
    "Vor der Brücke fuhr zweimal am Tag eine Fähre nach Lesund.",
    "Im März 1974 wurde die Brücke für Lastwagen gesperrt.",
)
ROW = ParallelRow("made", "Aln Bridge", "de", "en", GERMAN, ENGLISH, 1)


def _pairs() -> list[Pair]:
    return [pair for seed in range(60) for pair in parallel_pairs(ROW, Random(seed))]


def test_only_the_whole_translation_supports_a_statement() -> None:
    for pair in _pairs():
        if pair.label is Label.SUPPORTED:
            assert GERMAN[1] in pair.statement
            assert ENGLISH[1] in pair.evidence or GERMAN[1] in pair.evidence
        if pair.label is Label.UNSUPPORTED and pair.statement == GERMAN[1]:
            assert ENGLISH[1] not in pair.evidence
            assert GERMAN[1] not in pair.evidence


def test_a_contradicted_statement_or_its_evidence_is_changed_in_one_fact() -> None:
    contradicted = [pair for pair in _pairs() if pair.label is Label.CONTRADICTED]
    assert contradicted
    for pair in contradicted:
        is_said = pair.statement == GERMAN[1]
        is_read = ENGLISH[1] in pair.evidence or GERMAN[1] in pair.evidence
        assert is_said is not is_read


def test_every_row_gives_a_supported_example_and_one_that_is_not() -> None:
    for seed in range(30):
        labels = [label for *_texts, label in parallel_examples(ROW, Random(seed))]
        assert labels[0] == "supported"
        assert {"contradicted", "unsupported"} & set(labels[1:])


def test_rows_hold_the_same_sentences_in_both_languages() -> None:
    paragraphs = zip(ENGLISH, GERMAN, strict=True)
    places = {n: {"en": one, "de": other} for n, (one, other) in enumerate(paragraphs)}
    documents: Documents = {"Aln Bridge": places}
    rows = list(parallel_rows(documents, 40, 1))
    assert len(rows) == 40
    assert {row["lang"] for row in rows} == {"en", "de"}
    sides = dict(zip(ENGLISH, GERMAN, strict=True)) | dict(zip(GERMAN, ENGLISH, strict=True))
    for row in rows:
        assert [sides[each] for each in row["statements"]] == row["evidence"]


PO = """
msgid ""
msgstr "Language: de"

#: C/power.page:10
msgid "The <gui>Power</gui> panel shows "
"the charge of the battery."
msgstr "Das Feld <gui>Energie</gui> zeigt, "
"wie voll der Akku ist."

#, fuzzy
#: C/power.page:12
msgid "The screen is dimmed to save power."
msgstr "Etwas ganz anderes steht hier."

#: C/power.page:14 C/other.page:9
msgid "Close the lid to suspend the computer."
msgstr "Schließen Sie den Deckel, um den Rechner ruhen zu lassen."

#: C/power.page:20
msgid "Press the button to turn the computer off."
msgstr "Drücken Sie den Knopf, um den Rechner auszuschalten."
"""


def test_pages_are_read_without_marks_and_doubtful_translations(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Clone, "text", lambda _clone, path: PO if "/de/" in path else "")
    rows = list(gnome_help(Clone(tmp_path, "GNOME/gnome-user-docs", "0")))
    assert rows
    texts = {text for row in rows for text in (*row["statements"], *row["evidence"])}
    assert "Das Feld Energie zeigt, wie voll der Akku ist." in texts
    assert not any("dimmed" in text or "<" in text for text in texts)


def test_answers_abroad_answer_questions_abroad_and_can_stand_in_for_each_other() -> None:
    answers = list(read_answers_abroad().values())
    languages = {len(each) for each in read_questions_abroad().values()}
    assert {len(each.translated) for each in answers} == languages
    kinds = [each.kind for each in answers]
    assert all(kinds.count(kind) > 2 for kind in kinds)
