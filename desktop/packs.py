"""Adding a pack for graphics cards from a file, with a question where nobody vouches for it."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from core.errors import Code, InglenookError
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.asking import Asking
from desktop.notices import Notices
from desktop.ports import PackCalls
from desktop.theme import Theme


class Packs:
    """The window's side of packs; `holder` is the window."""

    def __init__(self, calls: PackCalls, theme: Theme, notices: Notices, holder: QWidget) -> None:
        self._calls = calls
        self._theme = theme
        self._notices = notices
        self._holder = holder

    def register(self, registry: ActionRegistry) -> None:
        """Offer what can be done."""
        add = registry.add
        add(
            "models.add_pack",
            Group.MODELS,
            _("Add a pack for graphics cards…"),
            self.choose,
            icon="add",
            section=80,
        )
        add(
            "models.retry_cards",
            Group.MODELS,
            _("Use every graphics card again"),
            self.retry_cards,
            icon="again",
            section=80,
        )

    def choose(self) -> None:
        """Let the person choose a pack's file."""
        chooser = QFileDialog(self._holder, _("Add a pack for graphics cards"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(_("Packs (*.zip)"))
        chooser.fileSelected.connect(self.add)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def add(self, path: str, sha256: str = "") -> None:
        """Add it, ask about one that did not come with this program, say how it went."""
        try:
            pack = self._calls.install_pack(Path(path), sha256)
        except InglenookError as error:
            if error.code is Code.PACK_UNPROVEN:
                self._ask(path, error.facts["sha256"])
            else:
                self._notices.refuse("pack", error)
            return
        words = _("“{pack}” was added; models use it from their next load on.")
        self._notices.say("pack", words.format(pack=pack.about.title or pack.about.name))

    def retry_cards(self) -> None:
        """Forget which cards a model crashed on."""
        self._calls.retry()
        self._notices.say("left device", _("Every graphics card may be used again."))

    def _ask(self, path: str, sha256: str) -> None:
        text = _(
            "It did not come with this Inglenook, and it holds code that will run here. Add it "
            "only if its maker tells the same SHA-256:\n{sha256}"
        )
        asking = Asking(
            self._theme,
            self._holder,
            title=_("Do you trust {file}?").format(file=Path(path).name),
            text=text.format(sha256=sha256),
            deed=_("Add it"),
            value=None,
        )
        asking.accepted.connect(lambda: self.add(path, sha256))
        asking.open()
