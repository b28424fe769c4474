"""A model that nobody asks is measured, and answers on with what is faster."""

from pathlib import Path

import pytest
from msgspec import structs

from core.messages import (
    AnswerDone,
    EngineTuning,
    Generate,
    ModelLoaded,
    ModelTimed,
    ModelTuned,
    PromptTurn,
    Sampling,
    TimeModel,
)
from tests.engine.conftest import Driver

pytestmark = pytest.mark.slow


def question(request_id: str) -> Generate:
    turn = PromptTurn(role="user", text="What is a river?", plain="What is a river?")
    return Generate(
        request_id=request_id,
        turns=(turn,),
        sampling=Sampling(temperature=0.0, repeat_penalty=1.0),
        max_tokens=20,
    )


def measured(driver: Driver, starter_model: Path) -> EngineTuning:
    driver.client.on_broadcast = driver.seen.append
    loaded = driver.load(starter_model, measures=True)
    assert isinstance(loaded, ModelLoaded)
    assert loaded.tuning is None
    event = driver.until(lambda event: isinstance(event, ModelTuned))
    assert isinstance(event, ModelTuned)
    return event.tuning


def test_an_idle_model_is_measured_once_and_answers_on(driver: Driver, starter_model: Path) -> None:
    tuning = measured(driver, starter_model)
    assert tuning.attention
    assert tuning.weights
    now = driver.client.loaded
    assert now is not None
    assert now.tuning == tuning
    assert now.placement.flash_attention == tuning.flash_attention
    answer = driver.answer(question("first"))
    assert isinstance(answer, AnswerDone)
    assert answer.text

    again = driver.load(starter_model, measures=True, tunings=(tuning,))
    assert isinstance(again, ModelLoaded)
    assert again.tuning == tuning
    assert again.placement == now.placement
    repeated = driver.answer(question("second"))
    assert isinstance(repeated, AnswerDone)
    assert repeated.text == answer.text, "the same configuration writes the same"


def test_who_asks_for_the_timing_gets_it(driver: Driver, starter_model: Path) -> None:
    assert isinstance(driver.load(starter_model, measures=True), ModelLoaded)
    driver.keep_reply(driver.client.send(TimeModel(request_id="time")))
    timed = driver.until(lambda event: isinstance(event, ModelTimed))
    assert isinstance(timed, ModelTimed)
    assert timed.tuning is not None

    driver.keep_reply(driver.client.send(TimeModel(request_id="again")))
    again = driver.until(lambda event: isinstance(event, ModelTimed))
    assert isinstance(again, ModelTimed)
    assert again.tuning is not None
    assert again.tuning.attention != timed.tuning.attention, "it is timed anew"

    settled = driver.load(starter_model, measures=True, flash_attention="on")
    assert isinstance(settled, ModelLoaded)
    driver.keep_reply(driver.client.send(TimeModel(request_id="nothing")))
    nothing = driver.until(lambda event: isinstance(event, ModelTimed))
    assert isinstance(nothing, ModelTimed)
    assert nothing.tuning is None, "the person has chosen"


def test_what_was_chosen_is_taken_at_the_next_load(driver: Driver, starter_model: Path) -> None:
    tuning = structs.replace(measured(driver, starter_model), flash_attention="off", batch=128)
    loaded = driver.load(starter_model, tunings=(tuning,))
    assert isinstance(loaded, ModelLoaded)
    assert (loaded.placement.flash_attention, loaded.placement.batch) == ("off", 128)
    elsewhere = structs.replace(tuning, machine="another")
    plain = driver.load(starter_model, tunings=(elsewhere,))
    assert isinstance(plain, ModelLoaded)
    assert (plain.placement.flash_attention, plain.placement.batch) == ("auto", 0)
