"""Evidence: what a source holds of a statement, as rules and a judge weigh it."""

from typing import NamedTuple

from core.chat.citations.clause_rules import RuleFinding


class Statement(NamedTuple):
    """A sentence, row or entry of an answer. `context`: the question, and what leads to it.

    `is_whole`: it is all of the answer, which may be a single word.
    """

    text: str
    context: str = ""
    is_whole: bool = False


class Evidence(NamedTuple):
    """What a source holds of a statement: characters `start` to `end` of its text hold most of it.

    `share` is that of the statement's weighted words, 0 of a short answer without its question's;
    `plain_share` that of the words which are neither numbers nor names in these characters alone.
    `is_enough`: by words alone it supports the statement.
    """

    n: int
    start: int
    end: int
    share: float
    plain_share: float
    finding: RuleFinding
    is_enough: bool
    is_half: bool = False
    """It supports only together with the other half, which a judge of one source can't see."""
    is_brief: bool = False
    """The statement has at most BRIEF_WORDS content words: each that is not there counts."""
    omitted: float | None = None
    """What a quotation of one sentence omits (`omitted_share`); None where it is none."""
    is_foreign: bool = False
    """The source is in another language: only the judge can compare them."""
    is_stated: bool = False
    """A cell of a table or a field says it, or another value than it (`check_values`)."""

    @property
    def supports(self) -> bool:
        """Whether it supports the statement by rule."""
        return self.is_enough and self.finding is RuleFinding.HOLDS
