"""Catalog tab: downloadable models with filters, their fit and their quantizations."""

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

from core.app.app import App
from core.app.models.model_suggestion import usable_memory
from core.base.errors import InglenookError
from core.base.i18n import _
from core.models.model_catalog import CatalogModel
from desktop.kit.buttons_and_labels import TextButton, add_clear_button, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.theme import Theme
from desktop.models.downloads.catalog_formatting import (
    CATALOG_COLUMNS,
    KINDS,
    USES,
    catalog_model_fit,
    catalog_row_cells,
    format_catalog_model,
    format_model_uses,
)
from desktop.models.quantization.quantization_ladder_panel import QuantizationLadderPanel
from desktop.models.widgets.keyed_table import KeyedTable
from desktop.models.widgets.message_line import MessageLine


class CatalogTab(QWidget):
    """Shows the list that ships with the program; no host is asked before Fetch is clicked."""

    download_wanted = Signal(str)
    """The request for a download, "" if it is to be typed."""

    def __init__(self, theme: Theme, app: App) -> None:
        super().__init__()
        self._theme = theme
        self._app = app
        self.models: tuple[CatalogModel, ...] = ()
        self._memory = 0
        self._build()
        self._connect()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list when it is first shown."""
        super().showEvent(event)
        self.catalog_models()

    def catalog_models(self) -> tuple[CatalogModel, ...]:
        """Return the models of the catalog; none if it is damaged."""
        if not self.models:
            self._load()
        return self.models

    def _build(self) -> None:
        hint = _(
            "This list came with Inglenook and is read without a network. Fetching asks the host "
            "it names, after you agree."
        )
        self._message = MessageLine()
        self.table = KeyedTable(self._theme, _("Catalog"), [_(head) for head in CATALOG_COLUMNS])
        self._about = plain_label("", wrap=True)
        self._about.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.quantizations = QuantizationLadderPanel(self._theme, self._app.quantization_ladders)
        self.download_button = TextButton(self._theme, _("Fetch…"))
        self.download_other_button = TextButton(self._theme, _("Fetch something else…"))
        lower = QWidget()
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 8, 0, 0)
        below.setSpacing(4)
        below.addWidget(self._about)
        below.addWidget(self.download_button, 0, Qt.AlignmentFlag.AlignLeft)
        below.addWidget(self.quantizations, 1)
        below.addStretch(0)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self.table)
        self._splitter.addWidget(lower)
        letter = self.fontMetrics().height()
        self._splitter.setSizes([26 * letter, 22 * letter])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(plain_label(hint, "muted", wrap=True))
        column.addLayout(self._build_filter())
        column.addWidget(self._message.label)
        column.addWidget(self._splitter, 1)

    def _build_filter(self) -> QVBoxLayout:
        self.search_field = QLineEdit()
        self.search_field.setAccessibleName(_("Search the catalog"))
        self.search_field.setPlaceholderText(_("Search the catalog"))
        add_clear_button(self.search_field)
        self.kind_filter = QComboBox()
        self.kind_filter.setAccessibleName(_("Kind of model"))
        for kind, words in KINDS.items():
            self.kind_filter.addItem(_(words), kind)
        self.use_filter = QComboBox()
        self.use_filter.setAccessibleName(_("Good for"))
        self.use_filter.addItem(_("Good for anything"), "")
        for use, words in USES.items():
            self.use_filter.addItem(_("Good for {use}").format(use=_(words)), use)
        self.fits_filter = ThemedCheckBox(self._theme)
        self.fits_filter.setText(_("Fits this computer"))
        self.fits_filter.setAccessibleName(self.fits_filter.text())
        letter = self.fontMetrics().averageCharWidth()
        self.search_field.setMinimumWidth(16 * letter)  # the others give way in large text
        for box in (self.kind_filter, self.use_filter):
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.setMinimumContentsLength(8)
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in (self.search_field, self.kind_filter, self.use_filter):
            row.addWidget(part, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.fits_filter, 1)
        below.addWidget(self.download_other_button)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(row)
        column.addLayout(below)
        return column

    def _connect(self) -> None:
        self.search_field.textChanged.connect(self._fill)
        self.kind_filter.currentIndexChanged.connect(self._fill)
        self.use_filter.currentIndexChanged.connect(self._fill)
        self.fits_filter.toggled.connect(self._fill)
        self.table.itemSelectionChanged.connect(self._show_model)
        self.quantizations.download_wanted.connect(self.download_wanted)
        self.download_button.clicked.connect(
            lambda: self.download_wanted.emit(self.table.current_key)
        )
        self.download_other_button.clicked.connect(lambda: self.download_wanted.emit(""))

    def _load(self) -> None:
        try:
            self.models = self._app.quantization_ladders.list_catalog()
        except InglenookError as error:
            self._message.show_error(error)
        self._fill()

    def _fill(self) -> None:
        self._memory = usable_memory(self._app.devices.known_devices)
        shown = [model for model in self.models if self._matches_filter(model)]
        self.table.show_rows(
            [model.id for model in shown],
            [catalog_row_cells(model, self._memory) for model in shown],
        )
        if self.models:
            self._message.show_message("" if shown else _("No model of the catalog is like that."))
        self._show_model()

    def _matches_filter(self, model: CatalogModel) -> bool:
        words = self.search_field.text().casefold().split()
        searched = " ".join(
            (
                model.id,
                model.name,
                model.family,
                model.maker,
                model.licence,
                format_model_uses(model),
            )
        ).casefold()
        use = self.use_filter.currentData()
        return (
            model.kind == self.kind_filter.currentData()
            and (not use or use in model.good_for)
            and all(word in searched for word in words)
            and (
                not self.fits_filter.isChecked()
                or catalog_model_fit(model, self._memory) in {"yes", "less"}
            )
        )

    def _show_model(self) -> None:
        key = self.table.current_key
        model = next((each for each in self.models if each.id == key), None)
        self._about.setText(format_catalog_model(model) if model else "")
        is_chat = model is not None and model.kind == "chat"
        self.quantizations.setVisible(is_chat)
        self.quantizations.show_model(model.id if model and is_chat else "")
        self.download_button.setVisible(model is not None and not is_chat)
