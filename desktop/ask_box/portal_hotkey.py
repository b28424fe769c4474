"""Portal hotkey: a key of the desktop portal, as Wayland lets no program grab one by itself.

The portal asks the person which key it is to be; the one in the settings is only its suggestion.
"""

import logging
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, new_method_call
from jeepney.bus import get_bus
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, prep_socket
from jeepney.wrappers import DBusErrorResponse, unwrap_msg
from PySide6.QtCore import QKeyCombination, QObject, QSocketNotifier, Qt

from core.base.i18n import _
from desktop.ask_box.global_hotkey import GlobalHotkey, key_name

_log = logging.getLogger(__name__)
_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_REQUEST = "org.freedesktop.portal.Request"
_PORTAL = DBusAddress(_PATH, _SERVICE, _SHORTCUTS)
_WAIT_SECONDS = 1.0
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


class PortalHotkey(GlobalHotkey):
    """Opens a session with the portal, binds one shortcut, hears when it is pressed."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._connection: DBusConnection | None = None
        self._notifier: QSocketNotifier | None = None
        self._trigger = ""
        self._session = ""

    def start_listening(self, keys: QKeyCombination) -> None:
        """Ask the portal; its dialog may stand open for long before it answers."""
        self.stop_listening()
        self._trigger = portal_trigger(keys)
        try:
            self._connection = connection = _connect()
            self._notifier = QSocketNotifier(
                connection.sock.fileno(), QSocketNotifier.Type.Read, self
            )
            self._notifier.activated.connect(self._on_readable)
            options = {"handle_token": ("s", _TOKEN), "session_handle_token": ("s", _TOKEN)}
            connection.send(new_method_call(_PORTAL, "CreateSession", "a{sv}", (options,)))
        except (OSError, RuntimeError, KeyError, ValueError, DBusErrorResponse) as error:
            _log.info("no portal for shortcuts: %r", error)
            self._refuse()

    def stop_listening(self) -> None:
        """End the session, with the connection."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._session = ""

    def _refuse(self) -> None:
        self.stop_listening()
        self.failed.emit(_("the desktop has no portal for such keys, or it was declined"))

    def _on_readable(self) -> None:
        while self._connection is not None:
            try:
                self._take_message(self._connection.receive(timeout=0))
            except TimeoutError:
                return
            except OSError as error:
                _log.info("the bus is gone: %s", error)
                self._refuse()

    def _take_message(self, message: Message) -> None:
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
        if self._connection is None:
            return
        shortcut = {
            "description": ("s", _("Open the ask box")),
            "preferred_trigger": ("s", self._trigger),
        }
        body = (self._session, [(_SHORTCUT, shortcut)], "", {"handle_token": ("s", _TOKEN)})
        self._connection.send(new_method_call(_PORTAL, "BindShortcuts", "oa(sa{sv})sa{sv}", body))


def _connect() -> DBusConnection:
    """Return a connection that hears the portal. Raises OSError or what jeepney raises."""
    connection = DBusConnection(prep_socket(get_bus("SESSION"), timeout=_WAIT_SECONDS))
    for rule in (
        MatchRule(type="signal", interface=_SHORTCUTS, path=_PATH),
        MatchRule(type="signal", interface=_REQUEST),
    ):
        unwrap_msg(connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=_WAIT_SECONDS))
    return connection
