"""Levels as the application makes, measures, compares and stops them, with the child it starts."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from core.app.app import App
from core.app.events.app_events import AppEvent
from core.app.quantization.quantization_jobs import PARTIAL_SUFFIX
from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.ipc.reply import Reply
from tests.engine.quantization.test_quantization import Bytewise
from tests.gguf.synthetic import dense
from tests.waiting import wait_for

Result = TypeVar("Result")


class Stage:
    """An application on its root, with one tiny model, and all it tells."""

    def __init__(self, root: Paths) -> None:
        self.told: list[AppEvent] = []
        self.app = App(root, threading.Event().set)
        self.app.subscribe(self.told.append)
        self.app.open_root()
        self.app.settings.set_value(
            declared.THREADS, 1
        )  # two wait for each other where others work
        like = dense(layers=2, width=256, inner=512)
        outline = Bytewise(like.architecture, like.figures, like.shapes)
        self.model = self.app.models.add_model(str(outline.write(root.root / "tiny-F16.gguf")))

    def ended(self, reply: Reply[Any, Result]) -> Reply[Any, Result]:
        """Wait until a reply has ended."""

        def is_done() -> bool:
            self.app.process_events()
            return reply.is_done

        wait_for(is_done, 60)
        return reply

    def result(self, reply: Reply[Any, Result]) -> Result:
        """Wait for a result."""
        result = self.ended(reply).result
        assert result is not None
        return result


@pytest.fixture
def stage(root: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(
        "core.app.quantization.quantization_service.load_quality_text",
        lambda: "A few words, again. " * 20,
    )
    monkeypatch.setattr(
        "core.app.quantization.quantization_ladder_service.load_quality_text",
        lambda: "A few words, again. " * 20,
    )
    made = Stage(root)
    yield made
    made.app.close()


@pytest.mark.slow
def test_a_level_is_made_measured_and_stands_on_the_ladder(stage: Stage) -> None:
    levels = stage.app.quantizations
    assert levels.quality_warning(stage.model.ref) == ""
    stages: set[str] = set()
    job = levels.create_quantization(stage.model.ref, "q2_k")
    job.on_progress(lambda progress: stages.add(progress.stage))
    assert levels.is_busy
    with pytest.raises(ModelError) as caught:
        levels.measure_quality(stage.model.ref)
    assert caught.value.code == ErrorCode.QUANTIZE_BUSY
    made = stage.result(job)
    assert made in stage.told, "every window shows it"
    assert (made.level, Path(made.path).name) == ("Q2_K", "tiny-Q2_K.gguf")
    assert made.measured is not None
    assert made.measured.loss is not None
    assert made.measured.loss.against == "F16"
    assert "making" in stages
    assert not levels.is_busy
    entry = stage.app.models.find_usable_model(made.ref)
    assert entry.quantization == "Q2_K"
    assert "Q2_K" in levels.quality_warning(entry.ref)

    ladder = stage.result(stage.app.quantization_ladders.request_ladder(entry.ref))
    rows = {row.level: row for row in ladder.rows}
    assert ladder.source == "F16"
    assert rows["Q2_K"].loss is not None
    assert rows["Q2_K"].loss.measured
    assert rows["Q2_K"].speed_measured
    assert rows["Q4_K_M"].makeable
    assert rows["Q4_K_M"].exactly
    assert ladder.recommended is not None
    assert ladder.reason


@pytest.mark.slow
def test_every_level_that_is_here_is_measured(stage: Stage) -> None:
    job = stage.app.quantizations.create_quantization(
        stage.model.ref, "Q8_0", name="Tiny.Q8_0", measure=False
    )
    made = stage.result(job)
    assert Path(made.path).name == "Tiny.Q8_0.gguf"
    measured = stage.result(stage.app.quantizations.measure_quality(made.ref, every=True))
    assert [each.level for each in measured.levels] == ["F16", "Q8_0"]
    assert measured.levels[0].loss is None


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("Q9", ErrorCode.LEVEL_UNKNOWN),
        ("F16", ErrorCode.LEVEL_POINTLESS),
        ("IQ2_XS", ErrorCode.LEVEL_NEEDS_MATRIX),
    ],
)
def test_what_makes_no_sense_is_refused(stage: Stage, level: str, code: ErrorCode) -> None:
    with pytest.raises(ModelError) as caught:
        stage.app.quantizations.create_quantization(stage.model.ref, level)
    assert caught.value.code == code
    assert not stage.app.quantizations.is_busy


def test_a_file_name_stays_in_the_folder(stage: Stage) -> None:
    with pytest.raises(ModelError) as caught:
        stage.app.quantizations.create_quantization(stage.model.ref, "Q8_0", name="../x")
    assert caught.value.code == ErrorCode.MODEL_UNREADABLE


@pytest.mark.slow
def test_a_full_disk_is_seen_before(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        free = 1 << 20

    disk: Callable[[object], Full] = lambda _path: Full()  # noqa: E731
    monkeypatch.setattr("core.app.quantization.quantization_service.shutil.disk_usage", disk)
    failed = stage.ended(
        stage.app.quantizations.create_quantization(stage.model.ref, "Q8_0")
    ).failure
    assert failed is not None
    assert failed.code == ErrorCode.QUANTIZE_NO_ROOM
    assert not stage.app.quantizations.is_busy


@pytest.mark.slow
def test_stopped_nothing_is_left(stage: Stage, root: Paths) -> None:
    job = stage.app.quantizations.create_quantization(stage.model.ref, "Q2_K")
    job.cancel()
    failed = stage.ended(job).failure
    assert failed is not None
    assert failed.code == ErrorCode.CANCELLED
    assert not list(root.models.iterdir())
    assert not stage.app.quantizations.is_busy


def test_what_was_left_half_made_goes_at_the_next_start(stage: Stage, root: Paths) -> None:
    stage.app.close()
    left = root.models / f"x.gguf{PARTIAL_SUFFIX}"
    left.write_bytes(b"half")
    stage.app = App(root, threading.Event().set)
    stage.app.open_root()
    assert not left.exists()


@pytest.mark.slow
def test_a_model_of_the_catalog_has_a_ladder_too(stage: Stage) -> None:
    ladder = stage.result(stage.app.quantization_ladders.request_ladder("qwen3-0.6b"))
    assert ladder.catalog_id == "qwen3-0.6b"
    assert all(row.fetch and not row.makeable and row.planned for row in ladder.rows)
