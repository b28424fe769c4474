"""Doubtful sentences are checked by questions of their own, and what that shows is saved."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerChecked
from core.base.errors import ErrorCode
from core.chat.conversations.assurance import CheckOutcome, SentenceCheck
from core.messages import SearchFolders
from tests.app.chats.test_answer_cache import Asking
from tests.cli.answering_children import HIT

FIRST = "The pear tree was planted in 1931 by Aunt Mathilda."
WRONG = "The plum tree was planted in 1982 by Uncle Otto."
ANSWER = f"{FIRST} {WRONG}"


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    made = Asking(tmp_path)
    yield made
    made.app.close()


def answered(asking: Asking) -> tuple[str, str]:
    """Ask, and return chat and turn of an answer with a doubtful sentence."""
    started = asking.app.questions.ask_question(
        "Who planted the trees?", AskOptions(folder_ids=("f",))
    )
    asking.pump()
    write(asking, ANSWER)
    assert asking.app.verification.check_sentences(started.chat_id, started.turn_id) == 1
    asking.pump()
    return started.chat_id, started.turn_id


def write(asking: Asking, text: str) -> None:
    asking.children.engine.write(text)
    asking.children.engine.finish_answer()
    asking.pump()


def find(asking: Asking, text: str) -> None:
    asking.children.library.hits = (structs.replace(HIT, text=text, section=text),)


def result(asking: Asking, place: tuple[str, str]) -> SentenceCheck:
    turn = asking.app.chats.load_conversation(place[0]).turns[place[1]]
    assert turn.text == ANSWER
    (check,) = turn.assurance.checks or ()
    assert ANSWER[check.start : check.end] == WRONG
    assert asking.app.running_answers.turn_ids == ()
    return check


def test_a_sentence_is_corrected_by_what_is_found(asking: Asking) -> None:
    place = answered(asking)
    find(asking, "The plum tree was planted in 1981 by Uncle Otto.")
    write(asking, "When was the plum tree planted?")
    assert asking.children.library.last_sent(SearchFolders).query == (
        "When was the plum tree planted?"
    )
    write(asking, "The plum tree was planted in 1981.")
    check = result(asking, place)
    assert check.outcome is CheckOutcome.CORRECTED
    assert check.answer == "The plum tree was planted in 1981."
    assert check.passage == "The plum tree was planted in 1981 by Uncle Otto."
    assert (check.file, check.page) == (HIT.file, HIT.page)
    told = [event for event in asking.told if isinstance(event, AnswerChecked)]
    assert [(len(event.checks), event.has_ended) for event in told] == [(0, False), (1, True)]


def test_a_sentence_is_confirmed_by_what_is_found(asking: Asking) -> None:
    place = answered(asking)
    find(asking, "As to fruit: the plum tree was planted in 1982 by Uncle Otto, near the shed.")
    write(asking, "When was the plum tree planted?")
    write(asking, "In 1982.")
    assert result(asking, place).outcome is CheckOutcome.CONFIRMED


def test_a_sentence_stays_doubtful_if_nothing_settles_it(asking: Asking) -> None:
    place = answered(asking)
    write(asking, "When was the plum tree planted?")
    write(asking, "Not stated.")
    assert result(asking, place).outcome is CheckOutcome.OPEN


def test_a_useless_question_is_replaced_by_the_sentence(asking: Asking) -> None:
    place = answered(asking)
    asking.children.library.hits = ()
    write(asking, "Sure!")
    assert asking.children.library.last_sent(SearchFolders).query == WRONG
    assert result(asking, place).outcome is CheckOutcome.OPEN


def test_it_can_be_stopped_and_survives_a_failure(asking: Asking) -> None:
    place = answered(asking)
    asking.app.verification.stop_checks(place[1])
    asking.pump()
    assert result(asking, place).outcome is CheckOutcome.OPEN
    asking.app.verification.check_sentences(*place)
    asking.pump()
    asking.children.engine.fail_answer(ErrorCode.INTERNAL)
    asking.pump()
    assert result(asking, place).outcome is CheckOutcome.OPEN


def test_an_answer_without_doubt_needs_no_check(asking: Asking) -> None:
    started = asking.app.questions.ask_question("Who?", AskOptions(folder_ids=("f",)))
    asking.pump()
    write(asking, FIRST)
    assert asking.app.verification.check_sentences(started.chat_id, started.turn_id) == 0
