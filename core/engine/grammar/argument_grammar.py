"""Argument grammar: the arguments of a call where a model writes them in another form than JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.engine.chat_template.argument_form import (
    ArgumentForm,
    LiteralArguments,
    MarkedArguments,
)
from core.engine.grammar.argument_schema import (
    fixed_values,
    is_text,
    properties_of,
    required_of,
)
from core.engine.grammar.json_schema_grammar import schema_to_grammar

_GAP = "gap ::= [ \\t\\n]{0,24}"
_ANY_KEY = "any-key ::= [a-zA-Z_] [a-zA-Z0-9_.-]{0,63}"
_MOST_OTHERS = 32
"""Arguments of a tool that names none."""
_MOST_LEVELS = 8
"""Schemas within schemas; below, any value is let pass."""


def argument_rules(form: ArgumentForm, tool: Mapping[str, Any], name: str) -> list[str]:
    """Return the rules of a tool's arguments, that of all of them by `name`. Raises SchemaError."""
    if isinstance(form, LiteralArguments):
        return _LiteralRules(form, name).rules(tool)
    return _marked_rules(form, tool, name)


def quoted(text: str) -> str:
    """Return a text as a grammar has it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")


def text_without(mark: str, name: str) -> list[str]:
    """Return the rules of any text in which `mark` does not occur; the first is `name`-0."""
    letters = sorted(set(mark))
    other = "".join(f"\\{letter}" if letter in "]\\^-" else letter for letter in letters)
    rules = []
    for begun in range(len(mark)):
        ways = ['""', f"[^{other}] {name}-0"]
        for letter in letters:
            after = _begun(mark, mark[:begun] + letter)
            if after < len(mark):
                ways.append(f"{quoted(letter)} {name}-{after}")
        rules.append(f"{name}-{begun} ::= {' | '.join(ways)}")
    return rules


def _begun(mark: str, text: str) -> int:
    """Return how much of the mark the end of a text is."""
    lengths = range(min(len(mark), len(text)), 0, -1)
    return next((length for length in lengths if text.endswith(mark[:length])), 0)


def _spaced(text: str) -> str:
    """Return the elements of a fixed text, with any white space where it has some."""
    words = " gap ".join(map(quoted, text.split()))
    start = "gap " if text[:1].isspace() else ""
    return start + words + (" gap" if text[-1:].isspace() and words else "")


def _marked_rules(form: MarkedArguments, tool: Mapping[str, Any], name: str) -> list[str]:
    properties, required = properties_of(tool), required_of(tool)
    rules = [_GAP, _ANY_KEY, *text_without(form.after.strip(), "free")]
    parts = []
    for number, (key, schema) in enumerate(properties.items()):
        made = _marked_value(form, schema, f"{name}-{number}", rules)
        between = form.between if is_text(schema) else form.between_json
        pair = _marked_pair(form, quoted(key), between, made)
        parts.append(pair if key in required else f"({pair})?")
    if not properties:
        pair = _marked_pair(form, "any-key", form.between, "free-0")
        parts.append(f"({pair}){{0,{_MOST_OTHERS}}}")
    return [*rules, f"{name} ::= {' '.join(parts)}"]


def _marked_pair(form: MarkedArguments, key: str, between: str, value: str) -> str:
    head, tail = _spaced(form.before), _spaced(form.after.lstrip())
    # A text is free to begin and end with white space: another gap beside it would be ambiguous.
    return f"{head} {key} {_spaced(between.rstrip())} {value} {tail}"


def _marked_value(
    form: MarkedArguments,
    schema: Any,  # noqa: ANN401 - JSON
    name: str,
    rules: list[str],
) -> str:
    """Return the elements of a value; one of a list has the form's own white space around it."""
    if not is_text(schema):
        rules += schema_to_grammar(json.dumps(schema), name).splitlines()
        return f"gap {name} gap"
    listed = fixed_values(schema) if isinstance(schema, dict) else None
    if listed is None:
        return "free-0"
    before = form.between[len(form.between.rstrip()) :]
    after = form.after[: len(form.after) - len(form.after.lstrip())]
    return f"{quoted(before)} ({' | '.join(map(quoted, listed))}) {quoted(after)}"


