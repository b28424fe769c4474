"""Chats as files: whole, harmless, and taken in again; what isn't such a file is refused."""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from core.base.errors import ErrorCode, StorageError
from core.chat.conversations.chat_style import ChatStyle, ExampleExchange
from core.chat.conversations.conversation import (
    Citation,
    Conversation,
    Role,
    Source,
    Turn,
    TurnState,
)
from core.chat.export.chat_export import (
    ExportFormat,
    export_content,
    export_file_name,
    write_export,
)
from core.chat.export.chat_import import read_chats
from core.chat.store.chat_database import ChatDatabase
from tests.chat.talk import say

EVIL = '<script>alert(1)</script> ![x](file:///etc/passwd) [y](javascript:alert(1)) <img src="//e">'
SOURCE = Source(
    n=1,
    folder_id="f1",
    folder="Garden",
    file="plans/duties.odt",
    path="/home/a/garden/plans/duties.odt",
    page=3,
    heading="§ 4 *Watering*",
    text="Every second Friday,\n<b>before</b> nine.",
    content_hash="h",
    score=0.5,
)


def garden(chats: ChatDatabase) -> Conversation:
    """Return a saved chat of two answers to one question, the later one with a source."""
    chat = say(chats, "When do I water?", "First version.")
    question = chat.path()[0]
    text = "Every second Friday. Open the valve first."
    second = structs.replace(
        chat.path()[1],
        turn_id="second",
        text=text,
        raw=text,
        token_ids=(1, 2, 3),
        sources=(SOURCE,),
        citations=(Citation(n=1, start=0, end=20),),
    )
    chat = chat.with_turn(second)
    assert second.parent_id == question.turn_id
    chats.save_turns(chat, [second])
    return chats.load_conversation(chat.chat_id)


def file_of(tmp_path: Path, *conversations: Conversation) -> Path:
    path = tmp_path / "chats.json"
    path.write_bytes(export_content(conversations, ExportFormat.JSON))
    return path


def test_markdown_has_words_citations_and_sources(chats: ChatDatabase) -> None:
    text = export_content([garden(chats)], ExportFormat.MARKDOWN).decode()
    assert text.startswith("# When do I water?\n\n## You, ")
    assert "Every second Friday. [1] Open the valve first." in text
    assert "[1] plans/duties.odt, page 3 — § 4 \\*Watering\\*" in text
    assert "> Every second Friday,\n> <b>before</b> nine." in text
    assert "First version" not in text


def test_markdown_without_sources_has_no_marks(chats: ChatDatabase) -> None:
    text = export_content([garden(chats)], ExportFormat.MARKDOWN, sources=False).decode()
    assert "[1]" not in text
    assert "duties.odt" not in text


def test_html_loads_nothing_and_no_text_is_markup(chats: ChatDatabase) -> None:
    chat = say(chats, EVIL, EVIL)
    html = export_content([structs.replace(chat, title=EVIL)], ExportFormat.HTML).decode()
    body = html.split("</style>")[1]
    assert "<script" not in body
    assert "<img" not in body
    assert not re.search(r'(src|href)="(?!https?://|mailto:|#)', body)
    assert "javascript:" not in re.sub(r">[^<]*<", "><", body)
    assert "default-src 'none'" in html
    assert "&lt;script&gt;" in body


def test_html_links_show_where_they_lead_and_marks_lead_to_sources(chats: ChatDatabase) -> None:
    chat = garden(chats)
    linked = structs.replace(
        chat.path()[-1], text="Every second Friday. [the guild](https://example.org/a?b=1)"
    )
    html = export_content([chat.with_turn(linked)], ExportFormat.HTML).decode()
    assert '<a href="https://example.org/a?b=1" title="https://example.org/a?b=1"' in html
    target = re.search(r'class="cite" href="#(\w+)"', html)
    assert target
    assert f'id="{target[1]}"' in html
    assert "&lt;b&gt;before&lt;/b&gt;" in html


