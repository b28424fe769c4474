"""Dialog before a download: host, repository, licence and size of the model."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.app.network.download_service import DownloadService
from core.app.problems import problem_of_failure
from core.base.errors import InglenookError
from core.base.i18n import _, ngettext
from core.ipc.awaited_reply import AwaitedReply
from core.messages import Failed
from core.models.downloads.download_plan import (
    DownloadPlan,
    files_from_catalog,
    parse_download_request,
)
from core.models.model_catalog import CatalogModel
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.dialog_manager import grow_to_content
from desktop.kit.locale_formatting import format_size
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.models.widgets.message_line import MessageLine


def format_download_plan(plan: DownloadPlan) -> str:
    """Return the description of a planned download: files, host, licence and folder."""
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
    """Asks the host for sizes only after a click that names it; downloads only after another.

    A model whose size and checksum are in the catalog needs no such question.
    """

    download_started = Signal(str)

    def __init__(
        self,
        theme: Theme,
        downloads: DownloadService,
        catalog: tuple[CatalogModel, ...],
        parent: QWidget,
        *,
        request: str,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._downloads = downloads
        self._catalog = catalog
        self._planning = AwaitedReply()
        self._plan: DownloadPlan | None = None
        self._build(request)
        self._connect()
        self._show_asking()
        if request and self._is_known(request):
            self._request_plan()

    def _build(self, request: str) -> None:
        title = _("Fetch a model")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(84 * self.fontMetrics().averageCharWidth())
        self.line = QLineEdit(request)
        self.line.setAccessibleName(_("What to fetch"))
        self.line.setPlaceholderText(_("owner/repository:level, or the address of its page"))
        self.line.setReadOnly(bool(request))
        self._description = plain_label("", wrap=True)
        self._message = MessageLine()
        self.primary_button = TextButton(self._theme, "", role="primary")
        self.cancel_button = TextButton(self._theme, _("Cancel"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.primary_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (
            plain_label(title, "title"),
            self.line,
            self._description,
            self._message.label,
        ):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(row)
        if request:
            self.primary_button.setFocus()
        else:
            self.line.setFocus()

    def event(self, event: QEvent) -> bool:
        """Grow with what is said in it."""
        done = bool(super().event(event))
        if event.type() is QEvent.Type.LayoutRequest:
            grow_to_content(self)
        return done

    def _connect(self) -> None:
        self.line.textChanged.connect(self._show_asking)
        self.primary_button.clicked.connect(self._on_primary_clicked)
        self.cancel_button.clicked.connect(self.reject)
        self.finished.connect(self._planning.abandon)

    def _is_known(self, request: str) -> bool:
        try:
            return bool(files_from_catalog(parse_download_request(request, self._catalog)))
        except InglenookError:
            return False

    def _show_asking(self) -> None:
        """Show the host that would be asked for the size, before it is."""
        self._planning.abandon()
        self._plan = None
        self._message.show_message("")
        try:
            host = self._downloads.host
        except InglenookError as error:
            self._description.setText("")
            self._message.show_error(error)
            self._set_primary_label(_("Ask for its size"))
            self.primary_button.setEnabled(False)
            return
        text = _(
            "{host} will be asked for size, licence and checksum. It learns this computer's "
            "address and the name above, nothing else. No byte of the model is fetched yet."
        )
        self._description.setText(text.format(host=host))
        self._set_primary_label(_("Ask {host}").format(host=host))
        self.primary_button.setEnabled(bool(self.line.text().strip()))

    def _set_primary_label(self, text: str) -> None:
        self.primary_button.show_words(text)
        self.primary_button.setEnabled(True)

    def _request_plan(self) -> None:
        try:
            planning = self._downloads.plan_download(self.line.text().strip())
        except InglenookError as error:
            self._message.show_error(error)
            return
        self._message.show_message(_("Asking…"))
        self.primary_button.setEnabled(False)
        self._planning.wait_for(bind_reply(planning, self))
        planning.on_done(self._show_plan).on_error(self._show_failure)

    def _show_plan(self, plan: DownloadPlan) -> None:
        self._plan = plan
        self._description.setText(visible_text(format_download_plan(plan)))
        self._message.show_message("")
        self._set_primary_label(_("Fetch {size}").format(size=format_size(plan.total_bytes)))
        self.primary_button.setFocus()

    def _show_failure(self, failure: Failed) -> None:
        self._show_asking()
        self._message.show_problem(problem_of_failure(failure))

    def _on_primary_clicked(self) -> None:
        if self._plan is None:
            self._request_plan()
            return
        try:
            self._downloads.start_download(self._plan)
        except InglenookError as error:
            self._message.show_error(error)
            return
        self.download_started.emit(self._plan.download_id)
        self.accept()
