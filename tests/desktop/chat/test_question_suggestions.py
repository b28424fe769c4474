"""Question suggestions in the window: of the ticked folder's titles, asked with one click."""

from msgspec import structs

from core.messages import FoundFile
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, words_of
from tests.desktop.values import folder, hit


def tick_lease(ui: OpenWindow) -> None:
    """Tick a folder that holds one titled document."""
    lease = FoundFile(
        folder_id="folder-1", folder="G", file="a.md", path="/g/a.md", size=1, modified=0
    )
    lease = structs.replace(lease, title="Rental contract > Notice", words=100)
    ui.backend.library.found_files = (lease,)
    ui.backend.found(hit(1, "Three months."))
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")


def test_a_ticked_folder_suggests_questions_and_a_click_asks(ui: OpenWindow) -> None:
    tick_lease(ui)
    asked = "What does “Rental contract” say about “Notice”?"
    assert asked in words_of(ui.window.view.greeting)
    click(ui.window.view.greeting, asked)
    ui.settle()
    assert ui.backend.last_question == asked
    assert ui.window.view.composer.draft == ""


def test_without_a_folder_nothing_is_suggested(ui: OpenWindow) -> None:
    assert "You could ask" not in words_of(ui.window.view.greeting)


def test_nothing_is_suggested_of_a_folder_while_files_alone_are_asked(ui: OpenWindow) -> None:
    tick_lease(ui)
    ui.window.view.composer.set_files(("/receipt.png",))
    ui.settle()
    assert "You could ask" not in words_of(ui.window.view.greeting)
    ui.window.view.composer.set_files(())
    ui.settle()
    assert "Rental contract" in words_of(ui.window.view.greeting)
