"""The table of `inglenook model …`: every file that brings commands is named here once."""

import argparse
from collections.abc import Callable

from core.cli import (
    catalog,
    fetch,
    fit,
    ladder,
    measure,
    model_files,
    model_set,
    models,
    quantize,
    servers,
)
from core.cli.model_command import ModelCommand, Run
from core.words import _

MODEL_COMMANDS: tuple[ModelCommand, ...] = (
    *models.COMMANDS,
    *model_files.COMMANDS,
    *model_set.COMMANDS,
    *fit.COMMANDS,
    *fetch.COMMANDS,
    *catalog.COMMANDS,
    *ladder.COMMANDS,
    *measure.COMMANDS,
    *quantize.COMMANDS,
    *servers.COMMANDS,
)


def runs() -> dict[str, Run]:
    """Return what runs each command, by all its words."""
    return {f"model {command.name}": command.run for command in MODEL_COMMANDS}


def add_model_actions(
    add_command: Callable[[str, str], argparse.ArgumentParser],
    add_group: Callable[[str], Callable[[str, str], argparse.ArgumentParser]],
) -> None:
    """Declare the commands; `add_group` makes one whose commands have a name of two words."""
    groups: dict[str, Callable[[str, str], argparse.ArgumentParser]] = {}
    for command in MODEL_COMMANDS:
        group, _space, name = command.name.rpartition(" ")
        if group and group not in groups:
            groups[group] = add_group(group)
        add = groups[group] if group else add_command
        command.add(add(name, _(command.about)))
