"""Hostile text: no message or document makes the window open a file or an address."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from core.chat.conversations.conversation import Citation, Turn
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.markdown.markdown_html import MAX_MESSAGE_LENGTH, render_markdown
from desktop.chat.message.message_text import MessageText
from desktop.kit.theme_colours import LIGHT
from desktop.kit.visible_text import visible_text
from tests.desktop.hostile import MARKER, SNIPPETS
from tests.desktop.open_window import OpenWindow
from tests.desktop.values import answer, question, source

ALLOWED = {
    "a", "blockquote", "br", "code", "em", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p",
    "pre", "s", "strong", "sup", "table", "td", "th", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"align", "cellpadding", "cellspacing", "class", "href", "src", "start", "width"}
ANCHOR = re.compile(r"cite:[0-9]+(@[0-9]+)?|link:[0-9]+")
FORMULA = re.compile(r"maths:[0-9]+")


class _Checker(HTMLParser):
    """Collects what an allow-list would not let through."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in ALLOWED:
            self.bad.append(f"<{tag}>")
        for name, value in attributes:
            if name not in ATTRIBUTES:
                self.bad.append(f"{name}={value}")
            if name == "href" and not ANCHOR.fullmatch(value or ""):
                self.bad.append(f"href={value}")
            if name == "src" and not (tag == "img" and FORMULA.fullmatch(value or "")):
                self.bad.append(f"src={value}")

    def handle_comment(self, data: str) -> None:
        self.bad.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.bad.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.bad.append(f"<?{data}>")


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_the_html_is_of_the_allow_list_and_names_nothing(snippet: str) -> None:
    rendered = render_markdown(snippet.replace("MARKER", MARKER), (Citation(n=7, start=0, end=3),))
    checker = _Checker()
    checker.feed(rendered.html)
    checker.close()
    assert not checker.bad
    assert all(link.lower().startswith(("http://", "https://")) for link in rendered.links)
    assert 'href="cite:7' in rendered.html, "the mark was lost"


def test_there_are_enough_snippets() -> None:
    assert len(set(SNIPPETS)) >= 200


def test_every_resource_is_one_pixel(qtbot: QtBot) -> None:
    text = MessageText(LIGHT)
    qtbot.addWidget(text)
    image = QTextDocument.ResourceType.ImageResource.value
    for name in (MARKER, f"file://{MARKER}", "//host/share/x.png", "https://example.org/x.png"):
        pixel = text.loadResource(image, QUrl(name))
        assert isinstance(pixel, QImage)
        assert (pixel.width(), pixel.height()) == (1, 1)
        sheet = QTextDocument.ResourceType.StyleSheetResource.value
        assert text.loadResource(sheet, QUrl(name)) == ""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="strace is of Linux")
def test_the_kernel_sees_no_file_opened_and_no_socket(tmp_path: Path) -> None:
    trace = tmp_path / "trace.txt"
    ended = subprocess.run(
        ["strace", "-f", "-o", str(trace), "-e", "trace=%file,%network",
         sys.executable, "-m", "tests.desktop.render_hostile", str(tmp_path / "root")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "rendered" in ended.stdout
    lines = trace.read_text(errors="replace").splitlines()
    assert len(lines) > 100
    assert not [line for line in lines if "inglenook-marker" in line or "host/share" in line]
    assert not [line for line in lines if "AF_INET" in line]


def test_labels_take_nothing_for_markup(ui: OpenWindow) -> None:
    evil = f'<img src="{MARKER}"><b>bold</b>'
    turns = (question("q", evil), answer("a", "x", sources=(source(1, evil, heading=evil),)))
    ui.window.controllers.chat.open_chat(ui.backend.put_chat(evil, turns))
    ui.window.controllers.chats.refresh_list()
    ui.window.sources.choose_source(1)
    ui.settle()
    for label in ui.window.findChildren(QLabel):
        assert label.textFormat().name == "PlainText" or not label.text(), label.text()
        assert "<" not in label.toolTip().removeprefix("<qt>").removesuffix("</qt>")


def test_hidden_letters_are_shown() -> None:
    assert visible_text("a\u202eb\u200bc") == "a⟨U+202E⟩b⟨U+200B⟩c"
    assert "⟨U+202E⟩" in render_markdown("**a\u202eb** `x\u2066y`").html
    assert visible_text("\x1b[31m") == "\ufffd[31m"
    assert visible_text("zero\u200dwidth joiners stay") == "zero\u200dwidth joiners stay"


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("One. Two.", "One.", "One. [1] Two."),
        ("A **bold end.** More.", "A **bold end.**", "bold end. [1] More."),
        ("- first\n- second", "first", "first [1]"),
        ("| a | b |\n|---|---|\n| c | d |", "| c | d |", "[1]"),
        ("```\ncode\n```", "```\ncode\n```", "[1]"),
        ("Ends in `code`", "Ends in `code`", "code [1]"),
        ("# Title\n\nText", "# Title", "Title [1]"),
    ],
)
def test_a_mark_breaks_no_markdown(qtbot: QtBot, text: str, words: str, expected: str) -> None:
    start = text.index(words)
    widget = MessageText(LIGHT)
    qtbot.addWidget(widget)
    widget.show_prose(render_markdown(text, (Citation(n=1, start=start, end=start + len(words)),)))
    seen = " ".join(widget.toPlainText().split())
    assert expected in seen
    assert "**" not in seen
    assert "```" not in seen


def test_a_very_long_text_is_shown_as_it_is() -> None:
    rendered = render_markdown("*x* " * (MAX_MESSAGE_LENGTH // 4 + 1))
    assert "<em>" not in rendered.html


def test_what_was_streamed_is_plain(ui: OpenWindow) -> None:
    turn = answer("a", "")
    card = AnswerCard(ui.window.view.tools, _streaming(turn))
    ui.bot.addWidget(card)
    card.add_text(f'<img src="{MARKER}">')
    (text,) = [each for each in card.findChildren(MessageText) if each.accessibleName() == "Answer"]
    assert text.toPlainText() == f'<img src="{MARKER}">'


def _streaming(turn: Turn) -> Turn:
    return answer(turn.turn_id, "", state=type(turn.state).STREAMING)
