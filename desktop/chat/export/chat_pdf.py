"""PDF export: HTML of chats laid out and printed by Qt."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QUrl
from PySide6.QtGui import QFont, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from core.base.paths import APP_NAME
from core.chat.conversations.conversation import Conversation
from core.chat.export.chat_export_html import chats_to_html

_MARGIN_MM = 18
_POINTS = 10
_DPI = 96


class _OfflineDocument(QTextDocument):
    """Loads no resource, whatever the text names."""

    def loadResource(self, _kind: int, _name: QUrl | str) -> Any:  # noqa: ANN401 - as Qt declares it
        return QByteArray()


def render_pdf(chats: Sequence[Conversation], *, sources: bool) -> bytes:
    """Return chats as one PDF of A4 pages."""
    document = _OfflineDocument()
    font = QFont()
    font.setPointSizeF(_POINTS)
    document.setDefaultFont(font)
    document.setHtml(chats_to_html(chats, sources=sources))
    pdf_bytes = QByteArray()
    buffer = QBuffer(pdf_bytes)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setCreator(APP_NAME)
    writer.setTitle(chats[0].title if chats else APP_NAME)
    writer.setResolution(_DPI)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4),
            QPageLayout.Orientation.Portrait,
            margins,
            QPageLayout.Unit.Millimeter,
        )
    )
    document.print_(writer)
    del writer  # ends the file
    buffer.close()
    return bytes(pdf_bytes.data())
