"""Before anything is fetched: who would be asked, for what, and how many bytes it is."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.app.events import AppEvent, RequestFailed
from core.app.events_fetch import FetchPlanned
from core.errors import InglenookError
from core.models.catalog import CatalogModel
from core.models.fetching import FetchPlan, known_files, parse_wish
from core.words import _, ngettext
from desktop.buttons import TextButton, plain_label
from desktop.chat.visible import shown
from desktop.models.said import Said
from desktop.shelf_ports import FetchCalls
from desktop.theme import Theme
from desktop.words import size


def plan_words(plan: FetchPlan) -> str:
    """Return what would be fetched from whom, and where it would lie."""
    number = len(plan.files)
    first = ngettext(
        "{name}: {size} from {host}.", "{name}: {size} in {count} files from {host}.", number
    )
    lines = [
        first.format(name=plan.name, size=size(plan.total), count=number, host=plan.host),
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


class FetchDialog(QDialog):
    """Asks the host for sizes only after a press that names it; fetches only after another.

    What the catalog vouches for needs no asking. `pump` lets the desk tell what it already knows.
    """

    begun = Signal(str)

    def __init__(
        self,
        theme: Theme,
        fetches: FetchCalls,
        catalog: tuple[CatalogModel, ...],
        pump: Callable[[], None],
        holder: QWidget,
        *,
        wish: str = "",
    ) -> None:
        super().__init__(holder)
        self._theme = theme
        self._fetches = fetches
        self._catalog = catalog
        self._pump = pump
        self._asked = ""
        self._plan: FetchPlan | None = None
        self._build(wish)
        self._connect()
        self._show_asking()
        if wish and self._is_known(wish):
            self._ask()

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
        self._said = Said()
        self.deed = TextButton(self._theme, "", role="primary")
        self.deed.setAutoDefault(True)
        self.leave = TextButton(self._theme, _("Cancel"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.deed)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (plain_label(title, "title"), self.line, self._words, self._said.label):
            column.addWidget(part)
        column.addStretch(1)
        column.addLayout(row)
        if wish:
            self.leave.setFocus()
        else:
            self.line.setFocus()

    def _connect(self) -> None:
        self.line.textChanged.connect(self._show_asking)
        self.deed.clicked.connect(self._on_deed_clicked)
        self.leave.clicked.connect(self.reject)
        self.finished.connect(self._on_finished)

    def handle(self, event: AppEvent) -> None:
        """Take what a wish means."""
        if isinstance(event, FetchPlanned) and self._asked and event.request_id == self._asked:
            self._asked = ""
            self._plan = event.plan
            self._words.setText(shown(plan_words(event.plan)))
            self._said.say("")
            self._name_deed(_("Fetch {size}").format(size=size(event.plan.total)))

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked here."""
        if not self._asked or event.request_id != self._asked:
            return False
        self._show_asking()
        self._said.show_problem(event.problem)
        return True

    def _is_known(self, wish: str) -> bool:
        try:
            return bool(known_files(parse_wish(wish, self._catalog)))
        except InglenookError:
            return False

    def _show_asking(self) -> None:
        """Say who would be asked for the size, before anyone is."""
        self._asked = ""
        self._plan = None
        self._said.say("")
        wish = self.line.text().strip()
        try:
            host = self._fetches.host
        except InglenookError as error:
            self._words.setText("")
            self._said.show_error(error)
            self._name_deed(_("Ask for its size"))
            self.deed.setEnabled(False)
            return
        words = _(
            "{host} will be asked for size, licence and checksum. It learns this computer's "
            "address and the name above, nothing else. No byte of the model is fetched yet."
        )
        self._words.setText(words.format(host=host))
        self._name_deed(_("Ask {host}").format(host=host))
        self.deed.setEnabled(bool(wish))

    def _name_deed(self, words: str) -> None:
        self.deed.setText(words)
        self.deed.setAccessibleName(words)
        self.deed.setEnabled(True)

    def _ask(self) -> None:
        try:
            self._asked = self._fetches.plan(self.line.text().strip())
        except InglenookError as error:
            self._said.show_error(error)
            return
        self._said.say(_("Asking…"))
        self.deed.setEnabled(False)
        QTimer.singleShot(0, self, self._pump)

    def _on_deed_clicked(self) -> None:
        if self._plan is None:
            self._ask()
            return
        try:
            self._fetches.begin(self._plan)
        except InglenookError as error:
            self._said.show_error(error)
            return
        self.begun.emit(self._plan.fetch_id)
        self.accept()

    def _on_finished(self) -> None:
        if self._asked:
            self._fetches.cancel(self._asked)
            self._asked = ""
