"""Formatting of the settings an answer was made with, in words."""

from collections.abc import Iterator

from core.base.i18n import _
from core.messages import Sampling
from desktop.kit.locale_formatting import format_count, format_decimal


def sampling_lines(sampling: Sampling) -> Iterator[str]:
    """Yield what was set for an answer, line by line, without what had no effect."""
    if sampling.temperature == 0:
        yield _("Choice of words: always the likeliest")
    else:
        yield _("Temperature: {value}").format(value=_number(sampling.temperature))
        yield from _cut_lines(sampling)
    yield from _repetition_lines(sampling)
    seed = _("drawn by lot") if sampling.seed is None else format_count(sampling.seed)
    yield _("Seed: {value}").format(value=seed)
    if sampling.stop:
        texts = ", ".join(f"“{text}”" for text in sampling.stop)
        yield _("Ends before: {texts}").format(texts=texts)
    if sampling.logit_bias:
        yield _("Words made likelier or less likely: {words}").format(
            words=", ".join(f"“{text}” {weight:+g}" for text, weight in sampling.logit_bias.items())
        )
    if sampling.grammar or sampling.json_schema:
        kind = _("a grammar") if sampling.grammar else _("a JSON schema")
        yield _("Form of the answer: {kind}").format(kind=kind)
    yield _("Thinks first, if it can") if sampling.thinking else _("Answers without thinking")


def _cut_lines(sampling: Sampling) -> Iterator[str]:
    """Yield what unlikely words were cut off by."""
    if sampling.mirostat:
        yield _("Mirostat {version}: surprise {tau}, learning rate {eta}").format(
            version=sampling.mirostat,
            tau=_number(sampling.mirostat_tau),
            eta=_number(sampling.mirostat_eta),
        )
        return
    if sampling.top_k:
        yield _("Only from the {count} likeliest (top-k)").format(
            count=format_count(sampling.top_k)
        )
    for share, text in (
        (sampling.top_p, _("Only from the likeliest that make {share} together (top-p)")),
        (sampling.typical_p, _("Only from the most typical that make {share} (typical-p)")),
    ):
        if share < 1:
            yield text.format(share=_percent(share))
    if sampling.min_p:
        yield _("None below {share} of the likeliest (min-p)").format(
            share=_percent(sampling.min_p)
        )


def _repetition_lines(sampling: Sampling) -> Iterator[str]:
    """Yield what was done against repetition."""
    for value, neutral, text in (
        (sampling.repeat_penalty, 1, _("Against repeated words: divided by {value}")),
        (sampling.presence_penalty, 0, _("Against words that are there: {value}")),
        (sampling.frequency_penalty, 0, _("Against frequent words: {value}")),
        (sampling.dry_multiplier, 0, _("Against repeated phrases (DRY): {value}")),
    ):
        if value != neutral:
            yield text.format(value=_number(value))


def _number(value: float) -> str:
    return format_decimal(value, 2)


def _percent(share: float) -> str:
    return _("{number} %").format(number=format_decimal(share * 100, 0))
