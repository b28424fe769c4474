"""Text of what was measured of a model on this machine, in a few sentences."""

from core.base.i18n import LocalizedFloat, _
from core.engine.memory.placement_tuning import (
    LEAST_GAIN,
    changes_defaults,
    chosen_cache,
)
from core.messages import CacheOffer, EngineTuning


def describe_tuning(tuning: EngineTuning) -> str:
    """Return what was chosen from a measurement, and why."""
    sentences = (_describe_attention(tuning), _describe_cache(tuning), _describe_threads(tuning))
    return " ".join(filter(None, sentences))


def _describe_attention(tuning: EngineTuning) -> str:
    if not changes_defaults(tuning):
        return _("Measured on this machine: the usual way of computing is the fastest.")
    ways = {
        "auto": _("with flash attention"),
        "off": _("without flash attention"),
    }
    offer = chosen_cache(tuning)
    words = _(
        "Measured on this machine: it computes {way} and reads {count} tokens of a prompt at a"
        " time, {gain} times as fast as usual."
    )
    return words.format(
        way=ways["auto" if offer else tuning.flash_attention],
        count=offer.batch if offer else tuning.batch,
        gain=f"{LocalizedFloat(tuning.gain * (offer.gain if offer else 1.0)):.1f}",
    )


def _describe_cache(tuning: EngineTuning) -> str:
    if not tuning.caches:
        return ""
    if offer := chosen_cache(tuning):
        words = _(
            "It keeps its memory of the conversation as {type}, {gain} times as fast as f16, and"
            " predicts text as well."
        )
        return words.format(type=offer.type, gain=f"{LocalizedFloat(offer.gain):.1f}")
    faster = [each for each in tuning.caches if each.gain >= LEAST_GAIN]
    if not faster:
        return _("A smaller memory of the conversation (q8_0, q4_0) is not faster.")
    return " ".join(_describe_offer(each) for each in faster)


def _describe_offer(offer: CacheOffer) -> str:
    words = _(
        "With its memory of the conversation as {type} it is {gain} times as fast, but whether it"
        " predicts as well was not measured; you can choose that in its settings."
    )
    percent = ""
    if offer.perplexity is not None:
        percent = f"{LocalizedFloat(100 * offer.perplexity):.1f}"
        words = _(
            "With its memory of the conversation as {type} it is {gain} times as fast, but may"
            " predict text {percent} % worse; you can choose that in its settings."
        )
    return words.format(type=offer.type, gain=f"{LocalizedFloat(offer.gain):.1f}", percent=percent)


def _describe_threads(tuning: EngineTuning) -> str:
    if not tuning.by_threads:
        return ""
    if not tuning.threads:
        return _("Fewer threads are not clearly faster.")
    words = _("Threads: {count} instead of {usual}, which is faster here.")
    return words.format(count=tuning.threads, usual=tuning.by_threads[0].threads)
