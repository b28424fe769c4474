"""Where the loaded model lies, in words: what the engine told, not what was wished."""

from core.app.events import ModelReady
from core.messages import DeviceMemory
from core.words import _, ngettext
from desktop.words import count, decimal, size


def placed_words(ready: ModelReady) -> str:
    """Return a few lines: context, what computes, what each device holds."""
    lines = [
        _("Reads {count} tokens at once; loaded in {seconds} s.").format(
            count=count(ready.context), seconds=decimal(ready.seconds)
        )
    ]
    layers = ready.placement.gpu_layers
    if ready.placement.device not in {"cpu", "auto", ""} and layers > 0:
        words = ngettext("{count} layer on {device}.", "{count} layers on {device}.", layers)
        lines.append(words.format(count=count(layers), device=ready.placement.device))
    else:
        words = ngettext(
            "Computed by the processor, with {count} thread.",
            "Computed by the processor, with {count} threads.",
            ready.threads,
        )
        lines.append(words.format(count=count(ready.threads)))
    lines += [_held(memory) for memory in ready.memory if memory.total]
    if ready.draft:
        lines.append(_("{model} guesses ahead.").format(model=ready.draft))
    return "\n".join(lines)


def _held(memory: DeviceMemory) -> str:
    return _("{device}: {total} (weights {weights}, context {cache})").format(
        device=memory.device,
        total=size(memory.total),
        weights=size(memory.weights),
        cache=size(memory.cache),
    )
