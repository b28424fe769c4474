"""Formatting of sentence checks: what a check of a doubtful sentence has shown."""

from core.base.i18n import _
from core.chat.conversations.assurance import CheckOutcome, SentenceCheck


def format_check(check: SentenceCheck, text: str) -> str:
    """Return the outcome for a sentence of an answer with this text."""
    sentence = " ".join(text[check.start : check.end].split())
    if check.outcome is CheckOutcome.CONFIRMED:
        words = _("Confirmed: “{sentence}” ({file}: “{passage}”)")
    elif check.outcome is CheckOutcome.CORRECTED:
        words = _("Corrected: “{sentence}” → “{answer}” ({file}: “{passage}”)")
    else:
        words = _("Still doubtful: “{sentence}”. Nothing that was found settles it.")
    passage = " ".join(check.passage.split())
    return words.format(sentence=sentence, answer=check.answer, file=check.file, passage=passage)
