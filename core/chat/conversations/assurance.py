"""Assurance of an answer: where it was repeated from, how many samples agree, what was checked."""

from enum import StrEnum

from msgspec import Struct


class RecalledAnswer(Struct, frozen=True, kw_only=True):
    """The earlier answer that an answer repeats. `answered` is in seconds since the epoch.

    `question` is what it answered, "" if that was worded the same.
    """

    chat_id: str
    turn_id: str
    answered: float
    question: str = ""


class Difference(Struct, frozen=True, kw_only=True):
    """Words of the common answer and those of another in their place; either may be ""."""

    common: str
    other: str


class OtherAnswer(Struct, frozen=True, kw_only=True):
    """An answer that `count` samples gave instead of the common one, in one's words."""

    text: str
    count: int
    differences: tuple[Difference, ...] = ()


class Agreement(Struct, frozen=True, kw_only=True):
    """How many of `samples` complete answers agree with the one that is shown, itself included."""

    samples: int
    agreed: int
    others: tuple[OtherAnswer, ...] = ()


class CheckOutcome(StrEnum):
    """What a search of its own showed of a doubtful sentence. OPEN: nothing, it stays doubtful."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    OPEN = "open"


class SentenceCheck(Struct, frozen=True, kw_only=True):
    """A check of characters `start` to `end` of an answer: a question, searched and answered alone.

    `file` and `page` say where `passage` stands, which the outcome rests on; "" when it is OPEN.
    """

    start: int
    end: int
    question: str
    answer: str
    outcome: CheckOutcome
    passage: str = ""
    file: str = ""
    page: int | None = None


class Assurance(Struct, frozen=True, kw_only=True):
    """All of it that is known of one answer; None for what was not asked for."""

    recalled: RecalledAnswer | None = None
    agreement: Agreement | None = None
    checks: tuple[SentenceCheck, ...] | None = None


NO_ASSURANCE = Assurance()
