"""Text of what was measured of a model on this machine, one sentence."""

from core.base.i18n import _
from core.engine.memory.placement_tuning import changes_defaults
from core.messages import EngineTuning


def describe_tuning(tuning: EngineTuning) -> str:
    """Return what was chosen from a measurement, and why."""
    if not changes_defaults(tuning):
        return _("Measured on this machine: the usual way of computing is the fastest.")
    ways = {
        "auto": _("with flash attention"),
        "off": _("without flash attention"),
    }
    words = _(
        "Measured on this machine: it computes {way} and reads {count} tokens of a prompt at a"
        " time, {gain} times as fast as usual."
    )
    return words.format(
        way=ways[tuning.flash_attention],
        count=tuning.batch,
        gain=f"{tuning.gain:.1f}",
    )
