"""`inglenook devices`: the processors and graphics cards models can run on."""

import argparse

import msgspec

from core.app.events import DevicesFound
from core.cli.console import Console
from core.cli.session import Session
from core.sizes import human_bytes
from core.words import _


def devices(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List them, with the memory that is free now."""
    found = session.result(session.app.plans.list_devices(), DevicesFound)
    if console.as_json:
        for device in found.devices:
            console.json(msgspec.to_builtins(device))
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
    return 0


def _kind(kind: str) -> str:
    return {
        "cpu": _("processor"),
        "gpu": _("graphics card"),
        "igpu": _("graphics in the processor"),
        "accel": _("helper of the processor"),
    }[kind]
