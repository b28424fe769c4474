"""Output file: what a command writes where a person named it, unless something lies there."""

import argparse

from core.base.errors import ErrorCode, StorageError
from core.base.i18n import _
from core.cli.terminal import absolute_path


def add_force_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--force`, which writes over files."""
    parser.add_argument(
        "--force", action="store_true", help=_("write over a file that is there already")
    )


def refuse_existing(*names: str | None, force: bool) -> None:
    """Raise StorageError(OUTPUT_THERE) for a file that would be replaced, unless that is forced.

    Call it before the work whose result is written: it may take hours.
    """
    for path in (absolute_path(name) for name in names if name):
        if path.is_file() and not force:
            raise StorageError(ErrorCode.OUTPUT_THERE, path=str(path))
