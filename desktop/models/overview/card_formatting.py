"""Formatting of model cards: what a model is good for, its size and speed in words."""

import math

from core.app.models.model_suggestion import ModelSuggestion
from core.base.errors import describe_error
from core.base.i18n import N_, _, ngettext
from core.models.info.model_entry import ModelEntry
from desktop.kit.locale_formatting import format_count, format_size
from desktop.models.choice.server_choice import describe_remote_entry
from desktop.models.quantization.quantization_formatting import format_speed

WORDS_PER_TOKEN = 0.75
"""English words to a token, as makers of tokenizers publish it; other languages have fewer."""
_LINE_BITS = 100_000_000
"""Bits per second of the line that times are told for."""
_ABILITIES = (
    (700_000_000, N_("Very small and quick: short questions and simple rewording.")),
    (2_500_000_000, N_("Quick: everyday questions, short texts and summaries.")),
    (6_000_000_000, N_("Good for everyday questions, your documents and longer texts.")),
    (20_000_000_000, N_("Strong: difficult questions, long texts, reasoning and code.")),
    (math.inf, N_("Among the best that run at home: difficult questions, reasoning and code.")),
)
"""What models up to a number of parameters are good for."""
_PURPOSES = {
    "coding": N_("Made for code: writes, explains and repairs programs."),
    "reasoning": N_("Thinks before it answers: better at hard questions, slower to begin."),
}


def format_ability(parameters: int, good_for: tuple[str, ...] = ()) -> str:
    """Return in one sentence what a model of this size, made for these uses, is good for."""
    for purpose, words in _PURPOSES.items():
        if purpose in good_for and "chat" not in good_for:
            return _(words)
    return next(_(words) for most, words in _ABILITIES if parameters <= most)


def format_writing_speed(tokens_per_second: float | None) -> str:
    """Return how fast a model writes here, "" if that is not known."""
    if not tokens_per_second:
        return ""
    speed = tokens_per_second * WORDS_PER_TOKEN
    text = ngettext(
        "writes about {words} word a second here",
        "writes about {words} words a second here",
        round(speed),
    )
    return text.format(words=format_speed(speed))


def format_fetch_time(size: int) -> str:
    """Return how long a download of `size` bytes takes on a usual line."""
    minutes = max(1, round(size * 8 / _LINE_BITS / 60))
    return ngettext(
        "about {count} minute at 100 Mbit/s", "about {count} minutes at 100 Mbit/s", minutes
    ).format(count=format_count(minutes))


def format_suggestion(suggestion: ModelSuggestion, tokens_per_second: float | None) -> str:
    """Return size, time to fetch, and speed of a model that is not here yet."""
    parts = (
        format_size(suggestion.size),
        format_fetch_time(suggestion.size),
        format_writing_speed(tokens_per_second),
    )
    return ", ".join(filter(None, parts))


def format_entry_ability(entry: ModelEntry) -> tuple[str, str]:
    """Return what a model is good for or why it can't be used, and the role of the text."""
    if elsewhere := describe_remote_entry(entry):
        return elsewhere, ""
    if entry.problem_code:
        message, _hint = describe_error(entry.problem_code, entry.problem_facts)
        return message, "error"
    if entry.fits == "no":
        return _("Too large for the memory of this computer."), "error"
    return (format_ability(entry.parameters) if entry.parameters else ""), ""


def format_entry_facts(entry: ModelEntry, tokens_per_second: float | None) -> str:
    """Return size and speed of a model that is here."""
    size = format_size(entry.bytes_on_disk) if entry.bytes_on_disk else ""
    tight = _("just fits the memory") if entry.fits == "tight" and not entry.problem_code else ""
    parts = (size, entry.quantization, tight, format_writing_speed(tokens_per_second))
    return " · ".join(filter(None, parts))
