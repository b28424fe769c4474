"""A chat longer than the context, through the application with its real engine."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFinished, AnswerStage, AnswerSummarised, AppEvent
from core.base.paths import Paths
from core.chat.answering.conversation_summary import summary_token_limit
from core.chat.conversations.conversation import Role, Turn, TurnState
from core.messages import Sampling
from tests.app.flipping import Trials
from tests.waiting import WaitFor

pytestmark = pytest.mark.slow

Told = TypeVar("Told")

CONTEXT = 512
EXCHANGES = 5


class LongChat:
    """An open application with a saved chat that is nearly too long."""

    def __init__(self, root: Paths, model: Path, wait_for: WaitFor) -> None:
        self._trials = Trials(root)
        self._model = model
        self._wait_for = wait_for
        self.app = self._trials.app
        self.told: list[AppEvent] = []
        self.app.subscribe(self.told.append)
        self.chat_id = self._save()

    def _save(self) -> str:
        chat = self.app.chats.new_conversation("long")
        for number in range(EXCHANGES * 2):
            asked = number % 2 == 0
            text = f"In garden {number} " + "there are many old apple trees and a small pond. " * 6
            turn = Turn(
                turn_id=f"turn{number}",
                parent_id=chat.leaf_id,
                role=Role.USER if asked else Role.ASSISTANT,
                state=TurnState.DONE,
                text=text,
                raw="" if asked else text,
                fingerprint="" if asked else "of another model",
                created=0.0,
            )
            chat = chat.with_turn(turn)
            self.app.chats.save_turns(chat, (turn,))
        return chat.chat_id

    def ask(self, text: str) -> AnswerFinished:
        self.told.clear()
        self.app.questions.ask_question(
            text,
            AskOptions(model=str(self._model), sampling=Sampling(temperature=0.0), max_tokens=8),
            chat_id=self.chat_id,
        )

        def finished() -> bool:
            self.app.process_events()
            return bool(self.of(AnswerFinished))

        self._wait_for(finished, 120)
        return self.of(AnswerFinished)[0]

    def of(self, kind: type[Told]) -> list[Told]:
        return [event for event in self.told if isinstance(event, kind)]

    def close(self) -> None:
        self._trials.close()


@pytest.fixture
def chat(root: Paths, starter_model: Path, wait_for: WaitFor) -> Iterator[LongChat]:
    made = LongChat(root, starter_model, wait_for)
    yield made
    made.close()


def test_the_model_sums_up_and_goes_on_from_there(chat: LongChat) -> None:
    before = [turn.text for turn in chat.app.chats.load_conversation(chat.chat_id).path()]
    first = chat.ask("Which trees are there?")
    assert "summarising" in [event.stage for event in chat.told if isinstance(event, AnswerStage)]
    assert chat.of(AnswerSummarised)
    assert "summarised to make room" in first.note
    assert first.statistics.prompt_tokens < CONTEXT
    kept = chat.app.chats.load_conversation(chat.chat_id)
    assert [turn.text for turn in kept.path()][: len(before)] == before, "nothing is deleted"
    summary = kept.summaries[-1]
    assert summary.text
    assert len(summary.token_ids) <= summary_token_limit(CONTEXT)
    later = 0
    for _ in range(4):
        answer = chat.ask("And what else?")
        if chat.of(AnswerSummarised):
            later += 1
            continue
        new = answer.statistics.prompt_tokens - answer.statistics.cached_tokens
        assert new < 40, "only the new turn is read"
    # One summary reads no more than the context, so what it leaves may soon be too long; how long
    # it is was drawn. The second one leaves half.
    assert later <= 1, "there is room for more than one turn"
