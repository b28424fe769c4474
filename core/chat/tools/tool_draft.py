"""Tool draft: a growing answer with calls of tools between its parts."""

from msgspec import structs

from core.chat.answering.answer_draft import AnswerDraft
from core.chat.answering.answer_events import AnswerToolCalls
from core.chat.conversations.conversation import Source
from core.chat.conversations.tool_calls import RecordedCall


class ToolDraft(AnswerDraft):
    """Keeps the calls with the answer; each change of one is saved and emitted."""

    @property
    def raw(self) -> str:
        """What the model has written of the answer so far, without calls."""
        return self._raw

    def return_to(self, raw: str) -> None:
        """Drop what was written behind `raw`; it comes again."""
        self._raw = raw

    def set_calls(self, calls: tuple[RecordedCall, ...], sources: tuple[Source, ...]) -> None:
        """Save and emit the calls as they are now, and the sources that they found."""
        has_found = sources != self.turn.sources
        self.turn = structs.replace(self.turn, tool_calls=calls, sources=sources, text=self._raw)
        self._save()
        if has_found:
            self.emit_sources()
        chat_id, turn_id = self.conversation.chat_id, self.turn.turn_id
        self._emit(AnswerToolCalls(chat_id=chat_id, turn_id=turn_id, calls=calls))
