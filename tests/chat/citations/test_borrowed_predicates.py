"""A statement that says of one subject what its source says of another one."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.conversations.conversation import SentenceVerdict, Source

ENGLISH = (
    "The harbour office opens at eight in the morning. "
    "The ferry to Ronsay is suspended during the winter storms. "
    "Dogs must be kept on a lead in the waiting room."
)
GERMAN = (
    "Das Hafenamt wird im Sommer renoviert. "
    "Die Fähre nach Norden ist während der Stürme eingestellt. Sie fährt ab Mai wieder täglich."
)
FRENCH = (
    "Le musée a acheté la collection Lambert. "
    "La bibliothèque municipale sera fermée pendant les travaux de toiture. "
    "Elle rouvrira après les vacances scolaires."
)
RUSSIAN = (
    "Музей купил коллекцию Ламберта. Городская библиотека закрыта во время ремонта крыши. "
    "Она откроется после школьных каникул."
)
ARABIC = "اشترى المتحف مجموعة لامبرت. المكتبة العامة مغلقة أثناء إصلاح السقف. الموقف مجاني للزوار."
CHINESE = "博物馆购买了兰伯特藏品。市立图书馆在屋顶维修期间关闭。停车场对游客免费。"
NAMES = (
    "Anna Berg leads the survey in Tromsø. Paul Ness repaired the old lighthouse lamp in spring."
)
TURKISH = (
    "Müze koleksiyonu satın aldı. Belediye kütüphanesi çatı onarımı sırasında kapalı olacak. "
    "Otopark ziyaretçilere ücretsizdir."
)


def _verdict(statement: str, text: str, *chances: SupportChance) -> SentenceVerdict:
    source = Source(
        n=1, folder_id="f", folder="Home", file="a.txt", path="a.txt", page=None,
        heading="", text=text, content_hash="", score=1.0,
    )  # fmt: skip
    return AnswerJudgement(statement, [source]).result(chances).sentences[0].verdict


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        (ENGLISH, "The harbour office is suspended during the winter storms."),
        (ENGLISH, "Dogs are suspended during the winter storms."),
        (GERMAN, "Das Hafenamt ist während der Stürme eingestellt."),
        (FRENCH, "Le musée sera fermé pendant les travaux de toiture."),
        (RUSSIAN, "Музей закрыт во время ремонта крыши."),
        (ARABIC, "المتحف مغلقة أثناء إصلاح السقف."),
        (CHINESE, "博物馆在屋顶维修期间关闭。"),
        (TURKISH, "Müze çatı onarımı sırasında kapalı olacak."),
        (NAMES, "Anna Berg repaired the old lighthouse lamp in spring."),
        (NAMES, "Paul Ness leads the survey in Tromsø."),
    ],
)
def test_what_is_said_of_another_subject_supports_nothing(text: str, statement: str) -> None:
    assert _verdict(statement, text) is not SentenceVerdict.SUPPORTED


@pytest.mark.parametrize(
    ("text", "statement"),
    [
        (ENGLISH, "The ferry to Ronsay is suspended during the winter storms."),
        (ENGLISH, "The harbour office opens at eight and dogs must be kept on a lead."),
        (GERMAN, "Die Fähre nach Norden fährt ab Mai wieder täglich."),
        (FRENCH, "La bibliothèque municipale rouvrira après les vacances scolaires."),
        (RUSSIAN, "Городская библиотека откроется после школьных каникул."),
        (ARABIC, "المكتبة العامة مغلقة أثناء إصلاح السقف."),
        (CHINESE, "市立图书馆在屋顶维修期间关闭。"),
        (TURKISH, "Belediye kütüphanesi çatı onarımı sırasında kapalı olacak."),
        (NAMES, "Paul Ness repaired the old lighthouse lamp."),
    ],
)
def test_what_goes_on_about_the_same_subject_supports(text: str, statement: str) -> None:
    assert _verdict(statement, text) is SentenceVerdict.SUPPORTED


def test_a_judge_can_tell_that_another_word_means_the_same() -> None:
    text = (
        "Acme Ltd. was founded in 1990 in Leeds. "
        "The company was sold to a French bank after the strike."
    )
    statement = "Acme Ltd. was sold to a French bank after the strike."
    assert _verdict(statement, text, SupportChance(0.9, 0.02)) is SentenceVerdict.SUPPORTED


def test_words_of_the_source_stitched_together_deceive_no_judge() -> None:
    statement = "Anna Berg repaired the old lighthouse lamp in spring."
    deceived = SupportChance(0.95, 0.02)
    assert _verdict(statement, NAMES, deceived) is not SentenceVerdict.SUPPORTED
