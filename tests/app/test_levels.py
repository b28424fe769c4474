"""Levels as the application makes, measures, compares and stops them, with the child it starts."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from core import settings as declared
from core.app.app import App
from core.app.events import AppEvent, RequestFailed
from core.app.events_ladder import LadderReady, LevelFinished, LevelMoved, LevelsMeasured
from core.app.level_jobs import PARTIAL
from core.errors import Code, ModelError
from core.paths import Paths
from tests.engine.test_levels import Bytewise
from tests.gguf.synthetic import dense
from tests.waiting import wait_for

Wanted = TypeVar("Wanted", bound=AppEvent)


class Stage:
    """An application on its root, with one tiny model, and all it tells."""

    def __init__(self, root: Paths) -> None:
        self.told: list[AppEvent] = []
        self.app = App(root, threading.Event().set)
        self.app.subscribe(self.told.append)
        self.app.open()
        self.app.settings.set(declared.THREADS, 1)  # two wait for each other where others work
        like = dense(layers=2, width=256, inner=512)
        outline = Bytewise(like.architecture, like.figures, like.shapes)
        self.model = self.app.models.add(str(outline.write(root.root / "tiny-F16.gguf")))

    def until(self, kind: type[Wanted], request_id: str) -> Wanted:
        found: list[Wanted] = []

        def arrived() -> bool:
            self.app.pump()
            found.extend(
                each
                for each in self.told
                if isinstance(each, kind) and getattr(each, "request_id", "") == request_id
            )
            return bool(found)

        wait_for(arrived, 60)
        return found[0]


@pytest.fixture
def stage(root: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr("core.app.levels.quality_text", lambda: "A few words, again. " * 20)
    monkeypatch.setattr("core.app.ladders.quality_text", lambda: "A few words, again. " * 20)
    made = Stage(root)
    yield made
    made.app.close()


@pytest.mark.slow
def test_a_level_is_made_measured_and_stands_on_the_ladder(stage: Stage) -> None:
    levels = stage.app.levels
    assert levels.warning(stage.model.ref) == ""
    request_id = levels.make(stage.model.ref, "q2_k")
    assert levels.busy == request_id
    with pytest.raises(ModelError) as caught:
        levels.measure(stage.model.ref)
    assert caught.value.code == Code.QUANTIZE_BUSY
    made = stage.until(LevelFinished, request_id)
    assert (made.level, Path(made.path).name) == ("Q2_K", "tiny-Q2_K.gguf")
    assert made.measured is not None
    assert made.measured.loss is not None
    assert made.measured.loss.against == "F16"
    assert {each.stage for each in stage.told if isinstance(each, LevelMoved)} >= {"making"}
    assert not levels.busy
    entry = stage.app.models.find(made.ref)
    assert entry.quantization == "Q2_K"
    assert "Q2_K" in levels.warning(entry.ref)

    ladder = stage.until(LadderReady, stage.app.ladders.show(entry.ref)).ladder
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
    request_id = stage.app.levels.make(stage.model.ref, "Q8_0", name="Tiny.Q8_0", measure=False)
    made = stage.until(LevelFinished, request_id)
    assert Path(made.path).name == "Tiny.Q8_0.gguf"
    request_id = stage.app.levels.measure(made.ref, every=True)
    measured = stage.until(LevelsMeasured, request_id)
    assert [each.level for each in measured.levels] == ["F16", "Q8_0"]
    assert measured.levels[0].loss is None


@pytest.mark.parametrize(
    ("level", "code"),
    [
        ("Q9", Code.LEVEL_UNKNOWN),
        ("F16", Code.LEVEL_POINTLESS),
        ("IQ2_XS", Code.LEVEL_NEEDS_MATRIX),
    ],
)
def test_what_makes_no_sense_is_refused(stage: Stage, level: str, code: Code) -> None:
    with pytest.raises(ModelError) as caught:
        stage.app.levels.make(stage.model.ref, level)
    assert caught.value.code == code
    assert not stage.app.levels.busy


def test_a_file_name_stays_in_the_folder(stage: Stage) -> None:
    with pytest.raises(ModelError):
        stage.app.levels.make(stage.model.ref, "Q8_0", name="../x")


@pytest.mark.slow
def test_a_full_disk_is_seen_before(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        free = 1 << 20

    disk: Callable[[object], Full] = lambda _path: Full()  # noqa: E731
    monkeypatch.setattr("core.app.levels.shutil.disk_usage", disk)
    request_id = stage.app.levels.make(stage.model.ref, "Q8_0")
    failed = stage.until(RequestFailed, request_id)
    assert failed.problem.code == Code.QUANTIZE_NO_ROOM
    assert not stage.app.levels.busy


@pytest.mark.slow
def test_stopped_nothing_is_left(stage: Stage, root: Paths) -> None:
    request_id = stage.app.levels.make(stage.model.ref, "Q2_K")
    stage.app.levels.cancel(request_id)
    failed = stage.until(RequestFailed, request_id)
    assert failed.problem.code == Code.CANCELLED
    assert not list(root.models.iterdir())
    assert not stage.app.levels.busy


def test_what_was_left_half_made_goes_at_the_next_start(stage: Stage, root: Paths) -> None:
    stage.app.close()
    left = root.models / f"x.gguf{PARTIAL}"
    left.write_bytes(b"half")
    stage.app = App(root, threading.Event().set)
    stage.app.open()
    assert not left.exists()


@pytest.mark.slow
def test_a_model_of_the_catalog_has_a_ladder_too(stage: Stage) -> None:
    ladder = stage.until(LadderReady, stage.app.ladders.show("qwen3-0.6b")).ladder
    assert ladder.catalog_id == "qwen3-0.6b"
    assert all(row.fetch and not row.makeable and row.planned for row in ladder.rows)
