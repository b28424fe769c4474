"""Update controller: checks for a newer version when the user confirms it, never by itself."""

from functools import partial

from PySide6.QtCore import QDateTime, QLocale, QObject
from PySide6.QtWidgets import QWidget

from core.app.network.update_service import UpdateService
from core.base.errors import InglenookError
from core.base.i18n import _
from core.ipc.awaited_reply import AwaitedReply
from core.messages import Failed, UpdateChecked
from desktop.chat.message.external_links import ask_to_open_link
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.notices import NoticeCenter
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme


class UpdateController(QObject):
    """The action of one window, its confirmation, and the result as a notice."""

    def __init__(
        self, updates: UpdateService, theme: Theme, notices: NoticeCenter, window: QWidget
    ) -> None:
        super().__init__(window)
        self._updates = updates
        self._theme = theme
        self._notices = notices
        self._window = window
        self._awaited = AwaitedReply()

    def register_actions(self, registry: ActionRegistry) -> None:
        """Add the action to the Help menu."""
        registry.add_action(
            "help.updates", MenuGroup.HELP, _("Check for updates…"), self._ask_to_check, section=20
        )

    def _ask_to_check(self) -> None:
        try:
            address = self._updates.address
        except InglenookError as error:
            self._notices.post_error("update", error)
            return
        dialog = ConfirmDialog(
            self._theme,
            self._window,
            title=_("Ask for a newer Inglenook?"),
            text=_(
                "One connection is opened, to {address}. Nothing is sent but this request, and "
                "nothing is installed: you are told what there is."
            ).format(address=address),
            button_text=_("Ask now"),
            value=None,
        )
        dialog.accepted.connect(self._start_check)
        dialog.open()

    def _start_check(self) -> None:
        try:
            check = self._updates.check_for_update()
        except InglenookError as error:
            self._notices.post_error("update", error)
            return
        awaited = self._awaited.wait_for(bind_reply(check.share(), self))
        self._notices.post_info("update", _("Asking for a newer version…"))
        awaited.on_done(self._show_result).on_error(self._dismiss_waiting)
        check.on_error(self._notices.post_failure)  # also when this window is closed before

    def _show_result(self, checked: UpdateChecked) -> None:
        if not checked.newer:
            date = QLocale().toString(
                QDateTime.fromSecsSinceEpoch(checked.issued).date(), QLocale.FormatType.ShortFormat
            )
            detail = _("The news are of {date}.").format(date=date) if checked.issued else ""
            self._notices.post_info("update", _("This is the newest version."), detail)
            return
        open_page = partial(ask_to_open_link, self._theme, self._window, checked.page)
        self._notices.post_info(
            "update",
            _("Inglenook {version} is there.").format(version=checked.newer),
            checked.notes,
            (_("Read about it…"), open_page) if checked.page else None,
        )

    def _dismiss_waiting(self, _failure: Failed) -> None:
        self._notices.dismiss_notice("update")
