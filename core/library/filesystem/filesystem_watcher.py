"""Filesystem watcher (watchfiles): reports changed paths of one folder from its own thread."""

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Collection
from pathlib import Path

import watchfiles

_GATHER_MILLISECONDS = 2000
_STEP_MILLISECONDS = 400
"""The thread wakes so often to see whether it must end; that costs next to nothing. Two steps after
the last change, it is told."""
_EACH_FOLDER = sys.platform == "linux"
"""Linux watches single folders: those that a scan entered, so that neither links nor folders of
packages are followed. The other systems watch a whole tree at once."""
_JOIN_SECONDS = 3.0
_REPLACEMENT = "\ufffd"
_log = logging.getLogger(__name__)
logging.getLogger("watchfiles").setLevel(logging.WARNING)  # it would log each change

OnChange = Callable[[frozenset[str]], None]


class FilesystemWatcher:
    """Watches one folder from `start` to `stop`.

    `on_change` runs on the watcher's thread with the paths that changed, relative with "/"; ""
    stands for "anywhere". `on_failure` runs there once if the system can't watch (any more).
    """

    def __init__(
        self,
        root: Path,
        folders: Collection[str],
        on_change: OnChange,
        on_failure: Callable[[], None],
    ) -> None:
        self._root = root
        self._paths = [root / each for each in folders] if _EACH_FOLDER else [root]
        self._on_change = on_change
        self._on_failure = on_failure
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch; what changed before may go unnoticed."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; returns at once."""
        self._stopped.set()

    def join(self) -> None:
        """Wait until the thread has ended, some seconds at most."""
        self._thread.join(_JOIN_SECONDS)

    def _watch(self) -> None:
        try:
            while not self._stopped.is_set():
                # Of one that was deleted since, the folder around it reports.
                there = [path for path in self._paths if path.is_dir()]
                with contextlib.suppress(FileNotFoundError):
                    if self._root not in there:
                        break
                    self._report_changes(there)
        except Exception:  # noqa: BLE001 - watchfiles raises errors of many types
            _log.warning(
                "a folder can't be watched; it is compared from time to time", exc_info=True
            )
        if not self._stopped.is_set():
            self._on_failure()

    def _report_changes(self, paths: list[Path]) -> None:
        """Report changes until it is stopped. Raises whatever watchfiles raises."""
        changes = watchfiles.watch(
            *paths,
            watch_filter=None,
            debounce=_GATHER_MILLISECONDS,
            step=_STEP_MILLISECONDS,
            stop_event=self._stopped,
            rust_timeout=0,
            raise_interrupt=False,
            force_polling=False,
            recursive=not _EACH_FOLDER,
            # True would also hide that the system has no room for more watches.
            ignore_permission_denied=False,
        )
        for batch in changes:
            self._on_change(frozenset(self._relative(path) for _kind, path in batch))

    def _relative(self, path: str) -> str:
        """Return the path as records name it, "" for the folder itself or what lies outside.

        watchfiles writes bytes that are no text as U+FFFD: then the folder around it is returned.
        """
        relative = os.path.relpath(path, self._root).replace(os.sep, "/")
        while _REPLACEMENT in relative:
            relative = relative.rpartition("/")[0]
        return "" if relative == "." or relative.startswith("..") else relative
