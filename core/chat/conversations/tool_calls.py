"""Calls of tools in an answer: what the model asked for, and what came of it."""

from enum import StrEnum

from msgspec import Struct


class CallState(StrEnum):
    """State of a call. ASKING: the person decides; CUT: the answer ended before it did."""

    ASKING = "asking"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    REFUSED = "refused"
    CUT = "cut"


class CallDecision(StrEnum):
    """What a person says to a call: yes to it, to all of its tool in this chat or ever, or no."""

    ONCE = "once"
    CHAT = "chat"
    ALWAYS = "always"
    REFUSE = "refuse"


class RecordedCall(Struct, frozen=True, kw_only=True):
    """One call of an answer. `tool` is the name by which models call it, `server` whose it is.

    `server` is "" for a tool of Inglenook's own. `arguments` is JSON as the model wrote it. `at`
    is the place in the answer's raw text that it stands behind; those of one `round` were made
    together.
    """

    n: int
    tool: str
    arguments: str
    server: str = ""
    round: int = 1
    at: int = 0
    state: CallState = CallState.ASKING
    result: str = ""
    """What the model was told, cut to what it can read."""
    seconds: float = 0.0
