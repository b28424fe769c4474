"""Answer details dialog: statistics, retrieved passages and the exact prompt."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from core.app.chats.turn_service import AnswerDetails
from core.base.i18n import _
from core.chat.conversations.conversation import Source
from desktop.chat.cards.sampling_formatting import sampling_lines
from desktop.chat.cards.statistics_formatting import format_context_use
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.locale_formatting import format_count, format_decimal
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text


class AnswerDetailsDialog(QDialog):
    """Three pages of plain text, which can be copied."""

    def __init__(self, theme: Theme, parent: QWidget, details: AnswerDetails) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build(details)
        self._close.clicked.connect(self.accept)
        self._copy.clicked.connect(self._on_copy_clicked)

    def _build(self, details: AnswerDetails) -> None:
        title = _("Details of an answer")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(720, 560)
        self._pages = QTabWidget()
        self._pages.setDocumentMode(True)
        self._add(_("Answer"), "\n".join(answer_lines(details)))
        self._add(_("Retrieved"), "\n".join(retrieved_lines(details)))
        prompt = details.prompt.text if details.prompt else ""
        self._add(_("Prompt"), prompt or _("What was sent is not known for this answer."))
        self._copy = TextButton(self._theme, _("Copy this page"), icon="copy")
        self._close = TextButton(self._theme, _("Close"), role="primary")
        row = QHBoxLayout()
        row.addWidget(self._copy)
        row.addStretch(1)
        row.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label(title, "title"))
        column.addWidget(self._pages, 1)
        column.addLayout(row)
        self._close.setFocus()

    def _add(self, name: str, words: str) -> None:
        page = QPlainTextEdit(visible_text(words))
        page.setReadOnly(True)
        page.setAccessibleName(name)
        page.setTabChangesFocus(True)
        page.setProperty("role", "code")
        page.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._pages.addTab(page, name)

    def _on_copy_clicked(self) -> None:
        page = self._pages.currentWidget()
        if isinstance(page, QPlainTextEdit):
            QGuiApplication.clipboard().setText(page.toPlainText())


def answer_lines(details: AnswerDetails) -> Iterator[str]:
    """Yield what an answer cost and how it was made, line by line."""
    turn, statistics = details.answer, details.answer.statistics
    yield _("Model: {model}").format(model=turn.model)
    yield _("Tokens of the prompt: {count}, of which {cached} were still in memory").format(
        count=format_count(statistics.prompt_tokens), cached=format_count(statistics.cached_tokens)
    )
    yield _("Tokens written: {count}").format(count=format_count(statistics.completion_tokens))
    if context := format_context_use(statistics):
        yield context
    yield _("Tokens per second: {rate}").format(rate=format_decimal(statistics.tokens_per_second))
    first = format_decimal(statistics.seconds_to_first_token, 2)
    yield _("Seconds to the first word: {seconds}").format(seconds=first)
    if statistics.drafted_tokens:
        yield _("Tokens guessed ahead: {count}, of which {right} were right").format(
            count=format_count(statistics.drafted_tokens),
            right=format_count(statistics.accepted_tokens),
        )
    yield _("Ended by: {reason}").format(reason=statistics.stop or "—")
    if turn.note:
        yield _("Note: {note}").format(note=turn.note)
    if turn.rating_note:
        yield _("Your note: {note}").format(note=turn.rating_note)
    if details.prompt is not None:
        yield ""
        yield from sampling_lines(details.prompt.sampling)


def retrieved_lines(details: AnswerDetails) -> Iterator[str]:
    """Yield the passages that were sent and those that were cut, with their scores."""
    prompt = details.prompt
    if prompt is not None and prompt.query:
        yield _("Searched for: {query}").format(query=prompt.query)
        yield ""
    if not details.answer.sources and not (prompt and prompt.cut):
        yield _("Nothing was retrieved for this answer.")
        return
    yield _("Sent:")
    for source in details.answer.sources:
        yield from _passage(source)
    if prompt is not None and prompt.cut:
        yield ""
        yield _("Found, but cut to make room:")
        for source in prompt.cut:
            yield from _passage(source)


def _passage(source: Source) -> Iterator[str]:
    place = source.file if source.page is None else f"{source.file}, {source.page}"
    score = format_decimal(source.score, 4)
    yield f"[{source.n}] {score}  {source.folder}/{place}  {source.heading}".rstrip()
    yield f"    {' '.join(source.text.split())}"
