"""Training store: files of the unfinished training, and of the adapters that were trained."""

import contextlib
import hashlib
import logging
import shutil
from collections.abc import Collection
from pathlib import Path

import msgspec
from msgspec import structs

from core.app.training.training_job import TrainingJob, TrainingOutcome
from core.base.data_files import read_data_file, write_data_file
from core.base.errors import ErrorCode, InglenookError, ModelError, storage_error_from_os
from core.base.paths import OUTCOME_SUFFIX, Paths
from core.base.state_files import read_state_file
from core.models.info.model_naming import slug, unique_name

_log = logging.getLogger(__name__)


class TrainingStore:
    """Files of trainings of one root. One thread uses it."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths

    def unfinished_job(self) -> TrainingJob | None:
        """Return the training that was stopped or killed, None if there is none."""
        return read_state_file(self._paths.training_job, TrainingJob)

    def save_job(self, job: TrainingJob) -> None:
        """Keep a job until it is finished or discarded. Raises StorageError."""
        _make_folder(self._paths.training_folder)
        write_data_file(self._paths.training_job, msgspec.json.encode(job))

    def discard_job(self) -> None:
        """Delete all of the unfinished training, and its adapter if that was never compared."""
        with contextlib.suppress(InglenookError, OSError):
            job = self.unfinished_job()
            adapter = self._kept_adapter(job) if job is not None else None
            if adapter is not None and not adapter.with_suffix(OUTCOME_SUFFIX).exists():
                adapter.unlink()
        folder = self._paths.training_folder
        with contextlib.suppress(OSError):
            for path in list(folder.iterdir()):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink(missing_ok=True)

    def keep_adapter(self, job: TrainingJob) -> Path:
        """Put the trained adapter of a job in its place, and return that.

        It is the one that it had before if its comparison was stopped. Raises StorageError,
        ModelError.
        """
        content = self._read_trained_adapter()
        target = self._kept_adapter(job) or self._free_adapter_path(job.name)
        checksum = hashlib.sha256(content).hexdigest()
        # First: after a kill it is known whose file that is.
        self.save_job(structs.replace(job, kept_as=target.name, kept_checksum=checksum))
        _make_folder(target.parent)
        write_data_file(target, content)
        return target

    def _kept_adapter(self, job: TrainingJob) -> Path | None:
        """Return where the adapter of a job is, None if it isn't; never another of that name."""
        if not job.kept_as:
            return None
        path = self._paths.adapters / job.kept_as
        try:
            content = read_data_file(path)
        except (InglenookError, OSError, ValueError):
            return None
        return path if hashlib.sha256(content).hexdigest() == job.kept_checksum else None

    def _free_adapter_path(self, name: str) -> Path:
        """Return where the adapter `name` will be kept; another one of that name keeps its own."""
        folder = self._paths.adapters
        taken = {path.stem for path in folder.glob("*.gguf")} if folder.exists() else set()
        return folder / f"{unique_name(slug(name), taken)}.gguf"

    def _read_trained_adapter(self) -> bytes:
        trained = self._paths.trained_adapter
        try:
            return read_data_file(trained)
        except OSError as error:
            raise storage_error_from_os(error, str(trained)) from error
        except ValueError as error:  # damaged: its training goes on from the last checkpoint
            raise ModelError(ErrorCode.TRAINER_DIED, detail=type(error).__name__) from error

    def keep_outcome(self, outcome: TrainingOutcome) -> None:
        """Keep what was measured, and delete the rest of the training. Raises StorageError."""
        path = Path(outcome.path).with_suffix(OUTCOME_SUFFIX)
        write_data_file(path, msgspec.json.encode(outcome))
        self.discard_job()

    def forget_answers(self, chat_ids: Collection[str]) -> None:
        """Delete what is shown of chats that are none of these."""
        if not self._paths.adapters.exists():
            return
        for adapter in self._paths.adapters.glob("*.gguf"):
            outcome = self.read_outcome(str(adapter))
            if outcome is None:
                continue
            kept = tuple(e for e in outcome.answers if not e.chat_id or e.chat_id in chat_ids)
            if len(kept) < len(outcome.answers):
                changed = structs.replace(outcome, answers=kept)
                path = adapter.with_suffix(OUTCOME_SUFFIX)
                write_data_file(path, msgspec.json.encode(changed))

    def read_outcome(self, adapter: str) -> TrainingOutcome | None:
        """Return what was measured of an adapter, None if it was not trained here."""
        if Path(adapter).parent != self._paths.adapters:
            return None
        try:
            return read_state_file(Path(adapter).with_suffix(OUTCOME_SUFFIX), TrainingOutcome)
        except InglenookError:
            _log.exception("what was measured of an adapter can't be read")
            return None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error_from_os(error, str(folder)) from error
