"""Messages between the front end and the library child about its judge of texts."""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import FinalMessage, Message, Request


class StatementPair(Struct, frozen=True, kw_only=True):
    """One sentence, row or entry of an answer, and a passage that may support or contradict it."""

    statement: str
    evidence: str


class JudgeStatements(Request[Never, "StatementsJudged"], frozen=True, kw_only=True):
    """Judge whether each passage supports its statement; `question` is what they answer, or ""."""

    question: str
    pairs: tuple[StatementPair, ...]


class StatementSupport(Struct, frozen=True, kw_only=True):
    """Calibrated probabilities, 0 to 1; what is left of their sum to 1 is "says nothing of it"."""

    supported: float
    contradicted: float


class StatementsJudged(FinalMessage, frozen=True, kw_only=True):
    """One support for each pair, in order; none where no judge is installed."""

    supports: tuple[StatementSupport, ...]


class JudgePassages(Request[Never, "PassagesJudged"], frozen=True, kw_only=True):
    """Judge for each of these texts whether it holds an answer to the question."""

    question: str
    texts: tuple[str, ...]


class PassagesJudged(FinalMessage, frozen=True, kw_only=True):
    """A calibrated probability for each text, in order; none where no judge is installed."""

    probabilities: tuple[float, ...] = ()


class JudgeOpened(Message, frozen=True, kw_only=True):
    """A judge is installed; sent once by each child that has one."""

    name: str


JudgingRequest = JudgeStatements | JudgePassages
JudgingEvent = JudgeOpened | StatementsJudged | PassagesJudged
