"""Intent of messages: rules measured on sentences, half of which no rule was made for."""

import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.chat.intent.message_intent import Intent, message_intent

MESSAGES = Path(__file__).with_name("intent_messages.tsv")


def messages(*, held: bool) -> Iterator[tuple[str, Intent, bool, str]]:
    """Yield language, intent, whether something was said before, and text; of one half."""
    for line in MESSAGES.read_text(encoding="utf-8").splitlines():
        language, intent, history, text = line.split("\t")
        if zlib.crc32(text.encode()) % 2 == held:
            yield language, Intent(intent), history == "1", text


@pytest.mark.parametrize("held", [False, True])
def test_nearly_all_messages_are_understood(held: bool) -> None:
    some = list(messages(held=held))
    wrong = [each for each in some if message_intent(each[3], has_history=each[2]) is not each[1]]
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
    "text", ["", "   ", "?" * 5000, "a" * 100_000, "1+" * 190 + "x", "hi " * 130 + "x"]
)
@pytest.mark.timeout(20)
def test_no_text_is_too_much_for_the_phrases(text: str) -> None:
    assert message_intent(text, has_history=True) in Intent
