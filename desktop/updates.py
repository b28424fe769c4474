"""Asks for a newer version: only when a person says so, after showing where it is asked."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.events_fetch import UpdateKnown
from core.errors import InglenookError
from core.words import _
from desktop.actions import ActionRegistry, Group
from desktop.asking import Asking
from desktop.chat.links import ask_to_open
from desktop.notices import Notices
from desktop.ports import UpdateCalls
from desktop.theme import Theme


class UpdateRoom(QObject):
    """What was asked, and what came of it."""

    def __init__(
        self, updates: UpdateCalls, theme: Theme, notices: Notices, window: QWidget
    ) -> None:
        super().__init__(window)
        self._updates = updates
        self._theme = theme
        self._notices = notices
        self._window = window
        self._asked = ""

    def register(self, registry: ActionRegistry) -> None:
        """Offer it under Help."""
        registry.add(
            "help.updates", Group.HELP, _("Check for updates…"), self._on_wanted, section=20
        )

    def _on_wanted(self) -> None:
        try:
            address = self._updates.address
        except InglenookError as error:
            self._notices.refuse("update", error)
            return
        asking = Asking(
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
            self._asked = self._updates.check()
        except InglenookError as error:
            self._notices.refuse("update", error)
            return
        self._notices.say("update", _("Asking for a newer version…"))

    def handle(self, event: UpdateKnown) -> None:
        """Tell what there is."""
        if event.request_id != self._asked:
            return
        self._asked = ""
        if not event.newer:
            self._notices.say("update", _("This is the newest version."))
            return
        see = partial(ask_to_open, self._theme, self._window, event.page)
        self._notices.say(
            "update",
            _("Inglenook {version} is there.").format(version=event.newer),
            event.notes,
            (_("Read about it…"), see) if event.page else None,
        )

    def fail(self, request_id: str) -> None:
        """Take a failed request: why is told where all failures are."""
        if request_id == self._asked:
            self._asked = ""
            self._notices.drop("update")
