"""The answer that runs now, kept apart so that its chat can be left and come back to."""

import time

from msgspec import Struct, field, structs

from core.app.events import AnswerStage, AnswerStarted
from core.chat.conversation import Conversation, Role, Source, Turn, TurnState


class LiveAnswer(Struct):
    """What has been heard of the answer `started` speaks of, to the question `words`."""

    started: AnswerStarted
    words: str
    begun: str = ""
    """What stood of the answer before it went on."""
    stage: AnswerStage | None = None
    sources: tuple[Source, ...] = ()
    thoughts: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The answer as far as it has come."""
        return self.begun + "".join(self.pieces)

    def copy(self) -> "LiveAnswer":
        """Return another one that goes on from here."""
        return structs.replace(self, thoughts=list(self.thoughts), pieces=list(self.pieces))

    def begin_again(self) -> None:
        """What was heard came from an engine that was ended; another begins anew."""
        self.pieces.clear()
        self.thoughts.clear()

    def question(self) -> Turn:
        """Return the question as a turn."""
        return Turn(
            turn_id=self.started.question_id,
            parent_id=None,
            role=Role.USER,
            state=TurnState.DONE,
            text=self.words,
            created=time.time(),
        )

    def answer(self) -> Turn:
        """Return the answer as far as it has come."""
        return Turn(
            turn_id=self.started.turn_id,
            parent_id=self.started.question_id,
            role=Role.ASSISTANT,
            state=TurnState.STREAMING,
            text=self.text,
            thinking="".join(self.thoughts),
            created=time.time(),
            model=self.started.model,
            sources=self.sources,
        )

    def path(self, conversation: Conversation) -> list[Turn]:
        """Return the shown turns of a chat, with this answer as far as it was heard."""
        turns = list(conversation.path())
        for index, turn in enumerate(turns):
            if turn.turn_id == self.started.turn_id:
                turns[index] = structs.replace(
                    turn,
                    text=self.text,
                    thinking="".join(self.thoughts),
                    state=TurnState.STREAMING,
                    sources=self.sources,
                )
        return turns
