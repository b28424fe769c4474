"""Judging cases: the bundled set of a hundred judgements whose outcome is known.

Half ask whether a passage answers a question, half whether evidence supports a statement; a fifth
is not in English. The texts are invented for it.
"""

import functools
import hashlib
from typing import NamedTuple

import msgspec
from msgspec import Struct

from core.base.paths import resources_folder
from core.chat.judging.judging_prompts import answer_prompt, support_prompt
from core.messages import PromptTurn


class JudgingCase(NamedTuple):
    """What is asked, and whether Yes is right."""

    prompt: tuple[PromptTurn, ...]
    outcome: bool


class JudgingCases(NamedTuple):
    """The cases of both kinds in a fixed order; `key` changes with any of them or its wording."""

    answers: tuple[JudgingCase, ...]
    supports: tuple[JudgingCase, ...]
    key: str

    @property
    def prompts(self) -> tuple[tuple[PromptTurn, ...], ...]:
        """All prompts, those about answers first."""
        return tuple(case.prompt for case in (*self.answers, *self.supports))


class _AnswerTexts(Struct, frozen=True):
    language: str
    passage: str
    answered: str
    unanswered: str


class _SupportTexts(Struct, frozen=True):
    language: str
    evidence: str
    supported: tuple[str, ...]
    unsupported: tuple[str, ...]


class _Texts(Struct, frozen=True):
    answers: tuple[_AnswerTexts, ...]
    supports: tuple[_SupportTexts, ...]


@functools.cache
def bundled_cases() -> JudgingCases:
    """Return the cases that come with the program."""
    path = resources_folder() / "judging" / "chat_cases.json"
    texts = msgspec.json.decode(path.read_bytes(), type=_Texts)
    answers = [
        JudgingCase(answer_prompt(question, each.passage), outcome)
        for each in texts.answers
        for question, outcome in ((each.answered, True), (each.unanswered, False))
    ]
    supports = [
        JudgingCase(support_prompt(statement, each.evidence), outcome)
        for each in texts.supports
        for statements, outcome in ((each.supported, True), (each.unsupported, False))
        for statement in statements
    ]
    digest = hashlib.sha256()
    for case in (*answers, *supports):
        digest.update(f"{case.prompt[-1].text}\n{case.outcome}\n".encode())
    return JudgingCases(tuple(answers), tuple(supports), digest.hexdigest()[:16])
