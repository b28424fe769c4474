"""Store of measurements: speed of this machine, speed and quality of model files.

A file is identified by its fingerprint, so that a moved or renamed one keeps its measurements.
"""

import logging
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from core.base.data_files import write_data_file
from core.base.errors import StorageError
from core.base.state_files import read_state_file
from core.messages import Placement, QuantizationQuality, TensorTypeSpeed
from core.models.info.judging_ability import JudgedScores

_log = logging.getLogger(__name__)

KEPT_RUNS = 5
PROVING_RUNS = 3
"""Runs after which a speed is believed, however slow it is."""
SLOWEST_SHARE = 0.25
"""Of the speed at which the weights alone are read: fewer runs that were slower still tell of a
machine that was busy with other things, not of the model."""


class WritingSpeed(Struct, frozen=True, kw_only=True):
    """Speed of a file in one placement: tokens per second of its last runs."""

    device: str
    gpu_layers: int
    threads: int
    runs: tuple[float, ...]

    @property
    def best_speed(self) -> float:
        """Tokens per second of the best run, since disturbances only slow it down."""
        return max(self.runs)

    def is_believable(self, expected: float | None) -> bool:
        """Whether the model explains the speed; `expected` is the seconds of a token's weights."""
        slow = expected is not None and self.best_speed * expected < SLOWEST_SHARE
        return not slow or len(self.runs) >= PROVING_RUNS

    def matches_placement(self, placement: Placement) -> bool:
        """Whether another placement would have the same speed."""
        return (self.device, self.gpu_layers, self.threads) == _speed_key(placement)


class QualityMeasurement(Struct, frozen=True, kw_only=True):
    """How well a file predicts the text with the hash `text`, compared with the file `best`.

    The numbers are those of QuantizationQuality; `best_perplexity` and `best_level` are those of
    the best file.
    """

    text: str
    best: str
    best_level: str
    best_perplexity: float
    perplexity: float
    perplexity_error: float
    divergence: float
    divergence_error: float
    same_choice: float
    tokens: int
    is_best: bool = False

    @property
    def loss(self) -> float:
        """The increase of perplexity over the best file, as a share."""
        return self.perplexity / self.best_perplexity - 1


class FileMeasurements(Struct, frozen=True, kw_only=True):
    """Everything that was measured of one file."""

    writing: tuple[WritingSpeed, ...] = ()
    quality: QualityMeasurement | None = None
    judging: JudgedScores | None = None

    def speed_for_placement(self, placement: Placement, expected: float | None = None) -> float:
        """Return the tokens per second in a placement, 0 if no run tells them.

        `expected` is the estimated seconds that the weights take of a token.
        """
        measured = next((each for each in self.writing if each.matches_placement(placement)), None)
        if measured is None or not measured.is_believable(expected):
            return 0.0
        return measured.best_speed


class MachineSpeeds(Struct, frozen=True, kw_only=True):
    """Speeds of multiplying weights of each type, and how often they were measured."""

    speeds: tuple[TensorTypeSpeed, ...] = ()
    times: int = 0


class _Content(Struct, frozen=True, kw_only=True):
    version: int = 1
    machine: dict[str, MachineSpeeds] = {}
    files: dict[str, FileMeasurements] = {}


class MeasurementStore:
    """The measurements of one root. One thread uses it; errors of writing are only logged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content = self._read()

    def machine_speeds(self, key: str) -> MachineSpeeds:
        """Return the speeds by type; `key` names everything that they depend on."""
        return self._content.machine.get(key, MachineSpeeds())

    def save_machine_speeds(self, key: str, speeds: tuple[TensorTypeSpeed, ...]) -> None:
        """Save speeds: the highest of each type, since disturbances only slow it down."""
        known = self.machine_speeds(key)
        best = {(each.device, each.type): each for each in known.speeds}
        for each in speeds:
            before = best.get((each.device, each.type))
            if before is None or before.speed < each.speed:
                best[each.device, each.type] = each
        now = MachineSpeeds(speeds=tuple(best.values()), times=known.times + 1)
        machine = {**self._content.machine, key: now}
        self._save(structs.replace(self._content, machine=machine))

    def file_measurements(self, fingerprint: str) -> FileMeasurements:
        """Return the measurements of a file, which may be empty."""
        return self._content.files.get(fingerprint, FileMeasurements())

    def save_writing_speed(self, fingerprint: str, placement: Placement, speed: float) -> None:
        """Save the tokens per second of one run."""
        known = self.file_measurements(fingerprint)
        before = next((each for each in known.writing if each.matches_placement(placement)), None)
        runs = ((*before.runs, speed) if before else (speed,))[-KEPT_RUNS:]
        device, gpu_layers, threads = _speed_key(placement)
        now = WritingSpeed(device=device, gpu_layers=gpu_layers, threads=threads, runs=runs)
        others = tuple(each for each in known.writing if each is not before)
        self._save_file(fingerprint, structs.replace(known, writing=(*others, now)))

    def save_quality(
        self, levels: tuple[QuantizationQuality, ...], text: str, best_level: str
    ) -> None:
        """Save the quality of files; the first is the best one, which is a `best_level`."""
        best = levels[0]
        for level in levels:
            quality = QualityMeasurement(
                text=text,
                best=best.fingerprint,
                best_level=best_level,
                best_perplexity=best.perplexity,
                perplexity=level.perplexity,
                perplexity_error=level.perplexity_error,
                divergence=level.divergence,
                divergence_error=level.divergence_error,
                same_choice=level.same_choice,
                tokens=level.tokens,
                is_best=level is best,
            )
            known = structs.replace(self.file_measurements(level.fingerprint), quality=quality)
            self._save_file(level.fingerprint, known)
            self.save_writing_speed(level.fingerprint, level.placement, level.tokens_per_second)

    def save_judging(self, fingerprint: str, judging: JudgedScores) -> None:
        """Save scores of judged cases, in place of earlier ones."""
        known = self.file_measurements(fingerprint)
        self._save_file(fingerprint, structs.replace(known, judging=judging))

    def _save_file(self, fingerprint: str, measurements: FileMeasurements) -> None:
        files = {**self._content.files, fingerprint: measurements}
        self._save(structs.replace(self._content, files=files))

    def _save(self, content: _Content) -> None:
        self._content = content
        try:
            write_data_file(self._path, msgspec.json.encode(content))
        except StorageError:
            _log.exception("measurements are not saved")

    def _read(self) -> _Content:
        return read_state_file(self._path, _Content) or _Content()


def _speed_key(placement: Placement) -> tuple[str, int, int]:
    on_cards = placement.gpu_layers > 0
    return (
        placement.device if on_cards else "cpu",
        max(placement.gpu_layers, 0),
        placement.threads,
    )
