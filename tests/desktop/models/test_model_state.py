"""The model in use: whatever happens in whatever order, the window says what the engine does."""

import os
import random
from collections.abc import Callable

import pytest

from core.base.errors import ErrorCode, InglenookError
from core.base.settings.app_settings import MODEL
from desktop.models.models_page import ModelsPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import words_of
from tests.fakes.models import SMALL_MODEL

STEPS = int(os.environ.get("INGLENOOK_STATE_STEPS", "40"))
"""Steps of each random sequence; a longer run is a matter of this variable."""
SEEDS = range(int(os.environ.get("INGLENOOK_STATE_SEEDS", "3")))


def header_of(ui: OpenWindow) -> str:
    return words_of(ui.window.view.header)


def test_making_another_level_leaves_the_model_in_use(ui: OpenWindow) -> None:
    ui.backend.settings.set_value(MODEL, "")  # nothing was ever chosen
    ui.backend.app.model_loading.unload_model()
    ui.settle()
    ui.ask("When?")
    ui.backend.answer_text("At nine.")
    ui.backend.answer_finished()
    ui.settle()
    ui.backend.put_model("a-worse-level", "Another")
    ui.settle()
    chosen = ui.window.controllers.models.chosen
    assert chosen is not None
    assert chosen.ref == SMALL_MODEL
    assert SMALL_MODEL in header_of(ui)


def test_going_back_to_the_loaded_model_during_an_answer_ends_the_loading_sign(
    ui: OpenWindow,
) -> None:
    ui.backend.put_model("other-level", "Another")
    ui.settle()
    ui.ask("When?")
    ui.backend.answer_text("At")
    models = ui.window.controllers.models
    assert models.choose_model("other-level")
    ui.settle()
    assert "other-level after this answer" in header_of(ui)
    assert "Loading" not in header_of(ui), "the answer is still being written"
    assert models.choose_model(SMALL_MODEL)  # it never left the memory
    ui.settle()
    assert "Loading" not in header_of(ui)
    ui.backend.answer_finished()
    ui.settle()
    assert "Loading" not in header_of(ui)
    assert models.state == "ready"


def test_an_engine_that_dies_while_nobody_asks_is_not_ready(ui: OpenWindow) -> None:
    models = ui.window.controllers.models
    assert models.state == "ready"
    ui.backend.engine.die()
    ui.settle()
    assert models.state == ""


class RandomUse:
    """Does what a person and an engine may do, and knows which model must be in use."""

    def __init__(self, ui: OpenWindow, seed: int) -> None:
        self.ui = ui
        self.random = random.Random(seed)
        self.refs = [SMALL_MODEL]
        self.chosen = SMALL_MODEL
        self.made = 0
        self.log: list[str] = []

    def steps(self) -> dict[str, Callable[[], object]]:
        """Return what is possible now, by name."""
        engine, app = self.ui.backend.engine, self.ui.app
        possible: dict[str, Callable[[], object]] = {
            "use": self._use,
            "make": self._make,
            "unload": app.model_loading.unload_model,
            "cancel": app.model_loading.cancel_loading,
            "die": engine.die,
            "hold": self._hold,
        }
        if len(self.refs) > 1:
            possible["remove"] = self._remove
        if engine.loading:
            possible["loaded"] = engine.finish_loading
            possible["half"] = lambda: engine.report_loading(0.5)
            possible["failed"] = lambda: engine.fail_loading(ErrorCode.MODEL_UNREADABLE)
        if not self.ui.window.controllers.chat.answering_turn_id:
            possible["ask"] = lambda: self.ui.ask("When is the gate closed?")
        else:
            possible["stop"] = self.ui.window.controllers.chat.stop_answer
        if engine.running:
            possible["write"] = lambda: engine.write(" at nine")
            possible["end"] = engine.finish_answer
        return possible

    def step(self) -> None:
        """Do one of it."""
        possible = self.steps()
        name = self.random.choice(sorted(possible))
        self.log.append(name)
        possible[name]()
        self.ui.backend.pump()
        self.ui.settle()

    def _hold(self) -> None:
        engine = self.ui.backend.engine
        engine.loads_at_once = not engine.loads_at_once

    def _use(self) -> None:
        ref = self.random.choice(self.refs)
        if self.ui.window.controllers.models.choose_model(ref):
            self.chosen = ref

    def _make(self) -> None:
        if len(self.refs) < 5:
            self.made += 1
            ref = f"{self.random.choice('az')}-level-{self.made}"
            self.ui.backend.put_model(ref, f"Level {self.made}")
            self.refs.append(ref)

    def _remove(self) -> None:
        ref = self.random.choice(self.refs)
        try:
            self.ui.app.models.unregister_model(ref)
        except InglenookError:
            return
        self.refs.remove(ref)
        if ref == self.chosen:  # whichever is used then, is used from then on
            chosen = self.ui.app.models.chosen_model()
            assert chosen is not None
            self.chosen = chosen.ref

    def check(self) -> None:
        """The header, the page of models and the engine say the same."""
        self.ui.window.open_models()
        self.ui.settle()
        page = self.ui.window.findChild(ModelsPage)
        assert page is not None
        app, models = self.ui.app, self.ui.window.controllers.models
        assert models.chosen is not None, self.log
        assert models.chosen.ref == self.chosen, self.log
        in_memory = app.engine.loaded.path if app.engine.loaded else ""
        request = self.ui.backend.engine.loading
        loading = request.path if request is not None else ""
        path = models.chosen.path
        header = header_of(self.ui)
        shown = words_of(page)
        assert ("Loading" in header) == (loading == path), self.log
        is_awaited = app.model_loading.engine_state.awaited == path
        assert ("after this answer" in header) == is_awaited, self.log
        assert is_awaited <= app.running_answers.uses_engine, self.log
        assert (models.state == "ready") == (in_memory == path), self.log
        assert ("It is ready to answer." in shown) <= (in_memory != ""), self.log
        assert ("It is being loaded." in shown) <= ("Loading" in header), self.log
        badge = self.ui.window.controllers.models_controller.badge
        assert not (badge.isVisible() and not loading), self.log


@pytest.mark.parametrize("seed", SEEDS)
def test_header_page_and_engine_agree_after_each_step(ui: OpenWindow, seed: int) -> None:
    use = RandomUse(ui, seed)
    for _step in range(STEPS):
        use.step()
        use.check()
