"""Formatting of an agreement: “4 of 5 answers agree”, and what the others say instead."""

from core.base.i18n import _, ngettext
from core.chat.conversations.assurance import Agreement, Difference, OtherAnswer


def format_agreement(agreement: Agreement) -> str:
    """Say how many of the answers agree; that is no proof, and never called one."""
    if agreement.samples < 2:
        return _("Only one answer was complete; there is nothing to compare it with.")
    if agreement.agreed == 1:
        words = _("No two of {samples} answers agree. This is one of them.")
        return words.format(samples=agreement.samples)
    words = _("{agreed} of {samples} answers agree. That is no proof: all of them may be wrong.")
    return words.format(agreed=agreement.agreed, samples=agreement.samples)


def format_other_answer(other: OtherAnswer) -> str:
    """Return another answer, after how many gave it."""
    words = ngettext("{count} other: {text}", "{count} others: {text}", other.count)
    return words.format(count=other.count, text=" ".join(other.text.split()))


def format_difference(difference: Difference) -> str:
    """Return one place in which another answer differs."""
    if not difference.other:
        return _("without “{words}”").format(words=difference.common)
    if not difference.common:
        return _("with “{words}”").format(words=difference.other)
    words = _("“{other}” instead of “{common}”")
    return words.format(other=difference.other, common=difference.common)
