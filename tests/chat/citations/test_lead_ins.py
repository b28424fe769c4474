"""Lead-ins of answers are not judged: only what follows them states something."""

import pytest

from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.citations.lead_ins import lead_in_length
from core.chat.conversations.conversation import SentenceVerdict
from tests.chat.citations.test_citations import source


@pytest.mark.parametrize(
    ("sentence", "stated"),
    [
        ("The answer is: 940 pounds.", "940 pounds."),
        ("So, the answer to your question is that it rains.", "it rains."),
        ("Answer: 940 pounds", "940 pounds"),
        ("Based on the provided context, the deposit is 940.", "the deposit is 940."),
        ("According to the documents, the answer is 940.", "940."),
        ("The passage states that dogs are allowed.", "dogs are allowed."),
        ("Die Antwort auf deine Frage lautet: 940 Euro.", "940 Euro."),
        ("Im Dokument steht, dass Hunde erlaubt sind.", "Hunde erlaubt sind."),
        ("D’après le texte, la réponse est 940.", "940."),
        ("Según el texto, la respuesta es 940.", "940."),
        ("La risposta è: 940 euro.", "940 euro."),
        ("A resposta é 940.", "940."),
        ("Het antwoord luidt: 940.", "940."),
        ("Odpowiedź to 940 złotych.", "940 złotych."),
        ("Odpověď zní: 940 korun.", "940 korun."),
        ("Согласно документу, ответ: 940.", "940."),
        ("Відповідь на питання: 940.", "940."),
        ("根据上述文本，正确答案是：940元。", "940元。"),
        ("答えは、940円です。", "940円です。"),
        ("الإجابة هي: 940.", "940."),
    ],
)
def test_what_leads_to_a_statement_is_left_out(sentence: str, stated: str) -> None:
    assert sentence[lead_in_length(sentence) :] == stated


@pytest.mark.parametrize(
    "sentence",
    [
        "The answer was given by the council in May.",
        "In the file cabinet, there are 940 letters.",
        "In the folder of the lease, page 4 is missing.",
        "According to the lease, the deposit is 940.",
        "The document is dated 4 May.",
        "Ответственный инженер живёт в Киеве.",
        "Laut Vertrag sind Hunde erlaubt.",
        "答案很长。",
    ],
)
def test_what_states_something_is_judged_whole(sentence: str) -> None:
    assert lead_in_length(sentence) == 0


def test_a_judge_reads_the_statement_and_the_whole_sentence_is_marked() -> None:
    answer = "Based on the provided text, the deposit is 940 pounds."
    judgement = AnswerJudgement(
        answer, [source(1, "The deposit is 940 pounds.")], "How high is it?"
    )
    assert [statement for statement, _evidence in judgement.statements()] == [
        "the deposit is 940 pounds."
    ]
    [sentence] = judgement.result().sentences
    assert (sentence.start, sentence.end) == (0, len(answer))
    assert sentence.verdict is SentenceVerdict.SUPPORTED
