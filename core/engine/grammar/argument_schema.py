"""Argument schema: what the schema of a tool says of its arguments, one by one."""

from collections.abc import Mapping
from typing import Any

_MOST_STEPS = 8
"""References from one definition to the next."""


def properties_of(tool: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas of a tool's arguments, references to its definitions followed."""
    given = tool.get("parameters")
    listed = given.get("properties") if isinstance(given, dict) else None
    if not isinstance(given, dict) or not isinstance(listed, dict):
        return {}
    return {key: _followed(schema, given) for key, schema in listed.items()}


def required_of(tool: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the arguments that a call must have."""
    given = tool.get("parameters")
    listed = given.get("required") if isinstance(given, dict) else None
    return frozenset(listed) if isinstance(listed, list) else frozenset()


def is_text(schema: object) -> bool:
    """Return whether a value can only be a text, as where nothing is said of it."""
    if not isinstance(schema, dict) or not schema.keys() & {"type", "enum", "const", "anyOf"}:
        return True
    if (listed := fixed_values(schema)) is not None:
        return all(isinstance(value, str) for value in listed)
    return schema.get("type") == "string"


def fixed_values(schema: Mapping[str, Any]) -> list[Any] | None:
    """Return the values that a schema lists; None if it lists none."""
    if "const" in schema:
        return [schema["const"]]
    listed = schema.get("enum")
    return listed if isinstance(listed, list) and listed else None


def _followed(schema: Any, whole: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    for _step in range(_MOST_STEPS):
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        schema = whole
        for name in reference[2:].split("/"):
            schema = schema.get(name, {}) if isinstance(schema, dict) else {}
    return schema
