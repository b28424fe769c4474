"""Evaluation tab of the folder page: questions made from the folder, and what of it is found."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from core.app.library.folder_evaluation_formatting import (
    KINDS,
    describe_place,
    describe_unfindable,
    found_shares,
    kind_label,
    list_advice,
)
from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import Source
from core.messages import EvaluationProgress, FolderEvaluated, FolderQuestionResult, FolderState
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme
from desktop.library.file_table import FileTable


class FolderEvaluationTab(QWidget):
    """Starts and stops the test of a folder; lists its questions, what isn't found first."""

    test_wanted = Signal()
    stop_wanted = Signal()
    opened = Signal(object)  # Source
    """The passage of a question that is to be looked at."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._folder: FolderState | None = None
        self._questions: tuple[FolderQuestionResult, ...] = ()
        self._build()
        self._connect()

    def _build(self) -> None:
        explanation = _(
            "Questions are made from headings, sentences and figures of this folder, and searched"
            " for as yours are. Nothing leaves this computer, and no model writes."
        )
        self.test_button = TextButton(self._theme, _("Test now"), icon="search", role="primary")
        self.stop_button = TextButton(self._theme, _("Stop"), icon="stop")
        self.stop_button.hide()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Testing how well this folder is found"))
        self.bar.hide()
        self.summary = plain_label("", wrap=True)
        self.summary.hide()
        heads = (_("Question"), _("Where its answer stands"), _("Result"))
        self.table = FileTable(_("Questions of the test"), heads)
        self.table.horizontalHeader().sectionResized.connect(self.table.resizeRowsToContents)
        self.table.hide()
        self.open_button = TextButton(self._theme, _("Look at the passage"), icon="file")
        self.open_button.hide()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.test_button)
        buttons.addWidget(self.stop_button)
        buttons.addWidget(self.bar, 1)
        buttons.addStretch(1)
        buttons.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label(_("How well is this folder found?"), "title"))
        column.addWidget(plain_label(explanation, "muted", wrap=True))
        column.addLayout(buttons)
        column.addWidget(self.summary)
        column.addWidget(self.table, 1)
        column.addStretch(0)
        self._on_selection_changed()

    def _connect(self) -> None:
        self.test_button.clicked.connect(self.test_wanted)
        self.stop_button.clicked.connect(self.stop_wanted)
        self.open_button.clicked.connect(self._on_open_clicked)
        self.table.itemSelectionChanged.connect(self._on_selection_changed)
        self.table.cellActivated.connect(lambda row, _column: self._open_row(row))

    def show_running(self, *, is_running: bool) -> None:
        """Show whether a test is under way."""
        had_focus = self.test_button.hasFocus() or self.stop_button.hasFocus()
        self.test_button.setVisible(not is_running)
        self.stop_button.setVisible(is_running)
        self.bar.setVisible(is_running)
        self.bar.setRange(0, 0)
        if had_focus:
            (self.stop_button if is_running else self.test_button).setFocus()

    def show_progress(self, progress: EvaluationProgress) -> None:
        """Show how many questions were asked."""
        self.bar.setRange(0, progress.total)
        self.bar.setValue(progress.done)

    def show_result(self, folder: FolderState, result: FolderEvaluated) -> None:
        """Show the result of a test of a folder."""
        self._folder = folder
        self._questions = tuple(
            sorted(result.questions, key=lambda each: (each.rank > 0, -each.rank))
        )
        self.summary.setText("\n".join(_summary_lines(result)))
        self.summary.show()
        self.table.show_rows(
            [(each.question, _format_place(each), describe_place(each)) for each in self._questions]
        )
        self.table.resizeRowsToContents()
        self.table.setVisible(bool(self._questions))
        self.open_button.setVisible(bool(self._questions))
        self.test_button.setText(_("Test again"))
        self.test_button.setAccessibleName(self.test_button.text())
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        self.open_button.setEnabled(len(self.table.selected_rows) == 1)

    def _on_open_clicked(self) -> None:
        self._open_row(self.table.selected_rows[0])

    def _open_row(self, row: int) -> None:
        if self._folder is not None:
            self.opened.emit(_as_source(self._folder, self._questions[row]))


def _summary_lines(result: FolderEvaluated) -> list[str]:
    """Return the shares found, what can't be found at all, and what to do."""
    lines = []
    for kind in ("", *KINDS):
        shares = found_shares(result, kind)
        if shares is not None:
            words = _("{kind} ({count}): {first} found first, {among} among the first {k}")
            lines.append(
                words.format(
                    kind=kind_label(kind),
                    count=format_count(shares.count),
                    first=f"{round(100 * shares.first)} %",
                    among=f"{round(100 * shares.among_all)} %",
                    k=result.k,
                )
            )
    missed = sum(not each.rank for each in result.questions)
    if missed:
        words = ngettext(
            "{count} answer is not found; the table says why.",
            "{count} answers are not found; the table says why.",
            missed,
        )
        lines.append(words.format(count=format_count(missed)))
    return [*lines, *describe_unfindable(result), *(f"→ {line}" for line in list_advice(result))]


def _format_place(question: FolderQuestionResult) -> str:
    if question.page is None:
        return question.file
    return _("{file}, page {page}").format(file=question.file, page=question.page)


def _as_source(folder: FolderState, question: FolderQuestionResult) -> Source:
    """Return the passage of a question as the viewer shows passages."""
    return Source(
        n=1,
        folder_id=folder.folder_id,
        folder=folder.name,
        file=question.file,
        path=str(Path(folder.path) / question.file),
        page=question.page,
        heading=question.heading,
        text=question.text,
        content_hash=question.content_hash,
        score=0.0,
    )
