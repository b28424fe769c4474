"""Text documents in the viewer: code in colours, mail with its headers."""

import shiboken6

from core.messages import Document, DocumentPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.viewing import opened, pdf


def test_code_is_coloured_and_mail_shows_its_headers(ui: OpenWindow) -> None:
    viewer = opened(ui, pdf(file="tool.py", page=None))
    code = '# 🌹 litres\ndef press(apples):\n    return "must"\n'
    page = DocumentPage(number=None, heading="press", text=code)
    ui.backend.library_answers(Document, file="", path="", pages=(page,))
    ui.settle()
    coloured = {
        block.text(): [span.format.foreground().color().name() for span in block.layout().formats()]
        for block in (viewer.text_view.document().findBlockByNumber(n) for n in range(2, 5))
    }
    colours = ui.theme.colours
    assert coloured["# 🌹 litres"] == [colours.muted]
    assert colours.link in coloured["def press(apples):"]
    assert colours.good in coloured['    return "must"']
    mail = opened(ui, pdf(file="mail.eml", page=None))
    page = DocumentPage(number=None, heading="", text="From: Anna\n\nHello.\n\nAttachment: a.pdf")
    ui.backend.library_answers(Document, file="", path="", pages=(page,))
    ui.settle()
    cursor = mail.text_view.document().find("Attachment: ")
    assert cursor.charFormat().fontWeight() > 400
    assert not mail.text_view.document().findBlockByNumber(0).layout().formats()


def test_a_new_size_of_text_needs_no_document_that_python_has_let_go(ui: OpenWindow) -> None:
    view = ui.window.sources.viewer.text_view
    shiboken6.invalidate(view.document())
    ui.window.registry.action_by_id("view.larger").trigger()
    ui.settle()
    opened(ui, pdf(file="prices.md", page=None))
    page = DocumentPage(number=None, heading="", text="| Name | Price |\n|---|---|\n| Rose | 3 |")
    ui.backend.library_answers(Document, file="", path="", pages=(page,))
    ui.settle()
    ui.window.registry.action_by_id("view.normal_size").trigger()
    ui.settle()
    assert "Rose" in view.toPlainText()
