"""The privacy panel: the network lock and its log, what is kept where, and erasing it all."""

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.app import privacy_report
from core.app.belongings import Kind
from core.paths import Paths
from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.dialogs import give_room
from desktop.privacy.erasing import Erasing
from desktop.privacy.keeping import KeepingCard
from desktop.privacy.network import NetworkCard
from desktop.privacy.proof import proof_command
from desktop.theme import Theme

_WIDTH, _HEIGHT = 720, 660
_LOOK_MS = 2000


class PrivacyPanel(QDialog):
    """`erased` comes when it was asked for twice; it tells whether models go too."""

    erased = Signal(bool)

    def __init__(self, theme: Theme, paths: Paths, holder: QWidget) -> None:
        super().__init__(holder)
        self._theme = theme
        self._paths = paths
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._connect()
        self._look()
        self.keeping.count()

    def _build(self) -> None:
        self.setWindowTitle(_("Privacy"))
        self.setAccessibleName(_("Privacy"))
        give_room(self, _WIDTH, _HEIGHT)
        self.network = NetworkCard(self._theme)
        self.keeping = KeepingCard(self._theme, self._paths)
        self.copy_button = TextButton(self._theme, _("Copy the command"), icon="copy")
        self.close_button = TextButton(self._theme, _("Close"))
        proof = QHBoxLayout()
        proof.setSpacing(12)
        told = _("See for yourself: unplug the network, or ask the system in a terminal.")
        proof.addWidget(plain_label(told, "muted", wrap=True), 1)
        proof.addWidget(self.copy_button)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        inside = QWidget()
        inside.setObjectName("column")
        cards = QVBoxLayout(inside)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(12)
        cards.addWidget(self.network)
        cards.addLayout(proof)
        cards.addWidget(self.keeping)
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
        column.addLayout(foot)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.start()
        self.close_button.setFocus()

    def _connect(self) -> None:
        self._timer.timeout.connect(self._look)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.close_button.clicked.connect(self.accept)
        self.keeping.open_wanted.connect(self._on_open_wanted)
        self.keeping.erase_wanted.connect(self._on_erase_wanted)

    def _look(self) -> None:
        self.network.show_report(privacy_report.report(self._paths))

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(proof_command())

    def _on_open_wanted(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._paths.root)))

    def _on_erase_wanted(self) -> None:
        totals = self.keeping.totals
        erasing = Erasing(
            self._theme,
            self,
            root=str(self._paths.root),
            size=sum(totals.values()) - totals[Kind.MODELS],
            models=totals[Kind.MODELS],
        )
        erasing.confirmed.connect(self.erased)
        erasing.open()
