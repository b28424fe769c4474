"""Placement of the loaded model as text: context, layers, memory of each device."""

from core.app.events.app_events import ModelReady
from core.app.loading.tuning_text import describe_tuning
from core.base.i18n import _, ngettext
from core.messages import DeviceMemory
from desktop.kit.locale_formatting import format_count, format_decimal, format_size


def format_placement(ready: ModelReady) -> str:
    """Return a few lines: context, devices, and the memory used on each."""
    lines = [
        _("Reads {count} tokens at once; loaded in {seconds} s.").format(
            count=format_count(ready.context), seconds=format_decimal(ready.seconds)
        )
    ]
    layers = ready.placement.gpu_layers
    if ready.placement.device not in {"cpu", "auto", ""} and layers > 0:
        words = ngettext("{count} layer on {device}.", "{count} layers on {device}.", layers)
        lines.append(words.format(count=format_count(layers), device=ready.placement.device))
    else:
        words = ngettext(
            "Computed by the processor, with {count} thread.",
            "Computed by the processor, with {count} threads.",
            ready.threads,
        )
        lines.append(words.format(count=format_count(ready.threads)))
    lines += [_held(memory) for memory in ready.memory if memory.total]
    if ready.draft:
        lines.append(_("{model} guesses ahead.").format(model=ready.draft))
    if ready.tuning:
        lines.append(describe_tuning(ready.tuning))
    return "\n".join(lines)


def _held(memory: DeviceMemory) -> str:
    return _("{device}: {total} (weights {weights}, context {cache})").format(
        device=memory.device,
        total=format_size(memory.total),
        weights=format_size(memory.weights),
        cache=format_size(memory.cache),
    )
