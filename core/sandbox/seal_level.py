"""Seal level: how much of a seal a child is to apply, where a system's own was never tried.

On Linux, where each role was tried, a child is sealed wholly unless a person switched that off. On
the others a child that ends before it says hello is started again with less: a mistake in a profile
must not leave a program that can't do anything.
"""

import os
import sys
from collections.abc import MutableMapping
from enum import StrEnum

LEVEL_VARIABLE = "INGLENOOK_SEAL"
"""Names the level in the environment of a child, and of the whole program."""


class SealLevel(StrEnum):
    """From much to nothing."""

    WHOLE = "whole"
    LESS = "less"
    OFF = "off"


def wanted_level(environment: MutableMapping[str, str] | None = None) -> SealLevel:
    """Return what the environment asks for; everything unless it says otherwise."""
    value = (os.environ if environment is None else environment).get(LEVEL_VARIABLE, "")
    return SealLevel(value) if value in set(SealLevel) else SealLevel.WHOLE


def ask_for_level(level: str) -> None:
    """Have children that start from now on sealed so far; the variable, where it is set, holds."""
    if level != SealLevel.WHOLE:
        os.environ.setdefault(LEVEL_VARIABLE, level)


def lower_level(level: SealLevel) -> SealLevel | None:
    """Return the next level that this system has, None where nothing less is to be tried."""
    if sys.platform == "linux" or level == SealLevel.OFF:
        return None
    return SealLevel.LESS if level == SealLevel.WHOLE else SealLevel.OFF
