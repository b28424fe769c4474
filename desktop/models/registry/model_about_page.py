"""About page of a model: facts, memory need, placement and checksum."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from core.app.events.app_events import ModelReady
from core.app.models.checksum_service import VerifiedChecksum
from core.base.i18n import _
from core.models.files.byte_progress import ByteProgress
from core.models.info.model_entry import ModelEntry
from desktop.chat.view.placement_formatting import format_placement
from desktop.kit.buttons_and_labels import (
    ElidedLabel,
    IconButton,
    TextButton,
    plain_label,
    set_style_property,
)
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.models.choice.server_choice import entry_path
from desktop.models.registry.model_entry_formatting import (
    format_checksum,
    format_duplicates,
    format_usability,
    model_facts,
)
from desktop.models.widgets.digest_label import DigestLabel
from desktop.models.widgets.message_line import MessageLine, format_problem
from desktop.models.widgets.placement_bar import (
    BarSegment,
    PlacementBar,
    free_memory_segments,
    memory_segments,
)
from desktop.models.widgets.scroll_page import ScrollPage

_PARTS = 1000


class ModelAboutPage(ScrollPage):
    """Shows one model; `verify_wanted` and `stop_verifying_wanted` are about its checksum."""

    verify_wanted = Signal()
    stop_verifying_wanted = Signal()
    stop_loading_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._path = ""
        self._facts: dict[str, ElidedLabel] = {}
        self._build()

    def _build(self) -> None:
        self._name = ElidedLabel(role="title")
        self._place = ElidedLabel(role="muted", mode=Qt.TextElideMode.ElideMiddle)
        self._about = plain_label(wrap=True)
        self._memory_bar = PlacementBar(self._theme, _("Memory it needs"))
        self._memory_label = plain_label("", "muted", wrap=True)
        self._placement_bar = PlacementBar(self._theme, _("Where it lies now"))
        self._placement_label = plain_label("", "muted", wrap=True)
        self._duplicates = plain_label("", "warning", wrap=True)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(6)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(margins(0, 8, 8, 0))
        column.setSpacing(8)
        for part in (self._name, self._place, self._about):
            column.addWidget(part)
        column.addLayout(self._build_loading())
        for bar, text in (
            (self._memory_bar, self._memory_label),
            (self._placement_bar, self._placement_label),
        ):
            column.addWidget(bar)
            column.addWidget(text)
        column.addWidget(self._duplicates)
        column.addLayout(self._form)
        column.addLayout(self._build_checksum())
        column.addStretch(1)
        self.set_content(inner)

    def _build_loading(self) -> QHBoxLayout:
        self._loading = QProgressBar()
        self._loading.setTextVisible(False)
        self._loading.setRange(0, _PARTS)
        self._loading.setAccessibleName(_("Loading the model"))
        self.stop_loading_button = TextButton(self._theme, _("Stop loading"))
        self.stop_loading_button.clicked.connect(self.stop_loading_wanted)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._loading, 1)
        row.addWidget(self.stop_loading_button)
        return row

    def _build_checksum(self) -> QVBoxLayout:
        self._checksum = DigestLabel()
        self._checksum.setAccessibleName(_("SHA-256"))
        self._copy_checksum = IconButton(self._theme, "copy", _("Copy the SHA-256"), size=16)
        self._copy_checksum.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self._checksum.text())
        )
        self.verify_button = TextButton(self._theme, _("Verify"))
        self.verify_button.setToolTip(_("Read the whole file and compute its SHA-256 anew"))
        self.verify_button.clicked.connect(self._on_verify_clicked)
        self._checksum_bar = QProgressBar()
        self._checksum_bar.setTextVisible(False)
        self._checksum_bar.setRange(0, _PARTS)
        self._checksum_bar.setAccessibleName(_("Computing the SHA-256"))
        self._checksum_bar.hide()
        self._checksum_message = MessageLine()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._checksum, 1)
        row.addWidget(self._copy_checksum, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.verify_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        self._checksum_title = plain_label(_("SHA-256"), "muted")
        column.addWidget(self._checksum_title)
        column.addLayout(row)
        column.addWidget(self._checksum_bar)
        column.addWidget(self._checksum_message.label)
        return column

    def show_entry(
        self, entry: ModelEntry | None, state_words: str, free: int, judging: str = ""
    ) -> None:
        """Show a model; `free` are bytes of memory, 0 if unknown; `judging` says how it judges."""
        if entry is None or entry.path != self._path:
            self._checksum_message.show_message("")
            self.show_verify_progress(None)
        self._path = entry.path if entry else ""
        self._name.setText(visible_text(entry.ref) if entry else "")
        self._place.setText(visible_text(entry_path(entry)) if entry else "")
        none = _("No model is known yet. Add a GGUF file or fetch one from the catalog to begin.")
        text = format_usability(entry) if entry else none
        self._about.setText(f"{state_words} {text}".strip())
        set_style_property(self._about, "role", "error" if entry and entry.problem_code else "")
        needed = entry.memory_needed if entry and not entry.problem_code and entry.files else 0
        self._show_bar(self._memory_bar, self._memory_label, free_memory_segments(needed, free))
        duplicates = format_duplicates(entry) if entry else ""
        self._duplicates.setText(visible_text(duplicates))
        self._duplicates.setVisible(bool(duplicates))
        facts = model_facts(entry) if entry else []
        self._show_facts([*facts, (_("As a judge"), judging)] if judging else facts)

    def show_placement(self, ready: ModelReady | None) -> None:
        """Show the placement of the model if it is loaded."""
        parts = memory_segments(ready.memory) if ready else ()
        self._show_bar(self._placement_bar, self._placement_label, parts)
        if ready:
            self._placement_label.setText(format_placement(ready))
            self._placement_label.show()

    def show_loading_progress(self, share: float | None) -> None:
        """Show the loaded share of the model, None if it isn't being loaded."""
        for part in (self._loading, self.stop_loading_button):
            part.setVisible(share is not None)
        if share is not None:
            self._loading.setValue(round(share * _PARTS))

    def show_checksum(self, entry: ModelEntry | None, state: str) -> None:
        """Show a file's SHA-256, or the state of its computation."""
        has_file = entry is not None and bool(entry.files) and not entry.problem_code
        for part in (self._checksum_title, self._checksum, self.verify_button):
            part.setVisible(has_file)
        if entry is not None:
            text, role = format_checksum(entry, state)
            self._checksum.setText(text)
            set_style_property(self._checksum, "role", role)
        self._copy_checksum.setVisible(has_file and self._checksum.is_digest)

    def show_verify_progress(self, progress: ByteProgress | None) -> None:
        """Show how far a checksum is, None when nobody waits for one."""
        running = progress is not None
        self._checksum_bar.setVisible(running)
        text = _("Stop") if running else _("Verify")
        self.verify_button.setText(text)
        self.verify_button.setAccessibleName(text)
        if progress is not None:
            self._checksum_bar.setValue(round(_PARTS * progress.done / max(progress.total, 1)))

    def show_verify_result(self, verified: VerifiedChecksum) -> None:
        """Show whether a checksum is what it should be."""
        if verified.mismatch is not None:
            self._checksum_message.show_message(format_problem(verified.mismatch), "error")
        elif verified.expected:
            self._checksum_message.show_message(_("The file is what it should be."), "good")
        else:
            self._checksum_message.show_message(
                _("Computed; there is nothing to compare it with yet.")
            )

    def show_checksum_message(self, words: str, role: str = "muted") -> None:
        """Show a message about the checksum."""
        self._checksum_message.show_message(words, role)

    @property
    def is_verifying(self) -> bool:
        """Whether the checksum is being computed on request."""
        return not self._checksum_bar.isHidden()

    @staticmethod
    def _show_bar(bar: PlacementBar, label: QLabel, parts: tuple[BarSegment, ...]) -> None:
        bar.show_segments(parts)
        label.setVisible(bool(bar.summary_text))
        label.setText(bar.summary_text)

    def _show_facts(self, lines: list[tuple[str, str]]) -> None:
        if [label for label, _words in lines] != list(self._facts):
            while self._form.rowCount():
                self._form.removeRow(0)
            self._facts = {label: ElidedLabel() for label, _words in lines}
            for label, text in self._facts.items():
                self._form.addRow(plain_label(label, "muted"), text)
        for label, label_text in lines:
            self._facts[label].setText(visible_text(label_text))
            self._facts[label].setAccessibleName(f"{label}: {label_text}")

    def _on_verify_clicked(self) -> None:
        if self.is_verifying:
            self.stop_verifying_wanted.emit()
        else:
            self.verify_wanted.emit()
