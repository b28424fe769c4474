"""Speed of an answer as a line under it."""

from core.base.i18n import LocalizedFloat, ngettext
from core.chat.conversations.conversation import AnswerStatistics


def format_speed(statistics: AnswerStatistics) -> str:
    """Return how many tokens were written, and how fast; one alone has no speed."""
    count, rate = statistics.completion_tokens, LocalizedFloat(statistics.tokens_per_second)
    if not rate:
        return ngettext("{count} token", "{count} tokens", count).format(count=count)
    words = ngettext(
        "{count} token, {speed:.1f} a second", "{count} tokens, {speed:.1f} a second", count
    )
    return words.format(count=count, speed=rate)
