"""`inglenook devices`: what models can run on, and which backends found no use here."""

import argparse

import msgspec

from core.app.events import DevicesFound
from core.cli.console import Console
from core.cli.session import Session
from core.messages.planning import SkippedBackend
from core.sizes import human_bytes
from core.words import _


def devices(session: Session, console: Console, options: argparse.Namespace) -> int:
    """List them, with the memory that is free now; then the backends without a device, and why."""
    if options.retry:
        session.app.devices.retry()
    found = session.result(session.app.plans.list_devices(), DevicesFound)
    session.app.devices.tidy()
    if console.as_json:
        _as_json(session, console, found)
        return 0
    heads = (_("NAME"), _("KIND"), _("BACKEND"), _("MEMORY"), _("FREE"), _("DESCRIPTION"))
    rows = [
        (
            device.name,
            _kind(device.kind),
            device.backend,
            human_bytes(device.total),
            human_bytes(device.free),
            device.description,
        )
        for device in found.devices
    ]
    console.table(heads, rows)
    for skipped in found.skipped:
        console.line(f"{skipped.backend}: {reason(skipped)}")
    for card in session.app.devices.left:
        words = _("{card} is left alone: a model crashed on it. “--retry” lets it be used again.")
        console.line(words.format(card=card if card != "*" else _("Every graphics card")))
    return 0


def _as_json(session: Session, console: Console, found: DevicesFound) -> None:
    for device in found.devices:
        console.json(msgspec.to_builtins(device))
    for skipped in found.skipped:
        console.json(
            {"skipped": skipped.backend, "reason": skipped.reason, "detail": reason(skipped)}
        )
    for card in session.app.devices.left:
        console.json({"left": card})


def reason(skipped: SkippedBackend) -> str:
    """Say why a backend brings no device."""
    words = {
        "library": _("not used, because its driver is not installed ({detail})"),
        "machine": _("not used, because this processor can't run it"),
        "no_device": _("its driver is there, but no graphics card that it can use"),
        "refused": _("not used, because llama.cpp refused it"),
        "pack": _("not used, because its pack was made for another version ({detail})"),
        "crashed": _("not used, because its driver crashed when it was asked for graphics cards"),
        "off": _("not used, because only the processor is wanted"),
    }
    return words[skipped.reason].format(detail=skipped.detail)


def _kind(kind: str) -> str:
    return {
        "cpu": _("processor"),
        "gpu": _("graphics card"),
        "igpu": _("graphics in the processor"),
        "accel": _("helper of the processor"),
    }[kind]
