"""Verdict legend: what the marks behind the sentences of an answer mean, and how many there are."""

from collections.abc import Sequence

from core.base.i18n import ngettext
from core.chat.conversations.conversation import JudgedSentence, SentenceVerdict
from core.chat.export.export_labels import CONTRARY_SIGN, UNPROVEN_SIGN
from desktop.kit.locale_formatting import format_count


def format_verdict_legend(sentences: Sequence[JudgedSentence]) -> str:
    """Return the legend of the marks that are there, "" if all is supported or nothing judged."""
    found = [each.verdict for each in sentences]
    contrary = found.count(SentenceVerdict.CONTRADICTED)
    unproven = found.count(SentenceVerdict.UNSUPPORTED)
    parts: list[str] = []
    if contrary:
        words = ngettext(
            "{sign} {count} sentence that your documents contradict",
            "{sign} {count} sentences that your documents contradict",
            contrary,
        )
        parts.append(words.format(sign=CONTRARY_SIGN, count=format_count(contrary)))
    if unproven:
        words = ngettext(
            "{sign} {count} sentence that is not in the sources",
            "{sign} {count} sentences that are not in the sources",
            unproven,
        )
        parts.append(words.format(sign=UNPROVEN_SIGN, count=format_count(unproven)))
    return " · ".join(parts)
