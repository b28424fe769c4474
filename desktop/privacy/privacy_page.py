"""Privacy page: network, stored data, erasure, and how to prove that nothing connects."""

import os
import sys

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.app.app import App
from core.app.privacy import privacy_report
from core.app.privacy.stored_data import StoredDataKind
from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.page import Page
from desktop.kit.theme import Theme
from desktop.privacy.encryption_card import EncryptionCard
from desktop.privacy.erase_dialog import EraseDialog
from desktop.privacy.network_card import NetworkCard
from desktop.privacy.stored_data_card import StoredDataCard


def connection_list_command() -> str:
    """Return a command that lists the internet sockets of this window and its children."""
    pid = os.getpid()
    if sys.platform == "win32":
        children = f"(Get-CimInstance Win32_Process -Filter 'ParentProcessId={pid}').ProcessId"
        return f"Get-NetTCPConnection -OwningProcess (@({pid}) + {children}) -ErrorAction Ignore"
    return f"lsof -nP -a -i -p {pid},$(pgrep -P {pid} | paste -sd, -)"


class PrivacyPage(Page):
    """`erased` comes when it was asked for twice; its value says whether models go too."""

    erased = Signal(bool)
    widest = 900

    def __init__(self, theme: Theme, app: App, parent: QWidget) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._paths = app.paths
        self.encryption = EncryptionCard(theme, app.encryption)
        self._build()
        self._connect()
        self.stored_data.start_counting()

    def _build(self) -> None:
        self.setWindowTitle(_("Privacy"))
        self.setAccessibleName(_("Privacy"))
        self.network = NetworkCard(self._theme)
        self.stored_data = StoredDataCard(self._theme, self._paths)
        self.copy_button = TextButton(self._theme, _("Copy the command"), icon="copy")
        proof = QHBoxLayout()
        proof.setSpacing(12)
        text = _("See for yourself: unplug the network, or ask the system in a terminal.")
        proof.addWidget(plain_label(text, "muted", wrap=True), 1)
        proof.addWidget(self.copy_button)
        inside = QWidget()
        inside.setObjectName("column")
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(12)
        cards.addWidget(self.network)
        cards.addLayout(proof)
        cards.addWidget(self.encryption)
        cards.addWidget(self.stored_data)
        cards.addStretch(1)
        scroll = QScrollArea()  # of large text a small screen shows a part at a time
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(scroll, 1)

    def _connect(self) -> None:
        self.refresh_while_shown(self._refresh_report)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.stored_data.open_wanted.connect(self._on_open_wanted)
        self.stored_data.erase_wanted.connect(self._on_erase_wanted)

    def _refresh_report(self) -> None:
        report = privacy_report.build_privacy_report(self._paths, self._app.child_seals)
        self.network.show_report(report)

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(connection_list_command())

    def _on_open_wanted(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paths.root)))

    def _on_erase_wanted(self) -> None:
        totals = self.stored_data.totals
        erasing = EraseDialog(
            self._theme,
            self,
            root=str(self._paths.root),
            size=sum(totals.values()) - totals[StoredDataKind.MODELS],
            models=totals[StoredDataKind.MODELS],
        )
        erasing.confirmed.connect(self.erased)
        erasing.open()
