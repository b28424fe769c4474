"""What the library does when nobody waits: forget, check, renew, and keep the index in step."""

import logging
from collections import deque
from collections.abc import Callable, Iterator

import msgspec

from core.errors import InglenookError
from core.library.embedder import Embedder
from core.library.index import VectorIndex
from core.library.records import Records
from core.messages import Failed, FolderRemoved

HABIT = "embedding habit"
"""The note under which it is remembered how this machine embeds."""
_log = logging.getLogger(__name__)


class Chores:
    """Each chore is a machine of short steps that may be dropped at any of them.

    What is removed comes before everything else, so that it stops answering; the rest comes last.
    """

    def __init__(
        self,
        records: Records,
        embedder: Embedder,
        index: VectorIndex,
        send: Callable[[msgspec.Struct], None],
        in_words: Callable[[Exception], InglenookError],
    ) -> None:
        self._records = records
        self._embedder = embedder
        self._index = index
        self._send = send
        self._in_words = in_words
        self._removing: deque[tuple[Iterator[None], FolderRemoved | None]] = deque()
        self._upkeep: Iterator[None] = iter(())

    def begin(self) -> None:
        """Go on with what an earlier process left."""
        for folder in self._records.removed_folders():
            self._removing.append((self._records.remove_folder_steps(folder.id), None))
        self.renew()

    def remove(self, steps: Iterator[None], told: FolderRemoved) -> None:
        """Take these steps as soon as may be, then send `told`."""
        self._removing.append((steps, told))

    def renew(self) -> None:
        """Look at everything once more: something changed."""
        self._upkeep = self._keep_up()

    @property
    def is_removing(self) -> bool:
        """Whether a folder is being removed."""
        return bool(self._removing)

    def remove_some(self) -> bool:
        """Take one step of a removal; return whether one has ended."""
        steps, told = self._removing[0]
        try:
            if next(steps, _ENDED) is not _ENDED:
                return False
        except Exception as error:  # noqa: BLE001 - the border: a full disk never ends the child
            _log.exception("a folder can't be removed")
            self._removing.popleft()
            problem = self._in_words(error)
            request_id = told.request_id if told else ""
            self._send(Failed(request_id=request_id, code=problem.code, facts=problem.facts))
            return True
        self._removing.popleft()
        if told is not None:
            self._send(told)
        return True

    def advance(self) -> bool:
        """Take one step; return whether there may be another."""
        try:
            return next(self._upkeep, _ENDED) is not _ENDED
        except Exception as error:  # noqa: BLE001 - the border: searches are answered without it
            _log.exception("upkeep failed")
            self._upkeep = iter(())
            self._in_words(error)
            return False

    def _keep_up(self) -> Iterator[None]:
        yield from self._records.texts.drop_orphans()
        if self._embedder.habit not in {"", self._records.note(HABIT)}:
            self._records.put_note(HABIT, self._embedder.habit)
        yield from self._index.upkeep()


_ENDED = object()
