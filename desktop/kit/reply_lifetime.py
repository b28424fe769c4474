"""Lifetime of replies in the window: none calls back into a Qt object that is gone."""

from typing import TypeVar

from PySide6.QtCore import QObject

from core.ipc.reply import Reply

Progress = TypeVar("Progress")
Result = TypeVar("Result")


def bind_reply(reply: Reply[Progress, Result], holder: QObject) -> Reply[Progress, Result]:
    """Return `reply`, which forgets its callbacks when `holder` is destroyed."""
    holder.destroyed.connect(reply.detach)
    return reply
