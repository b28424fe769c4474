"""The catalog: models one can fetch, what they are good for, whether they fit, their levels."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.errors import InglenookError
from core.models.catalog import CatalogModel
from core.words import _
from desktop.buttons import TextButton, offer_clearing, plain_label
from desktop.models.catalog_words import (
    HEADS,
    KINDS,
    USES,
    cells,
    fit_of,
    model_words,
    room_here,
    use_words,
)
from desktop.models.ladder_panel import LadderPanel
from desktop.models.row_table import RowTable
from desktop.models.said import Said
from desktop.ports import Front
from desktop.theme import Theme
from desktop.tick_box import TickBox


class CatalogTab(QWidget):
    """Reads the list that ships with the program; nothing here asks anyone before Fetch."""

    fetch_wanted = Signal(str)
    """A wish, "" to be typed."""

    def __init__(self, theme: Theme, front: Front) -> None:
        super().__init__()
        self._theme = theme
        self._front = front
        self.models: tuple[CatalogModel, ...] = ()
        self._room = 0
        self._build()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list for who looks at it."""
        super().showEvent(event)
        self.catalog()

    def catalog(self) -> tuple[CatalogModel, ...]:
        """Return the list, none of it where it is damaged."""
        if not self.models:
            self._load()
        return self.models

    def _build(self) -> None:
        told = _(
            "This list came with Inglenook and is read without a network. Fetching asks the host "
            "it names, after you agree."
        )
        self._said = Said()
        self.table = RowTable(self._theme, _("Catalog"), [_(head) for head in HEADS])
        self._about = plain_label("", wrap=True)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.levels = LadderPanel(self._theme, self._front.ladders)
        self.fetch_button = TextButton(self._theme, _("Fetch…"))
        self.other_button = TextButton(self._theme, _("Fetch something else…"))
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 8, 0, 0)
        below.setSpacing(4)
        below.addWidget(self._about)
        below.addWidget(self.fetch_button, 0, Qt.AlignmentFlag.AlignLeft)
        below.addWidget(self.levels, 1)
        below.addStretch(0)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self.table)
        self._splitter.addWidget(lower)
        letter = self.fontMetrics().height()
        self._splitter.setSizes([17 * letter, 31 * letter])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label(told, "muted", wrap=True))
        column.addLayout(self._build_filter())
        column.addWidget(self._said.label)
        column.addWidget(self._splitter, 1)

    def _build_filter(self) -> QVBoxLayout:
        self.line = QLineEdit()
        self.line.setAccessibleName(_("Search the catalog"))
        self.line.setPlaceholderText(_("Search the catalog"))
        offer_clearing(self.line)
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Kind of model"))
        for kind, words in KINDS.items():
            self.kind.addItem(_(words), kind)
        self.use = QComboBox()
        self.use.setAccessibleName(_("Good for"))
        self.use.addItem(_("Good for anything"), "")
        for use, words in USES.items():
            self.use.addItem(_("Good for {use}").format(use=_(words)), use)
        self.fitting = TickBox(self._theme)
        self.fitting.setText(_("Fits this computer"))
        self.fitting.setAccessibleName(self.fitting.text())
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.line, self.kind, self.use):
            row.addWidget(part, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.fitting, 1)
        below.addWidget(self.other_button)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(row)
        column.addLayout(below)
        return column

    def _connect(self) -> None:
        self.line.textChanged.connect(self._fill)
        self.kind.currentIndexChanged.connect(self._fill)
        self.use.currentIndexChanged.connect(self._fill)
        self.fitting.toggled.connect(self._fill)
        self.table.itemSelectionChanged.connect(self._show_model)
        self.levels.fetch_wanted.connect(self.fetch_wanted)
        self.fetch_button.clicked.connect(lambda: self.fetch_wanted.emit(self.table.key))
        self.other_button.clicked.connect(lambda: self.fetch_wanted.emit(""))

    def _load(self) -> None:
        try:
            self.models = self._front.ladders.catalog()
        except InglenookError as error:
            self._said.show_error(error)
        self._fill()

    def _fill(self) -> None:
        self._room = room_here(self._front.plans.devices)
        wanted = [model for model in self.models if self._is_wanted(model)]
        self.table.show_rows(
            [model.id for model in wanted], [cells(model, self._room) for model in wanted]
        )
        if self.models:
            self._said.say("" if wanted else _("No model of the catalog is like that."))
        self._show_model()

    def _is_wanted(self, model: CatalogModel) -> bool:
        words = self.line.text().casefold().split()
        told = " ".join(
            (model.id, model.name, model.family, model.maker, model.licence, use_words(model))
        ).casefold()
        use = self.use.currentData()
        return (
            model.kind == self.kind.currentData()
            and (not use or use in model.good_for)
            and all(word in told for word in words)
            and (not self.fitting.isChecked() or fit_of(model, self._room) in {"yes", "less"})
        )

    def _show_model(self) -> None:
        key = self.table.key
        model = next((each for each in self.models if each.id == key), None)
        self._about.setText(model_words(model) if model else "")
        is_chat = model is not None and model.kind == "chat"
        self.levels.setVisible(is_chat)
        self.levels.show_model(model.id if model and is_chat else "")
        self.fetch_button.setVisible(model is not None and not is_chat)
