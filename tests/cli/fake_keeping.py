"""The fake application's calls about folders, and what keeps them in step."""

from collections.abc import Callable
from typing import Any

import msgspec

from core.ipc.reply import Reply
from core.messages import (
    EmbedderProgress,
    FolderState,
    FolderStatus,
    LibraryDamage,
    LibraryStatus,
    LibraryVerified,
    SyncProgress,
)


class FakeKeeping:
    """Calls of the desk; what they change is seen in the fake's folders."""

    def __init__(self, fake: Any) -> None:
        self._fake = fake
        self.findings: tuple[LibraryDamage, ...] = ()
        self._next = ""
        self.embedder = "/models/own"

    def request_status(self) -> Reply[Any, Any]:
        """Answer with all folders, each with ten minutes left while it is read."""
        return self._reply(self._status)

    def pause_folders(self, folder_ids: tuple[str, ...], *, paused: bool) -> Reply[Any, Any]:
        """Pause or resume."""
        state = "paused" if paused else "stopped"
        self._change(folder_ids, state=state)
        return self._reply(lambda _id: self._fake.known_folders)

    def set_included_patterns(
        self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool
    ) -> Reply[Any, Any]:
        """Keep what is included."""
        self._change((folder_id,), included=patterns, hidden=hidden)
        return self._reply(lambda _id: self._fake.known_folders)

    def verify_library(self) -> Reply[Any, Any]:
        """Answer with the findings that a test has set."""
        verified = LibraryVerified(
            request_id="", passages=9, vectors=8, findings=self.findings, seconds=0.25
        )
        return self._reply(lambda _id: verified)

    def set_embedder(self, path: str) -> Reply[Any, Any]:
        """Accept it, and let it take over at once."""
        self._next = path
        reply = self._reply(self._status)
        for done in (1, 2):
            self._fake._later(EmbedderProgress(path=path, done=done, total=2, changed=done == 2))
        return reply

    def _reply(self, make: Callable[[str], Any]) -> Reply[Any, Any]:
        reply: Reply[Any, Any] = self._fake.answer_request(make)
        return reply

    def _change(self, folder_ids: tuple[str, ...], **fields: object) -> None:
        self._fake.known_folders = tuple(
            msgspec.structs.replace(each, **fields) if each.folder_id in folder_ids else each
            for each in self._fake.known_folders
        )

    def _status(self, request_id: str) -> LibraryStatus:
        status = LibraryStatus(
            request_id=request_id,
            folders=tuple(self._described(each) for each in self._fake.known_folders),
            vectors=1,
            index="",
            indexed=0,
            embedder=self.embedder,
            next_embedder=self._next,
        )
        self.embedder, self._next = self._next or self.embedder, ""
        return status

    @staticmethod
    def _described(folder: FolderState) -> FolderStatus:
        if folder.state != "syncing":
            return FolderStatus(folder=folder)
        progress = SyncProgress(
            request_id="", folder_id=folder.folder_id, done=1, total=3, skipped=0,
            current="a.txt", seconds_left=600.0,
        )  # fmt: skip
        return FolderStatus(folder=folder, progress=progress)


class FakeFolderDesk:
    """The calls about folders, as the command line makes them."""

    def __init__(self, fake: Any) -> None:
        self._fake = fake
        self.list_folders = fake.list_folders
        self.add_folder = fake.add_folder
        self.sync_folder = fake.sync_folder
        self.remove_folder = fake.remove_folder
        self.list_skipped_files = fake.list_skipped_files
        self.evaluate_search = fake.evaluate_search
        self.keeping = FakeKeeping(fake)
        self.request_status = self.keeping.request_status
        self.pause_folders = self.keeping.pause_folders
        self.set_included_patterns = self.keeping.set_included_patterns
        self.verify_library = self.keeping.verify_library
        self.set_embedder = self.keeping.set_embedder

    @property
    def known_folders(self) -> tuple[FolderState, ...]:
        known: tuple[FolderState, ...] = self._fake.known_folders
        return known
