"""What an answer cost, in words: one line, and more behind it for who wants to know."""

from core.app.routing import reason_words
from core.chat.conversation import Statistics
from core.words import _, ngettext
from desktop.words import count, decimal


def cost_words(statistics: Statistics) -> str:
    """Return the line under an answer; empty when nothing was written."""
    parts: list[str] = []
    if not statistics.completion_tokens:
        return ""
    if statistics.tokens_per_second:
        rate = decimal(statistics.tokens_per_second)
        parts.append(_("{rate} tokens/s").format(rate=rate))
    first = decimal(statistics.seconds_to_first_token, 2)
    parts.append(_("first after {seconds} s").format(seconds=first))
    if statistics.context:
        parts.append(_("context {share}").format(share=_share(statistics)))
    if reason := reason_words(statistics.reason):
        parts.append(_("chosen by Auto: {reason}").format(reason=reason))
    return " · ".join(parts)


def context_words(statistics: Statistics) -> str:
    """Return how much of the context an answer filled; empty when that isn't known."""
    if not statistics.context:
        return ""
    used = statistics.prompt_tokens + statistics.completion_tokens
    return _("Context used: {used} of {all} tokens ({share})").format(
        used=count(used), all=count(statistics.context), share=_share(statistics)
    )


def _share(statistics: Statistics) -> str:
    used = statistics.prompt_tokens + statistics.completion_tokens
    return _("{number} %").format(number=decimal(100 * used / statistics.context, 0))


def saving_words(statistics: Statistics) -> str:
    """Return what was saved: tokens not read again, and guesses that were right."""
    parts: list[str] = []
    if statistics.completion_tokens:
        words = ngettext(
            "{count} token was written.",
            "{count} tokens were written.",
            statistics.completion_tokens,
        )
        parts.append(words.format(count=count(statistics.completion_tokens)))
    if context := context_words(statistics):
        parts.append(f"{context}.")
    if statistics.prompt_tokens:
        words = ngettext(
            "{cached} of {count} prompt token was still in memory.",
            "{cached} of {count} prompt tokens were still in memory.",
            statistics.prompt_tokens,
        )
        cached, read = count(statistics.cached_tokens), count(statistics.prompt_tokens)
        parts.append(words.format(cached=cached, count=read))
    if statistics.drafted_tokens:
        words = ngettext(
            "{right} of {count} guessed token was right.",
            "{right} of {count} guessed tokens were right.",
            statistics.drafted_tokens,
        )
        right, guessed = count(statistics.accepted_tokens), count(statistics.drafted_tokens)
        parts.append(words.format(right=right, count=guessed))
    return "\n".join(parts)