def test_a_text_cannot_bring_marks_of_its_own(chats: ChatDatabase) -> None:
    chat = say(chats, "q", "a \ue0007\ue001 b")
    assert (
        'class="cite"'
        not in export_content([chat], ExportFormat.HTML).decode().split("</style>")[1]
    )


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("a/b\\c:d*e", "a b c d e.md"),
        ("...", "chat.md"),
        ("CON", "chat CON.md"),
        ("con.txt", "chat con.txt.md"),
        ("x" * 300, "x" * 80 + ".md"),
        ("Zürich\n2026", "Zürich 2026.md"),
    ],
)
def test_names_of_files_fit_every_system(title: str, name: str) -> None:
    assert export_file_name(title, "md") == name


def test_a_name_of_wide_letters_is_one_that_a_disk_takes(tmp_path: Path) -> None:
    name = export_file_name("\N{HERB}" * 100, "html")
    write_export(tmp_path / name, b"x")
    assert (tmp_path / name).read_bytes() == b"x"
    assert name.endswith("\N{HERB}.html")


def test_a_place_that_takes_no_file_is_named(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nowhere" / "chat.md"):
        with pytest.raises(StorageError) as refused:
            write_export(path, b"x")
        assert refused.value.code is ErrorCode.EXPORT_REFUSED
        assert str(path) in refused.value.message
    assert list(tmp_path.iterdir()) == []


def test_json_comes_back_whole_with_all_versions(chats: ChatDatabase, tmp_path: Path) -> None:
    manner = ChatStyle(system="Be short.", examples=(ExampleExchange(question="a", answer="b"),))
    before = structs.replace(garden(chats), chat_style=manner)
    (after,) = read_chats(file_of(tmp_path, before), {"f1": "/home/a/garden"})
    assert after.chat_id != before.chat_id
    assert not set(after.turns) & set(before.turns)
    assert (after.title, after.chat_style) == (before.title, manner)
    assert [turn.text for turn in after.path()] == [turn.text for turn in before.path()]
    assert sorted(turn.text for turn in after.turns.values()) == sorted(
        turn.text for turn in before.turns.values()
    )
    shown = after.path()[-1]
    assert (shown.sources, shown.citations) == ((SOURCE,), before.path()[-1].citations)
    assert shown.token_ids == ()
    chats.import_conversations((after,))
    assert chats.load_conversation(after.chat_id) == after
    assert chats.search.find_hits("valve")


def test_what_is_taken_in_leads_to_no_file_outside_the_known_folders(
    chats: ChatDatabase, tmp_path: Path
) -> None:
    path = file_of(tmp_path, garden(chats))
    (chat,) = read_chats(path, {})
    (source,) = chat.path()[-1].sources
    assert (source.path, source.folder_id, source.file) == ("", "", "plans/duties.odt")
    for evil in ("/etc/passwd", "../../x", "plans/../../x"):
        found = json.loads(path.read_text())
        for turn in found["chats"][0]["turns"]:
            for each in turn["sources"]:
                each.update(file=evil, path="\\\\host\\share\\x")
        path.write_text(json.dumps(found))
        (chat,) = read_chats(path, {"f1": "/home/a/garden"})
        assert chat.path()[-1].sources[0].path == ""


def changed(change: Any) -> Any:
    """Name a test of what `change` makes of an exported file."""
    return pytest.param(change, id=change.__name__)


def in_a_circle(file: dict[str, Any]) -> None:
    turns = file["chats"][0]["turns"]
    turns[0]["parent_id"] = turns[1]["turn_id"]


def an_orphan(file: dict[str, Any]) -> None:
    file["chats"][0]["turns"][1]["parent_id"] = "nobody"


def twins(file: dict[str, Any]) -> None:
    turns = file["chats"][0]["turns"]
    turns[1]["turn_id"] = turns[0]["turn_id"]


def no_turns(file: dict[str, Any]) -> None:
    file["chats"][0]["turns"] = []


def no_chats(file: dict[str, Any]) -> None:
    file["chats"] = []


def a_later_version(file: dict[str, Any]) -> None:
    file["version"] = 99


def another_format(file: dict[str, Any]) -> None:
    file["format"] = "someone's"


def a_strange_role(file: dict[str, Any]) -> None:
    file["chats"][0]["turns"][0]["role"] = "root"


def a_number_as_text(file: dict[str, Any]) -> None:
    file["chats"][0]["turns"][0]["text"] = 5


def a_huge_number(file: dict[str, Any]) -> None:
    file["chats"][0]["turns"][0]["sources"] = [{"n": 10**40}]


@pytest.mark.parametrize(
    "change",
    [
        changed(each)
        for each in (
            in_a_circle,
            an_orphan,
            twins,
            no_turns,
            no_chats,
            a_later_version,
            another_format,
            a_strange_role,
            a_number_as_text,
            a_huge_number,
        )
    ],
)
def test_a_file_that_makes_no_sense_is_refused(
    chats: ChatDatabase, tmp_path: Path, change: Any
) -> None:
    path = file_of(tmp_path, garden(chats))
    file = json.loads(path.read_text())
    change(file)
    path.write_text(json.dumps(file))
    with pytest.raises(StorageError) as refused:
        read_chats(path, {})
    assert refused.value.code is ErrorCode.IMPORT_REFUSED
    assert path.name in refused.value.message


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{" * 100_000,
        b"[" * 100_000,
        b'{"format": "inglenook chats"}',
        b'{"format": "inglenook chats", "version": 1, "chats": [{"title": "\\ud800"}]}',
        b"GGUF\x03",
        b'{"format": "inglenook chats", "version": 1e400, "chats": []}',
    ],
)
def test_anything_else_is_refused_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(data)
    with pytest.raises(StorageError) as refused:
        read_chats(path, {})
    assert refused.value.code is ErrorCode.IMPORT_REFUSED
    assert "odd.json" in refused.value.message


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "pipe")
    with pytest.raises(StorageError) as refused:
        read_chats(tmp_path / "pipe", {})
    assert refused.value.code == ErrorCode.IMPORT_REFUSED
    with pytest.raises(StorageError) as refused:
        read_chats(tmp_path / "missing", {})
    assert refused.value.code == ErrorCode.IMPORT_REFUSED


