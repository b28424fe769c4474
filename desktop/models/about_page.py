"""What one model is, whether it fits, where it lies, and its checksum."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from core.app.events import ModelReady
from core.app.events_models import ChecksumKnown, ChecksumProgress
from core.models.entry import ModelEntry
from core.words import _
from desktop.buttons import ElidedLabel, TextButton, plain_label, set_property
from desktop.chat.placed_words import placed_words
from desktop.chat.visible import shown
from desktop.models.entry_words import about_words, checksum_words, facts, twin_words
from desktop.models.layer_bar import LayerBar, Part, memory_parts, room_parts
from desktop.models.said import Said, problem_words
from desktop.models.servers import place_of
from desktop.models.tall_page import TallPage
from desktop.theme import Theme

_PARTS = 1000


class AboutPage(TallPage):
    """Shows what it is told; `verify_wanted` and `cancel_wanted` are about the checksum."""

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
        self._room = LayerBar(self._theme, _("Memory it needs"))
        self._room_words = plain_label("", "muted", wrap=True)
        self._lies = LayerBar(self._theme, _("Where it lies now"))
        self._lies_words = plain_label("", "muted", wrap=True)
        self._twins = plain_label("", "warning", wrap=True)
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(6)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 8, 8, 0)
        column.setSpacing(8)
        for part in (self._name, self._place, self._about):
            column.addWidget(part)
        column.addLayout(self._build_loading())
        for bar, words in ((self._room, self._room_words), (self._lies, self._lies_words)):
            column.addWidget(bar)
            column.addWidget(words)
        column.addWidget(self._twins)
        column.addLayout(self._form)
        column.addLayout(self._build_checksum())
        column.addStretch(1)
        self.hold(inner)

    def _build_loading(self) -> QHBoxLayout:
        self._loading = QProgressBar()
        self._loading.setTextVisible(False)
        self._loading.setRange(0, _PARTS)
        self._loading.setAccessibleName(_("Loading the model"))
        self.stop_loading = TextButton(self._theme, _("Stop loading"))
        self.stop_loading.clicked.connect(self.stop_loading_wanted)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._loading, 1)
        row.addWidget(self.stop_loading)
        return row

    def _build_checksum(self) -> QVBoxLayout:
        self._sum = plain_label(wrap=True)
        self._sum.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sum.setAccessibleName(_("SHA-256"))
        self.verify_button = TextButton(self._theme, _("Verify"))
        self.verify_button.setToolTip(_("Read the whole file and compute its SHA-256 anew"))
        self.verify_button.clicked.connect(self._on_verify_clicked)
        self._sum_bar = QProgressBar()
        self._sum_bar.setTextVisible(False)
        self._sum_bar.setRange(0, _PARTS)
        self._sum_bar.setAccessibleName(_("Computing the SHA-256"))
        self._sum_bar.hide()
        self._sum_said = Said()
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._sum, 1)
        row.addWidget(self.verify_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        self._sum_title = plain_label(_("SHA-256"), "muted")
        column.addWidget(self._sum_title)
        column.addLayout(row)
        column.addWidget(self._sum_bar)
        column.addWidget(self._sum_said.label)
        return column

    def show_entry(self, entry: ModelEntry | None, state_words: str, free: int) -> None:
        """Show a model; `free` bytes of memory, 0 where nobody knows."""
        if entry is None or entry.path != self._path:
            self._sum_said.say("")
            self.show_verifying(None)
        self._path = entry.path if entry else ""
        self._name.setText(shown(entry.ref) if entry else "")
        self._place.setText(shown(place_of(entry)) if entry else "")
        none = _("No model is known yet. Add a GGUF file or fetch one from the catalog to begin.")
        words = about_words(entry) if entry else none
        self._about.setText(f"{state_words} {words}".strip())
        set_property(self._about, "role", "error" if entry and entry.problem_code else "")
        needed = entry.memory_needed if entry and not entry.problem_code and entry.files else 0
        self._show_bar(self._room, self._room_words, room_parts(needed, free))
        twins = twin_words(entry) if entry else ""
        self._twins.setText(shown(twins))
        self._twins.setVisible(bool(twins))
        self._show_facts(facts(entry) if entry else [])

    def show_placed(self, ready: ModelReady | None) -> None:
        """Show where the model lies in memory, if it is there."""
        parts = memory_parts(ready.memory) if ready else ()
        self._show_bar(self._lies, self._lies_words, parts)
        if ready:
            self._lies_words.setText(placed_words(ready))
            self._lies_words.show()

    def show_loading(self, share: float | None) -> None:
        """Show how much of the model is in memory, None when it isn't being loaded."""
        for part in (self._loading, self.stop_loading):
            part.setVisible(share is not None)
        if share is not None:
            self._loading.setValue(round(share * _PARTS))

    def show_checksum(self, entry: ModelEntry | None, state: str) -> None:
        """Show a file's SHA-256, or how it stands."""
        has_file = entry is not None and bool(entry.files) and not entry.problem_code
        for part in (self._sum_title, self._sum, self.verify_button):
            part.setVisible(has_file)
        if entry is not None:
            words, role = checksum_words(entry, state)
            self._sum.setText(words)
            set_property(self._sum, "role", role)

    def show_verifying(self, progress: ChecksumProgress | None) -> None:
        """Show how far a checksum is, None when none is being computed for a person."""
        running = progress is not None
        self._sum_bar.setVisible(running)
        words = _("Stop") if running else _("Verify")
        self.verify_button.setText(words)
        self.verify_button.setAccessibleName(words)
        if progress is not None:
            self._sum_bar.setValue(round(_PARTS * progress.done / max(progress.total, 1)))

    def show_verified(self, event: ChecksumKnown) -> None:
        """Say how a checksum came out."""
        if event.wrong is not None:
            self._sum_said.say(problem_words(event.wrong), "error")
        elif event.expected:
            self._sum_said.say(_("The file is what it should be."), "good")
        else:
            self._sum_said.say(_("Computed; there is nothing to compare it with yet."))

    def say(self, words: str, role: str = "muted") -> None:
        """Say something about the checksum."""
        self._sum_said.say(words, role)

    @property
    def is_verifying(self) -> bool:
        """Whether a person waits for a checksum."""
        return not self._sum_bar.isHidden()

    @staticmethod
    def _show_bar(bar: LayerBar, label: QLabel, parts: tuple[Part, ...]) -> None:
        bar.show_parts(parts)
        label.setVisible(bool(bar.words))
        label.setText(bar.words)

    def _show_facts(self, lines: list[tuple[str, str]]) -> None:
        if [label for label, _words in lines] != list(self._facts):
            while self._form.rowCount():
                self._form.removeRow(0)
            self._facts = {label: ElidedLabel() for label, _words in lines}
            for label, text in self._facts.items():
                self._form.addRow(plain_label(label, "muted"), text)
        for label, words in lines:
            self._facts[label].setText(shown(words))
            self._facts[label].setAccessibleName(f"{label}: {words}")

    def _on_verify_clicked(self) -> None:
        if self.is_verifying:
            self.stop_verifying_wanted.emit()
        else:
            self.verify_wanted.emit()
