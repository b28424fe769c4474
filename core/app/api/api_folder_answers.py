"""Answers from folders for other programs, in a chat that nothing of is written."""

import time
from collections.abc import Callable

import uuid_utils
from msgspec import structs

from core.app.chats.answer_service import AnswerService
from core.app.chats.ask_options import AskOptions
from core.app.chats.chat_service import ChatService
from core.app.chats.question_service import QuestionService
from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerTextAdded,
    AnswerThinkingAdded,
    AppEvent,
)
from core.chat.answering.unread_note import format_unread_files
from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE
from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.messages import (
    AnswerChunk,
    AnswerCitation,
    AnswerPassage,
    ApiWaiting,
    AskFolders,
    CallOutcome,
    CallProgress,
    Failed,
    FoldersAnswered,
    PromptTurn,
    Sampling,
    SearchVerdict,
    ThinkingChunk,
)


class ApiFolderAnswers:
    """The questions of other programs on their way, by the turns that answer them."""

    def __init__(
        self,
        chats: ChatService,
        questions: QuestionService,
        answers: AnswerService,
        report: Callable[[str, CallProgress], None],
        finish: Callable[[str, CallOutcome], None],
    ) -> None:
        """`report` and `finish` get the id of a call and what comes of it."""
        self._chats = chats
        self._questions = questions
        self._answers = answers
        self._report = report
        self._finish = finish
        self._calls: dict[str, str] = {}  # calls by the turns that answer them
        self._sources: dict[str, AnswerSources] = {}

    def ask_folders(
        self, call: AskFolders, folder_ids: tuple[str, ...], model: str, sampling: Sampling
    ) -> None:
        """Ask in a temporary chat. Raises ModelError."""
        question = call.turns[-1].text
        _store, chat = self._chats.new_chat(question, DEFAULT_CHAT_STYLE, temporary=True)
        self._chats.store_temporary_chat(_with_turns(chat, call.turns[:-1]))
        started = self._questions.ask_question(
            question,
            AskOptions(
                folder_ids=folder_ids,
                model=model,
                sampling=sampling,
                max_tokens=call.max_tokens,
                fresh=True,
            ),
            chat_id=chat.chat_id,
        )
        self._calls[started.turn_id] = call.call_id
        self._report(call.call_id, ApiWaiting(ahead=0))

    def cancel_call(self, call_id: str) -> None:
        """End the answer of a call."""
        for turn_id in [turn for turn, call in self._calls.items() if call == call_id]:
            self._answers.stop_answer(turn_id)

    def cancel_all_calls(self) -> None:
        """End all of them."""
        for turn_id in tuple(self._calls):
            self._answers.stop_answer(turn_id)

    def on_app_event(self, event: AppEvent) -> None:
        """Pass on what belongs to a call."""
        turn_id = getattr(event, "turn_id", "")
        call_id = self._calls.get(turn_id)
        if call_id is None:
            return
        match event:
            case AnswerSources():
                self._sources[turn_id] = event
            case AnswerTextAdded():
                self._report(call_id, AnswerChunk(request_id=call_id, text=event.text))
            case AnswerThinkingAdded():
                self._report(call_id, ThinkingChunk(request_id=call_id, text=event.text))
            case AnswerFinished():
                found = self._sources.get(turn_id)
                self._end_call(event.chat_id, turn_id, _answered(event, found))
            case AnswerFailed():
                failed = Failed(
                    request_id=call_id,
                    code=event.problem.code,
                    facts={"detail": event.problem.message},
                )
                self._end_call(event.chat_id, turn_id, failed)

    def _end_call(self, chat_id: str, turn_id: str, outcome: CallOutcome) -> None:
        call_id = self._calls.pop(turn_id)
        self._sources.pop(turn_id, None)
        self._finish(call_id, outcome)
        self._chats.discard_temporary_chat(chat_id)


def _with_turns(chat: Conversation, turns: tuple[PromptTurn, ...]) -> Conversation:
    """Return a chat with earlier turns; those of the system are left out, its own rules stand."""
    for turn in turns:
        if turn.role in {Role.USER, Role.ASSISTANT}:
            made = Turn(
                turn_id=uuid_utils.uuid7().hex,
                parent_id=chat.leaf_id,
                role=Role(turn.role),
                state=TurnState.DONE,
                text=turn.text,
                raw=turn.text,
                created=time.time(),
            )
            chat = structs.replace(chat.with_turn(made), leaf_id=made.turn_id)
    return chat


def _answered(event: AnswerFinished, found: AnswerSources | None) -> FoldersAnswered:
    statistics = event.statistics
    verdict = statistics.verdict or (found.verdict if found else "")
    is_refused = verdict in {SearchVerdict.ON_TOPIC, SearchVerdict.NOTHING}
    return FoldersAnswered(
        text=event.text,
        thinking=event.thinking,
        stop=statistics.stop or "eos",
        verdict=verdict,
        confidence=found.confidence if found else 0.0,
        refused=is_refused and not statistics.completion_tokens,
        note=f"{event.note} {format_unread_files(statistics.unread_files)}".strip(),
        unread_files=statistics.unread_files,
        passages=tuple(
            AnswerPassage(
                n=each.n,
                folder=each.folder,
                file=each.file,
                path=each.path,
                page=each.page,
                heading=each.heading,
                text=each.text,
                score=each.score,
            )
            for each in event.sources
        ),
        citations=_citations(event),
        prompt_tokens=statistics.prompt_tokens,
        cached_tokens=statistics.cached_tokens,
        completion_tokens=statistics.completion_tokens,
        thinking_tokens=statistics.thinking_tokens,
    )


def _citations(event: AnswerFinished) -> tuple[AnswerCitation, ...]:
    return tuple(
        AnswerCitation(
            n=each.n,
            start=each.start,
            end=each.end,
            source_start=each.source_start,
            source_end=each.source_end,
        )
        for each in event.citations
    )
