"""Message intent: talk, a task, a question to documents or on the library, a whole document.

Rules alone decide, in well under a millisecond: phrases of seventeen languages, matched clause
by clause. What no rule knows is a question, so that documents are searched rather than not.
"""

import datetime as dt
import unicodedata
from enum import StrEnum

from core.base.lazy_regex import lazy_pattern
from core.chat.intent.courtesy_words import is_courtesy
from core.chat.intent.library_question import LibraryQuestion, read_library_question
from core.chat.intent.message_patterns import (
    ASKS,
    COUNTING,
    CREATIONS,
    DOCUMENTS,
    FURTHER_OPENINGS,
    INSTRUCTIONS,
    OPENINGS,
    OWN_TALK,
    PAPERS,
    QUOTED,
    REWORDINGS,
    SINGLE_FACTS,
    TALK,
    WHOLE_ALONE,
    WHOLE_TASKS,
)
from core.chat.intent.sums_in_words import ARITHMETIC, is_sum_in_words, sum_matter

LONGEST = 400
"""Characters from which a message is no greeting and no rewording, but has something to say."""
MOST_READ = 1500
"""Characters that are looked at: the first and the last half of a longer message."""
_CLAUSE_ENDS = lazy_pattern(r"[,.!?;:…、。！？，；؟،।()\"“”„«»*–—]+|\s-\s")
_ASKS = lazy_pattern(r"[?？؟;]|[吗呢か]\W*$")
_ARABIC_VOWELS = "".join(map(chr, range(0x64B, 0x653))) + "\u0670"
_DROPPED = str.maketrans("", "", "¿¡\u0640\u0307" + _ARABIC_VOWELS)
"""Also the dot that a small Turkish "İ" leaves behind."""
_EMOJI = lazy_pattern("[\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff]")


class Intent(StrEnum):
    """What a message wants.

    TALK: a greeting, thanks, a sum. TASK: something that needs no document, as a poem, or on the
    conversation ("make it shorter"). QUESTION: to the documents. WHOLE: a summary, list, comparison
    or translation of a whole document or folder. LIBRARY: about the library itself, as "How many
    contracts are there?".
    """

    TALK = "talk"
    TASK = "task"
    QUESTION = "question"
    WHOLE = "whole"
    LIBRARY = "library"


def message_intent(text: str, *, has_history: bool) -> Intent:
    """Return what a message wants; `has_history`: something was said before it."""
    folded = folded_message(text)
    if len(folded) <= LONGEST and _is_talk(folded):
        return Intent.TALK
    opened = _without_opening(folded)
    if library_question(text) is not None:
        return Intent.LIBRARY
    if _is_instruction(opened):
        return Intent.TASK
    names_document = DOCUMENTS.search(opened) is not None
    if not names_document and _is_task(opened, has_history=has_history):
        return Intent.TASK
    if WHOLE_ALONE.search(opened):
        return Intent.WHOLE
    has_text = names_document or PAPERS.search(opened)
    is_whole = has_text and WHOLE_TASKS.search(opened) and not SINGLE_FACTS.search(opened)
    return Intent.WHOLE if is_whole else Intent.QUESTION


def compile_phrases() -> None:
    """Compile all patterns ahead, on any thread: that takes a tenth of a second, once."""
    message_intent("a message that no rule knows", has_history=True)
    for needed_after_another in (ASKS, SINGLE_FACTS):
        needed_after_another.search("")


def library_question(text: str) -> LibraryQuestion | None:
    """Return what a message asks about the library itself, None if it asks something else."""
    opened = _without_opening(folded_message(text))
    return read_library_question(opened, dt.datetime.now(dt.UTC).astimezone())


def _is_instruction(folded: str) -> bool:
    """Whether the model is told something, which may name a document: "my lease ends in May"."""
    may_tell = len(folded) <= LONGEST and not _ASKS.search(folded)
    return may_tell and INSTRUCTIONS.search(folded) is not None


def _is_task(folded: str, *, has_history: bool) -> bool:
    is_creation = CREATIONS.search(folded) and not ASKS.search(folded)
    if is_creation or QUOTED.search(folded) or COUNTING.search(folded):
        return True
    if not has_history or len(folded) > LONGEST:
        return False
    return REWORDINGS.search(folded) is not None or _ends_in_rewording(folded)


def _ends_in_rewording(folded: str) -> bool:
    """Whether the last clause is a task on what was said: "that was long, in two sentences"."""
    if _ASKS.search(folded):
        return False
    return any(REWORDINGS.search(_without_opening(clause)) for clause in _clauses(folded)[1:][-1:])


def _clauses(folded: str) -> list[str]:
    return [clause.strip() for clause in _CLAUSE_ENDS.split(folded) if clause.strip()]


def _without_opening(folded: str) -> str:
    return FURTHER_OPENINGS.sub("", OPENINGS.sub("", folded))


def sum_in_message(text: str) -> str | None:
    """Return the sum that a whole message is, folded and without its question; None for others."""
    folded = folded_message(text)
    return sum_matter(OPENINGS.sub("", folded)) if _is_sum(folded) else None


def _is_sum(folded: str) -> bool:
    if len(folded) > LONGEST:
        return False
    is_plain = ARITHMETIC.fullmatch(folded.strip(" ?!.=؟。？")) is not None
    return is_plain or is_sum_in_words(OPENINGS.sub("", folded))


def _is_talk(folded: str) -> bool:
    if _is_sum(folded):
        return True
    clauses = _clauses(folded)
    may_be_courtesy = not _ASKS.search(folded)
    return bool(clauses) and all(
        TALK.fullmatch(clause)
        or OWN_TALK.fullmatch(clause)
        or (may_be_courtesy and is_courtesy(clause))
        for clause in clauses
    )


def folded_message(text: str) -> str:
    """Return a message as the phrases match it."""
    if len(text) > MOST_READ:
        text = f"{text[: MOST_READ // 2]} {text[-MOST_READ // 2 :]}"
    plain = _EMOJI.sub(" ", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.replace("’", "'").translate(_DROPPED).split())
