"""Store of measurements: speed of this machine, speed and quality of model files.

A file is known by its fingerprint, so that a moved or renamed one keeps its figures.
"""

import logging
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from core.base.data_files import read_data_file, write_data_file
from core.base.errors import StorageError
from core.messages import Placement, QuantizationQuality, TensorTypeSpeed

_log = logging.getLogger(__name__)

KEPT_RUNS = 5


class WritingSpeed(Struct, frozen=True, kw_only=True):
    """How fast a file wrote, a figure for each of its last runs, placed in one way."""

    device: str
    gpu_layers: int
    threads: int
    runs: tuple[float, ...]

    @property
    def best_speed(self) -> float:
        """Tokens a second: the best run, since whatever disturbs only slows."""
        return max(self.runs)

    def matches_placement(self, placement: Placement) -> bool:
        """Whether another placement would write as fast."""
        return (self.device, self.gpu_layers, self.threads) == _way(placement)


class QualityMeasurement(Struct, frozen=True, kw_only=True):
    """How well a file predicts the text of `text` (a hash), beside the best file `best`.

    Figures are those of QuantizationQuality; `best_perplexity` is the best file's, `best_level` its
    name.
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
        """How much perplexity grows against the best file, as a share of its."""
        return self.perplexity / self.best_perplexity - 1


class FileMeasurements(Struct, frozen=True, kw_only=True):
    """All that was measured of one file."""

    writing: tuple[WritingSpeed, ...] = ()
    quality: QualityMeasurement | None = None

    def speed_for_placement(self, placement: Placement) -> float:
        """Return the tokens a second it wrote, placed like this; 0 where that was never tried."""
        return next(
            (each.best_speed for each in self.writing if each.matches_placement(placement)), 0.0
        )


class MachineSpeeds(Struct, frozen=True, kw_only=True):
    """How fast weights of each type are multiplied, and how often that was measured."""

    speeds: tuple[TensorTypeSpeed, ...] = ()
    times: int = 0


class _Content(Struct, frozen=True, kw_only=True):
    version: int = 1
    machine: dict[str, MachineSpeeds] = {}
    files: dict[str, FileMeasurements] = {}


class MeasurementStore:
    """The measurements of one root. One thread uses it; a disk that is full costs only them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._content = self._read()

    def machine_speeds(self, key: str) -> MachineSpeeds:
        """Return the speeds of weights by type; `key` names what they depend on."""
        return self._content.machine.get(key, MachineSpeeds())

    def save_machine_speeds(self, key: str, speeds: tuple[TensorTypeSpeed, ...]) -> None:
        """Remember speeds: of each type the highest, since whatever disturbs only slows."""
        known = self.machine_speeds(key)
        best = {(each.device, each.type): each for each in known.speeds}
        for each in speeds:
            before = best.get((each.device, each.type))
            if before is None or before.speed < each.speed:
                best[each.device, each.type] = each
        now = MachineSpeeds(speeds=tuple(best.values()), times=known.times + 1)
        machine = {**self._content.machine, key: now}
        self._keep(structs.replace(self._content, machine=machine))

    def file_measurements(self, fingerprint: str) -> FileMeasurements:
        """Return what was measured of a file, nothing for one that never was."""
        return self._content.files.get(fingerprint, FileMeasurements())

    def save_writing_speed(self, fingerprint: str, placement: Placement, speed: float) -> None:
        """Remember that a file wrote so many tokens a second."""
        known = self.file_measurements(fingerprint)
        before = next((each for each in known.writing if each.matches_placement(placement)), None)
        runs = ((*before.runs, speed) if before else (speed,))[-KEPT_RUNS:]
        device, gpu_layers, threads = _way(placement)
        now = WritingSpeed(device=device, gpu_layers=gpu_layers, threads=threads, runs=runs)
        others = tuple(each for each in known.writing if each is not before)
        self._keep_file(fingerprint, structs.replace(known, writing=(*others, now)))

    def save_quality(
        self, levels: tuple[QuantizationQuality, ...], text: str, best_level: str
    ) -> None:
        """Remember how well files did; the first is the best one, of the level `best_level`."""
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
            self._keep_file(level.fingerprint, known)
            self.save_writing_speed(level.fingerprint, level.placement, level.tokens_per_second)

    def _keep_file(self, fingerprint: str, figures: FileMeasurements) -> None:
        files = {**self._content.files, fingerprint: figures}
        self._keep(structs.replace(self._content, files=files))

    def _keep(self, content: _Content) -> None:
        self._content = content
        try:
            write_data_file(self._path, msgspec.json.encode(content))
        except StorageError:
            _log.exception("what was measured is not remembered")

    def _read(self) -> _Content:
        try:
            return msgspec.json.decode(read_data_file(self._path), type=_Content)
        except FileNotFoundError:
            return _Content()
        except (OSError, msgspec.MsgspecError):  # it is measured again when someone asks
            _log.exception("%s is unreadable", self._path.name)
            return _Content()


def _way(placement: Placement) -> tuple[str, int, int]:
    on_cards = placement.gpu_layers > 0
    return (
        placement.device if on_cards else "cpu",
        max(placement.gpu_layers, 0),
        placement.threads,
    )
