"""Files dragged over a text field are the window's: the field would insert their addresses."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import control, dialog

COPY = Qt.DropAction.CopyAction
NOTHING_CAME = "The other program didn't hand over what was dropped or copied."
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def drop(ui: OpenWindow, data: QMimeData, where: QPoint) -> None:
    """Drag something into the window and drop it there, as the system says it."""
    handle = ui.window.windowHandle()
    QApplication.sendEvent(handle, QDragEnterEvent(where, COPY, data, LEFT, NONE))
    QApplication.sendEvent(handle, QDropEvent(QPointF(where), COPY, data, LEFT, NONE))
    ui.settle()


def test_a_file_that_is_dropped_on_a_field_of_a_page_is_asked(
    ui: OpenWindow, tmp_path: Path
) -> None:
    file = tmp_path / "lease.txt"
    file.write_text("The rent is 780 euros.")
    ui.window.registry.action_by_id("chat.prompts").trigger()
    ui.settle()
    field = control(dialog(), "Instructions")
    assert isinstance(field, QPlainTextEdit)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    drop(ui, data, field.mapTo(ui.window, field.rect().center()))
    assert ui.window.view.composer.files == (str(file),)
    assert ui.window.pages.page is None


def test_text_is_still_dropped_on_a_field(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("chat.prompts").trigger()
    ui.settle()
    field = control(dialog(), "Instructions")
    assert isinstance(field, QPlainTextEdit)
    data = QMimeData()
    data.setText("words from elsewhere")
    drop(ui, data, field.mapTo(ui.window, field.rect().center()))
    assert field.toPlainText() == "words from elsewhere"


def test_a_program_that_hands_nothing_over_is_named_and_no_mistake_of_ours(ui: OpenWindow) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/lease.txt")])
    where, handle = ui.window.rect().center(), ui.window.windowHandle()
    QApplication.sendEvent(handle, QDragEnterEvent(where, COPY, data, LEFT, NONE))
    data.clear()  # that program has ended
    QApplication.sendEvent(handle, QDropEvent(QPointF(where), COPY, data, LEFT, NONE))
    ui.settle()
    assert ui.window.view.composer.files == ()
    (notice,) = ui.notices.all_notices()
    assert (
        notice.problem.message == "The other program didn't hand over what was dropped or copied."
    )


def test_a_picture_that_is_no_longer_on_the_clipboard_is_named(ui: OpenWindow) -> None:
    gone = QMimeData()
    gone.setData("application/x-qt-image", b"")
    assert gone.hasImage()
    assert ui.window.composer_controller.attachments.take_paste(gone)
    assert ui.window.view.composer.files == ()
    (notice,) = ui.notices.all_notices()
    assert (
        notice.problem.message == "The other program didn't hand over what was dropped or copied."
    )
