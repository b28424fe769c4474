"""What a statement says otherwise than its source: permissions, bounds of dates, steps, parts."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.contrasts.date_bounds import check_date_bounds
from core.chat.citations.contrasts.opposite_verdicts import Comparison, compare_verdicts
from core.chat.citations.contrasts.step_order import check_step_order
from core.chat.citations.sentence_features import answer_features, passage_features
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.conversations.conversation import SentenceVerdict
from tests.chat.citations.test_citations import source

UNSURE = SupportChance(0.6, 0.3)


def verdict(answer: str, passage: str, question: str = "") -> SentenceVerdict:
    """Return the verdict where the judge is unsure."""
    judgement = AnswerJudgement(answer, [source(1, passage)], question)
    [sentence] = judgement.result([UNSURE for _ in judgement.statements()]).sentences
    return sentence.verdict


@pytest.mark.parametrize(
    ("statement", "passage", "expected"),
    [
        ("Smoking is forbidden.", "Smoking is not allowed in the house.", Comparison.SAME),
        ("Smoking is not forbidden.", "Smoking is allowed in the house.", Comparison.SAME),
        ("Smoking is allowed.", "Smoking is not allowed in the house.", Comparison.OPPOSITE),
        ("Guests may smoke.", "Smoking is forbidden for guests.", Comparison.OPPOSITE),
        (
            "Charcoal may be grilled with.",
            "Grilling with charcoal is forbidden; electric grills are allowed.",
            Comparison.OPPOSITE,
        ),
        (
            "Hens and roosters may be kept.",
            "Keeping hens is allowed, roosters are not.",
            Comparison.NOTHING,
        ),
        (
            "Roosters are forbidden.",
            "Keeping hens is allowed, roosters are not.",
            Comparison.SAME,
        ),
        (
            "La sous-location est autorisée.",
            "La sous-location est interdite.",
            Comparison.OPPOSITE,
        ),
        (
            "La sous-location est interdite.",
            "La sous-location n'est pas autorisée.",
            Comparison.SAME,
        ),
        ("Rauchen ist erlaubt.", "Das Rauchen ist untersagt.", Comparison.OPPOSITE),
        ("В доме разрешено курить.", "Курить в доме запрещено.", Comparison.OPPOSITE),
        ("В доме запрещено курить.", "Курить в доме не разрешено.", Comparison.SAME),
        ("Se permite fumar.", "No se permite fumar.", Comparison.OPPOSITE),
        ("Está permitido fumar.", "Está prohibido fumar.", Comparison.OPPOSITE),
        ("允许饲养宠物。", "本公寓禁止饲养宠物。", Comparison.OPPOSITE),
        ("公園での花火は許可。", "公園での花火は禁止です。", Comparison.OPPOSITE),
        ("التدخين مسموح.", "التدخين ممنوع.", Comparison.OPPOSITE),
        ("The heating is included.", "The heating is not included.", Comparison.OPPOSITE),
        ("The motion was adopted.", "The motion was discussed.", Comparison.NOTHING),
        ("It may rain.", "Rain is possible.", Comparison.NOTHING),
        (
            "Entries are not sorted; readers should allow any order.",
            "Entries are sorted; readers should allow any order.",
            Comparison.NOTHING,
        ),
    ],
)
def test_what_is_allowed_is_compared(statement: str, passage: str, expected: Comparison) -> None:
    assert compare_verdicts(answer_features(statement), passage_features(passage)) is expected


def test_forbidden_is_not_contradicted_by_not_allowed() -> None:
    source_says = "The house has a garden. Smoking is not allowed in the house."
    assert verdict("Smoking is forbidden.", source_says) is SentenceVerdict.SUPPORTED
    assert verdict("Smoking is allowed.", source_says) is SentenceVerdict.CONTRADICTED


@pytest.mark.parametrize(
    ("statement", "passage", "finding"),
    [
        ("It is cut on the 24th of August.", "It is cut after the 24th of August.", "lacking"),
        ("It is cut after 24 August.", "It is cut on August 24.", "lacking"),
        ("It is cut after 24 August.", "It is cut after the 24th of August.", "holds"),
        ("It is cut from 24 August on.", "It is cut on August 24.", "holds"),
        ("It is cut by 24 August.", "It is cut before 24 August.", "holds"),
        ("It is cut on 24 August.", "It is not cut before 24 August.", "holds"),
        ("It is cut on 24 August.", "It is cut two weeks after 24 August.", "holds"),
        ("It is cut on Monday, 24 August.", "It is cut after Monday, 24 August.", "lacking"),
        ("Sie wird am 24. August geschnitten.", "Sie wird nach dem 24.08.2026 fertig.", "lacking"),
        ("Sie wird am 24. August fertig.", "Sie wird nach dem 24. August fertig.", "lacking"),
        ("Elle est taillée le 24 août.", "Elle est taillée après le 24 août.", "lacking"),
        ("Se corta el 24 de agosto.", "Se corta después del 24 de agosto.", "lacking"),
        ("The meeting is on 24 August.", "The meeting is on 24 August, after 8 pm.", "holds"),
    ],
)
def test_a_day_is_not_what_comes_after_it(statement: str, passage: str, finding: str) -> None:
    found = check_date_bounds(answer_features(statement), passage_features(passage))
    assert found is RuleFinding(finding)


STEPS = "First switch off the breaker, then turn the dial to zero."


@pytest.mark.parametrize(
    ("statement", "passage", "finding"),
    [
        ("First turn the dial to zero, then switch off the breaker.", STEPS, "refuted"),
        ("First the breaker is switched off, then the dial is turned.", STEPS, "holds"),
        ("Turn the dial to zero and switch off the breaker.", STEPS, "holds"),
        (
            "First turn the dial to zero, then switch off the breaker.",
            "Before you switch off the breaker, first turn the dial to zero.",
            "holds",
        ),
        (
            "Zuerst den Regler drehen, dann die Sicherung ausschalten.",
            "Zuerst die Sicherung ausschalten, danach den Regler drehen.",
            "refuted",
        ),
    ],
)
def test_steps_stand_in_their_order(statement: str, passage: str, finding: str) -> None:
    found = check_step_order(answer_features(statement), [passage_features(passage)], 0)
    assert found is RuleFinding(finding)


FEE = "The fee covers the room and the heating. Cleaning is paid by the tenant."


@pytest.mark.parametrize(
    ("answer", "passage", "expected"),
    [
        ("The fee covers the room and the heating.", FEE, SentenceVerdict.SUPPORTED),
        ("The fee covers the room and the cleaning.", FEE, SentenceVerdict.UNSUPPORTED),
        (
            "The fee covers the room and the cleaning.",
            "The fee covers the room and the heating. It covers the cleaning, too.",
            SentenceVerdict.SUPPORTED,
        ),
        (
            "The fee covers the room and the cleaning.",
            "The fee covers the room with:\n- heating\n- cleaning",
            SentenceVerdict.SUPPORTED,
        ),
        (
            "The fee covers the room and cleaning is paid by the tenant.",
            FEE,
            SentenceVerdict.SUPPORTED,
        ),
    ],
)
def test_each_joined_part_is_told_of_the_same(
    answer: str, passage: str, expected: SentenceVerdict
) -> None:
    assert verdict(answer, passage) is expected


def test_a_judge_reads_what_is_in_another_language_though_others_share_a_word() -> None:
    others = [source(n, f"Item | Price\nDeposit box {n} | 4\nShelf | {n}") for n in (1, 2, 3)]
    foreign = source(4, "Le dépôt de garantie est de deux mois de loyer et il est rendu à la fin.")
    judgement = AnswerJudgement(
        "The deposit is two months of rent.", [*others, foreign], "How high is the deposit?"
    )
    assert foreign.text in [text for _statement, text in judgement.statements()]


def test_what_shares_words_is_read_before_what_shares_none() -> None:
    others = [source(n, f"Page {n} is about the weather of the coast.") for n in (1, 2, 3)]
    last = source(4, "Conifers are not allowed on the plots of the association.")
    judgement = AnswerJudgement("Conifers are allowed.", [*others, last], "What is forbidden?")
    assert last.text in [text for _statement, text in judgement.statements()]
