"""Portal hotkey: a key of the desktop portal, as Wayland lets no program grab one by itself.

The portal asks the person which key it is to be; the one in the settings is only its suggestion.
"""

import logging
from collections.abc import Callable
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection
from PySide6.QtCore import QKeyCombination, QObject, Qt

from core.base.i18n import _
from desktop.ask_box.global_hotkey import GlobalHotkey, key_name
from desktop.bus.session_bus import SessionBus, call_bus, connect_session_bus

_log = logging.getLogger(__name__)
_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_REQUEST = "org.freedesktop.portal.Request"
_PORTAL = DBusAddress(_PATH, _SERVICE, _SHORTCUTS)
_SHORTCUT = "ask"
_TOKEN = "inglenook"  # noqa: S105 - names a request, no secret
_MODIFIERS = {
    Qt.KeyboardModifier.ControlModifier: "CTRL",
    Qt.KeyboardModifier.AltModifier: "ALT",
    Qt.KeyboardModifier.ShiftModifier: "SHIFT",
    Qt.KeyboardModifier.MetaModifier: "LOGO",
}


def portal_trigger(keys: QKeyCombination) -> str:
    """Return a key in the portal's words, as “CTRL+ALT+space”."""
    held = [name for each, name in _MODIFIERS.items() if each in keys.keyboardModifiers()]
    return "+".join([*held, key_name(keys).lower()])


def connect_to_portal() -> DBusConnection:
    """Connect to the session bus, and hear the portal. Raises OSError."""
    return connect_session_bus(_listen)


def _listen(connection: DBusConnection) -> None:
    for rule in (
        MatchRule(type="signal", interface=_SHORTCUTS, path=_PATH),
        MatchRule(type="signal", interface=_REQUEST),
    ):
        call_bus(connection, message_bus.AddMatch(rule))


class PortalHotkey(GlobalHotkey):
    """Opens a session with the portal, binds one shortcut, hears when it is pressed."""

    def __init__(
        self, parent: QObject, connect: Callable[[], DBusConnection] = connect_to_portal
    ) -> None:
        super().__init__(parent)
        self._bus = SessionBus(self, connect)
        self._bus.received.connect(self._on_received)
        self._bus.lost.connect(self._refuse)
        self._trigger = ""
        self._session = ""

    def start_listening(self, keys: QKeyCombination) -> None:
        """Ask the portal; its dialog may stand open for long before it answers."""
        self.stop_listening()
        self._trigger = portal_trigger(keys)
        options = {"handle_token": ("s", _TOKEN), "session_handle_token": ("s", _TOKEN)}
        try:
            self._call_portal("CreateSession", "a{sv}", options)
        except OSError as error:
            _log.info("no portal for shortcuts: %s", error)
            self._refuse()

    def stop_listening(self) -> None:
        """End the session, with the connection."""
        self._bus.close_connection()
        self._session = ""

    def _refuse(self) -> None:
        self.stop_listening()
        self.failed.emit(_("the desktop has no portal for such keys, or it was declined"))

    def _on_received(self, message: Message) -> None:
        fields = message.header.fields
        if message.header.message_type is MessageType.error:
            self._refuse()
        elif fields.get(HeaderFields.member) == "Response":
            self._take_response(*message.body)
        elif fields.get(HeaderFields.member) == "Activated" and message.body[0] == self._session:
            self.pressed.emit()

    def _take_response(self, code: int, results: dict[str, Any]) -> None:
        if code:
            self._refuse()
        elif not self._session and "session_handle" in results:
            self._session = str(results["session_handle"][1])
            self._bind()

    def _bind(self) -> None:
        shortcut = {
            "description": ("s", _("Open the ask box")),
            "preferred_trigger": ("s", self._trigger),
        }
        shortcuts, options = [(_SHORTCUT, shortcut)], {"handle_token": ("s", _TOKEN)}
        try:
            self._call_portal(
                "BindShortcuts", "oa(sa{sv})sa{sv}", self._session, shortcuts, "", options
            )
        except OSError as error:
            _log.info("the bus is gone: %s", error)
            self._refuse()

    def _call_portal(self, method: str, signature: str, *body: object) -> None:
        """Send a call, whose answer comes when the person has said a word. Raises OSError."""
        connection = self._bus.open_connection()
        connection.send(new_method_call(_PORTAL, method, signature, body))
