"""Library maintenance while idle: removals, checks, index updates and reembedding, in steps."""

import contextlib
import logging
from collections import deque
from collections.abc import Callable, Iterator

import apsw
import msgspec

from core.base.errors import InglenookError, LibraryError
from core.library.embedding.embedder_loader import EmbedderLoader
from core.library.index.vector_index import VectorIndex
from core.library.maintenance.embedder_choice import is_chosen_by_person
from core.library.maintenance.embedder_speed import EmbedderSpeed
from core.library.maintenance.library_integrity_check import LibraryIntegrityCheck
from core.library.maintenance.reembedding import (
    EMBEDDER_TUNING_KEY,
    VECTOR_MODEL_KEY,
    Reembedding,
)
from core.library.maintenance.text_erasure import TextErasure
from core.library.store.library_records import LibraryRecords
from core.messages import (
    Failed,
    FolderRemoved,
    MeasureEmbedder,
    VerifyLibrary,
)

CheckRequest = VerifyLibrary | MeasureEmbedder
PAUSE_SECONDS = 0.02
"""Pause of a step that waits for another thread or child."""
UNCLEAN_KEY = "open"
"""Key of a note that stands while a process has the library open: found at a start, everything is
checked."""
_log = logging.getLogger(__name__)


class LibraryMaintenance:
    """Does each job in short steps, and may be stopped after any of them.

    Removals come before everything else, so that a removed folder stops answering at once; the rest
    comes last.
    """

    def __init__(
        self,
        records: LibraryRecords,
        index: VectorIndex,
        reembedding: Reembedding,
        embedder_loader: EmbedderLoader,
        send: Callable[[msgspec.Struct], None],
        convert_error: Callable[[Exception], InglenookError],
        on_lost_texts: Callable[[], None],
    ) -> None:
        self._records = records
        self._embedder = embedder_loader.embedder
        self._index = index
        self._reembedding = reembedding
        self._erasure = TextErasure(records, reembedding)
        self._embedder_loader = embedder_loader
        self._send = send
        self._convert_error = convert_error
        self._on_lost_texts = on_lost_texts
        self._removals: deque[tuple[Iterator[None], FolderRemoved | None]] = deque()
        self._steps: Iterator[bool | None] = iter(())
        self._checks: deque[str] = deque()
        """Ids of the requests that wait for a check each; "" for a check that nobody asked for."""
        self._measurements: deque[str] = deque()
        self._check_steps: Iterator[bool] | None = None
        self._is_damage_checked = False
        self._reembedding_steps: Iterator[bool] | None = None

    def start_maintenance(self) -> None:
        """Resume what an earlier process left; raises StorageError on a full disk."""
        if self._records.get_metadata(UNCLEAN_KEY):
            self._checks.append("")
        for folder in self._records.folders_being_removed():
            self._removals.append((self._records.remove_folder_in_steps(folder.id), None))
        self.restart_maintenance()
        self._records.set_metadata(UNCLEAN_KEY, "1")
        self._detect_changed_model()

    def record_clean_end(self) -> None:
        """Store that the library was closed as it should be."""
        with contextlib.suppress(InglenookError, apsw.Error):  # then the next start checks
            self._records.set_metadata(UNCLEAN_KEY, "")

    def queue_check(self, request: CheckRequest) -> None:
        """Queue a check of everything, or a measurement of the embedding model."""
        queue = self._checks if isinstance(request, VerifyLibrary) else self._measurements
        queue.append(request.request_id)
        self.restart_maintenance()

    def check_after_damage(self) -> None:
        """Queue a check because a stored value couldn't be decoded; once in a process."""
        if not self._is_damage_checked:
            self._is_damage_checked = True
            self._checks.append("")
            self.restart_maintenance()

    def queue_removal(self, steps: Iterator[None], event: FolderRemoved) -> None:
        """Take these steps as soon as possible, then send `event`."""
        self._removals.append((steps, event))

    def restart_maintenance(self) -> None:
        """Check once more what is to be done: something changed."""
        self._steps = self._maintain()

    def follow_languages(self) -> None:
        """Choose the model that the texts need; what fails here fails again in its own turn."""
        with contextlib.suppress(InglenookError, apsw.Error, OSError):
            self._reembedding.follow_languages()

    @property
    def is_removing(self) -> bool:
        """Whether a folder is being removed."""
        return bool(self._removals)

    def run_removal_step(self) -> bool:
        """Take one step of the first removal; return whether it has ended."""
        steps, event = self._removals[0]
        try:
            if next(steps, _ENDED) is not _ENDED:
                return False
        except Exception as error:  # noqa: BLE001 - the border: a full disk never ends the child
            _log.exception("a folder can't be removed")
            self._removals.popleft()
            problem = self._convert_error(error)
            request_id = event.request_id if event else ""
            self._send(Failed.from_error(request_id, problem))
            return True
        self._removals.popleft()
        if event is not None:
            self._send(event)
        return True

    def run_maintenance_step(self) -> float | None:
        """Take one step; return the seconds until the next, None for until something changes."""
        try:
            going_on = next(self._steps, _ENDED)
        except Exception as error:  # noqa: BLE001 - the border: searches are answered without it
            _log.exception("maintenance failed")
            self._stop_after_failure(self._convert_error(error))
            return None
        if going_on is not _ENDED:
            return PAUSE_SECONDS if going_on is False else 0.0
        wait = self._erasure.seconds_until_retry
        if wait == 0.0:
            self._steps = self._erasure.try_again()
        return wait

    def _stop_after_failure(self, problem: InglenookError) -> None:
        """Stop until something changes; whoever waits for a check gets the failure."""
        self._steps = iter(())
        if self._reembedding_steps is not None:
            self._reembedding_steps = None
            self._report_failed_reembedding(problem)
        while self._measurements:
            request_id = self._measurements.popleft()
            self._send(Failed.from_error(request_id, problem))
        if self._check_steps is not None:
            self._check_steps = None
            request_id = self._checks.popleft()
            self._send(Failed.from_error(request_id, problem))

    def _report_failed_reembedding(self, problem: InglenookError) -> None:
        """Send why the next model doesn't replace this one; one that can't be used is discarded."""
        event = msgspec.structs.replace(self._reembedding.embedder_progress(), failed=True)
        if isinstance(problem, LibraryError):
            self._reembedding.discard_next_library()
        self._send(Failed.from_error("", problem))
        self._send(event)

    def _maintain(self) -> Iterator[bool | None]:
        yield from self._records.contents.delete_orphans()
        yield from self._erasure.erase_removed_texts()
        if self._embedder.tuning_json not in {"", self._records.get_metadata(EMBEDDER_TUNING_KEY)}:
            self._records.set_metadata(EMBEDDER_TUNING_KEY, self._embedder.tuning_json)
        while self._measurements:
            yield from self._measure()
        while self._checks:
            yield from self._check()
        yield from self._index.update_in_steps()
        self._reembedding.follow_languages()
        while self._reembedding.next_embedder_folder is not None and not self._reembedding.is_ready:
            yield from self._reembed()
            yield from self._erasure.try_again()

    def _check(self) -> Iterator[bool]:
        """Take one step of the first check; it survives `restart_maintenance`."""
        if self._check_steps is None:
            self._embedder_loader.start_loading()
            if self._embedder_loader.error is not None:
                raise self._embedder_loader.error
            if not self._embedder.is_loaded:
                yield False
                return
            self._integrity_check = LibraryIntegrityCheck(
                self._records, self._index, self._embedder
            )
            self._check_steps = self._integrity_check.check_in_steps()
        going_on = next(self._check_steps, None)
        if going_on is not None:
            yield going_on
            return
        self._check_steps = None
        request_id = self._checks.popleft()
        verified = self._integrity_check.check_result(request_id)
        _log.info("checked: %s", verified)
        if request_id:
            self._send(verified)
        if any(finding.kind == "texts" for finding in verified.findings):
            self._on_lost_texts()

    def _measure(self) -> Iterator[bool]:
        self._embedder_loader.start_loading()
        while not self._embedder_loader.is_finished:
            yield False
        if self._embedder_loader.error is not None:
            raise self._embedder_loader.error
        speed = EmbedderSpeed(self._records.connection, self._embedder)
        for _step in speed.measure_in_steps():
            yield True
        self._send(speed.result(self._measurements.popleft()))

    def _reembed(self) -> Iterator[bool]:
        """Take one step of the reembedding; it survives `restart_maintenance`."""
        if self._reembedding_steps is None:
            self._reembedding_steps = self._reembedding.embed_in_steps()
        going_on = next(self._reembedding_steps, None)
        if going_on is None:
            self._reembedding_steps = None
        else:
            yield going_on

    def _detect_changed_model(self) -> None:
        """Embed everything anew if the model in its folder is not the one that was used."""
        with contextlib.suppress(LibraryError):  # whoever needs a folder that is gone reports it
            name = self._embedder.name
            made_with = self._records.get_metadata(VECTOR_MODEL_KEY)
            if not made_with:
                self._records.set_metadata(VECTOR_MODEL_KEY, name)
            elif made_with != name and self._reembedding.next_embedder_folder is None:
                by_person = is_chosen_by_person(self._records)
                folder = self._embedder.model_folder
                self._reembedding.choose_embedder(folder, by_person=by_person)


_ENDED = object()
