"""Message patterns: talk, tasks and whole-document tasks, made of the phrases of all languages."""

import re
from collections.abc import Iterable

from core.base.lazy_regex import lazy_pattern
from core.chat.intent.all_languages import FIRST, FURTHER, any_of
from core.chat.intent.language import Language
from core.chat.intent.number_words import UNITS, unit_values

END = r"[\s.!?。！？।]*$"
"""The end of a message, whatever punctuation stands there."""
_PHRASE = any_of(
    lambda each: each.talk.greetings,
    lambda each: each.talk.thanks,
    lambda each: each.talk.farewells,
    lambda each: each.talk.replies,
    lambda each: each.talk.small_talk,
)
_ADDRESSEE = any_of(lambda each: each.talk.addressees)
_JOINER = any_of(lambda each: each.talk.joiners)
TALK = lazy_pattern(rf"(?:{_ADDRESSEE}|{_PHRASE})(?: ?(?:{_PHRASE}|{_ADDRESSEE}|{_JOINER}))*")
"""Matches a clause that only greets, thanks, takes leave, agrees or asks who is there."""
_OWN_PHRASE = any_of(
    lambda each: each.talk.own_greetings,
    lambda each: each.talk.own_thanks,
    lambda each: each.talk.own_praise,
)
OWN_TALK = lazy_pattern(rf"{_OWN_PHRASE}(?: ?{_OWN_PHRASE})*")
"""Matches a clause of phrases that are talk beside each other alone."""


def _openings(languages: Iterable[Language]) -> str:
    return any_of(lambda each: each.tasks.openings, languages=languages)


OPENINGS = lazy_pattern(rf"^(?:{_openings(FIRST)}[\s,!.،，]*)+")
"""Matches what stands before the matter: a greeting, "please", "could you"."""
FURTHER_OPENINGS = lazy_pattern(rf"^(?:{_openings(FURTHER)}[\s,!.、，]+)+")
_MAKES = any_of(lambda each: each.tasks.makes)
_WORKS = any_of(lambda each: each.tasks.works)
_WORD_END = r"(?:(?<![a-zà-ÿ])|(?![a-zà-ÿ]))"
"""No letter on both sides, where Chinese and Japanese have no spaces: "gib" isn't in "gibt"."""
_CREATIONS = any_of(lambda each: each.tasks.creations).replace("<works>", _WORKS)
CREATIONS = lazy_pattern(
    rf"^{_MAKES}\b.{{0,40}}?\b{_WORKS}\b|^{_MAKES}{_WORD_END}.{{0,20}}?{_WORKS}(?![a-z])"
    rf"|{_CREATIONS.replace('<end>', END)}"
)
"""Matches the wish for a text that rests on no document."""
_NUMBERS = "|".join(sorted(map(re.escape, unit_values(*UNITS)), key=len, reverse=True))
COUNTING = lazy_pattern(rf"^{_MAKES} (?:(?:{_NUMBERS})(?!\w)[ ,]*){{3,}}")
"""Matches the wish for a text that is given word by word: "write one two three"."""
ASKS = lazy_pattern(rf"^{any_of(lambda each: each.tasks.asks)}")
"""Matches the begin of a message that asks for what stands in a document, and for no new text."""
REWORDINGS = lazy_pattern(any_of(lambda each: each.tasks.rewordings))
"""Matches a task on what was said before."""
_INSTRUCTIONS = any_of(lambda each: each.tasks.instructions)
INSTRUCTIONS = lazy_pattern(rf"^{_INSTRUCTIONS.replace('<end>', END)}")
"""Matches what the model is told to keep in mind, or how it is to behave from now on."""
QUOTED = lazy_pattern(
    any_of(lambda each: each.tasks.quoting)
    + r".{0,30}[\"“”„«»「」'‘]|^"
    + any_of(lambda each: each.tasks.saying)
    + " .{1,40} "
    + any_of(lambda each: each.tasks.into)
    + "|"
    + any_of(lambda each: each.tasks.quoted)
)
"""Matches a translation or correction of words that stand in the message."""
_FILE_NAME = (
    r"\b\w{1,80}\.(?:pdf|docx?|txt|md|xlsx?|pptx?|csv|html?|od[tsp]|eml|rtf|epub"
    r"|png|jpe?g|tiff?|json|ipynb)\b"
)
DOCUMENTS = lazy_pattern(rf"{any_of(lambda each: each.tasks.documents)}|{_FILE_NAME}")
"""Matches words for documents and kinds of them, and names of files."""
PAPERS = lazy_pattern(any_of(lambda each: each.tasks.papers))
"""Matches certain letters and their like, which are documents unless one is to be written."""
CERTAIN = lazy_pattern(any_of(lambda each: each.tasks.certain))
"""Matches words for one or two certain documents, in the singular or with their number."""
WHOLE_TASKS = lazy_pattern(any_of(lambda each: each.tasks.whole_tasks))
"""Matches a task over a whole text, where a word for documents stands with it."""
SINGLE_FACTS = lazy_pattern(any_of(lambda each: each.tasks.single_facts))
"""Matches a question that one passage answers, such as "Who translated the report?"."""
WHOLE_ALONE = lazy_pattern(any_of(lambda each: each.tasks.whole_alone).replace("<end>", END))
"""Matches a task over everything that names no document."""
