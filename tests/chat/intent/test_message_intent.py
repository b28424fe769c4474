"""Intent of messages: rules measured on sentences, half of which no rule was made for."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.chat.intent.library_question import LibraryQuestionKind
from core.chat.intent.message_intent import (
    Intent,
    folded_message,
    library_question,
    message_intent,
)

MESSAGES = Path(__file__).with_name("intent_messages.tsv")
INSTRUCTIONS = Path(__file__).with_name("instruction_messages.tsv")
"""What the model is told to keep in mind or how to behave, and questions that begin alike."""
DOCUMENT_QUESTIONS = Path(__file__).with_name("document_questions.tsv")
"""Questions on one matter in a document, and on all of it in words that are alike."""
EVERYDAY = Path(__file__).with_name("everyday_messages.tsv")
"""Letters and e-mails that are there or to be written, changes of an answer, lists of files."""


def messages(*, held: bool, file: Path = MESSAGES) -> Iterator[tuple[str, Intent, bool, str]]:
    """Yield language, intent, whether something was said before, and text; of one half."""
    for line in file.read_text(encoding="utf-8").splitlines():
        language, intent, history, text = line.split("\t")
        if zlib.crc32(text.encode()) % 2 == held:
            yield language, Intent(intent), history == "1", text


@pytest.mark.parametrize("held", [False, True])
@pytest.mark.parametrize("file", [MESSAGES, DOCUMENT_QUESTIONS, EVERYDAY])
def test_nearly_all_messages_are_understood(file: Path, held: bool) -> None:
    some = list(messages(held=held, file=file))
    wrong = [each for each in some if message_intent(each[3], has_history=each[2]) is not each[1]]
    assert len(wrong) <= 0.05 * len(some), wrong


@pytest.mark.parametrize("held", [False, True])
def test_what_the_model_is_told_is_not_searched_for(held: bool) -> None:
    some = list(messages(held=held, file=INSTRUCTIONS))
    wrong = [
        text
        for _language, intent, history, text in some
        if (message_intent(text, has_history=history) is Intent.QUESTION)
        is not (intent is Intent.QUESTION)
    ]
    assert len(wrong) <= 0.05 * len(some), wrong


def test_no_greeting_is_searched_for() -> None:
    talk = [each for held in (False, True) for each in messages(held=held)]
    searched = [
        text
        for _language, intent, history, text in talk
        if intent is Intent.TALK
        and message_intent(text, has_history=history) in {Intent.QUESTION, Intent.WHOLE}
    ]
    assert not searched


def test_what_is_asked_of_documents_is_never_taken_for_talk() -> None:
    asked = [each for held in (False, True) for each in messages(held=held)]
    lost = [
        text
        for _language, intent, history, text in asked
        if intent in {Intent.QUESTION, Intent.WHOLE}
        and message_intent(text, has_history=history) is Intent.TALK
    ]
    assert not lost


@pytest.mark.parametrize(
    "text",
    [
        "Danke, das hat mir sehr geholfen!",
        "Thank you, that was very helpful!",
        "¿Cuánto es 144 dividido entre 12?",
        "144 dividido entre 12",
        "Сколько будет 12 умножить на 12?",
        "what is twelve times 7",
    ],
)
def test_thanks_with_praise_and_sums_in_words_are_talk(text: str) -> None:
    assert message_intent(text, has_history=True) is Intent.TALK


@pytest.mark.parametrize(
    "text",
    [
        "Danke. Such mir den Mietvertrag heraus",
        "Thanks, and the deposit?",
        "Thank you letter of Mrs Keller",
        "Was hat mir geholfen?",
        "twelve months",
        "twenty-seven",
        "Wie viel ist die Miete mal zwölf?",
        "Sorry, I meant the notice period",
    ],
)
def test_what_stands_behind_thanks_is_searched_for(text: str) -> None:
    assert message_intent(text, has_history=True) is Intent.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "?" * 5000,
        "a" * 100_000,
        "1+" * 190 + "x",
        "hi " * 130 + "x",
        "zwei" * 90 + "x",
        "one " * 90 + "plus x",
        "ありがと" * 90 + "x",
        "thanks " * 50 + "x",
    ],
)
@pytest.mark.timeout(20)
def test_no_text_is_too_much_for_the_phrases(text: str) -> None:
    assert message_intent(text, has_history=True) in Intent


@pytest.mark.parametrize(
    ("text", "words", "types"),
    [
        ("Welche Verträge habe ich?", ("verträge",), ()),
        ("Welche Rechnungen gibt es in meinem Ordner?", ("rechnungen",), ()),
        ("Quels fichiers PDF y a-t-il dans ce dossier ?", (), ("pdf",)),
        ("Quelles factures ai-je ?", ("factures",), ()),
        ("¿Qué contratos tengo?", ("contratos",), ()),
        ("Quali contratti ho?", ("contratti",), ()),
        ("Que contratos tenho?", ("contratos",), ()),
        ("Welke facturen heb ik?", ("facturen",), ()),
        ("Which contracts do I have?", ("contracts",), ()),
    ],
)
def test_which_papers_there_are_is_asked_of_the_library(
    text: str, words: tuple[str, ...], types: tuple[str, ...]
) -> None:
    assert message_intent(text, has_history=False) is Intent.LIBRARY
    question = library_question(text)
    assert question
    assert (question.words, question.types) == (words, types)


@pytest.mark.parametrize(
    "text",
    [
        "Résume le règlement intérieur.",
        "Fasse die Hausordnung zusammen.",
        "Fass mir den Pachtvertrag kurz zusammen.",
        "Riassumi lo statuto.",
        "Resume el reglamento.",
        "Vat het reglement samen.",
        "Resume o regulamento.",
        "Summarise the bylaws.",
    ],
)
def test_rules_and_other_papers_are_read_whole(text: str) -> None:
    assert message_intent(text, has_history=False) is Intent.WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "Which contracts do I have to sign before May?",
        "Welche Rechnungen muss ich zahlen?",
        "Welche Fristen gibt es?",
        "Was regelt die Hausordnung zu Hunden?",
        "Gibt es in dem Brief der Bank etwas zu Gebühren?",
        "Quel règlement s'applique aux chiens ?",
        "Quali contratti ho firmato con Rossi?",
    ],
)
def test_what_papers_say_is_searched_for(text: str) -> None:
    assert message_intent(text, has_history=False) is Intent.QUESTION


@pytest.mark.parametrize(
    "text",
    [
        "Which file was changed last?",
        "Welche Datei wurde zuletzt geändert?",
        "Quel fichier a été modifié en dernier ?",
        "¿Qué archivo se cambió el último?",
        "Какой документ редактировали последним?",
        "最近修改的文件是哪个",
        "最後に更新された文書は？",
    ],
)
def test_what_was_changed_last_is_an_order_and_no_week(text: str) -> None:
    question = library_question(text)
    assert question
    assert (question.kind, question.since) == (LibraryQuestionKind.NEWEST, None)


def test_the_newest_of_a_period_stays_in_it() -> None:
    question = library_question("Show me the newest files from last week")
    assert question
    assert question.since is not None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Quali file parlano del giardino?", ("giardino",)),
        ("Quais ficheiros falam do jardim?", ("jardim",)),
        ("Welke bestanden gaan over de tuin?", ("tuin",)),
        ("Hangi dosyalar bahçeyle ilgili?", ("bahçe",)),
        ("庭について書かれたファイルはどれですか", ("庭",)),
        ("कौन सी फ़ाइलें बगीचे के बारे में हैं?", ("बगीचे",)),
    ],
)
def test_files_on_a_subject_are_looked_up_by_it(text: str, words: tuple[str, ...]) -> None:
    question = library_question(text)
    assert question
    assert question.words == words


def test_vowel_signs_of_arabic_change_nothing() -> None:
    assert folded_message("لخّص الرسالةَ") == "لخص الرسالة"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Tell me the date in the plumber's letter", Intent.QUESTION),
        ("Write the letter to the plumber", Intent.TASK),
        ("Tell me a story about a plumber", Intent.TASK),
        ("Tell me a children's story", Intent.TASK),
    ],
)
def test_a_certain_letter_is_a_document_unless_it_is_to_be_written(
    text: str, intent: Intent
) -> None:
    assert message_intent(text, has_history=False) is intent


@pytest.mark.parametrize(
    "text",
    ["write one two three four and repeat it forever", "Schreib eins, zwei, drei und hör nie auf"],
)
def test_words_that_are_only_counted_out_need_no_document(text: str) -> None:
    assert message_intent(text, has_history=False) is Intent.TASK


def test_a_rewording_counts_behind_a_remark() -> None:
    text = "Das war zu lang, bitte in zwei Sätzen"
    assert message_intent(text, has_history=True) is Intent.TASK
    assert message_intent(text, has_history=False) is Intent.QUESTION
    asked = "Wie hoch war die Miete, bitte in zwei Sätzen?"
    assert message_intent(asked, has_history=True) is Intent.QUESTION
