"""Command `inglenook devices`: processors and graphics cards, and backends not used here."""

import argparse

import msgspec

from core.app.loading.tuning_text import describe_tuning
from core.app.privacy.seal_text import describe_seals
from core.base.formatting import format_bytes
from core.base.i18n import _
from core.cli.console import Console
from core.cli.session import Session
from core.messages import DevicesListed
from core.messages.planner_messages import SkippedBackend


def list_devices(session: Session, console: Console, options: argparse.Namespace) -> int:
    """List the devices with their free memory, then why other backends have none."""
    if options.retry:
        session.app.devices.excluded.allow_all_cards()
    found = session.wait_for(session.app.devices.list_devices())
    if console.as_json:
        _print_json(session, console, found)
        return 0
    heads = (_("NAME"), _("KIND"), _("BACKEND"), _("MEMORY"), _("FREE"), _("DESCRIPTION"))
    rows = [
        (
            device.name,
            _format_kind(device.kind),
            device.backend,
            format_bytes(device.total),
            format_bytes(device.free),
            device.description,
        )
        for device in found.devices
    ]
    console.print_table(heads, rows)
    for line in describe_seals(session.app.child_seals):
        console.print_line(line)
    for skipped in found.skipped:
        console.print_line(f"{skipped.backend}: {format_skip_reason(skipped)}")
    for tuning in session.app.tunings.tunings:
        console.print_line(f"{tuning.shape}: {describe_tuning(tuning)}")
    for card in session.app.devices.excluded.cards:
        text = _("{card} is left alone: a model crashed on it. “--retry” lets it be used again.")
        console.print_line(text.format(card=card if card != "*" else _("Every graphics card")))
    return 0


def _print_json(session: Session, console: Console, found: DevicesListed) -> None:
    for device in found.devices:
        console.print_json(msgspec.to_builtins(device))
    for skipped in found.skipped:
        console.print_json(
            {
                "skipped": skipped.backend,
                "reason": skipped.reason,
                "detail": format_skip_reason(skipped),
            }
        )
    for child, seal in session.app.child_seals.items():
        console.print_json({"child": child, "seal": msgspec.to_builtins(seal)})
    for card in session.app.devices.excluded.cards:
        console.print_json({"left": card})
    for tuning in session.app.tunings.tunings:
        console.print_json({"tuning": msgspec.to_builtins(tuning)})


def format_skip_reason(skipped: SkippedBackend) -> str:
    """Return why a backend has no device."""
    text = {
        "library": _("not used, because its driver is not installed ({detail})"),
        "machine": _("not used, because this processor can't run it"),
        "no_device": _("its driver is there, but no graphics card that it can use"),
        "refused": _("not used, because llama.cpp refused it"),
        "pack": _("not used, because its pack was made for another version ({detail})"),
        "crashed": _("not used, because its driver crashed when it was asked for graphics cards"),
        "off": _("not used, because only the processor is wanted"),
    }
    return text[skipped.reason].format(detail=skipped.detail)


def _format_kind(kind: str) -> str:
    return {
        "cpu": _("processor"),
        "gpu": _("graphics card"),
        "igpu": _("graphics in the processor"),
        "accel": _("helper of the processor"),
    }[kind]
