"""Tool call prompt: the calls of an answer at the terminal, and a person's word on each."""

from collections.abc import Collection

from core.app.events.app_events import AnswerToolCalls
from core.base.errors import StorageError
from core.base.i18n import _
from core.chat.answering.tool_transcript import format_call, format_call_state
from core.chat.conversations.tool_calls import CallDecision, CallState, RecordedCall
from core.cli.chats.answer_fields import call_fields
from core.cli.console import Console
from core.cli.session import Session
from core.cli.terminal import current_terminal

_SHOWN = {CallState.DONE, CallState.FAILED, CallState.REFUSED}
RESULT_LETTERS = 300
"""Letters of a result that the terminal shows."""


class ToolCallPrompt:
    """Prints each call once it has ended, and asks about those that nobody has allowed."""

    def __init__(self, session: Session, console: Console, allowed: Collection[str]) -> None:
        """`allowed` are the names of tools that may be called for this question, or “all”."""
        self._session = session
        self._console = console
        self._allowed = allowed
        self._asked: set[int] = set()
        self._printed: set[int] = set()

    def show_calls(self, event: AnswerToolCalls) -> None:
        """Print what has ended, and decide what asks."""
        for call in event.calls:
            if call.state in _SHOWN and call.n not in self._printed:
                self._printed.add(call.n)
                self._print(call)
        asking = next((each for each in event.calls if each.state is CallState.ASKING), None)
        running = any(each.state is CallState.RUNNING for each in event.calls)
        if asking is not None and not running and asking.n not in self._asked:
            self._asked.add(asking.n)
            self._decide(event.turn_id, asking)

    def _decide(self, turn_id: str, call: RecordedCall) -> None:
        decision = self._decision(call)
        try:
            self._session.app.answers.decide_call(turn_id, call.n, decision)
        except StorageError as error:
            self._console.print_note(f"{error.message} {error.hint}")
            self._session.app.answers.decide_call(turn_id, call.n, CallDecision.ONCE)

    def _decision(self, call: RecordedCall) -> CallDecision:
        if call.tool in self._allowed or "all" in self._allowed:
            return CallDecision.ONCE
        terminal = current_terminal()
        if not terminal.reads_terminal or self._console.as_json:
            words = _("“{tool}” was not called: “--allow-tool {tool}” lets it.")
            self._console.print_note(words.format(tool=call.tool))
            return CallDecision.REFUSE
        self._console.print_note(_("The model wants to call {call}").format(call=format_call(call)))
        self._console.print_note(_("Once (y), in this chat (c), always (a), or not (n)?"))
        answer = terminal.read_line().strip().casefold()[:1]
        choices = {"y": CallDecision.ONCE, "c": CallDecision.CHAT, "a": CallDecision.ALWAYS}
        return choices.get(answer, CallDecision.REFUSE)

    def _print(self, call: RecordedCall) -> None:
        if self._console.as_json:
            self._console.print_json({"event": "tool", **call_fields(call)})
            return
        result = " ".join(call.result.split())
        if len(result) > RESULT_LETTERS:
            result = f"{result[:RESULT_LETTERS]} …"
        line = f"{format_call(call)} ({format_call_state(call)})"
        self._console.print_note(f"{line} → {result}" if result else line)
