"""JSON schema to GBNF grammar: every text it allows is JSON that the schema accepts.

The converter of llama-cpp-python 0.3.36 allows line breaks in strings and fails at a quotation mark
in a name or an underscore in a recursive definition. Keywords that a grammar can't express are
refused by name and not ignored, as the person relies on them.
"""

import json
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from core.base.i18n import _
from core.engine.grammar.regex_grammar import PatternError, pattern_to_grammar

MAX_DIGITS = 15
"""Most digits; longer numbers lose precision in readers that parse numbers as doubles."""


def integer_range_grammar(least: int | None, most: int | None) -> str:
    """Return the alternatives for the whole numbers from `least` to `most`; None: no limit."""
    low = -(10**MAX_DIGITS) + 1 if least is None else least
    high = 10**MAX_DIGITS - 1 if most is None else most
    ways: list[str] = []
    if low < 0:
        ways += [f'"-" ({way})' for way in _from_to(max(1, -high), -low)]
    if high >= 0:
        ways += _from_to(max(0, low), high)
    return " | ".join(ways)


def _from_to(low: int, high: int) -> Iterator[str]:
    """Yield the numbers of each length, neither below zero."""
    for length in range(len(str(low)), len(str(high)) + 1):
        first = max(low, 0 if length == 1 else 10 ** (length - 1))
        last = min(high, 10**length - 1)
        if first <= last:
            yield _same_length(str(first), str(last))


def _same_length(low: str, high: str) -> str:
    """Return the strings of digits from `low` to `high`, of the same length."""
    if low == high:
        return f'"{low}"'
    rest = len(low) - 1
    if not rest:
        return f"[{low}-{high}]"
    if low[0] == high[0]:
        return f'"{low[0]}" ({_same_length(low[1:], high[1:])})'
    least, most = int(low[0]), int(high[0])
    ways: list[str] = []
    if low[1:] != "0" * rest:
        ways.append(f'"{least}" ({_same_length(low[1:], "9" * rest)})')
        least += 1
    ending = ""
    if high[1:] != "9" * rest:
        ending = f'"{most}" ({_same_length("0" * rest, high[1:])})'
        most -= 1
    if least <= most:
        ways.append(f"[{least}-{most}] [0-9]{{{rest}}}")
    return " | ".join([*ways, ending] if ending else ways)


Schema: TypeAlias = Mapping[str, Any]

_SPACE = '( " " | "\\n"{1,2} [ \\t]{0,20} )?'
_CHAR = r'[^"\\\x7F\x00-\x1F] | [\\] (["\\/bfnrt] | "u" [0-9a-fA-F]{4})'
_DATE = '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])'
_CLOCK = '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9] ":" [0-5] [0-9] ("." [0-9]{1,9})?'
_TIME = f'{_CLOCK} ("Z" | [+-] ([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9])'
_HEX = "[0-9a-fA-F]"
_UUID = f'{_HEX}{{8}} "-" {_HEX}{{4}} "-" {_HEX}{{4}} "-" {_HEX}{{4}} "-" {_HEX}{{12}}'
_FORMATS = {"date": _DATE, "time": _TIME, "date-time": f'{_DATE} "T" {_TIME}', "uuid": _UUID}
_FIXED = {
    "space": _SPACE,
    "char": _CHAR,
    "string": r'"\"" char* "\""',
    "integer": integer_range_grammar(None, None),
    "number": '"-"? ("0" | [1-9] [0-9]{0,15}) ("." [0-9]{1,16})? ([eE] [+-]? [0-9]{1,2})?',
    "boolean": '"true" | "false"',
    "null": '"null"',
    "pair": 'string space ":" space value',
    "object": '"{" space (pair (space "," space pair)* space)? "}"',
    "array": '"[" space (value (space "," space value)* space)? "]"',
    "value": "object | array | string | number | boolean | null",
}
_TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_NOTES = frozenset(
    """title description default examples example deprecated readOnly writeOnly format
    contentEncoding contentMediaType discriminator""".split()  # noqa: SIM905 - quoted it reads worse
)
"""Keywords without constraints; by the standard, so is a format that isn't known."""
_KNOWN = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "prefixItems", "minItems", "maxItems"},
    "string": {"minLength", "maxLength", "pattern"},
    "integer": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"},
    "number": {"minimum"},
}
"""Keywords that a grammar can express, by type."""


class SchemaError(ValueError):
    """A schema can't be used; the message is the reason, in words."""


