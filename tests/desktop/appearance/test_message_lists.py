"""Lists in a message: their numbers are whole, however large the text is."""

import pytest
from PySide6.QtGui import QFontInfo
from pytestqt.qtbot import QtBot

from desktop.chat.markdown.markdown_html import render_markdown
from desktop.chat.message.message_text import MessageText
from desktop.kit.theme_colours import LIGHT


@pytest.mark.parametrize(("scale", "first"), [(1, 1), (2, 1), (1, 1996)])
def test_numbers_of_a_list_are_whole_in_each_size_of_text(
    qtbot: QtBot, scale: int, first: int
) -> None:
    text = MessageText(LIGHT)
    qtbot.addWidget(text)
    font = text.font()
    font.setPixelSize(scale * QFontInfo(font).pixelSize())
    text.setFont(font)
    text.resize(600, 300)
    text.show_prose(render_markdown("\n".join(f"{first + n}. Mill" for n in range(12))))
    picture = text.grab().toImage()
    edge = {picture.pixel(0, y) for y in range(picture.height())}
    assert len(edge) == 1, "no letter begins before the left edge"
    assert len({picture.pixel(x, y) for x in range(1, 60) for y in range(60)}) > 1