class _LiteralRules:
    """Builds the rules of arguments that are literals."""

    def __init__(self, form: LiteralArguments, name: str) -> None:
        self._form = form
        self._name = name
        self._made: list[str] = []

    def rules(self, tool: Mapping[str, Any]) -> list[str]:
        """Return all of them."""
        properties = properties_of(tool)
        assign, separator = _spaced(self._form.assign), _spaced(self._form.separator)
        pairs = [
            (quoted(key) + f" {assign} {self._value(schema, 0)}", key in required_of(tool))
            for key, schema in properties.items()
        ]
        if properties:
            self._made.append(f"{self._name} ::= {self._sequence(pairs, separator)}")
        else:
            pair = f"any-key {assign} literal"
            more = f"({separator} {pair}){{0,{_MOST_OTHERS}}}"
            self._made.append(f"{self._name} ::= ({pair} {more})?")
        return [*self._shared(), *self._made]

    def _shared(self) -> Iterable[str]:
        """Return the rules of any literal."""
        quote = self._form.quote
        if len(quote) == 1:
            text = r""""'" ([^'\\\n] | "\\" [^\n])* "'" | "\"" ([^"\\\n] | "\\" [^\n])* "\"" """
            key = "literal-text"
        else:
            yield from text_without(quote, "free")
            text, key = f"{quoted(quote)} free-0 {quoted(quote)}", "any-key"
        yield from (
            _GAP,
            _ANY_KEY,
            f"literal-text ::= {text.strip()}",
            'literal-number ::= "-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,16})?',
            f"literal-word ::= {self._words('true', 'false', 'null')}",
            f'literal-pair ::= {key} gap ":" gap literal',
            'literal-list ::= "[" gap (literal (gap "," gap literal)*)? gap "]"',
            'literal-map ::= "{" gap (literal-pair (gap "," gap literal-pair)*)? gap "}"',
            "literal ::= literal-text | literal-number | literal-word | literal-list | literal-map",
        )

    def _words(self, *words: str) -> str:
        """Return words of JSON, and those of Python where a backslash escapes."""
        others = {"true": "True", "false": "False", "null": "None"}
        python = [others[word] for word in words if len(self._form.quote) == 1]
        return " | ".join(map(quoted, [*words, *python]))

    def _value(self, schema: Any, level: int) -> str:  # noqa: ANN401 - JSON
        if not isinstance(schema, dict) or level == _MOST_LEVELS:
            return "literal"
        if (listed := fixed_values(schema)) is not None:
            return f"({' | '.join(map(self._fixed, listed))})"
        kind = schema.get("type")
        if kind == "array":
            item = self._value(schema.get("items"), level + 1)
            return f'"[" gap ({item} (gap "," gap {item})*)? gap "]"'
        if kind == "object" and properties_of({"parameters": schema}):
            return self._map(schema, level)
        plain = {
            "string": "literal-text",
            "integer": '"-"? ("0" | [1-9] [0-9]{0,14})',
            "number": "literal-number",
            "boolean": f"({self._words('true', 'false')})",
            "null": f"({self._words('null')})",
        }
        return plain.get(str(kind), "literal")

    def _map(self, schema: Mapping[str, Any], level: int) -> str:
        holder = {"parameters": schema}
        pairs = [
            (f'{self._key(key)} gap ":" gap {self._value(each, level + 1)}', key in required)
            for required in [required_of(holder)]
            for key, each in properties_of(holder).items()
        ]
        inner = self._sequence(pairs, 'gap "," gap')
        return f'"{{" gap {inner} gap "}}"'

    def _key(self, key: str) -> str:
        return self._fixed(key) if len(self._form.quote) == 1 else quoted(key)

    def _fixed(self, value: Any) -> str:  # noqa: ANN401 - JSON
        if not isinstance(value, str):
            return quoted(json.dumps(value))
        if len(self._form.quote) > 1:
            return quoted(self._form.quote + value + self._form.quote)
        single = "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        return f"({quoted(json.dumps(value, ensure_ascii=False))} | {quoted(single)})"

    def _sequence(self, pairs: Sequence[tuple[str, bool]], separator: str) -> str:
        """Return pairs in their order, of which only those that must may not be left out."""
        later = [f"{self._name}-s{len(self._made)}x{n}" for n in range(len(pairs) + 1)]
        first = [f"{name}f" for name in later]
        self._made += [f'{later[-1]} ::= ""', f'{first[-1]} ::= ""']
        for number, (pair, is_required) in reversed(list(enumerate(pairs))):
            rest = later[number + 1]
            skip = ("", "") if is_required else (f" | {rest}", f" | {first[number + 1]}")
            self._made.append(f"{later[number]} ::= {separator} {pair} {rest}{skip[0]}")
            self._made.append(f"{first[number]} ::= {pair} {rest}{skip[1]}")
        return first[0]
