"""About page: version, licence, and where the data is stored."""

import platform

from PySide6 import __version__ as qt_version
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.app.network.update_service import installed_version
from core.base.i18n import _
from core.base.paths import APP_NAME, Paths
from desktop.kit.buttons_and_labels import TextButton, begin_with_window, plain_label
from desktop.kit.layers.page import Page
from desktop.kit.theme import Theme


class AboutPage(Page):
    """Version, licence and data folder; they can be copied for a bug report."""

    widest = 900

    def __init__(self, theme: Theme, paths: Paths, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._paths = paths
        self._build()
        self.copy_button.clicked.connect(self._on_copy_clicked)

    def _build(self) -> None:
        title = _("About Inglenook")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        picture = QLabel()
        picture.setPixmap(self._theme.icon_pixmap("hearth", "accent", 48))
        name = begin_with_window(plain_label(f"{APP_NAME} {installed_version()}", "title"))
        summary = _("A private assistant that lives on one person's computer.")
        licence = _("Free software under the MIT licence; it stands on the work of many others.")
        self.copy_button = TextButton(self._theme, _("Copy the facts"), icon="copy")
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for part in (picture, name, plain_label(summary, wrap=True)):
            column.addWidget(part)
        column.addWidget(plain_label(licence, "muted", wrap=True))
        facts = plain_label("\n".join(self._facts()), "muted", wrap=True)
        column.addWidget(begin_with_window(facts))
        column.addLayout(row)
        column.addStretch(1)
        self.copy_button.setFocus()

    def _facts(self) -> tuple[str, ...]:
        return (
            f"Python {platform.python_version()}, Qt {qt_version}",
            f"{platform.system()} {platform.release()}, {platform.machine()}",
            str(self._paths.root),
        )

    def _on_copy_clicked(self) -> None:
        facts = "\n".join((f"{APP_NAME} {installed_version()}", *self._facts()))
        QGuiApplication.clipboard().setText(facts)
