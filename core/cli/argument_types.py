"""Argument types: texts and numbers as they are read from a command line."""

import argparse
import math
from collections.abc import Callable

from core.base.i18n import _


def non_empty_text(value: str) -> str:
    """Return an argument that is not blank; an argparse type."""
    if not value.strip():
        raise argparse.ArgumentTypeError(_("it is empty"))
    return value


def question_text(value: str) -> str:
    """Return a question; bytes that are no text, as of another encoding, can't be asked."""
    return non_empty_text(value).encode(errors="replace").decode()


class JoinedWords(argparse.Action):
    """An argument of one text, for which quotes may be left out: its words are joined."""

    def __call__(
        self, _parser: object, namespace: argparse.Namespace, values: object, *_given: object
    ) -> None:
        """Set the text."""
        assert isinstance(values, list)
        setattr(namespace, self.dest, " ".join(values))


def whole_number(least: int, most: int = 2**31 - 1) -> Callable[[str], int]:
    """Return what reads a whole number between two."""

    def parse(value: str) -> int:
        try:
            number = int(value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(_("it is not a whole number")) from error
        return int(_check_bounds(number, least, most))

    return parse


def real_number(least: float, most: float) -> Callable[[str], float]:
    """Return what reads a number between two."""

    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(_("it is not a number")) from error
        return _check_bounds(number, least, most)

    return parse


def _check_bounds(number: float, least: float, most: float) -> float:
    if not (math.isfinite(number) and least <= number <= most):
        message = _("it must lie between {least} and {most}").format(least=least, most=most)
        raise argparse.ArgumentTypeError(message)
    return number
