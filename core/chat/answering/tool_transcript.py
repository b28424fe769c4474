"""Tool transcript: calls and what they returned, as turns that a model reads."""

import json
from collections.abc import Sequence

from core.base.i18n import _
from core.chat.conversations.conversation import Turn
from core.chat.conversations.tool_calls import CallState, RecordedCall
from core.messages import ASSISTANT_ROLE, TOOL_ROLE, PromptTurn

TOKEN_LETTERS = 3
"""Letters of a token, estimated for text of any kind."""
RESULT_SHARE = 1 / 8
"""Share of the context that one result may have."""
MIN_RESULT, MAX_RESULT = 1_000, 16_000
"""Bounds of a result's letters."""
_UNFINISHED = "It was not called."
_REFUSED = "The user refused this call. Go on without it."


def result_limit(context: int) -> int:
    """Return how many letters of a result a model with this context is given."""
    return max(MIN_RESULT, min(MAX_RESULT, int(context * RESULT_SHARE * TOKEN_LETTERS)))


def cut_result(text: str, limit: int) -> str:
    """Return a result that is no longer than `limit`; a cut is said to the model."""
    return text if len(text) <= limit else f"{text[:limit]}\n[… cut: {len(text)} letters in all]"


def round_turns(raw: str, calls: Sequence[RecordedCall]) -> tuple[PromptTurn, ...]:
    """Return what a model wrote and was told, round by round, up to the last result.

    `raw` is the answer's text; what stands behind the last call is not among the turns.
    """
    turns: list[PromptTurn] = []
    begin = 0
    for number in sorted({call.round for call in calls}):
        made = [call for call in calls if call.round == number]
        said = raw[begin : made[0].at].strip()
        begin = made[0].at
        written = "\n".join(filter(None, [said, *(_written(call) for call in made)]))
        turns.append(PromptTurn(role=ASSISTANT_ROLE, text=written))
        turns += [PromptTurn(role=TOOL_ROLE, text=told_to_model(call)) for call in made]
    return tuple(turns)


def answer_turns(turn: Turn, known: tuple[int, ...]) -> tuple[PromptTurn, ...]:
    """Return an earlier answer as its model reads it again, calls included.

    `known` are the tokens of the answer, () if they are another model's.
    """
    rounds = round_turns(turn.raw, turn.tool_calls)
    last = turn.raw[turn.tool_calls[-1].at :].strip() if turn.tool_calls else turn.raw
    if rounds and not last:
        return rounds
    return (
        *rounds,
        PromptTurn(
            role=turn.role,
            text=last,
            thinking=turn.thinking,
            token_ids=() if rounds else known,
        ),
    )


def told_to_model(call: RecordedCall) -> str:
    """Return what the model reads of a call's outcome."""
    if call.state is CallState.REFUSED:
        return _REFUSED
    return call.result or _UNFINISHED


def format_call(call: RecordedCall) -> str:
    """Return a call as people read it, such as “calculate: expression = 2+2”."""
    try:
        fields = json.loads(call.arguments or "{}")
    except ValueError:
        fields = None
    name = f"{call.server}: {call.tool}" if call.server else call.tool
    if not isinstance(fields, dict):
        return f"{name}: {call.arguments}"
    if not fields:
        return name
    shown = [f"{key} = {_shown(value)}" for key, value in fields.items()]
    return f"{name}: {', '.join(shown)}"


def format_call_state(call: RecordedCall) -> str:
    """Return the state of a call in words."""
    return {
        CallState.ASKING: lambda: _("waits for your yes"),
        CallState.RUNNING: lambda: _("is being called …"),
        CallState.DONE: lambda: _("done"),
        CallState.FAILED: lambda: _("failed"),
        CallState.REFUSED: lambda: _("refused"),
        CallState.CUT: lambda: _("not called"),
    }[call.state]()


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _written(call: RecordedCall) -> str:
    name = json.dumps(call.tool)
    arguments = call.arguments or "{}"
    return f'<tool_call>\n{{"name": {name}, "arguments": {arguments}}}\n</tool_call>'