def schema_to_grammar(schema: str, root: str = "root") -> str:
    """Return the grammar for a schema given as JSON text. Raises SchemaError.

    Grammars with other names of their `root` may stand together: they share what they have in
    common, one rule a line.
    """
    try:
        return _Converter(json.loads(schema), root).grammar()
    except RecursionError as error:
        raise SchemaError(_("it nests too deeply")) from error
    except json.JSONDecodeError as error:
        raise SchemaError(_("line {line} is no JSON").format(line=error.lineno)) from error
    except PatternError as error:
        raise SchemaError(str(error)) from error
    except (TypeError, AttributeError, ValueError, OverflowError) as error:
        if isinstance(error, SchemaError):
            raise
        raise SchemaError(_("a keyword has a value of the wrong kind")) from error


class _Converter:
    """Creates one rule for each part of a schema."""

    def __init__(self, schema: Any, root: str) -> None:  # noqa: ANN401 - JSON
        self._schema = schema
        self._root = root
        self._prefix = "r" if root == "root" else f"{root}-"
        self._rules = dict(_FIXED)
        self._by_reference: dict[str, str] = {}

    def grammar(self) -> str:
        """Return the whole grammar."""
        self._rules[self._root] = self._visit(self._schema)
        return "\n".join(f"{name} ::= {rule}" for name, rule in self._rules.items())

    def _rule(self, content: str) -> str:
        name = f"{self._prefix}{len(self._rules)}"
        self._rules[name] = content
        return name

    def _visit(self, schema: Any) -> str:  # noqa: ANN401 - JSON
        """Return the name of the rule for a schema."""
        if schema is True or schema == {}:
            return "value"
        if not isinstance(schema, dict):
            raise SchemaError(_("a schema is missing where one belongs"))
        asked = {
            key: schema[key]
            for key in schema
            if key not in _NOTES and not key.startswith(("$", "x-")) and key != "definitions"
        }
        if "$ref" in schema:
            _refuse_beside("$ref", asked)
            return self._reference(str(schema["$ref"]))
        if "allOf" in asked:
            return self._visit(self._merged(asked))
        ways = self._ways(asked, schema.get("format"))
        return ways[0] if len(ways) == 1 else self._rule(" | ".join(ways))

    def _ways(self, asked: Schema, form: object) -> list[str]:
        """Return the alternatives of a schema: values, other schemas, or its types."""
        if "const" in asked or "enum" in asked:
            values = [asked["const"]] if "const" in asked else asked["enum"]
            _refuse_beside("enum", asked, "const", "type")
            return list(map(_literal, values))
        for union in ("anyOf", "oneOf"):
            if union in asked:
                _refuse_beside(union, asked, "type")
                return list(map(self._visit, asked[union]))
        kinds = asked.get("type", _implied(asked))
        kinds = kinds if isinstance(kinds, list) else [kinds]
        _refuse_unknown(asked, kinds)
        return [self._typed(_only_for(kind, asked) | {"format": form}) for kind in kinds]

    def _typed(self, schema: Schema) -> str:
        kind = schema["type"]
        if kind == "object" and schema.keys() & _KNOWN["object"]:
            return self._object(schema)
        if kind == "array" and schema.keys() & _KNOWN["array"]:
            return self._array(schema)
        if kind == "string":
            return self._string(schema)
        if kind == "integer" and schema.keys() & _KNOWN["integer"]:
            return self._rule(_bounded(schema))
        if kind == "number" and "minimum" in schema:
            if schema["minimum"] != 0:
                raise SchemaError(_("“minimum” of a number can only be 0"))
            return self._rule(_FIXED["number"].removeprefix('"-"? '))
        return str(kind)

    def _object(self, schema: Schema) -> str:
        """Return the rule of an object with its properties in order and no others.

        Each property has two rules for the rest from it on: as the first one, or after another.
        """
        required = set(schema.get("required", ()))
        properties = dict(schema.get("properties", {}))
        for name in schema.get("required", ()):
            properties.setdefault(name, True)
        if not properties:
            return self._any_names(schema.get("additionalProperties", True))
        first = later = self._rule('""')
        for name, part in reversed(properties.items()):
            pair = self._rule(f'{_literal(name)} space ":" space {self._visit(part)}')
            skip = name not in required
            first, later = (
                self._rule(f"{pair} {later}" + (f" | {first}" if skip else "")),
                self._rule(f'space "," space {pair} {later}' + (f" | {later}" if skip else "")),
            )
        return self._rule(f'"{{" space {first} space "}}"')

    def _any_names(self, schema: Any) -> str:  # noqa: ANN401 - JSON
        if schema is False:
            return self._rule('"{" space "}"')
        pair = self._rule(f'string space ":" space {self._visit(schema)}')
        return self._rule(f'"{{" space ({pair} (space "," space {pair})* space)? "}}"')

    def _array(self, schema: Schema) -> str:
        fixed = list(map(self._visit, schema.get("prefixItems", ())))
        least, most = int(schema.get("minItems", 0)), schema.get("maxItems")
        if isinstance(schema.get("items"), list):
            fixed, rest = list(map(self._visit, schema["items"])), ""
        elif fixed and schema.get("items", False) is False:
            rest = ""
        else:
            rest = self._visit(schema.get("items", True))
        if fixed:
            if rest or least > len(fixed) or (most is not None and int(most) < len(fixed)):
                raise SchemaError(_("“prefixItems” can't stand beside other bounds"))
            return self._rule(f'"[" space {_listed(fixed)} space "]"')
        if most is not None and int(most) < max(least, 1):
            if least:
                raise SchemaError(_("“minItems” is above “maxItems”"))
            return self._rule('"[" space "]"')
        more = f"{{{max(least - 1, 0)},{'' if most is None else int(most) - 1}}}"
        items = f'{rest} (space "," space {rest}){more}'
        return self._rule(f'"[" space {items if least else f"({items})?"} space "]"')

    def _string(self, schema: Schema) -> str:
        if schema.get("format") in _FORMATS and not schema.keys() & _KNOWN["string"]:
            return self._rule(rf'"\"" {_FORMATS[str(schema["format"])]} "\""')
        if not schema.keys() & _KNOWN["string"]:
            return "string"
        if "pattern" in schema:
            _refuse_beside("pattern", schema, "type", "format")
            return self._rule(rf'"\"" ({pattern_to_grammar(str(schema["pattern"]))}) "\""')
        least, most = int(schema.get("minLength", 0)), schema.get("maxLength")
        return self._rule(rf'"\"" char{{{least},{"" if most is None else int(most)}}} "\""')

    def _reference(self, reference: str) -> str:
        """Return the rule for the target of a reference within the schema."""
        if reference not in self._by_reference:
            name = self._by_reference[reference] = self._rule("")
            self._rules[name] = self._visit(self._target(reference))
        return self._by_reference[reference]

    def _target(self, reference: str) -> Any:  # noqa: ANN401 - JSON
        target = self._schema
        if not reference.startswith("#"):
            raise SchemaError(_("“{name}” lies outside of it").format(name=reference))
        for step in urllib.parse.unquote(reference[1:]).split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            target = target[int(key)] if isinstance(target, list) else target.get(key)
            if target is None:
                raise SchemaError(_("“{name}” is not in it").format(name=reference))
        return target

    def _merged(self, schema: Schema) -> dict[str, Any]:
        """Return `allOf` and the keywords beside it as one schema."""
        whole: dict[str, Any] = {}
        for given in (*schema["allOf"], {key: schema[key] for key in schema if key != "allOf"}):
            part = self._target(given["$ref"]) if "$ref" in given else given
            for key, value in part.items():
                if key == "properties":
                    whole[key] = {**whole.get(key, {}), **value}
                elif key == "required":
                    whole[key] = [*whole.get(key, ()), *value]
                elif key in whole and whole[key] != value and key not in _NOTES:
                    raise SchemaError(_("“allOf” asks for two things at once"))
                else:
                    whole[key] = value
        return whole


