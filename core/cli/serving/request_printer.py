"""Request printer: shows a server's requests without ever keeping it from answering.

Who started the server often reads no more than its address: a pipe is full after some hundred
requests then, and a terminal stands still while a person selects text in it.
"""

import contextlib
import contextvars
import queue
import threading

from core.base.errors import StorageError
from core.base.i18n import ngettext
from core.cli.console import Console, OutputClosed
from core.messages import ApiActivity

MOST_WAITING = 1000
"""Requests that wait to be shown; more than that are counted only."""
_END_SECONDS = 1.0
"""Longest wait for the last lines to be read when the server ends."""


class RequestPrinter:
    """Prints requests on a thread of its own, in their order; call from one thread."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._waiting: queue.Queue[ApiActivity | int | None] = queue.Queue(MOST_WAITING)
        self._skipped = 0
        self._failure: OutputClosed | StorageError | None = None
        language = contextvars.copy_context()
        self._thread = threading.Thread(
            target=language.run, args=(self._print_all,), name="requests", daemon=True
        )
        self._thread.start()

    def add_request(self, activity: ApiActivity) -> None:
        """Have a request shown once what is before it was read.

        Raises what the output of an earlier one raised: OutputClosed or StorageError.
        """
        if self._failure is not None:
            raise self._failure
        try:
            if self._skipped:
                self._waiting.put_nowait(self._skipped)
                self._skipped = 0
            self._waiting.put_nowait(activity)
        except queue.Full:
            self._skipped += 1

    def close(self) -> None:
        """Let what waits be printed, for a moment; a reader who doesn't read is left alone."""
        with contextlib.suppress(queue.Full):
            self._waiting.put_nowait(None)
        self._thread.join(_END_SECONDS)

    def _print_all(self) -> None:
        try:
            while (each := self._waiting.get()) is not None:
                if isinstance(each, int):
                    _print_skipped(self._console, each)
                else:
                    _print_request(self._console, each)
        except (OutputClosed, StorageError) as failure:
            self._failure = failure


def _print_skipped(console: Console, count: int) -> None:
    if console.as_json:
        console.print_json({"event": "requests_skipped", "count": count})
        return
    text = ngettext(
        "{count} request isn't shown, since nobody read the lines before it.",
        "{count} requests aren't shown, since nobody read the lines before them.",
        count,
    )
    console.print_note(text.format(count=count))


def _print_request(console: Console, activity: ApiActivity) -> None:
    if console.as_json:
        console.print_json(
            {
                "event": "request",
                "client": activity.client,
                "agent": activity.agent,
                "path": activity.path,
                "status": activity.status,
                "model": activity.model,
                "seconds": round(activity.seconds, 3),
                "tokens_read": activity.tokens_read,
                "tokens_cached": activity.tokens_cached,
                "tokens_written": activity.tokens_written,
            }
        )
    else:
        text = ngettext(
            "{path}: {status}, {read} token read, {written} written, {seconds:.1f} s",
            "{path}: {status}, {read} tokens read, {written} written, {seconds:.1f} s",
            activity.tokens_read,
        )
        console.print_note(
            text.format(
                path=activity.path,
                status=activity.status,
                read=activity.tokens_read,
                written=activity.tokens_written,
                seconds=activity.seconds,
            )
        )
