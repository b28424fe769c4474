"""Dialog before a download: host, repository, licence and size of the model."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.app.events.app_events import AppEvent, RequestFailed
from core.app.events.network_events import DownloadPlanned
from core.base.errors import InglenookError
from core.base.i18n import _, ngettext
from core.models.downloads.download_plan import (
    DownloadPlan,
    files_from_catalog,
    parse_download_request,
)
from core.models.model_catalog import CatalogModel
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.locale_formatting import format_size
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.models.widgets.message_line import MessageLine
from desktop.protocols.model_protocols import DownloadCalls


def format_download_plan(plan: DownloadPlan) -> str:
    """Return what would be fetched from whom, and where it would lie."""
    number = len(plan.files)
    first = ngettext(
        "{name}: {size} from {host}.", "{name}: {size} in {count} files from {host}.", number
    )
    lines = [
        first.format(
            name=plan.name, size=format_size(plan.total_bytes), count=number, host=plan.host
        ),
        _("Repository {repository}.").format(repository=plan.repository),
        _("Licence: {licence}.").format(licence=plan.licence or _("not said")),
        _("It goes into {folder}, and counts only once its SHA-256 is right.").format(
            folder=str(Path(plan.target).parent)
        ),
    ]
    if not all(file.digest for file in plan.files):
        lines[-1] = _("It goes into {folder}. The host tells no checksum for all of it.").format(
            folder=str(Path(plan.target).parent)
        )
    if plan.gated:
        lines.append(_("Its maker lets it be fetched only by people who agreed on its page."))
    return "\n".join(lines)


class DownloadDialog(QDialog):
    """Asks the host for sizes only after a press that names it; fetches only after another.

    What the catalog vouches for needs no asking. `pump` lets the desk tell what it already knows.
    """

    download_started = Signal(str)

    def __init__(
        self,
        theme: Theme,
        fetches: DownloadCalls,
        catalog: tuple[CatalogModel, ...],
        pump: Callable[[], None],
        holder: QWidget,
        *,
        wish: str = "",
    ) -> None:
        super().__init__(holder)
        self._theme = theme
        self._downloads = fetches
        self._catalog = catalog
        self._pump = pump
        self._asked = ""
        self._plan: DownloadPlan | None = None
        self._build(wish)
        self._connect()
        self._show_asking()
        if wish and self._is_known(wish):
            self._request_plan()

    def _build(self, wish: str) -> None:
        title = _("Fetch a model")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(84 * self.fontMetrics().averageCharWidth())
        self.line = QLineEdit(wish)
        self.line.setAccessibleName(_("What to fetch"))
        self.line.setPlaceholderText(_("owner/repository:level, or the address of its page"))
        self.line.setReadOnly(bool(wish))
        self._words = plain_label("", wrap=True)
        self._message = MessageLine()
        self.primary_button = TextButton(self._theme, "", role="primary")
        self.primary_button.setAutoDefault(True)
        self.cancel_button = TextButton(self._theme, _("Cancel"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.primary_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (plain_label(title, "title"), self.line, self._words, self._message.label):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(row)
        if wish:
            self.cancel_button.setFocus()
        else:
            self.line.setFocus()

    def _connect(self) -> None:
        self.line.textChanged.connect(self._show_asking)
        self.primary_button.clicked.connect(self._on_primary_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.finished.connect(self._on_finished)

    def on_app_event(self, event: AppEvent) -> None:
        """Take what a wish means."""
        if isinstance(event, DownloadPlanned) and self._asked and event.request_id == self._asked:
            self._asked = ""
            self._plan = event.plan
            self._words.setText(visible_text(format_download_plan(event.plan)))
            self._message.show_message("")
            self._set_primary_label(
                _("Fetch {size}").format(size=format_size(event.plan.total_bytes))
            )

    def on_request_failed(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked here."""
        if not self._asked or event.request_id != self._asked:
            return False
        self._show_asking()
        self._message.show_problem(event.problem)
        return True

    def _is_known(self, wish: str) -> bool:
        try:
            return bool(files_from_catalog(parse_download_request(wish, self._catalog)))
        except InglenookError:
            return False

    def _show_asking(self) -> None:
        """Say who would be asked for the size, before anyone is."""
        self._asked = ""
        self._plan = None
        self._message.show_message("")
        wish = self.line.text().strip()
        try:
            host = self._downloads.host
        except InglenookError as error:
            self._words.setText("")
            self._message.show_error(error)
            self._set_primary_label(_("Ask for its size"))
            self.primary_button.setEnabled(False)
            return
        words = _(
            "{host} will be asked for size, licence and checksum. It learns this computer's "
            "address and the name above, nothing else. No byte of the model is fetched yet."
        )
        self._words.setText(words.format(host=host))
        self._set_primary_label(_("Ask {host}").format(host=host))
        self.primary_button.setEnabled(bool(wish))

    def _set_primary_label(self, words: str) -> None:
        self.primary_button.setText(words)
        self.primary_button.setAccessibleName(words)
        self.primary_button.setEnabled(True)

    def _request_plan(self) -> None:
        try:
            self._asked = self._downloads.plan_download(self.line.text().strip())
        except InglenookError as error:
            self._message.show_error(error)
            return
        self._message.show_message(_("Asking…"))
        self.primary_button.setEnabled(False)
        QTimer.singleShot(0, self, self._pump)

    def _on_primary_clicked(self) -> None:
        if self._plan is None:
            self._request_plan()
            return
        try:
            self._downloads.start_download(self._plan)
        except InglenookError as error:
            self._message.show_error(error)
            return
        self.download_started.emit(self._plan.fetch_id)
        self.accept()

    def _on_finished(self) -> None:
        if self._asked:
            self._downloads.cancel_planning(self._asked)
            self._asked = ""
