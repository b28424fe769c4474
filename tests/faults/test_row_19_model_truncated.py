"""Faults 19 and 25: a model's file becomes shorter while it is used; the machine sleeps."""

import os
import time
from pathlib import Path

import psutil
import pytest

from core.base.errors import ErrorCode
from core.messages import AnswerChunk, AnswerDone, Failed, ModelLoaded
from tests.engine.conftest import Driver
from tests.engine.runtime.test_engine_child import question

pytestmark = pytest.mark.slow

_ASLEEP = float(os.environ.get("INGLENOOK_FAULT_SLEEP", "3"))
"""Seconds; minutes at night."""


def test_a_file_cut_while_it_is_mapped_ends_one_child(
    driver: Driver, starter_model: Path, tmp_path: Path
) -> None:
    """Whether the pages are still in memory is the system's choice: the answer may go on."""
    model = tmp_path / "model.gguf"
    model.write_bytes(starter_model.read_bytes())
    assert isinstance(driver.load(model), ModelLoaded)
    os.truncate(model, 1_000_000)
    ended = driver.answer(question("Tell me a story.", "one", max_tokens=20))
    if isinstance(ended, Failed):
        assert ended.code in {ErrorCode.ENGINE_DIED, ErrorCode.MODEL_UNREADABLE}
    refused = driver.load(model)
    assert isinstance(refused, Failed)
    assert refused.code == ErrorCode.GGUF_TRUNCATED
    assert isinstance(driver.load(starter_model), ModelLoaded)
    assert isinstance(driver.answer(question("What is the capital of France?", "two")), AnswerDone)


def test_a_machine_that_slept_goes_on_writing(loaded: Driver) -> None:
    loaded.start(question("Tell me a long story.", "one", max_tokens=120))
    loaded.until(lambda event: isinstance(event, AnswerChunk))
    assert loaded.client.pid is not None
    child = psutil.Process(loaded.client.pid)
    child.suspend()
    time.sleep(_ASLEEP)  # this process sleeps too: nothing is polled meanwhile
    child.resume()
    done = loaded.until(lambda event: isinstance(event, AnswerDone | Failed))
    assert isinstance(done, AnswerDone)
    assert done.stop != "cancelled"
