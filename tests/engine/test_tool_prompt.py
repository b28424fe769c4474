"""Tools as turns that every template takes."""

import json

from core.engine.chat_template.tool_prompt import turns_with_tools
from core.messages import PromptTurn

TOOLS = json.dumps([{"name": "look", "description": "Look.", "parameters": {"type": "object"}}])
ASKED = PromptTurn(role="user", text="Wet?")
CALLED = PromptTurn(role="assistant", text="<tool_call>…</tool_call>")


def test_tools_are_described_behind_the_system_prompt() -> None:
    turns = turns_with_tools([PromptTurn(role="system", text="Be kind."), ASKED], TOOLS)
    assert turns[0].text.startswith("Be kind.\n\n# Tools")
    assert '"name": "look"' in turns[0].text
    assert turns[1:] == (ASKED,)
    assert turns_with_tools([ASKED], TOOLS)[0].role == "system"


def test_what_tools_returned_comes_as_one_turn_of_the_users() -> None:
    results = [PromptTurn(role="tool", text="Wet."), PromptTurn(role="tool", text="Cold.")]
    turns = turns_with_tools([ASKED, CALLED, *results], "")
    assert [turn.role for turn in turns] == ["user", "assistant", "user"]
    assert turns[-1].text == (
        "<tool_response>\nWet.\n</tool_response>\n<tool_response>\nCold.\n</tool_response>"
    )


def test_turns_without_tools_stay_as_they_are() -> None:
    assert turns_with_tools([ASKED], "") == (ASKED,)
