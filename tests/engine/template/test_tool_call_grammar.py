"""Grammars of tool calls: what may, must and must not be written."""

import json

import pytest

from core.engine.grammar.grammar_check import check_grammar
from core.engine.grammar.json_schema_grammar import SchemaError
from core.engine.grammar.tool_call_grammar import tool_call_grammar

TOOLS = json.dumps(
    [
        {
            "name": "get_weather",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string"}},
                "required": ["city"],
            },
        },
        {"name": "look", "parameters": None},
    ]
)


@pytest.mark.parametrize("use", ["auto", "auto_one", "required", "one"])
def test_every_use_is_a_grammar_that_names_the_tools(use: str) -> None:
    grammar = tool_call_grammar(TOOLS, use)
    check_grammar(grammar)
    assert r"\"get_weather\"" in grammar
    assert r"\"look\"" in grammar
    (root,) = [line for line in grammar.splitlines() if line.startswith("root ::=")]
    assert root.startswith("root ::= text") is use.startswith("auto")
    assert ("{0,15}" in root) is (use in {"auto", "required"})


@pytest.mark.parametrize("tools", ["{", "[]", "{}", '"x"'])
def test_what_is_no_list_of_tools_is_refused(tools: str) -> None:
    with pytest.raises(SchemaError):
        tool_call_grammar(tools, "auto")


def test_a_schema_that_can_t_be_held_to_is_refused() -> None:
    tools = [{"name": "x", "parameters": {"type": "strange"}}]
    with pytest.raises(SchemaError):
        tool_call_grammar(json.dumps(tools), "required")
