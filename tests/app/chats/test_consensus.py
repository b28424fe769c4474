"""Several answers that are compared: one is saved, with how many agree and what others say."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, AnswerFinished, AnswerStage
from core.base.errors import ErrorCode
from core.chat.conversations.conversation import Turn, TurnState
from core.messages import EmbedTexts, Generate, Sampling, SearchFolders
from tests.app.chats.test_answer_cache import Asking

ANSWERS = ("In 1931.", "1931", "It was in 1931.", "In 1932.", "In 1931.")


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    made = Asking(tmp_path)
    yield made
    made.app.close()


def start(asking: Asking, **options: object) -> tuple[str, str]:
    """Ask five times at once; return chat and turn."""
    words = {"folder_ids": ("f",), "samples": 5, "agree": True, **options}
    started = asking.app.questions.ask_question("When?", AskOptions(**words))  # type: ignore[arg-type]
    asking.pump()
    return started.chat_id, started.turn_id


def write(asking: Asking, *texts: str) -> None:
    """Let the samples that run first end with these texts."""
    engine = asking.children.engine
    for text, request_id in zip(texts, list(engine.running), strict=False):
        engine.write(text, request_id=request_id)
        engine.finish_answer(request_id=request_id)
    asking.pump()


def saved(asking: Asking, place: tuple[str, str]) -> Turn:
    return asking.app.chats.load_conversation(place[0]).turns[place[1]]


def test_the_common_answer_is_saved_with_what_the_others_say(asking: Asking) -> None:
    place = start(asking)
    assert len(asking.children.engine.running) == 5
    assert len(asking.children.library.all_sent(SearchFolders)) == 1
    write(asking, *ANSWERS)
    turn = saved(asking, place)
    agreement = turn.assurance.agreement
    assert agreement is not None
    assert "1931" in turn.text
    assert (agreement.samples, agreement.agreed) == (5, 4)
    (other,) = agreement.others
    assert (other.text, other.count) == ("In 1932.", 1)
    assert other.differences[-1].other == "1932"
    assert turn.sources
    assert turn.statistics.completion_tokens == 5 * 86
    assert len(asking.app.chats.load_conversation(place[0]).turns) == 2
    assert [type(each) for each in asking.told].count(AnswerFinished) == 1
    stages = [each for each in asking.told if isinstance(each, AnswerStage)]
    assert [each.tokens for each in stages if each.stage == "sampling"] == [0, 1, 2, 3, 4]
    assert asking.app.running_answers.turn_ids == ()


def test_samples_vary_and_draw_their_own_seeds(asking: Asking) -> None:
    start(asking, sampling=Sampling(temperature=0.2, seed=7), samples=3)
    sent = [each.sampling for each in asking.children.engine.all_sent(Generate)]
    assert [(each.temperature, each.seed) for each in sent] == [(0.7, 7), (0.7, 8), (0.7, 9)]


def test_stopped_it_compares_what_is_complete(asking: Asking) -> None:
    place = start(asking)
    write(asking, *ANSWERS[:3])
    asking.app.answers.stop_answer(place[1])
    asking.pump()
    turn = saved(asking, place)
    assert turn.state is TurnState.CANCELLED
    assert turn.assurance.agreement is not None
    assert turn.assurance.agreement.samples == 3
    assert not asking.children.engine.running


def test_stopped_at_once_it_keeps_what_there_is(asking: Asking) -> None:
    place = start(asking)
    asking.children.engine.write("In 19", request_id=next(iter(asking.children.engine.running)))
    asking.pump()
    asking.app.answers.stop_answer(place[1])
    asking.pump()
    turn = saved(asking, place)
    assert (turn.text, turn.state) == ("In 19", TurnState.CANCELLED)
    assert turn.assurance.agreement is None


def test_when_all_fail_so_does_the_answer(asking: Asking) -> None:
    place = start(asking)
    for request_id in list(asking.children.engine.running):
        asking.children.engine.fail_answer(ErrorCode.INTERNAL, request_id=request_id)
    asking.pump()
    assert saved(asking, place).state is TurnState.FAILED
    assert [type(each) for each in asking.told].count(AnswerFailed) == 1


def test_without_the_embedder_words_are_compared(asking: Asking) -> None:
    asking.children.library.held.add(EmbedTexts)
    place = start(asking)
    write(asking, *ANSWERS)
    asking.children.library.fail(ErrorCode.EMBEDDER_MISSING, path="/gone")
    asking.pump()
    agreement = saved(asking, place).assurance.agreement
    assert agreement is not None
    assert agreement.agreed == 4


def test_an_answer_is_compared_as_a_version_of_itself(asking: Asking) -> None:
    first = asking.ask("When?")
    asking.children.engine.script = None
    (chat,) = asking.app.chats.list_chats()
    started = asking.app.turns.find_consensus(
        chat.chat_id, first.turn_id, AskOptions(folder_ids=("f",))
    )
    asking.pump()
    write(asking, *ANSWERS)
    turn = saved(asking, (chat.chat_id, started.turn_id))
    assert turn.parent_id == first.parent_id
    assert turn.assurance.agreement is not None


def test_closing_the_application_ends_all_samples(asking: Asking) -> None:
    place = start(asking)
    write(asking, *ANSWERS[:1])
    asking.app.answers.close()
    assert saved(asking, place).state is TurnState.CANCELLED
