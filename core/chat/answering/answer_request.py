"""Answer request: what was asked with which options, and the two turns it becomes."""

import time
from enum import StrEnum

from msgspec import Struct, structs

from core.chat.answering.conversation_summary import SUMMARISE
from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.chat.store.chat_database import new_id
from core.messages import Adapter, Sampling


class DocumentUse(StrEnum):
    """How the documents of a question are used.

    AUTO: as its intent and the verdict on what is found want. SEARCH: searched, whatever its
    intent. NEAREST: answered from the nearest passages, whatever the verdict. WHOLE: gone through
    from end to end. NONE: left alone.
    """

    AUTO = "auto"
    SEARCH = "search"
    NEAREST = "nearest"
    WHOLE = "whole"
    NONE = "none"


class AnswerRedo(Struct, frozen=True, kw_only=True):
    """One more answer to an earlier question, or the continuation of an answer."""

    question: Turn
    begun: Turn | None = None

    def rewound_conversation(self, conversation: Conversation) -> Conversation:
        """Return the conversation as it was when the question was asked."""
        leaf = self.question.parent_id if self.begun is None else self.begun.turn_id
        return structs.replace(conversation, leaf_id=leaf)


class AnswerRequest(Struct, frozen=True, kw_only=True):
    """A question with its options. `model` is the name that is shown, `model_path` the file.

    `question` is the question's turn if it is saved already: then this asks for one more answer to
    it, or for the rest of `begun`. `state_folder` and `drafting` are passed on to the engine (see
    `core.messages.Generate`).
    """

    conversation: Conversation
    text: str
    folder_ids: tuple[str, ...]
    folder_names: dict[str, str]
    model: str
    model_path: str
    sampling: Sampling
    max_tokens: int
    question: Turn | None = None
    begun: Turn | None = None
    adapters: tuple[Adapter, ...] = ()
    left_out_adapters: tuple[Adapter, ...] = ()
    """Those of the chat that the model of this answer can't have; the chat keeps them."""
    state_folder: str = ""
    drafting: bool = True
    files: tuple[str, ...] = ()
    """Absolute paths of single files to answer from, instead of the folders."""
    system: str = ""
    """The model's own system prompt, for a chat that has none."""
    reason: str = ""
    """Why “Auto” chose the model, "" when a person did."""
    fresh: bool = False
    """Whether no earlier answer may serve."""
    agree: bool = False
    """Whether several samples are compared and become one answer."""
    when_full: str = SUMMARISE
    """What is done with early turns that no longer fit (see `conversation_summary`)."""
    only_proven: bool = False
    """Whether sentences that the documents don't prove are written again or left out."""
    document_use: DocumentUse = DocumentUse.AUTO
    uses_tools: bool = False
    """Whether the model may call tools."""
    may_repeat: bool = False
    """Whether the answer goes on when it repeats itself; one that was stopped for it always may."""

    @property
    def is_grounded(self) -> bool:
        """Whether the answer rests on documents."""
        return bool(self.folder_ids or self.files)


def add_question_and_answer(request: AnswerRequest) -> tuple[Conversation, Turn, Turn]:
    """Return the conversation with the question and an empty answer added, and these two."""
    now = time.time()
    if request.question is not None and request.begun is not None:
        rest = structs.replace(request.begun, state=TurnState.STREAMING, note="")
        return request.conversation.with_turn(rest), request.question, rest
    question = request.question or Turn(
        turn_id=new_id(),
        parent_id=request.conversation.leaf_id,
        role=Role.USER,
        state=TurnState.DONE,
        text=request.text,
        created=now,
    )
    answer = Turn(
        turn_id=new_id(),
        parent_id=question.turn_id,
        role=Role.ASSISTANT,
        state=TurnState.STREAMING,
        text="",
        created=now,
        model=request.model,
    )
    conversation = structs.replace(
        request.conversation,
        folder_ids=request.folder_ids,
        adapters=request.adapters + request.left_out_adapters,
    )
    return conversation.with_turn(question).with_turn(answer), question, answer
