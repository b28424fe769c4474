"""Example files: JSON lines of prompts and responses, or of whole chats, as a person names them."""

from pathlib import Path
from typing import Any

import msgspec

from core.base.errors import ErrorCode, ModelError
from core.base.formatting import format_bytes
from core.base.i18n import _
from core.messages import ASSISTANT_ROLE, SYSTEM_ROLE, USER_ROLE, ExampleText, PromptTurn

MAX_BYTES = 64 << 20
_ROLES = (SYSTEM_ROLE, USER_ROLE, ASSISTANT_ROLE)


def read_example_file(path: Path, system: str = "") -> tuple[ExampleText, ...]:
    """Return the examples of a file. Raises ModelError, with the number of the line.

    A line is {"prompt": …, "response": …}, or {"messages": [{"role": …, "content": …}, …]}, of
    which each answer is an example. `system` are the instructions where a line has none.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise _refused(path, _("it has {size}").format(size=format_bytes(size)))
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or _("it is no UTF-8 text")
        raise _refused(path, str(detail)) from error
    examples: list[ExampleText] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found = _examples_of(line, system)
            if not found:
                detail = _(
                    "line {number} holds neither “prompt” and “response” nor “messages” that end "
                    "with an answer"
                ).format(number=number)
                raise _refused(path, detail)
            examples += found
    return tuple(examples)


def _examples_of(line: str, system: str) -> list[ExampleText]:
    """Return the examples of a line, none if it can't be understood."""
    try:
        content = msgspec.json.decode(line)
    except (msgspec.MsgspecError, RecursionError):
        return []
    if not isinstance(content, dict):
        return []
    messages = content.get("messages")
    if messages is None:
        prompt, response = content.get("prompt"), content.get("response")
        messages = [
            {"role": USER_ROLE, "content": prompt},
            {"role": ASSISTANT_ROLE, "content": response},
        ]
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


def _turn(message: Any) -> PromptTurn | None:  # noqa: ANN401 - whatever a file holds
    if not isinstance(message, dict):
        return None
    role, text = message.get("role"), message.get("content")
    if role not in _ROLES or not isinstance(text, str) or not text.strip():
        return None
    return PromptTurn(role=role, text=text.strip())


def _refused(path: Path, detail: str) -> ModelError:
    return ModelError(ErrorCode.TRAINING_FILE, file=path.name, detail=detail)
