"""GPU pack controller: installs a pack for graphics cards from a file, after confirmation."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.protocols.app_protocols import DeviceCalls


class GpuPackController:
    """The window's side of packs; `holder` is the window."""

    def __init__(
        self, calls: DeviceCalls, theme: Theme, notices: NoticeCenter, holder: QWidget
    ) -> None:
        self._calls = calls
        self._theme = theme
        self._notices = notices
        self._holder = holder

    def register_actions(self, registry: ActionRegistry) -> None:
        """Offer what can be done."""
        add = registry.add_action
        add(
            "models.add_pack",
            MenuGroup.MODELS,
            _("Add a pack for graphics cards…"),
            self.choose_pack_file,
            icon="add",
            section=80,
        )
        add(
            "models.retry_cards",
            MenuGroup.MODELS,
            _("Use every graphics card again"),
            self.retry_excluded_devices,
            icon="again",
            section=80,
        )

    def choose_pack_file(self) -> None:
        """Let the person choose a pack's file."""
        chooser = QFileDialog(self._holder, _("Add a pack for graphics cards"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(_("Packs (*.zip)"))
        chooser.fileSelected.connect(self.install_pack)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def install_pack(self, path: str, sha256: str = "") -> None:
        """Add it, ask about one that did not come with this program, say how it went."""
        try:
            pack = self._calls.install_pack(Path(path), sha256)
        except InglenookError as error:
            if error.code is ErrorCode.PACK_UNPROVEN:
                self._ask(path, error.facts["sha256"])
            else:
                self._notices.post_error("pack", error)
            return
        words = _("“{pack}” was added; models use it from their next load on.")
        self._notices.post_info("pack", words.format(pack=pack.about.title or pack.about.name))

    def retry_excluded_devices(self) -> None:
        """Forget which cards a model crashed on."""
        self._calls.allow_all_cards()
        self._notices.post_info("left device", _("Every graphics card may be used again."))

    def _ask(self, path: str, sha256: str) -> None:
        text = _(
            "It did not come with this Inglenook, and it holds code that will run here. Add it "
            "only if its maker tells the same SHA-256:\n{sha256}"
        )
        asking = ConfirmDialog(
            self._theme,
            self._holder,
            title=_("Do you trust {file}?").format(file=Path(path).name),
            text=text.format(sha256=sha256),
            deed=_("Add it"),
            value=None,
        )
        asking.accepted.connect(lambda: self.install_pack(path, sha256))
        asking.open()
