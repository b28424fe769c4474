"""Written values: an answer may spell a time, date, amount or share otherwise than its source."""

from itertools import product

import pytest

from core.chat.citations.alike_spellings import spelled_alike
from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.written_values import plain_values, values_alike
from core.chat.conversations.conversation import SentenceVerdict
from tests.chat.citations.test_citations import source

SUPPORTED = SentenceVerdict.SUPPORTED
WAYS = {
    "The rent of the second flat is {} a month, due on its third day.": (
        [
            "1.145,00 €",
            "EUR 1,145.00",
            "1145 €",
            "€1,145",
            "1 145,00 EUR",
            "1'145.00 euros",
            "1.145,- €",
            "€ 1.145,--",
            "1\u202f145 €",
            "1.145,00 Euro",
        ],
        ["1,154 euros", "1.145 $", "11.45 €", "£1,145", "1,145,000 €"],
    ),
    "The last train to Vienna leaves platform four at {} each night.": (
        [
            "11:30 PM",
            "23:30",
            "23.30 Uhr",
            "23 Uhr 30",
            "23h30",
            "23:30 h",
            "11.30 p.m.",
            "2330 hrs",
            "11:30 at night",
        ],
        ["11:20 PM", "23:40", "22h30", "11:30 AM", "11:30 in the morning"],
    ),
    "Both parties signed the contract in Cologne on {} at noon.": (
        [
            "3 March 2024",
            "03.03.2024",
            "2024-03-03",
            "March 3, 2024",
            "3. März 2024",
            "3 mars 2024",
            "3/3/2024",
            "3 Mar 2024",
            "Mar. 3rd, 2024",
            "3 de marzo de 2024",
        ],
        ["4 March 2024", "03.04.2024", "2023-03-03", "3 Mar 2023"],
    ),
    "Of all members of the club {} voted for the new statute.": (
        ["12.5%", "12,5 %", "12.5 percent", "12,50 Prozent", "12,5 pour cent", "12.5 pct"],
        ["15.2%", "125 %", "21,5 Prozent"],
    ),
}


def _verdict(said: str, read: str) -> SentenceVerdict:
    [sentence] = AnswerJudgement(said, [source(1, read)]).result().sentences
    return sentence.verdict


def test_the_rules_support_a_value_in_each_of_its_spellings() -> None:
    missed = [
        (one, other)
        for sentence, (same, _others) in WAYS.items()
        for one, other in product(same, repeat=2)
        if _verdict(sentence.format(one), sentence.format(other)) is not SUPPORTED
    ]
    assert missed == []


def test_the_rules_support_no_other_value() -> None:
    wrong = [
        (one, other)
        for sentence, (same, others) in WAYS.items()
        for one, other in product(others, same)
        if _verdict(sentence.format(one), sentence.format(other)) is SUPPORTED
    ]
    assert wrong == []


def test_a_judge_reads_a_statement_with_the_spellings_of_its_source() -> None:
    for sentence, (same, others) in WAYS.items():
        for one, other in product(same, repeat=2):
            said, read = spelled_alike(sentence.format(one), sentence.format(other))
            assert said == read
        for one, other in product(others, same):
            said, read = spelled_alike(sentence.format(one), sentence.format(other))
            assert said != read


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("from 5 to 9 pm", "from 17:00 to 21:00"),
        ("from 11 to 1 pm", "from 11:00 to 13:00"),
        ("de 9h30 à 12h", "de 9:30 a 12h"),
        ("12:15 AM", "0:15"),
        ("at 2 at night", "at 2:00"),
        ("um 9 Uhr abends", "um 21:00"),
        ("le 14 juillet 2020", "le 14 juillet 2020"),
        ("version 23.30 of it", "version 23.30 of it"),
        ("IP 10.0.0.1, ratio 16:90", "IP 10.0.0.1, ratio 16:90"),
        ("2 ago", "2 ago"),
        ("20 % of 50 Franken", "20 percent of 50 chf"),
    ],
)
def test_values_are_read_in_one_spelling(text: str, plain: str) -> None:
    assert plain_values(text.replace("à", "a"), names_units=True) == plain


def test_a_value_that_the_source_has_not_stays_as_it_is() -> None:
    read = "Rent: 940,00 €. It is paid on 03.04.2024 by 18:00."
    said = "The rent is 950 euros, paid on 4 May 2024 by 7 PM."
    assert values_alike(said, read) == said
    said = "The rent is 940 euros, paid on 3 April by 6 PM."
    assert values_alike(said, read) == "The rent is 940,00 €, paid on 03.04.2024 by 18:00."
