"""GPU pack controller: installs a pack for graphics cards from a file, after confirmation."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from core.app.loading.device_service import DeviceService
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.layers.file_chooser import make_file_chooser
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme


class GpuPackController:
    """Installs packs and allows excluded cards again; `parent` is the window."""

    def __init__(
        self, devices: DeviceService, theme: Theme, notices: NoticeCenter, parent: QWidget
    ) -> None:
        self._devices = devices
        self._theme = theme
        self._notices = notices
        self._parent = parent

    def register_actions(self, registry: ActionRegistry) -> None:
        """Register the actions of the Models menu."""
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
        """Let the user choose the file of a pack."""
        chooser = make_file_chooser(self._parent, _("Add a pack for graphics cards"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilter(_("Packs (*.zip)"))
        chooser.fileSelected.connect(self.install_pack)
        chooser.open()

    def install_pack(self, path: str, sha256: str = "") -> None:
        """Install a pack; a pack that did not come with this program has to be confirmed first."""
        try:
            pack = self._devices.install_pack(Path(path), sha256)
        except InglenookError as error:
            if error.code is ErrorCode.PACK_UNPROVEN:
                self._confirm_trust(path, error.facts["sha256"])
            else:
                self._notices.post_error("pack", error)
            return
        words = _("“{pack}” was added; models use it from their next load on.")
        self._notices.post_info("pack", words.format(pack=pack.about.title or pack.about.name))

    def retry_excluded_devices(self) -> None:
        """Allow cards again that were excluded after a crash."""
        self._devices.excluded.allow_all_cards()
        self._notices.post_info("left device", _("Every graphics card may be used again."))

    def _confirm_trust(self, path: str, sha256: str) -> None:
        text = _(
            "It did not come with this Inglenook, and it holds code that will run here. Add it "
            "only if its maker tells the same SHA-256:\n{sha256}"
        )
        asking = ConfirmDialog(
            self._theme,
            self._parent,
            title=_("Do you trust {file}?").format(file=Path(path).name),
            text=text.format(sha256=sha256),
            button_text=_("Add it"),
            value=None,
        )
        asking.prefer_cancel()
        asking.accepted.connect(lambda: self.install_pack(path, sha256))
        asking.open()
