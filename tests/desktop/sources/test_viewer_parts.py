"""Parts of the viewer: allowed files, text layer, layout, stored pictures."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRectF

from core.messages import RenderedPage
from desktop.sources.external_open import OpenOutcome, is_safe_to_open, open_externally
from desktop.sources.pages.page_layout import GAP, PageLayout
from desktop.sources.pages.page_selection import join_pages
from desktop.sources.pages.page_store import MAX_PICTURE_BYTES, PageStore
from desktop.sources.pages.page_text_layer import PageTextLayer, clean_copied_text
from tests.desktop.open_window import OpenWindow
from tests.desktop.values import LINE, letters


@pytest.mark.parametrize("name", ["a.pdf", "A.DOCX", "b.odt", "c.png", "d.txt", "e.md", "f.csv"])
def test_documents_are_opened_by_the_system(tmp_path: Path, name: str) -> None:
    assert is_safe_to_open(str(tmp_path / name))


@pytest.mark.parametrize(
    "name",
    [
        "a.js", "a.vbs", "a.bat", "a.ps1", "a.py", "a.lnk", "a.desktop", "a.hta", "a.exe", "a.sh",
        "a.html", "a.svg", "a.docm", "a.eml", "a.url", "a.pdf.js", "a.js.", "a.pdf ", "a", ".pdf",
        "a.txt:b.exe", "a.jar", "a.scr", "a.command", "a.app", "a.msi", "a.chm",
    ],
)  # fmt: skip
def test_programs_scripts_and_links_are_not_opened(tmp_path: Path, name: str) -> None:
    assert not is_safe_to_open(str(tmp_path / name))


def test_what_is_opened_is_there_and_no_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls: list[str] = []
    monkeypatch.setattr(
        "desktop.sources.external_open.QDesktopServices.openUrl",
        lambda url: urls.append(url.toLocalFile()),
    )
    monkeypatch.setattr("desktop.sources.external_open.sys.platform", "linux")
    text, script, link = tmp_path / "a.txt", tmp_path / "a.py", tmp_path / "b.txt"
    text.write_text("a")
    script.write_text("a")
    link.symlink_to(script)
    assert open_externally(str(tmp_path / "gone.txt")) is OpenOutcome.GONE
    assert open_externally(str(text)) is OpenOutcome.OPENED
    assert open_externally(str(script)) is OpenOutcome.SHOWN
    assert open_externally(str(link)) is OpenOutcome.SHOWN
    assert urls == [str(text), str(tmp_path), str(tmp_path)]


def test_letters_are_found_and_joined_by_line() -> None:
    page = PageTextLayer(letters(1, "Rent is\u00ad\ndue. RENT"))
    assert [page.text[slice(*span)] for span in page.find_spans("rent")] == ["Rent", "RENT"]
    assert [page.text[slice(*span)] for span in page.find_spans("isdue")] == ["is\u00ad\ndue"]
    assert page.find_spans("  ") == []
    assert page.span_text(0, len(page)) == "Rent isdue. RENT"
    assert len(page.span_boxes(0, 4)) == 1
    place = page.nearest_position(QPointF(page.letter_box(5).center()), 1.4)
    assert page.text[slice(*page.word_at(place))].startswith("is")


@pytest.mark.parametrize(
    ("pages", "text"),
    [
        (("An exam-", "ple of it."), "An example of it."),
        (("An exam\u00ad\r\n", "ple"), "An example"),
        (("In 2010-", "2020 and"), "In 2010-\n2020 and"),
        (("Mr. Smith-", "Jones"), "Mr. Smith-\nJones"),
        (("It ends.", "Another begins."), "It ends.\nAnother begins."),
        (("", "Alone.", "", "Last."), "Alone.\nLast."),
        (("An exam- \n", " \n", "\tple of it."), "An example of it."),
        (("An ex-", "am-", "ple"), "An example"),
        (("An exam\u00ad", "-", "ple"), "An exam-\nple"),
    ],
)
def test_words_of_pages_are_joined_as_they_are_read(pages: tuple[str, ...], text: str) -> None:
    assert clean_copied_text(join_pages(pages)) == text


def test_pages_lie_under_each_other_at_any_zoom() -> None:
    layout = PageLayout()
    layout.set_viewport_width(424)
    layout.set_page_sizes([(300.0, 600.0), (0.0, 0.0), (150.0, 300.0)])
    assert layout.page_rect(2).width() == 424 - 2 * GAP
    assert layout.page_rect(1).top() == GAP
    assert layout.page_rect(2).top() > layout.page_rect(1).bottom()
    assert layout.page_at(0) == 1
    assert layout.page_at(10**6) == 3
    assert list(layout.pages_between(0, layout.page_rect(2).top())) == [1, 2]
    fitted = layout.zoom
    layout.set_zoom(100.0)
    assert layout.zoom == 4.0
    layout.set_zoom(0.0)
    assert layout.zoom == fitted


def test_pictures_are_let_go_of_when_they_take_too_much(ui: OpenWindow) -> None:
    store = PageStore()
    wide, tall = 1000, 1400
    pixels = bytes(wide * tall * 3)
    for number in range(1, 15):
        store.add_picture(
            RenderedPage(
                request_id="", page=number, pages=20, width=wide, height=tall, pixels=pixels,
                boxes=(LINE,),
            ),
            wide,
        )  # fmt: skip
    assert sum(each.byte_size for each in store.pictures.values()) <= MAX_PICTURE_BYTES
    assert 14 in store.pictures
    assert 1 not in store.pictures
    assert store.marks[1] == [QRectF(0.1, 0.5, 0.5, store.marks[1][0].height())]