def _implied(schema: Schema) -> str | list[str]:
    """Return the types of a schema without `type`, by its keywords."""
    for kind in ("object", "array", "string", "integer"):
        if schema.keys() & _KNOWN[kind]:
            return kind
    return list(_TYPES)


def _only_for(kind: str, schema: Schema) -> dict[str, Any]:
    return {"type": kind} | {key: schema[key] for key in _KNOWN.get(kind, ()) if key in schema}


def _refuse_unknown(schema: Schema, kinds: Sequence[str]) -> None:
    for kind in kinds:
        if kind not in _TYPES:
            raise SchemaError(_("there is no type “{name}”").format(name=kind))
    known = {"type"}.union(*(_KNOWN.get(kind, set()) for kind in kinds))
    _refuse_beside("type", {key: True for key in schema if key not in known})


def _refuse_beside(keyword: str, schema: Schema, *allowed: str) -> None:
    for key in schema:
        if key not in {keyword, *allowed}:
            raise SchemaError(_("“{name}” can't be held to here").format(name=key))


def _bounded(schema: Schema) -> str:
    least = [_up(schema["minimum"])] if "minimum" in schema else []
    most = [int(schema["maximum"] // 1)] if "maximum" in schema else []
    if "exclusiveMinimum" in schema:
        least.append(int(schema["exclusiveMinimum"] // 1) + 1)
    if "exclusiveMaximum" in schema:
        most.append(_up(schema["exclusiveMaximum"]) - 1)
    rule = integer_range_grammar(max(least, default=None), min(most, default=None))
    if not rule:
        raise SchemaError(_("“minimum” is above “maximum”"))
    return rule


def _up(number: float) -> int:
    """Return the least whole number that is not below `number`."""
    return -int(-number // 1)


def _listed(names: Sequence[str]) -> str:
    return ' space "," space '.join(names)


def _literal(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a value's JSON as a literal of GBNF."""
    text = json.dumps(value, ensure_ascii=False)
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
