"""Library answer text: counts and lists of files as sentences, each file as a source of its own."""

import datetime as dt
from collections.abc import Sequence

from msgspec import structs

from core.base.errors import describe_error
from core.base.formatting import format_bytes
from core.base.i18n import _, ngettext, translating_into
from core.base.lazy_regex import lazy_pattern
from core.base.text_language import detect_language
from core.chat.answering.answer_draft import ComposedAnswer
from core.chat.answering.answer_request import AnswerRequest
from core.chat.conversations.conversation import AnswerStatistics, Citation, Source
from core.chat.intent.library_question import LibraryQuestion, LibraryQuestionKind
from core.chat.library_answers.library_queries import RANKED
from core.messages import FilesFound, FoundFile

_LANGUAGES = {"english": "en", "german": "de", "french": "fr", "spanish": "es", "arabic": "ar"}
_MARKUP = lazy_pattern(r"([\\`*\[\]<>])")


def compose_library_answer(
    request: AnswerRequest, question: LibraryQuestion, found: FilesFound
) -> ComposedAnswer:
    """Return the answer, in the language of the question where the app speaks it."""
    with translating_into(_LANGUAGES.get(detect_language(request.text), "")):
        lines = _Lines()
        named = [each for each in found.files if not each.mentions]
        lines.add(_headline(question, found))
        if question.kind not in RANKED:
            lines.add(_types_line(found))
        lines.add_files(named, question)
        if question.kind not in RANKED and found.total > len(named):
            more = found.total - len(named)
            lines.add(ngettext("… and {count} more.", "… and {count} more.", more), count=more)
        mentioned = [each for each in found.files if each.mentions]
        if mentioned:
            lines.add(_("In the text of:"))
            lines.add_files(mentioned, question)
        statistics = AnswerStatistics(stop="stop", unread_files=found.unread_files)
        note = _note(request, question, found)
        return structs.replace(lines.compose(), note=note, statistics=statistics)


def _headline(question: LibraryQuestion, found: FilesFound) -> str:
    ranked = {
        LibraryQuestionKind.NEWEST: _("The files changed last:"),
        LibraryQuestionKind.OLDEST: _("The files whose last change is longest ago:"),
        LibraryQuestionKind.LARGEST: _("The largest files:"),
        LibraryQuestionKind.SMALLEST: _("The smallest files:"),
    }
    if question.kind in ranked:
        return ranked[question.kind] if found.total else _("There are no files.")
    if question.kind is LibraryQuestionKind.CHANGED:
        return f"{_changed_line(question, found.total)} {_words_line(question)}".strip()
    if question.kind is not LibraryQuestionKind.UNREADABLE:
        return _matching_line(question, found)
    if not found.total:
        return _("All files could be read.")
    return ngettext(
        "{count} file could not be read.", "{count} files could not be read.", found.total
    ).format(count=found.total)


def _matching_line(question: LibraryQuestion, found: FilesFound) -> str:
    """Say what was counted: names, folders and titles, and apart from them the texts."""
    if not question.words:
        text = ngettext("There is {count} file.", "There are {count} files.", found.total)
        return text.format(count=found.total)
    words = "”, “".join(question.words)
    text = ngettext(
        "{count} file has “{words}” in its name, folder or title",
        "{count} files have “{words}” in their name, folder or title",
        found.total,
    ).format(count=found.total, words=words)
    if not found.mentions:
        return _("{sentence}; no other mentions it.").format(sentence=text)
    more = ngettext(
        "{sentence}; {count} more mentions it.",
        "{sentence}; {count} more mention it.",
        found.mentions,
    )
    return more.format(sentence=text, count=found.mentions)


def _changed_line(question: LibraryQuestion, count: int) -> str:
    since = _day(question.since or 0.0)
    if question.until is None:
        text = ngettext(
            "{count} file was changed since {since}.",
            "{count} files were changed since {since}.",
            count,
        )
        return text.format(count=count, since=since)
    text = ngettext(
        "{count} file was changed from {since} to {until}.",
        "{count} files were changed from {since} to {until}.",
        count,
    )
    return text.format(count=count, since=since, until=_day(question.until - 1))


def _words_line(question: LibraryQuestion) -> str:
    """Return by what the changed files were chosen, "" for all of them."""
    if not question.words:
        return ""
    text = _("Only files with “{words}” in their name, folder or title are counted.")
    return text.format(words="”, “".join(question.words))


def _types_line(found: FilesFound) -> str:
    """Return how many files there are by type, "" for files of one kind."""
    if len(found.types) < 2:
        return ""
    parts = [f"{name or '–'} {count}" for name, count in found.types.items()]
    return _("By type: {types}.").format(types=" · ".join(parts))


def _note(request: AnswerRequest, question: LibraryQuestion, found: FilesFound) -> str:
    names = [request.folder_names.get(folder_id, "") for folder_id in request.folder_ids]
    notes = [_("Counted in: {names}.").format(names=", ".join(filter(None, names)))]
    if found.skipped and question.kind is not LibraryQuestionKind.UNREADABLE:
        text = ngettext(
            "{count} file that could not be read is not counted.",
            "{count} files that could not be read are not counted.",
            found.skipped,
        )
        notes.append(text.format(count=found.skipped))
    return " ".join(notes)


class _Lines:
    """Paragraphs and lists under construction, with a citation at each file's line."""

    def __init__(self) -> None:
        self._text = ""
        self._sources: list[Source] = []
        self._citations: list[Citation] = []

    def add(self, text: str, **values: object) -> None:
        """Add a paragraph, unless it is empty."""
        if text:
            self._text += ("\n\n" if self._text else "") + (
                text.format(**values) if values else text
            )

    def add_files(self, files: Sequence[FoundFile], question: LibraryQuestion) -> None:
        """Add a list of files."""
        for place, file in enumerate(files):
            self._text += "\n\n" if place == 0 else "\n"
            start = len(self._text) + 2
            self._text += f"- {_file_line(file, question)}"
            n = len(self._sources) + 1
            self._sources.append(_source(n, file))
            self._citations.append(Citation(n=n, start=start, end=len(self._text)))

    def compose(self) -> ComposedAnswer:
        """Return all of it."""
        return ComposedAnswer(
            text=self._text, sources=tuple(self._sources), citations=tuple(self._citations)
        )


def _file_line(file: FoundFile, question: LibraryQuestion) -> str:
    name = _MARKUP.sub(r"\\\1", file.file)
    match question.kind:
        case LibraryQuestionKind.UNREADABLE:
            return f"{name}: {describe_error(file.code, file.facts)[0]}"
        case LibraryQuestionKind.LARGEST | LibraryQuestionKind.SMALLEST:
            return f"{name} ({format_bytes(file.size)})"
        case LibraryQuestionKind.CHANGED | LibraryQuestionKind.NEWEST | LibraryQuestionKind.OLDEST:
            return f"{name} ({_day(file.modified)})"
        case _:
            return name


def _source(n: int, file: FoundFile) -> Source:
    reason = " ".join(describe_error(file.code, file.facts)) if file.code else ""
    return Source(
        n=n,
        folder_id=file.folder_id,
        folder=file.folder,
        file=file.file,
        path=file.path,
        page=file.page,
        heading=file.title,
        text=file.text or reason,
        content_hash=file.content_hash,
        score=1.0,
    )


def _day(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).astimezone().date().isoformat()
