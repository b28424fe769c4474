"""Schemas become grammars: what they say is held to, what can't be held to is named."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.engine.grammar.grammar_check import check_grammar
from core.engine.grammar.json_schema_grammar import (
    SchemaError,
    integer_range_grammar,
    schema_to_grammar,
)
from core.engine.grammar.regex_grammar import pattern_to_grammar


def made(schema: Any) -> str:
    grammar = schema_to_grammar(json.dumps(schema))
    check_grammar(grammar)
    return grammar


def accepts(alternatives: str, text: str) -> bool:
    """Whether a grammar of digits accepts `text`: without quotes it is a regular expression."""
    return re.fullmatch(re.sub(r'[" ]', "", alternatives), text) is not None


@given(st.integers(-3000, 3000), st.integers(0, 2000), st.integers(-6000, 6000))
def test_whole_numbers_are_held_to_their_bounds(least: int, width: int, number: int) -> None:
    rule = integer_range_grammar(least, least + width)
    assert accepts(rule, str(number)) == (least <= number <= least + width)


@given(st.integers(-500, 500), st.integers(-(10**14), 10**14))
def test_one_bound_is_enough(bound: int, number: int) -> None:
    assert accepts(integer_range_grammar(bound, None), str(number)) == (number >= bound)
    assert accepts(integer_range_grammar(None, bound), str(number)) == (number <= bound)
    assert not accepts(integer_range_grammar(None, None), "007")


SCHEMAS: dict[str, Any] = {
    "anything": {},
    "true": True,
    "an object": {
        "type": "object",
        "title": "Person",
        "properties": {"name": {"type": "string"}, 'a "b" \\': {"type": "integer", "minimum": 0}},
        "required": ["name", "unlisted"],
        "additionalProperties": False,
    },
    "recursion": {
        "$ref": "#/$defs/my_node",
        "$defs": {
            "my_node": {
                "type": "object",
                "properties": {"next": {"anyOf": [{"$ref": "#/$defs/my_node"}, {"type": "null"}]}},
            }
        },
    },
    "lists": {
        "prefixItems": [{"type": "string"}, {"type": "number", "minimum": 0}],
        "items": False,
    },
    "bounded lists": {"type": "array", "items": {"enum": [1, "a", None]}, "maxItems": 3},
    "strings": {"type": ["string", "null"], "minLength": 1, "maxLength": 8},
    "formats": {
        "anyOf": [{"type": "string", "format": name} for name in ("date", "uuid", "email")]
    },
    "all of": {
        "allOf": [
            {"$ref": "#/definitions/base"},
            {"properties": {"b": {"type": "boolean"}}, "required": ["b"]},
        ],
        "definitions": {"base": {"type": "object", "properties": {"a": {"const": 1.5}}}},
    },
    "patterns": {"pattern": '^[A-Z]{2}-\\d+$|\\\\"|^(?:a|[^b-d\\]])+?.\\u00e9'},
    "a dictionary": {"type": "object", "additionalProperties": {"type": "integer"}},
    "many properties": {"properties": {f"p{n}": {"type": "string"} for n in range(300)}},
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_becomes_a_grammar(name: str) -> None:
    assert re.search(r"^root ::= ", made(SCHEMAS[name]), re.MULTILINE)


REFUSED: dict[str, tuple[Any, str]] = {
    "an unknown keyword": ({"type": "number", "multipleOf": 2}, "“multipleOf”"),
    "a pattern that looks around": ({"type": "string", "pattern": "a(?=b)"}, "from letter 4 on"),
    "a pattern and a length": ({"pattern": "a", "maxLength": 3}, "“maxLength”"),
    "logic": ({"not": {"type": "string"}}, "“not”"),
    "unique items": ({"type": "array", "uniqueItems": True}, "“uniqueItems”"),
    "a type that isn't": ({"type": "text"}, "no type “text”"),
    "a bound of reals": ({"type": "number", "minimum": 1.5}, "“minimum”"),
    "crossed bounds": ({"type": "integer", "minimum": 2, "maximum": 1}, "“minimum” is above"),
    "a missing part": ({"$ref": "#/$defs/gone"}, "“#/\\$defs/gone” is not in it"),
    "another file": ({"$ref": "https://example.org/schema"}, "lies outside"),
    "never": (False, "a schema is missing"),
    "a contradiction": ({"allOf": [{"type": "string"}, {"type": "null"}]}, "two things at once"),
    "a wrong kind": ({"type": "object", "properties": [1]}, "of the wrong kind"),
    "a list": ([], "a schema is missing"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_held_to_is_named(name: str) -> None:
    schema, reason = REFUSED[name]
    with pytest.raises(SchemaError, match=reason):
        made(schema)


def test_no_json_and_endless_json_are_refused() -> None:
    with pytest.raises(SchemaError, match="line 2 is no JSON"):
        schema_to_grammar("{\n'a': 1}")
    with pytest.raises(SchemaError, match="nests too deeply"):
        schema_to_grammar('{"items":' * 5000 + "{}" + "}" * 5000)


PATTERNS = (
    r"^[A-Z]{2}-\d{3,5}$",
    r"^(yes|no)$",
    r"^a*b+c?$",
    r"^[^x-z]{1,3}$",
    r"^\w+\.\w{2,}$",
    r"ab",
    r"^ab|cd$",
    r"^\S+?@\S+$",
    r"^[a\-z.]$",
    r"^$",
)


@pytest.mark.parametrize("pattern", PATTERNS)
@given(data=st.data())
@settings(max_examples=20)
def test_a_pattern_allows_what_the_regular_expression_finds(
    pattern: str, data: st.DataObject
) -> None:
    """Without its blanks and quotes, the grammar of letters is a regular expression again."""
    alphabet = "abcdxyzesnoAZ019 -.@_"
    fitting = st.from_regex(re.compile(pattern, re.ASCII), alphabet=alphabet)
    # In Python "$" also stands before a line break at the end.
    text = data.draw(st.one_of(st.text(alphabet, max_size=6), fitting)).removesuffix("\n")
    grammar = pattern_to_grammar(pattern).replace("char", "[ -~]")
    plain = re.sub(r'(?<!\\)"', "", grammar.replace(" ", "").replace("[-~]", "[ -~]"))
    found = re.search(pattern, text, re.ASCII) is not None
    assert (re.fullmatch(plain, text) is not None) == found
