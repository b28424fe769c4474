"""Printing of answers: events for scripts, plain text for people."""

import argparse
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Protocol

from core.app.chats.routing_service import describe_routing_reason
from core.app.events.app_events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerSummarised,
    AnswerTextAdded,
    AnswerThinkingAdded,
    AnswerToolCalls,
)
from core.base.i18n import _, ngettext
from core.chat.answer_cache.recalled_formatting import format_recalled
from core.chat.answering.answer_verdict import verdict_note
from core.chat.answering.repetition import format_repetition
from core.chat.answering.unread_note import format_unread_files
from core.chat.consensus.agreement_formatting import (
    format_agreement,
    format_difference,
    format_other_answer,
)
from core.chat.conversations.assurance import Agreement
from core.chat.conversations.conversation import AnswerStatistics, Source
from core.cli.chats.answer_fields import (
    agreement_fields,
    citation_fields,
    recalled_fields,
    sentence_fields,
    source_fields,
    verdict_fields,
)
from core.cli.chats.answer_speed import format_speed
from core.cli.chats.answer_stage_formatting import (
    format_location,
    format_stage,
    text_that_is_left,
)
from core.cli.chats.tool_call_prompt import ToolCallPrompt
from core.cli.console import Console
from core.cli.session import Session
from core.messages import REPEATED
from core.messages.search_fields import count_or_none

EVENTS_VERSION = 1
"""Counts up when the meaning of a field of the event stream changes."""
_AGAIN: dict[str, Callable[[], str]] = {
    "reading": lambda: _("It broke off there; the answer begins again:"),
    "correcting": lambda: _("Not all of it is in your documents; it is written again:"),
}
"""Stages after which an answer begins anew, and what is said of it."""
THOUGHT_SHOWN = 50
"""Number of characters of a thought that the status line shows, the last ones."""


def print_answers(
    session: Session,
    console: Console,
    started: AnswerStarted,
    options: argparse.Namespace,
    *,
    samples: int,
) -> int:
    """Print the answers to the question that was just asked, as they come; return the exit code.

    Tools that `options` don't allow are asked for, or refused where nobody can be asked.
    """
    prompt = ToolCallPrompt(session, console, options.allowed_tools)
    is_saved = not options.temporary
    shown = _Answers(console, started, samples, is_saved=is_saved)

    def stop_answers() -> None:
        for turn_id in shown.turn_ids:
            session.app.answers.stop_answer(turn_id)

    for event in session.events(on_interrupt=stop_answers):
        if isinstance(event, AnswerToolCalls) and event.turn_id in shown.turn_ids:
            prompt.show_calls(event)
        elif isinstance(event, AnswerEvent) and shown.print_event(event):
            return shown.exit_code
    raise AssertionError("events never end")


class AnswerPrinter(Protocol):
    """Prints the events of one answer as they come."""

    def print_event(self, event: AnswerEvent) -> int | None:
        """Print one event; return the exit code with the last one."""


class _Answers:
    """Several answers to one question: as JSON all at once, as text one after the other."""

    def __init__(
        self, console: Console, started: AnswerStarted, samples: int, *, is_saved: bool
    ) -> None:
        self._console = console
        self._question_id = started.question_id
        self._samples = samples
        self._is_saved = is_saved
        self._printers: dict[str, AnswerPrinter] = {}
        self._waiting: dict[str, list[AnswerEvent]] = {}
        self._ended: set[str] = set()
        self.exit_code = 0

    @property
    def turn_ids(self) -> tuple[str, ...]:
        """The answers that have begun."""
        return tuple(self._printers)

    def print_event(self, event: AnswerEvent) -> bool:
        """Print what can be printed now; return whether that was all.

        Others may ask at the same time: only answers to this question are printed.
        """
        if isinstance(event, AnswerStarted) and event.question_id == self._question_id:
            self._printers[event.turn_id] = self._printer(len(self._printers) + 1)
        if event.turn_id not in self._printers:
            return False
        self._waiting.setdefault(event.turn_id, []).append(event)
        for turn_id in self._printers:
            if turn_id not in self._ended:
                self._print(turn_id)
            if turn_id not in self._ended and not self._console.as_json:
                break  # as text the next one begins when this one has ended
        return len(self._ended) == self._samples

    def _print(self, turn_id: str) -> None:
        for event in self._waiting.pop(turn_id, []):
            code = self._printers[turn_id].print_event(event)
            if code is not None:
                self._ended.add(turn_id)
                self.exit_code = max(self.exit_code, code)

    def _printer(self, number: int) -> AnswerPrinter:
        several = number if self._samples > 1 else 0
        if self._console.as_json:
            return JsonAnswerPrinter(self._console, sample=several, is_saved=self._is_saved)
        return TextAnswerPrinter(self._console, sample=several, is_saved=self._is_saved)


