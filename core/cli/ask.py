"""`inglenook ask`: one question, its answer streamed, its sources after it."""

import argparse

from msgspec import structs

from core import settings
from core.app.events import (
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerText,
    AppEvent,
)
from core.app.sampling import default_sampling
from core.chat.conversation import Source
from core.cli.console import Console
from core.cli.folders import folder_states, resolve_folders
from core.cli.session import Session
from core.messages import Sampling
from core.words import _

EVENTS_VERSION = 1
"""Counts up when the meaning of a field of the event stream changes."""


def ask(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Ask, print the answer as it comes, and return the exit code."""
    app = session.app
    chat_id = app.chats.find(options.chat) if options.chat else None
    folder_ids = tuple(
        folder.folder_id for folder in resolve_folders(session, console, options.folders)
    )
    if chat_id and not folder_ids:
        folder_ids = _folders_of(session, console, chat_id)
    if options.threads:
        app.settings.override(settings.THREADS, options.threads)
    app.ask(
        options.question,
        chat_id=chat_id,
        folder_ids=folder_ids,
        model=options.model or "",
        sampling=_sampling(session, options, grounded=bool(folder_ids)),
        max_tokens=options.max_tokens,
        try_anyway=options.try_anyway,
    )
    printer = _JsonAnswer(console) if console.as_json else _PlainAnswer(console)
    for event in session.events(on_interrupt=app.stop_answer):
        code = printer.show(event)
        if code is not None:
            return code
    raise AssertionError("events never end")


def _folders_of(session: Session, console: Console, chat_id: str) -> tuple[str, ...]:
    """Return the folders a chat answers from, as far as they are still there; say if not."""
    kept = session.app.chats.load(chat_id).folder_ids
    if not kept:
        return ()
    known = {folder.folder_id for folder in folder_states(session)}
    there = tuple(folder_id for folder_id in kept if folder_id in known)
    if not there:
        console.note(_("The folder this chat asked is no longer there; the model answers alone."))
    elif len(there) < len(kept):
        console.note(_("A folder this chat asked is no longer there; the others are asked."))
    return there


def _sampling(session: Session, options: argparse.Namespace, *, grounded: bool) -> Sampling:
    sampling = default_sampling(session.app.settings, grounded=grounded)
    if options.temperature is not None:
        sampling = structs.replace(sampling, temperature=options.temperature)
    return structs.replace(sampling, seed=options.seed)


class _JsonAnswer:
    """Prints the course of an answer as events, one object a line."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._sources_told = False

    def show(self, event: AppEvent) -> int | None:
        """Print one event; return the exit code with the last one."""
        match event:
            case AnswerStarted():
                self._console.json(
                    {
                        "event": "start",
                        "version": EVENTS_VERSION,
                        "chat": event.chat_id,
                        "turn": event.turn_id,
                        "model": event.model,
                    }
                )
            case AnswerSources():
                self._tell_sources(event.sources)
            case AnswerText():
                self._tell_sources(())
                self._console.json({"event": "token", "text": event.text})
            case AnswerFinished():
                self._tell_sources(event.sources)
                return self._finish(event)
            case AnswerFailed():
                self._console.failed(event.problem)
                return 1
            case _:
                pass
        return None

    def _tell_sources(self, sources: tuple[Source, ...]) -> None:
        if not self._sources_told:
            self._sources_told = True
            fields = [source_fields(source) for source in sources]
            self._console.json({"event": "sources", "sources": fields})

    def _finish(self, event: AnswerFinished) -> int:
        statistics = event.statistics
        citations = [
            {"n": citation.n, "start": citation.start, "end": citation.end}
            for citation in event.citations
        ]
        note = {"note": event.note} if event.note else {}
        self._console.json(
            {
                "event": "done",
                "text": event.text,
                "citations": citations,
                "prompt_tokens": statistics.prompt_tokens,
                "cached_tokens": statistics.cached_tokens,
                "completion_tokens": statistics.completion_tokens,
                "seconds_to_first_token": round(statistics.seconds_to_first_token, 4),
                "tokens_per_second": round(statistics.tokens_per_second, 2),
                "stop": statistics.stop,
                **note,
            }
        )
        return _exit_code(self._console, event)


class _PlainAnswer:
    """Prints the course of an answer for a person."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._streamed = ""

    def show(self, event: AppEvent) -> int | None:
        """Print one event; return the exit code with the last one."""
        match event:
            case AnswerStage():
                self._console.status(_stage(event.stage))
            case AnswerText():
                text = event.text if self._streamed else event.text.lstrip()
                self._streamed += text
                self._console.text(text)
            case AnswerFinished():
                return self._finish(event)
            case AnswerFailed():
                if self._streamed:
                    self._console.line()
                self._console.failed(event.problem)
                return 1
            case _:
                pass
        return None

    def _finish(self, event: AnswerFinished) -> int:
        console = self._console
        if not self._streamed:
            console.text(event.text)
        if not (self._streamed or event.text).endswith("\n"):
            console.line()
        cited = {citation.n for citation in event.citations}
        self._list(_("Sources"), [source for source in event.sources if source.n in cited])
        others = [source for source in event.sources if source.n not in cited]
        self._list(_("Read, but no sentence of the answer rests on it"), others)
        if event.note:
            console.note(event.note)
        return _exit_code(console, event)

    def _list(self, heading: str, sources: list[Source]) -> None:
        if sources:
            self._console.line(f"\n{heading}:")
        for source in sources:
            self._console.line(f"[{source.n}] {place(source.file, source.page, source.heading)}")


def source_fields(source: Source) -> dict[str, object]:
    """Return a source as scripts get it."""
    return {
        "n": source.n,
        "file": source.file,
        "path": source.path,
        "page": source.page,
        "heading": source.heading,
        "text": source.text,
        "score": round(source.score, 4),
    }


def place(file: str, page: int | None, heading: str) -> str:
    """Return where a passage stands, e.g. "tax/2024.pdf, page 3 — Income"."""
    where = file if page is None else _("{file}, page {page}").format(file=file, page=page)
    return f"{where} — {heading}" if heading else where


def _stage(stage: str) -> str:
    names = {
        "searching": _("Searching the folders …"),
        "loading": _("Loading the model …"),
        "reading": _("Reading …"),
    }
    return names.get(stage, "")


def _exit_code(console: Console, event: AnswerFinished) -> int:
    """A stopped answer is saved, but it is not what was asked for."""
    if event.statistics.stop != "cancelled":
        return 0
    console.note(_("Stopped; what had come of the answer is saved."))
    return 1
