"""Encryption dialogs: switching on, another passphrase, a new code, and unlocking at the start."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from core.app.encryption.stored_key_search import StoredKeySearch
from core.base.errors import StorageError
from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.dialog_manager import grow_to_content
from desktop.kit.theme import Theme
from desktop.privacy.secret_fields import PassphraseFields, RecoveryCodeField

_LOOK_MS = 100
"""How often a dialog looks whether the key store has answered."""


class _SecretDialog(QDialog):
    """A title, parts, what went wrong, and two buttons; closes when `carry_out` raises nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None, title: str, button: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setMinimumWidth(max(480, 64 * self.fontMetrics().averageCharWidth()))
        self.carry_out: Callable[[], object] = lambda: None
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(24, 20, 24, 20)
        self.column.setSpacing(12)
        self.column.addWidget(plain_label(title, "title", wrap=True))
        self.problem = plain_label(role="error", wrap=True)
        self.cancel_button = TextButton(theme, _("Cancel"))
        self.confirm_button = TextButton(theme, button, role="primary")
        self.cancel_button.clicked.connect(self.reject)
        self.confirm_button.clicked.connect(self._on_confirmed)

    def add_parts(self, *parts: QWidget) -> None:
        """Add what the dialog is about, and the buttons below it."""
        for part in (*parts, self.problem):
            self.column.addWidget(part)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.confirm_button)
        self.column.addLayout(row)

    def _on_confirmed(self) -> None:
        self.setCursor(Qt.CursorShape.WaitCursor)  # a passphrase takes half a second
        try:
            self.carry_out()
        except StorageError as error:
            self.problem.setText(f"{error.message} {error.hint}")
            grow_to_content(self)
            focused = self.focusWidget()
            if isinstance(focused, QLineEdit):  # so that what is typed next replaces it
                focused.selectAll()
        else:
            self.accept()
        finally:
            self.unsetCursor()


class EncryptDialog(_SecretDialog):
    """Shows the code first; it must be kept before anything is encrypted."""

    def __init__(self, theme: Theme, parent: QWidget, code: str) -> None:
        super().__init__(theme, parent, _("Encrypt everything?"), _("Close and encrypt"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = _(
            "Inglenook closes, encrypts chats, what was read of your folders, settings and copies,"
            " and opens again. Your documents and models stay as they are."
        )
        self.code = RecoveryCodeField(theme, code)
        more = _(
            "A passphrase is needed where this computer has no key store; with one, it opens your"
            " data besides."
        )
        self.fields = PassphraseFields()
        self.kept_box = ThemedCheckBox(theme)
        self.kept_box.setText(_("I have kept the code"))
        self.kept_box.setAccessibleName(self.kept_box.text())
        self.add_parts(
            plain_label(text, wrap=True),
            self.code,
            self.kept_box,
            plain_label(more, "muted", wrap=True),
            self.fields,
        )
        self.kept_box.toggled.connect(self._update_button)
        self.fields.edited.connect(self._update_button)
        self._update_button()

    def _update_button(self) -> None:
        self.confirm_button.setEnabled(self.kept_box.isChecked() and self.fields.is_repeated)


class PassphraseDialog(_SecretDialog):
    """A new passphrase."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, _("Another passphrase"), _("Change it"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields = PassphraseFields()
        text = _("Nothing is encrypted anew: only the key is locked with another passphrase.")
        self.add_parts(plain_label(text, "muted", wrap=True), self.fields)
        self.fields.edited.connect(self._update_button)
        self._update_button()

    def _update_button(self) -> None:
        self.confirm_button.setEnabled(bool(self.fields.passphrase) and self.fields.is_repeated)


class RecoveryCodeDialog(_SecretDialog):
    """A code that is put in force when it is kept; the old one holds when this is closed before."""

    def __init__(self, theme: Theme, parent: QWidget, code: str) -> None:
        super().__init__(theme, parent, _("The new recovery code"), _("I have kept the code"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.code = RecoveryCodeField(theme, code)
        text = _(
            "The old code opens your data until you say that you have kept this one. Without that,"
            " the new one opens nothing."
        )
        self.add_parts(self.code, plain_label(text, "muted", wrap=True))


class UnlockDialog(_SecretDialog):
    """Asks at the start for what the key store doesn't give; closes once a search has the key."""

    def __init__(
        self, theme: Theme, parent: QWidget | None, search: StoredKeySearch | None = None
    ) -> None:
        super().__init__(theme, parent, _("Your data is locked"), _("Unlock"))
        self._search = search
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look_for_key)
        self.secret_line = QLineEdit()
        self.secret_line.setEchoMode(QLineEdit.EchoMode.Password)
        name = _("Passphrase or recovery code")
        self.secret_line.setPlaceholderText(name)
        self.secret_line.setAccessibleName(name)
        self._explanation = plain_label(_no_key_text(), wrap=True)
        self.add_parts(self._explanation, self.secret_line)
        self.confirm_button.setDefault(True)
        self.secret_line.setFocus()
        if search is not None and not search.is_answered:
            # The store's own question has the keyboard, perhaps.
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
            self._explanation.setText(_waiting_text())
            self._timer.start()

    def _look_for_key(self) -> None:
        if self._search is None or not self._search.is_answered:
            return
        self._timer.stop()
        if self._search.found is not None:
            self.accept()
        else:
            self._explanation.setText(_no_key_text())


def _no_key_text() -> str:
    return _(
        "It is encrypted, and the key store of this computer doesn't give its key. Type your"
        " passphrase or the recovery code."
    )


def _waiting_text() -> str:
    return _(
        "It is encrypted, and the key store of this computer has not given its key yet. Answer its"
        " question, if it asks one, or type your passphrase or the recovery code here."
    )
