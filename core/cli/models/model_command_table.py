"""Table of all `inglenook model` commands; every module with commands is named here once."""

import argparse
from collections.abc import Callable

from core.base.i18n import _
from core.cli.models import (
    catalog_command,
    download_command,
    fit_command,
    judge_command,
    ladder_command,
    measure_command,
    model_files_command,
    model_list_command,
    model_settings_command,
    quantize_command,
    server_command,
    timing_command,
    training_command,
)
from core.cli.models.model_command import ModelCommand
from core.cli.session import CommandFunction

MODEL_COMMANDS: tuple[ModelCommand, ...] = (
    *model_list_command.COMMANDS,
    *model_files_command.COMMANDS,
    *model_settings_command.COMMANDS,
    *fit_command.COMMANDS,
    *download_command.COMMANDS,
    *catalog_command.COMMANDS,
    *ladder_command.COMMANDS,
    *measure_command.COMMANDS,
    *timing_command.COMMANDS,
    *judge_command.COMMANDS,
    *quantize_command.COMMANDS,
    *training_command.COMMANDS,
    *server_command.COMMANDS,
)


def model_command_functions() -> dict[str, CommandFunction]:
    """Return the function of each command, by its full name."""
    return {f"model {command.name}": command.run for command in MODEL_COMMANDS}


def add_model_commands(
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
