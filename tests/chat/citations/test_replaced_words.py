"""A statement that is its source's sentence but for a name, a number or its subject."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.conversations.conversation import SentenceVerdict, Source

TEXT = (
    "Copper kettles cool within two hours in a warm room. "
    "The mill at Harwick was restored by Ada Brandt with money of the county. "
    "It was opened to visitors by Paul Keller in the spring of 1987. "
    "Wooden gutters were painted every summer by the pupils of the school."
)
SUPPORTED, UNSUPPORTED = SentenceVerdict.SUPPORTED, SentenceVerdict.UNSUPPORTED
CONTRADICTED = SentenceVerdict.CONTRADICTED


def _verdict(statement: str, supported: float = 0.8) -> SentenceVerdict:
    source = Source(
        n=1, folder_id="f", folder="Club", file="mill.txt", path="mill.txt", page=None,
        heading="", text=TEXT, content_hash="", score=1.0,
    )  # fmt: skip
    judgement = AnswerJudgement(statement, [source])
    return judgement.result([SupportChance(supported, 0.1)]).sentences[0].verdict


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        ("The mill at Harwick was restored by Ada Brandt with money of the county.", SUPPORTED),
        ("The mill at Harwick was repaired by Ada Brandt with money of the county.", SUPPORTED),
        ("The mill at Harwick was restored by Paul Keller with money of the county.", CONTRADICTED),
        ("The mill at Ostrava was restored by Ada Brandt with money of the county.", CONTRADICTED),
        ("The mill was opened to visitors by Paul Keller in the spring of 1987.", SUPPORTED),
        ("The mill was opened to visitors by Paul Keller in the spring of 1978.", CONTRADICTED),
        ("Copper kettles were painted every summer by the pupils of the school.", UNSUPPORTED),
    ],
)
def test_what_stands_in_the_same_place_is_compared(
    statement: str, verdict: SentenceVerdict
) -> None:
    assert _verdict(statement) is verdict


ADDED = "In addition to the rent, heating costs are paid."


@pytest.mark.parametrize(
    ("statement", "text", "verdict"),
    [
        ("The rent includes the heating costs.", ADDED, CONTRADICTED),
        ("The rent includes the heating costs.", "Heating costs are included.", SUPPORTED),
        ("Die Miete ist inklusive Heizkosten.", "Zur Miete kommen Heizkosten hinzu.", CONTRADICTED),
        ("Heating costs are paid in addition to the rent.", ADDED, SUPPORTED),
    ],
)
def test_what_comes_on_top_is_not_included(
    statement: str, text: str, verdict: SentenceVerdict
) -> None:
    source = Source(
        n=1, folder_id="f", folder="Club", file="a.txt", path="a.txt", page=None,
        heading="", text=text, content_hash="", score=1.0,
    )  # fmt: skip
    judgement = AnswerJudgement(statement, [source])
    assert judgement.result([SupportChance(0.8, 0.1)]).sentences[0].verdict is verdict
