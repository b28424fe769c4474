"""Lifetime of replies in the window: none calls back into a deleted Qt object."""

from typing import TypeVar

from PySide6.QtCore import QObject

from core.ipc.reply import Reply

Progress = TypeVar("Progress")
Result = TypeVar("Result")


def bind_reply(reply: Reply[Progress, Result], parent: QObject) -> Reply[Progress, Result]:
    """Return `reply`, which drops its callbacks when `parent` is destroyed."""
    parent.destroyed.connect(reply.detach)
    return reply