class JsonAnswerPrinter:
    """Prints an answer as events, one JSON object a line.

    `sample` numbers the answers to one question from 1; 0 when there is one only.
    """

    def __init__(self, console: Console, *, sample: int, is_saved: bool) -> None:
        self._console = console
        self._sample = {"sample": sample} if sample else {}
        self._is_saved = is_saved
        self._has_printed_sources = False
        self._has_printed_text = False

    def print_event(self, event: AnswerEvent) -> int | None:
        """Print one event; return the exit code with the last one."""
        match event:
            case AnswerStarted():
                self._print_start(event)
            case AnswerSummarised():
                self._print_fields("summary", turns=event.summary.turns, text=event.summary.text)
            case AnswerSources():
                verdict = {
                    "verdict": event.verdict,
                    "confidence": round(event.confidence, 4),
                    "unread_files": count_or_none(event.unread_files),
                }
                self._print_sources(event.sources, event.query, verdict if event.verdict else None)
            case AnswerThinkingAdded():
                self._print_sources(())
                self._print_fields("thinking", text=event.text)
            case AnswerTextAdded():
                self._print_sources(())
                self._print_fields("token", text=event.text)
                self._has_printed_text = True
            case AnswerStage() if event.stage in _AGAIN and self._has_printed_text:
                self._print_fields("again")  # the tokens until now are void
                self._has_printed_text = False
            case AnswerStage(stage="documents"):
                self._print_progress(event)
            case AnswerFinished():
                self._print_sources(event.sources)
                return self._finish(event)
            case AnswerFailed():
                self._console.print_failure(event.problem, **self._sample)
                return 1
            case _:
                pass
        return None

    def _print_fields(self, event: str, **fields: object) -> None:
        self._console.print_json({"event": event, **self._sample, **fields})

    def _print_start(self, event: AnswerStarted) -> None:
        self._print_fields(
            "start",
            version=EVENTS_VERSION,
            chat=event.chat_id,
            turn=event.turn_id,
            model=event.model,
            **({"intent": event.intent} if event.intent else {}),
        )

    def _print_progress(self, event: AnswerStage) -> None:
        left = {} if event.seconds_left is None else {"seconds_left": round(event.seconds_left)}
        self._print_fields("progress", done=event.tokens, total=event.total, **left)

    def _print_sources(
        self,
        sources: tuple[Source, ...],
        query: str = "",
        verdict: Mapping[str, object] | None = None,
    ) -> None:
        if not self._has_printed_sources:
            self._has_printed_sources = True
            fields = [source_fields(source) for source in sources]
            searched = {"query": query} if query else {}
            self._print_fields("sources", sources=fields, **searched, **(verdict or {}))

    def _finish(self, event: AnswerFinished) -> int:
        statistics = event.statistics
        if recalled := event.assurance.recalled:
            self._print_fields("recalled", **recalled_fields(recalled))
        if agreement := event.assurance.agreement:
            self._print_fields("agreement", **agreement_fields(agreement))
        more: dict[str, object] = {"note": event.note} if event.note else {}
        if event.sources:  # their texts as they are shown and saved, with what is cited
            more["sources"] = [source_fields(source) for source in event.sources]
        if event.sentences:
            more["sentences"] = [sentence_fields(sentence) for sentence in event.sentences]
        if statistics.intent:
            more["intent"] = statistics.intent
        more |= verdict_fields(statistics) if statistics.verdict else {}
        if statistics.stop == REPEATED:
            more["repeated"] = True
        if statistics.reason:
            more["reason"] = statistics.reason
        if event.thinking:
            more["thinking"] = event.thinking
            more["seconds_of_thinking"] = round(statistics.seconds_of_thinking, 4)
        self._print_fields(
            "done",
            text=event.text,
            citations=[citation_fields(citation) for citation in event.citations],
            prompt_tokens=statistics.prompt_tokens,
            cached_tokens=statistics.cached_tokens,
            completion_tokens=statistics.completion_tokens,
            seconds_to_first_token=round(statistics.seconds_to_first_token, 4),
            tokens_per_second=round(statistics.tokens_per_second, 2),
            checks=statistics.checks,
            drafted_tokens=statistics.drafted_tokens,
            accepted_tokens=statistics.accepted_tokens,
            stop=statistics.stop,
            **more,
        )
        return _exit_code(self._console, event, is_saved=self._is_saved)