def test_odd_figures_and_names_are_made_harmless(chats: ChatDatabase, tmp_path: Path) -> None:
    path = file_of(tmp_path, garden(chats))
    file = json.loads(path.read_text())
    (chat,) = file["chats"]
    chat.update(title="a\x00b\u202e\ntitle", created=1e300, updated=-5, leaf_id="nobody")
    chat["folder_ids"] = ["f1", "unknown"]
    chat["manner"]["preset"] = "../x"
    for turn in chat["turns"]:
        turn.update(created=1e300, state="streaming")
        turn["statistics"].update(tokens_per_second=1e300, prompt_tokens=-5)
        turn["citations"] = [{"n": 1, "start": -1, "end": 10**6}, {"n": 9, "start": 0, "end": 1}]
        turn["sources"] *= 2
    path.write_text(json.dumps(file))
    (taken,) = read_chats(path, {"f1": "/home/a/garden"})
    chats.import_conversations((taken,))
    taken = chats.load_conversation(taken.chat_id)
    assert taken.title == "a b title"
    assert taken.folder_ids == ("f1",)
    assert taken.chat_style.preset == ""
    for turn in taken.turns.values():
        assert turn.state is TurnState.INTERRUPTED
        assert turn.citations == ()
        assert turn.statistics.tokens_per_second == 0
        assert 0 < turn.created < 1e11
    assert export_content([taken], ExportFormat.HTML)


def test_a_deep_chat_needs_no_recursion(chats: ChatDatabase, tmp_path: Path) -> None:
    turns = [
        Turn(
            turn_id=str(number),
            parent_id=str(number - 1) if number else None,
            role=Role.ASSISTANT if number % 2 else Role.USER,
            state=TurnState.DONE,
            text=f"turn {number}",
            created=1.0,
        )
        for number in range(3000)
    ]
    chat = structs.replace(
        chats.new_conversation("deep"), turns={turn.turn_id: turn for turn in turns}, leaf_id="2999"
    )
    (taken,) = read_chats(file_of(tmp_path, chat), {})
    assert len(taken.path()) == 3000


def test_markdown_fetches_no_picture_when_it_is_shown(chats: ChatDatabase) -> None:
    text = (
        "Look: ![cat](https://example.org/c.png) and <IMG src=x>\n"
        "```html\n<img src=y> ![z](w)\n```\n![a][b]"
    )
    written = export_content([say(chats, "?", text)], ExportFormat.MARKDOWN).decode()
    assert "Look: [cat](https://example.org/c.png) and &lt;IMG src=x>" in written
    assert "<img src=y> ![z](w)" in written
    assert written.rstrip().endswith("[a][b]")
    assert "![a]" not in written
