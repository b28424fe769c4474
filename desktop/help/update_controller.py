"""Update controller: checks for a newer version, only when the user confirms it."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.events.network_events import UpdateCheckFinished
from core.base.errors import InglenookError
from core.base.i18n import _
from desktop.chat.message.external_links import ask_to_open_link
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.protocols.app_protocols import UpdateCalls


class UpdateController(QObject):
    """What was asked, and what came of it."""

    def __init__(
        self, updates: UpdateCalls, theme: Theme, notices: NoticeCenter, window: QWidget
    ) -> None:
        super().__init__(window)
        self._updates = updates
        self._theme = theme
        self._notices = notices
        self._window = window
        self._asked = ""

    def register_actions(self, registry: ActionRegistry) -> None:
        """Offer it under Help."""
        registry.add_action(
            "help.updates", MenuGroup.HELP, _("Check for updates…"), self._on_wanted, section=20
        )

    def _on_wanted(self) -> None:
        try:
            address = self._updates.address
        except InglenookError as error:
            self._notices.post_error("update", error)
            return
        asking = ConfirmDialog(
            self._theme,
            self._window,
            title=_("Ask for a newer Inglenook?"),
            text=_(
                "One connection is opened, to {address}. Nothing is sent but this request, and "
                "nothing is installed: you are told what there is."
            ).format(address=address),
            deed=_("Ask now"),
            value=None,
        )
        asking.accepted.connect(self._check)
        asking.open()

    def _check(self) -> None:
        try:
            self._asked = self._updates.check_for_update()
        except InglenookError as error:
            self._notices.post_error("update", error)
            return
        self._notices.post_info("update", _("Asking for a newer version…"))

    def on_update_known(self, event: UpdateCheckFinished) -> None:
        """Tell what there is."""
        if event.request_id != self._asked:
            return
        self._asked = ""
        if not event.newer:
            self._notices.post_info("update", _("This is the newest version."))
            return
        see = partial(ask_to_open_link, self._theme, self._window, event.page)
        self._notices.post_info(
            "update",
            _("Inglenook {version} is there.").format(version=event.newer),
            event.notes,
            (_("Read about it…"), see) if event.page else None,
        )

    def on_request_failed(self, request_id: str) -> None:
        """Take a failed request: why is told where all failures are."""
        if request_id == self._asked:
            self._asked = ""
            self._notices.dismiss_notice("update")