class TextAnswerPrinter:
    """Prints an answer as text, under its number where there are several.

    Into a file or another program, one that may end otherwise than it streams comes whole.
    """

    def __init__(self, console: Console, *, sample: int, is_saved: bool) -> None:
        self._console = console
        self._sample = sample
        self._is_saved = is_saved
        self._streamed = ""
        self._thought = ""
        self._model = ""
        self._comes_whole = False

    def print_event(self, event: AnswerEvent) -> int | None:
        """Print one event; return the exit code with the last one."""
        match event:
            case AnswerStarted():
                self._model = event.model
                self._comes_whole = event.is_provisional and self._console.is_piped
                if not self._sample:
                    return None
                between = "\n" if self._sample > 1 else ""
                heading = _("Answer {number}:").format(number=self._sample)
                self._console.print_line(between + heading)
            case AnswerStage():
                if self._streamed and event.stage in _AGAIN:
                    self._console.print_line()
                    self._console.print_note(_AGAIN[event.stage]())
                    self._streamed = ""
                self._console.show_status(format_stage(event))
            case AnswerThinkingAdded():
                # Shown only while it lasts: what is printed is the answer.
                self._thought = f"{self._thought}{event.text}"[-THOUGHT_SHOWN:]
                self._console.show_status(f"{_('Thinking …')} {self._thought}")
            case AnswerTextAdded() if not self._comes_whole:
                text = event.text if self._streamed else event.text.lstrip()
                self._streamed += text
                self._console.print_text(text)
            case AnswerFinished():
                return self._finish(event)
            case AnswerFailed():
                if self._streamed:
                    self._console.print_line()
                self._console.print_failure(event.problem)
                return 1
            case _:
                pass
        return None

    def _finish(self, event: AnswerFinished) -> int:
        console = self._console
        if self._streamed and event.statistics.left_out:
            console.print_line()
            console.print_note(_("What of it is in your documents:"))
            self._streamed = ""
        console.print_text(text_that_is_left(event, self._streamed))
        if not (self._streamed or event.text).endswith("\n"):
            console.print_line()
        if event.statistics.is_refused:
            if unread := format_unread_files(event.statistics.unread_files):
                console.print_note(unread)
            self._list(_("Nearest passages"), list(event.sources))
            console.print_note(
                _(
                    "“--documents nearest” answers from them anyway, “--documents none” without the"
                    " folder."
                )
            )
            return _exit_code(console, event, is_saved=self._is_saved)
        self._print_end(event.statistics)
        cited = {citation.n for citation in event.citations}
        self._list(_("Sources"), [source for source in event.sources if source.n in cited])
        others = [source for source in event.sources if source.n not in cited]
        self._list(_("Read, but no sentence of the answer rests on it"), others)
        if reason := describe_routing_reason(event.statistics.reason):
            text = _("“Auto” chose {model}: {reason}.")
            console.print_note(text.format(model=self._model, reason=reason))
        self._print_notes(event)
        if agreement := event.assurance.agreement:
            self._print_agreement(agreement)
        if recalled := event.assurance.recalled:
            today = dt.datetime.now(dt.UTC).astimezone().date()
            anew = _("“--fresh” asks anew.")
            console.print_note(f"{format_recalled(recalled, today)} {anew}")
        return _exit_code(console, event, is_saved=self._is_saved)

    def _print_notes(self, event: AnswerFinished) -> None:
        unread = format_unread_files(event.statistics.unread_files)
        for note in filter(None, (event.note, unread, verdict_note(event.statistics.verdict))):
            self._console.print_note(note)
        if event.statistics.stop == REPEATED:
            anyway = _("“--may-repeat” lets it go on.")
            self._console.print_note(f"{format_repetition()} {anyway}")

    def _print_end(self, statistics: AnswerStatistics) -> None:
        count = statistics.completion_tokens
        if statistics.stop == "length":
            words = ngettext(
                "Cut at {count} token; “--max-tokens N” allows more.",
                "Cut at {count} tokens; “--max-tokens N” allows more.",
                count,
            )
            self._console.print_note(words.format(count=count))
        if count:
            self._console.print_measure(format_speed(statistics))

    def _print_agreement(self, agreement: Agreement) -> None:
        self._console.print_line(f"\n{format_agreement(agreement)}")
        for other in agreement.others:
            self._console.print_line(f"- {format_other_answer(other)}")
            for difference in other.differences:
                self._console.print_line(f"    {format_difference(difference)}")

    def _list(self, heading: str, sources: list[Source]) -> None:
        if sources:
            self._console.print_line(f"\n{heading}:")
        for source in sources:
            self._console.print_line(
                f"[{source.n}] {format_location(source.file, source.page, source.heading)}"
            )


def _exit_code(console: Console, event: AnswerFinished, *, is_saved: bool) -> int:
    """Return 1 for an answer that was stopped, and print a note."""
    if event.statistics.stop != "cancelled":
        return 0
    saved = _("Stopped; what had come of the answer is saved.")
    console.print_note(saved if is_saved else _("Stopped."))
    return 1
