"""Example files: prompts and responses, or whole chats, in the forms that data sets come in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from core.base.errors import ErrorCode, ModelError
from core.base.formatting import format_bytes
from core.base.i18n import _
from core.messages import ASSISTANT_ROLE, SYSTEM_ROLE, USER_ROLE, ExampleText, PromptTurn

MAX_BYTES = 64 << 20
_PAIRS = (
    ("prompt", "response"),
    ("prompt", "completion"),
    ("question", "answer"),
    ("input", "output"),
)
"""Names of what is asked and answered, as data sets have them."""
_ROLES = (SYSTEM_ROLE, USER_ROLE, ASSISTANT_ROLE)
_ROLES_OF_SHAREGPT = {"system": SYSTEM_ROLE, "human": USER_ROLE, "gpt": ASSISTANT_ROLE}


def read_example_file(path: Path, system: str) -> tuple[ExampleText, ...]:
    """Return the examples of a file. Raises ModelError, with the number of the line.

    It holds JSON lines, or one JSON list. Each entry has a pair of `_PAIRS`, `instruction`, `input`
    and `output` (Alpaca), or turns: `messages` of `role` and `content`, or
    `conversations` of `from` and `value` (ShareGPT), of which each answer is an example. `system`
    are the instructions where an entry has none.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _refused(path, _("it has {size}").format(size=format_bytes(size)))
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or _("it is no UTF-8 text")
        raise _refused(path, str(detail)) from error
    examples: list[ExampleText] = []
    for number, entry in _numbered_entries(text):
        found = _examples_of(entry, system)
        if not found:
            detail = _(
                "entry {number} holds neither “prompt” and “response” nor “messages” that end "
                "with an answer"
            ).format(number=number)
            raise _refused(path, detail)
        examples += found
    return tuple(examples)


def _numbered_entries(text: str) -> Iterator[tuple[int, Any]]:
    """Yield the entries of a file with the number of each line, or place in the list.

    What is no JSON comes as None.
    """
    whole = _decoded(text) if text.lstrip().startswith("[") else None
    if isinstance(whole, list):
        yield from enumerate(whole, start=1)
        return
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _decoded(line)


def _decoded(text: str) -> Any:  # noqa: ANN401 - whatever a file holds
    try:
        return msgspec.json.decode(text)
    except (msgspec.MsgspecError, RecursionError):
        return None


def _examples_of(entry: Any, system: str) -> list[ExampleText]:  # noqa: ANN401
    """Return the examples of an entry, none if it can't be understood."""
    messages = _messages_of(entry) if isinstance(entry, dict) else None
    turns = [_turn(each) for each in messages] if isinstance(messages, list) else []
    known = [turn for turn in turns if turn is not None]
    if len(known) != len(turns) or not known or known[-1].role != ASSISTANT_ROLE:
        return []
    if system and known[0].role != SYSTEM_ROLE:
        known.insert(0, PromptTurn(role=SYSTEM_ROLE, text=system))
    return [
        ExampleText(turns=tuple(known[:place]), answer=turn.text)
        for place, turn in enumerate(known)
        if turn.role == ASSISTANT_ROLE and any(each.role == USER_ROLE for each in known[:place])
    ]


def _messages_of(entry: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return the turns of an entry as a list of dictionaries with role and content."""
    for name in ("messages", "conversations"):
        if name in entry:
            return entry[name]
    if "instruction" in entry:
        asked, answer = entry["instruction"], entry.get("output")
        if entry.get("input"):
            asked = f"{asked}\n\n{entry['input']}"
    else:
        names = next((each for each in _PAIRS if all(name in entry for name in each)), _PAIRS[0])
        asked, answer = (entry.get(name) for name in names)
    return [
        {"role": USER_ROLE, "content": asked},
        {"role": ASSISTANT_ROLE, "content": answer},
    ]


def _turn(message: Any) -> PromptTurn | None:  # noqa: ANN401 - whatever a file holds
    if not isinstance(message, dict):
        return None
    role = message.get("role", _ROLES_OF_SHAREGPT.get(str(message.get("from"))))
    text = message.get("content", message.get("value"))
    if role not in _ROLES or not isinstance(text, str) or not text.strip():
        return None
    return PromptTurn(role=role, text=text.strip())


def _refused(path: Path, detail: str) -> ModelError:
    return ModelError(ErrorCode.TRAINING_FILE, file=path.name, detail=detail)
