"""Verdicts on sentences: what is supported, contradicted, not in the sources, and no statement."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_verdicts import SupportChance
from tests.chat.citations.test_citations import OTHER, source


def verdicts(answer: str, *passages: str, question: str = "") -> list[tuple[str, str]]:
    """Return each judged sentence of an answer with its verdict."""
    sources = [source(n, text) for n, text in enumerate(passages, start=1)]
    judged = AnswerJudgement(answer, sources, question).result()
    return [(judged.text[each.start : each.end], each.verdict.value) for each in judged.sentences]


def verdict(answer: str, *passages: str, question: str = "") -> str:
    """Return the verdict on the only sentence of an answer."""
    ((_sentence, found),) = verdicts(answer, *passages, question=question)
    return found


LEASE = (
    "The lease was signed in 1981. The monthly rent is 740 euros, the deposit 1,480 euros. "
    "Keeping dogs is not allowed in the house."
)
FERRY = "The first ferry leaves Harbour Pier at 9:00. The last ferry leaves at 18:30."
BOXES = "The wardrobe is 202 cm high and 120 cm wide."


@pytest.mark.parametrize(
    ("answer", "passage"),
    [
        ("The lease was signed in 1982.", LEASE),
        ("The wardrobe is 262 cm high.", BOXES),
        ("The wardrobe is 120 cm high.", BOXES),
        ("The deposit is 740 euros.", LEASE),
        ("The last ferry leaves Harbour Pier at 9:00.", FERRY),
        ("Keeping dogs is allowed in the house.", LEASE),
        ("The shop opens at six on Sundays.", "The shop closes at six on Sundays."),
        ("Send the form before you pay the fee.", "Send the form after you pay the fee."),
    ],
)
def test_what_the_passage_says_otherwise_is_contradicted(answer: str, passage: str) -> None:
    assert verdict(answer, passage, OTHER) == "contradicted"


@pytest.mark.parametrize(
    ("answer", "passage"),
    [
        ("The first ferry leaves Harbour Pier at nine in the evening.", FERRY),
        ("The notice period is 3 months.", "The notice period is 3 weeks."),
        ("The wardrobe was bought by Anna Weber in Bremen.", BOXES + " Anna Weber wrote this."),
        ("The dogs are 740 euros.", LEASE),
    ],
)
def test_what_the_passage_lacks_is_not_supported(answer: str, passage: str) -> None:
    assert verdict(answer, passage, OTHER) != "supported"


@pytest.mark.parametrize(
    ("question", "answer", "passage", "expected"),
    [
        (
            "When does the market open in March?",
            "March 12th, between eight and ten.",
            "The market opens on 12 March between 8:00 and 10:00.",
            "supported",
        ),
        ("May I keep a dog in the house?", "No, you cannot keep dogs.", LEASE, "supported"),
        (
            "How many wardrobes are there?",
            "The answer to this question is 1.",
            LEASE,
            "unsupported",
        ),
        ("What is the rent?", "740 euros.", LEASE, "supported"),
        ("What is the deposit?", "740 euros.", LEASE, "contradicted"),
        ("When do the trains leave?", "At 9:00.", FERRY, "unsupported"),
    ],
)
def test_a_short_answer_is_understood_with_its_question(
    question: str, answer: str, passage: str, expected: str
) -> None:
    assert verdict(answer, passage, OTHER, question=question) == expected


@pytest.mark.parametrize(
    "phrase",
    [
        "Hello!",
        "Sure, I can help you with that.",
        "Here is the list:",
        "## Rent and deposit",
        "**Rent**",
        "Which lease do you mean?",
        "I hope this helps!",
        "The documents do not mention a pet clause.",
        "Hier ist die Liste:",
        "---",
    ],
)
def test_a_common_phrase_gets_no_verdict(phrase: str) -> None:
    assert verdicts(phrase, LEASE, OTHER) == []


def test_rows_entries_and_lines_of_code_are_judged_each() -> None:
    answer = (
        "The amounts:\n- the rent is 740 euros\n- the deposit is 1,500 euros\n\n"
        "| What | Euros |\n|---|---|\n| rent | 740 |\n| deposit | 740 |\n\n"
        "```\npip install wardrobe\n}\n```\n"
    )
    assert verdicts(answer, LEASE, "Run pip install wardrobe first.") == [
        ("- the rent is 740 euros", "supported"),
        ("- the deposit is 1,500 euros", "contradicted"),
        ("| rent | 740 |", "supported"),
        ("| deposit | 740 |", "contradicted"),
        ("pip install wardrobe", "supported"),
    ]


def test_a_judge_weighs_in_with_the_rules() -> None:
    passage = source(1, "Dogs, cats and birds must stay outside.")
    judgement = AnswerJudgement("Animals may not enter the building.", [passage])
    assert judgement.statements() == [("Animals may not enter the building.", passage.text)]
    for chance, expected in (
        (SupportChance(0.9, 0.05), "supported"),
        (SupportChance(0.05, 0.9), "contradicted"),
        (SupportChance(0.3, 0.3), "unsupported"),
    ):
        (sentence,) = judgement.result([chance]).sentences
        assert sentence.verdict.value == expected
        assert (sentence.support, sentence.contradiction) == chance


def test_no_judge_overrules_another_number() -> None:
    judgement = AnswerJudgement("The lease was signed in 1982.", [source(1, LEASE)])
    (sentence,) = judgement.result([SupportChance(0.8, 0.1)]).sentences
    assert sentence.verdict.value == "contradicted"
    said = LEASE[sentence.source_start : sentence.source_end]
    assert said == "The lease was signed in 1981."


VACCINES = (
    "vaccine | date | next due\ntetanus | 2019-05-22 | 2029-05-22\n"
    "encephalitis | 2021-04-12 | 2024-04-12\n"
)


def test_a_row_of_a_source_is_judged_alone() -> None:
    judgement = AnswerJudgement("The tetanus jab is due 2029-05-22.", [source(1, VACCINES)])
    (sentence,) = judgement.result().sentences
    assert sentence.verdict.value == "supported"
    said = VACCINES[sentence.source_start : sentence.source_end]
    assert said == "tetanus | 2019-05-22 | 2029-05-22"


def test_no_judge_supports_a_date_that_is_not_there() -> None:
    judgement = AnswerJudgement("The tetanus jab is due 2029-04-12.", [source(1, VACCINES)])
    (sentence,) = judgement.result([SupportChance(0.7, 0.2)]).sentences
    assert sentence.verdict.value != "supported"


@pytest.mark.parametrize(("chance", "found"), [(0.4, "unsupported"), (0.6, "supported")])
def test_of_a_brief_statement_each_missing_word_counts(chance: float, found: str) -> None:
    passage = "You may use these commands to move text to another file. The register keeps it."
    answer = "You may use these commands to copy text."
    judgement = AnswerJudgement(answer, [source(1, passage)])
    chances = [SupportChance(chance, 0.0) for _pair in judgement.statements()]
    assert [each.verdict.value for each in judgement.result(chances).sentences] == [found]
