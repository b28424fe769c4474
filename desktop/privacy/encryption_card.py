"""Encryption card of the privacy page: whether the data is encrypted, and what changes it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from core.app.encryption.encryption_service import EncryptionService
from core.app.encryption.key_file import EncryptionState
from core.app.encryption.key_wrapping import UnlockMethod, new_recovery_code
from core.base.errors import StorageError
from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.theme import Theme
from desktop.privacy.encryption_dialogs import EncryptDialog, PassphraseDialog, RecoveryCodeDialog


class EncryptionCard(QFrame):
    """`restart_wanted` comes when a switch was noted, which is carried out at the close."""

    restart_wanted = Signal()

    def __init__(self, theme: Theme, encryption: EncryptionService) -> None:
        super().__init__()
        self._theme = theme
        self._encryption = encryption
        self._build()
        self._connect()
        self.refresh_card()

    def _build(self) -> None:
        self.setObjectName("card")
        self.title = plain_label(role="title", wrap=True)
        self.about = plain_label(role="muted", wrap=True)
        self.on_button = TextButton(self._theme, _("Encrypt everything…"), icon="lock")
        self.passphrase_button = TextButton(self._theme, _("Change the passphrase…"))
        self.code_button = TextButton(self._theme, _("New recovery code…"))
        self.off_button = TextButton(self._theme, _("Write everything plain…"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in self._buttons_when_on:
            buttons.addWidget(button)
        buttons.addWidget(self.on_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self.title)
        column.addWidget(self.about)
        column.addLayout(buttons)

    @property
    def _buttons_when_on(self) -> tuple[TextButton, ...]:
        return self.passphrase_button, self.code_button, self.off_button

    def _connect(self) -> None:
        self.on_button.clicked.connect(self._on_encrypt_clicked)
        self.off_button.clicked.connect(self._on_plain_clicked)
        self.passphrase_button.clicked.connect(self._on_passphrase_clicked)
        self.code_button.clicked.connect(self._on_code_clicked)

    def refresh_card(self) -> None:
        """Show what holds now."""
        status = self._encryption.status
        is_on = status.state is EncryptionState.ON
        self.title.setText(
            _("Your data is encrypted.") if is_on else _("Your data is not encrypted.")
        )
        if not is_on:
            about = _("Whoever has this disk, or a copy of it, can read chats and documents.")
        elif UnlockMethod.KEY_STORE in status.methods:
            about = _("The key store of this computer unlocks it; else the recovery code does.")
        else:
            about = _("Your passphrase unlocks it at each start; else the recovery code does.")
        self.about.setText(about)
        self.on_button.setVisible(not is_on)
        for button in self._buttons_when_on:
            button.setVisible(is_on)

    def _on_encrypt_clicked(self) -> None:
        code = new_recovery_code()
        dialog = EncryptDialog(self._theme, self, code)
        dialog.carry_out = lambda: self._encryption.switch_on(dialog.fields.passphrase, code)
        dialog.accepted.connect(self.restart_wanted)
        dialog.open()

    def _on_plain_clicked(self) -> None:
        dialog = ConfirmDialog(
            self._theme,
            self,
            title=_("Write everything plain?"),
            text=_("Inglenook closes, decrypts what it keeps, and opens again."),
            button_text=_("Close and decrypt"),
            value=None,
        )
        dialog.prefer_cancel()
        dialog.accepted.connect(self._on_plain_confirmed)
        dialog.open()

    def _on_plain_confirmed(self) -> None:
        try:
            self._encryption.switch_off()
        except StorageError as error:
            self.about.setText(f"{error.message} {error.hint}")
            return
        self.restart_wanted.emit()

    def _on_passphrase_clicked(self) -> None:
        dialog = PassphraseDialog(self._theme, self)
        dialog.carry_out = lambda: self._encryption.change_passphrase(dialog.fields.passphrase)
        dialog.accepted.connect(self.refresh_card)
        dialog.open()

    def _on_code_clicked(self) -> None:
        code = new_recovery_code()
        dialog = RecoveryCodeDialog(self._theme, self, code)
        dialog.carry_out = lambda: self._encryption.change_recovery_code(code)
        dialog.accepted.connect(self._on_code_kept)
        dialog.rejected.connect(self._on_code_left)
        dialog.open()

    def _on_code_kept(self) -> None:
        self.refresh_card()
        self._say(_("The new recovery code opens your data from now on."))

    def _on_code_left(self) -> None:
        self.refresh_card()
        self._say(_("The recovery code was not changed: the old one opens your data."))

    def _say(self, sentence: str) -> None:
        self.about.setText(f"{self.about.text()} {sentence}")
