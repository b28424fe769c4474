"""Answer statistics as text: speed, latency, context use, cached and draft tokens."""

from core.app.chats.routing_service import describe_routing_reason
from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import AnswerStatistics
from desktop.kit.locale_formatting import format_count, format_decimal

STATISTICS_SEPARATOR = " · "
"""Between the parts of the line under an answer."""


def format_statistics(statistics: AnswerStatistics) -> str:
    """Return the line under an answer; empty when nothing was written."""
    parts: list[str] = []
    if not statistics.completion_tokens:
        return ""
    if statistics.tokens_per_second:
        rate = format_decimal(statistics.tokens_per_second)
        parts.append(_("{rate} tokens/s").format(rate=rate))
    if statistics.seconds_to_first_token:  # a task over whole documents has none
        first = format_decimal(statistics.seconds_to_first_token, 2)
        parts.append(_("first after {seconds} s").format(seconds=first))
    if statistics.context:
        parts.append(_("context {share}").format(share=_share(statistics)))
    if reason := describe_routing_reason(statistics.reason):
        parts.append(_("chosen by Auto: {reason}").format(reason=reason))
    return STATISTICS_SEPARATOR.join(parts)


def format_context_use(statistics: AnswerStatistics) -> str:
    """Return how much of the context an answer used; empty if that is unknown."""
    if not statistics.context:
        return ""
    used = statistics.prompt_tokens + statistics.completion_tokens
    return _("Context used: {used} of {all} tokens ({share})").format(
        used=format_count(used), all=format_count(statistics.context), share=_share(statistics)
    )


def _share(statistics: AnswerStatistics) -> str:
    used = statistics.prompt_tokens + statistics.completion_tokens
    return _("{number} %").format(number=format_decimal(100 * used / statistics.context, 0))


def format_statistics_details(statistics: AnswerStatistics) -> str:
    """Return what was saved: cached prompt tokens, and accepted draft tokens."""
    parts: list[str] = []
    if statistics.completion_tokens:
        words = ngettext(
            "{count} token was written.",
            "{count} tokens were written.",
            statistics.completion_tokens,
        )
        parts.append(words.format(count=format_count(statistics.completion_tokens)))
    if context := format_context_use(statistics):
        parts.append(f"{context}.")
    if statistics.prompt_tokens:
        words = ngettext(
            "{cached} of {count} prompt token was still in memory.",
            "{cached} of {count} prompt tokens were still in memory.",
            statistics.prompt_tokens,
        )
        cached, read = (
            format_count(statistics.cached_tokens),
            format_count(statistics.prompt_tokens),
        )
        parts.append(words.format(cached=cached, count=read))
    if statistics.drafted_tokens:
        words = ngettext(
            "{right} of {count} guessed token was right.",
            "{right} of {count} guessed tokens were right.",
            statistics.drafted_tokens,
        )
        right, guessed = (
            format_count(statistics.accepted_tokens),
            format_count(statistics.drafted_tokens),
        )
        parts.append(words.format(right=right, count=guessed))
    return "\n".join(parts)
