"""Text with calls of tools, read in pieces of any length."""

import pytest

from core.base.tool_call_reader import (
    CallArguments,
    CallPiece,
    CallStarted,
    CallText,
    ToolCallReader,
)

TEXT = (
    'I look <b>. <tool_call>\n{"name": "look", "arguments": {"at": "a } b"}}\n</tool_call>\n'
    '<tool_call>\n{"name": "go", "arguments": {}}\n</tool_call>'
)


def joined(pieces: list[CallPiece]) -> tuple[str, list[tuple[str, str]]]:
    text, calls = "", []
    for piece in pieces:
        match piece:
            case CallText():
                text += piece.text
            case CallStarted():
                calls.append((piece.name, ""))
            case CallArguments():
                calls[piece.number] = calls[piece.number][0], calls[piece.number][1] + piece.json
    return text, calls


@pytest.mark.parametrize("size", [1, 2, 3, 7, 30, 1000])
def test_pieces_of_any_length_say_the_same(size: int) -> None:
    reader = ToolCallReader()
    pieces: list[CallPiece] = []
    for start in range(0, len(TEXT), size):
        pieces += reader.read_piece(TEXT[start : start + size])
    pieces += reader.read_piece("", final=True)
    assert joined(pieces) == ("I look <b>. ", [("look", '{"at": "a } b"}'), ("go", "{}")])
    assert reader.count == 2


def test_without_tools_all_is_text() -> None:
    reader = ToolCallReader(is_active=False)
    assert reader.read_piece(TEXT) == [CallText(TEXT)]


def test_a_call_that_was_cut_off_has_what_there_is() -> None:
    reader = ToolCallReader()
    pieces = reader.read_piece(TEXT[:60])
    pieces += reader.read_piece("", final=True)
    assert joined(pieces)[1][0][0] == "look"


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize(
    "text",
    [
        "Qwen marks calls with `<tool_call>` tags.",
        "So: <tool_call>",
        'As <tool_call> {"names": 1}</tool_call>, or so.',
        'It is <tool_call>{"name": "look", and on.',
    ],
)
def test_a_mark_with_no_call_behind_it_is_text(text: str, size: int) -> None:
    reader = ToolCallReader()
    pieces: list[CallPiece] = []
    for start in range(0, len(text), size):
        pieces += reader.read_piece(text[start : start + size])
    assert joined([*pieces, *reader.read_piece("", final=True)]) == (text, [])
    assert joined(ToolCallReader().read_piece(text + TEXT, final=True))[1][-1] == ("go", "{}")
