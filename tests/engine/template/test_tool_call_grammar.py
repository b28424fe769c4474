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


def told(*schemas: object) -> str:
    tools = [{"name": f"tool{n}", "parameters": each} for n, each in enumerate(schemas)]
    grammar = tool_call_grammar(json.dumps(tools), "auto")
    check_grammar(grammar)
    return grammar


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "strange"},
        {"type": "object", "propertyNames": {"pattern": "^a"}},
        {"type": "object", "properties": {"n": {"type": "number", "maximum": 5}}},
        {"type": "object", "properties": {"n": {"type": "array", "uniqueItems": True}}},
        {"type": "object", "properties": {"n": {"type": "string", "nullable": True}}},
        {"type": "object", "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
        {"type": "object", "properties": {"n": {"$ref": "https://example.org/n"}}},
        {"$ref": "#"},
        {"type": "object", "properties": {"n": {"$ref": "#/$defs/missing"}}},
    ],
)
def test_a_schema_that_can_t_be_held_to_leaves_the_other_tools_as_they_are(schema: object) -> None:
    strict = {"type": "object", "properties": {"city": {"type": "string"}}}
    grammar = told(strict, schema)
    assert r"\"city\"" in grammar
    assert r"\"tool1\"" in grammar


def test_parts_that_a_schema_refers_to_are_found_in_it_also_those_that_hold_themselves() -> None:
    node = {
        "type": "object",
        "properties": {"word": {"enum": ["leaf"]}, "more": {"items": {"$ref": "#/$defs/Node"}}},
    }
    nested = {
        "type": "object",
        "properties": {"top": {"$ref": "#/$defs/Node"}},
        "$defs": {"Node": node},
    }
    grammar = told({"type": "object"}, nested)
    assert grammar.count(r"\"leaf\"") == 1


def test_many_tools_that_are_too_much_together_may_be_called_with_any_object() -> None:
    wide = {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(40)}}
    grammar = told(*[wide] * 64)
    assert r"\"tool63\"" in grammar
