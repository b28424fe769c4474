"""Command `inglenook model fit`: placement and memory of a model, before it is loaded."""

import argparse

import msgspec

from core.base.formatting import format_bytes
from core.base.i18n import N_, _
from core.cli.argument_types import whole_number
from core.cli.console import Console
from core.cli.models.model_command import (
    ModelCommand,
    add_model_argument,
    add_try_anyway_argument,
)
from core.cli.session import Session
from core.messages import DeviceMemory, ModelPlanned, Placement
from core.models.info.model_entry import ModelEntry


def show_fit(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print the plan; a model that doesn't fit is no failure of the command."""
    app = session.app
    entry = app.models.find_usable_model(options.ref, anyway=options.try_anyway)
    fitted = session.wait_for(
        app.placements.plan_placement(
            entry.path, context=options.context, any_architecture=options.try_anyway
        )
    )
    if console.as_json:
        wished = {"wished_context": options.context} if options.context else {}
        console.print_json({**_fields(entry, fitted), **wished})
    else:
        _show(console, entry, fitted)
    if options.context > fitted.plan.context:
        console.print_note(_why_cut(entry, fitted.plan.context, options.context))
    return 0


def _fields(entry: ModelEntry, fitted: ModelPlanned) -> dict[str, object]:
    plan = fitted.plan
    return {
        "ref": entry.ref,
        "path": entry.path,
        "verdict": plan.verdict,
        "context": plan.context,
        "needed": plan.total,
        "measured": plan.measured,
        "devices": [
            {**msgspec.to_builtins(device), "total": device.total} for device in plan.devices
        ],
        "layers": fitted.layers,
        "expert_layers": fitted.expert_layers,
        "placement": msgspec.to_builtins(fitted.placement),
    }


def _show(console: Console, entry: ModelEntry, fitted: ModelPlanned) -> None:
    plan = fitted.plan
    verdict = {
        "yes": _("{ref} fits, with {count} tokens in view."),
        "tight": _("{ref} just fits, with {count} tokens in view; close other programs first."),
        "no": _("{ref} does not fit, not even with {count} tokens in view."),
    }[plan.verdict]
    console.print_line(verdict.format(ref=entry.ref, count=plan.context))
    console.print_line("")
    heads = (
        _("DEVICE"),
        _("WEIGHTS"),
        _("CACHE"),
        _("RESULTS"),
        _("PROGRAM"),
        _("TOGETHER"),
        _("FREE"),
    )
    console.print_table(heads, [_row(device) for device in plan.devices])
    console.print_line("")
    for line in _placement_lines(fitted.placement, fitted):
        console.print_line(line)
    if not plan.measured:
        console.print_note(_("The results in between are estimated: llama.cpp refused a dry run."))


def _why_cut(entry: ModelEntry, context: int, wished: int) -> str:
    if 0 < entry.context <= context:
        text = _("Instead of {wished} tokens, {count}: the model was made for no more.")
    else:
        text = _("Instead of {wished} tokens, {count}: there is no memory for more.")
    return text.format(wished=wished, count=context)


def _row(device: DeviceMemory) -> tuple[str, ...]:
    sizes = (device.weights, device.cache, device.compute, device.program, device.total)
    return (device.device, *map(format_bytes, sizes), format_bytes(device.free))


def _placement_lines(placement: Placement, fitted: ModelPlanned) -> list[str]:
    lines = []
    if placement.gpu_layers:
        sentence = _("{count} of {layers} layers go to {device}.")
        lines.append(
            sentence.format(
                count=placement.gpu_layers,
                layers=fitted.layers,
                device=placement.device.replace(",", ", "),
            )
        )
    else:
        lines.append(_("All layers run on the processor."))
    if placement.experts_on_cpu and fitted.expert_layers:
        sentence = _("The experts of {count} layers stay in main memory.")
        lines.append(sentence.format(count=min(placement.experts_on_cpu, fitted.expert_layers)))
    types = {placement.cache_keys, placement.cache_values}
    lines.append(_("The cache is kept as {types}.").format(types=", ".join(sorted(types))))
    return lines


def _arguments(parser: argparse.ArgumentParser) -> None:
    add_model_argument(parser)
    parser.add_argument(
        "--context", type=whole_number(1), default=0, metavar="N", help=_("tokens to keep in view")
    )
    add_try_anyway_argument(parser)


COMMANDS = (
    ModelCommand(
        "fit", N_("say where a model would lie and what it would take"), show_fit, _arguments
    ),
)
