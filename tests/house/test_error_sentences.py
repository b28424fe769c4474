"""Each code has its two sentences, and whoever raises it gives the facts they name."""

import ast
import string
from collections.abc import Iterator

from core.base.error_messages.error_message_table import ERROR_MESSAGES
from core.base.errors import ErrorCode
from tests.house.sources import Source, called_name, calls, python_sources

RAISED = {
    "InglenookError", "ModelError", "EngineError", "LibraryError", "NetworkError", "StorageError",
}  # fmt: skip
FILLED_LATER = {"logs"}
"""Facts that the front end adds, which alone knows them."""


def gaps(code: ErrorCode) -> set[str]:
    parsed = [part for text in ERROR_MESSAGES[code] for part in string.Formatter().parse(text)]
    return {gap for _, gap, _, _ in parsed if gap is not None}


def test_two_sentences_with_named_gaps() -> None:
    for code in ErrorCode:
        assert all(text.endswith((".", "!")) for text in ERROR_MESSAGES[code]), code
        assert all(gap.isidentifier() for gap in gaps(code)), code


def test_codes_are_their_own_lower_case_names() -> None:
    assert all(code.value == code.name.lower() for code in ErrorCode)
    assert set(ERROR_MESSAGES) == set(ErrorCode)


def raised(source: Source) -> Iterator[tuple[ast.Call, ErrorCode, set[str]]]:
    """Return each place that makes an error of a literal code with literal facts."""
    attributes = (node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute))
    asked_for_one_sentence = {id(attribute.value) for attribute in attributes}
    for call in calls(source):
        if id(call) in asked_for_one_sentence:
            continue
        facts = {keyword.arg for keyword in call.keywords}
        first = call.args[0] if call.args else None
        literal = isinstance(first, ast.Attribute) and getattr(first.value, "id", "") == "Code"
        if called_name(call) in RAISED and literal and None not in facts:
            assert isinstance(first, ast.Attribute)
            yield call, ErrorCode[first.attr], {name for name in facts if name}


def test_the_facts_are_given() -> None:
    found = [
        f"{source.place(call)}: {code} needs {sorted(missing)}"
        for source in python_sources("core")
        for call, code, facts in raised(source)
        if (missing := gaps(code) - facts - FILLED_LATER)
    ]
    assert not found, "\n".join(found)
