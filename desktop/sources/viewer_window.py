"""Separate window that holds the document viewer of the sources panel."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.sources.sources_panel import SourcesPanel

_SHARE = 0.8


class ViewerWindow(QDialog):
    """Takes the panel's viewer, and returns it when it closes."""

    def __init__(self, panel: SourcesPanel, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._panel = panel
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        panel.viewer.closed.connect(self.close)

    def _build(self) -> None:
        viewer = self._panel.viewer
        name = viewer.source.file.rpartition("/")[2] if viewer.source else ""
        self.setWindowTitle(name or _("Document"))
        self.setAccessibleName(_("Document"))
        viewer.header.set_in_own_window(alone=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(viewer)
        self._panel.viewer_toggled.emit()
        viewer.show()
        area = QGuiApplication.primaryScreen().availableGeometry()
        self.resize(min(960, int(area.width() * _SHARE)), int(area.height() * _SHARE))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Return the viewer to the panel."""
        if self.isAncestorOf(self._panel.viewer):
            self._panel.viewer.closed.disconnect(self.close)
            self._panel.restore_viewer()
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes as the button does."""
        self.close()
