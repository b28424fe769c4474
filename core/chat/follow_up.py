"""What to search for when a question leans on the one before it ("and when is it due?")."""

import re

from core.chat.conversation import Conversation, Role

SHORT = 4
"""A question of so few words says too little by itself."""

_WORD = re.compile(r"[^\W\d_]+")
_LEANING = frozenset(
    """and but or so also then it its this that these those they them their he she him her his
    there one ones above again more another other same previous earlier answer yours
    explain summarise summarize translate shorter longer briefly rephrase continue elaborate
    und aber oder auch dann es das dies diese dieser dieses sie ihr ihnen er ihn ihm dort dazu davon
    nochmal mehr andere vorherige antwort erkläre übersetze kürzer länger
    et mais ou aussi il elle ils elles ce cela ces leur encore plus autre même réponse explique
    y pero también él ella ellos eso esto esos otra otro más misma respuesta explica""".split()  # noqa: SIM905 - 100 quoted words read worse
)


def queries(conversation: Conversation, question: str) -> list[str]:
    """Return what to search for, one after the other, until something is found.

    The question by itself comes first, so that a change of subject is one. Only a question that
    leans on the conversation is searched for again together with the one before it.
    """
    asked = [turn.text for turn in conversation.path() if turn.role is Role.USER]
    if not asked or not _leans(question):
        return [question]
    return [question, f"{asked[-1]}\n{question}"]


def shows_sources(conversation: Conversation) -> bool:
    """Whether passages were sent earlier in the shown path."""
    return any(turn.sources for turn in conversation.path())


def _leans(question: str) -> bool:
    words = [word.casefold() for word in _WORD.findall(question)]
    return len(words) <= SHORT or not _LEANING.isdisjoint(words)
