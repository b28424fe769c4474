"""Several answers over the real small model: batched, shared, kept, bent, and stopped."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.engine.client.engine_client import EngineClient
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_model import LlamaModel
from core.engine.runtime.draft_model import DraftModel
from core.messages import (
    Adapter,
    AnswerChunk,
    AnswerDone,
    Failed,
    LoadModel,
    ModelLoaded,
    Placement,
    PromptFitted,
    PromptTurn,
)
from tests.engine.bare import BareLoop
from tests.engine.conftest import Driver
from tests.engine.runtime.test_engine_child import question

pytestmark = pytest.mark.slow

PASSAGE = (
    "The long beds are watered every second Friday. The two rain barrels are emptied first; when "
    "they are dry, the tap by the shed may be used for at most forty minutes. Whoever waters also "
    "checks the ties of the tomatoes and writes the date into the book on the shelf."
)


def done(driver: Driver, request_id: str) -> AnswerDone:
    for event in driver.seen:
        if isinstance(event, AnswerDone) and event.request_id == request_id:
            return event
    event = driver.until(
        lambda e: isinstance(e, AnswerDone | Failed) and e.request_id == request_id
    )
    assert isinstance(event, AnswerDone), event
    return event


def test_four_samples_at_once_are_what_one_alone_is(loaded: Driver) -> None:
    asked = "Write a short story about a lighthouse keeper."
    alone = loaded.answer(question(asked, "alone", 60))
    for number in range(4):
        loaded.start(question(asked, f"n{number}", 60))
    answers = [done(loaded, f"n{number}") for number in range(4)]
    assert isinstance(alone, AnswerDone)
    assert all(answer.text == alone.text for answer in answers)
    assert all(answer.cached_tokens >= answer.prompt_tokens - 1 for answer in answers)


def test_a_long_prompt_does_not_freeze_an_answer(loaded: Driver) -> None:
    loaded.start(question("Count from one to one thousand.", "first", 120))
    loaded.until(lambda e: isinstance(e, AnswerChunk))
    loaded.start(question("word " * 1000, "second", 4))
    done(loaded, "second")
    of_second = [
        place
        for place, event in enumerate(loaded.seen)
        if isinstance(event, PromptFitted | AnswerDone) and event.request_id == "second"
    ]
    meanwhile = loaded.seen[of_second[0] : of_second[1]]
    chunks = [event for event in meanwhile if isinstance(event, AnswerChunk)]
    assert len(chunks) > 2, "nothing came while the prompt was read"


def test_stopping_one_of_two_leaves_the_other(loaded: Driver) -> None:
    loaded.start(question("Count from one to one thousand.", "one", 60))
    loaded.start(question("Tell me a story about the sea.", "two", 60))
    loaded.until(lambda e: isinstance(e, AnswerChunk) and e.request_id == "two")
    loaded.client.cancel("one")
    assert done(loaded, "one").stop == "cancelled"
    assert done(loaded, "two").stop in {"length", "eos"}


def test_quoting_is_guessed_right(loaded: Driver) -> None:
    asked = f"Text:\n{PASSAGE}\n\nRepeat the text above exactly."
    answer = loaded.answer(question(asked, "quote", 60))
    plain = loaded.answer(question(asked, "plain", 60, drafting=False))
    assert isinstance(answer, AnswerDone)
    assert isinstance(plain, AnswerDone)
    assert plain.checks == 0
    assert answer.accepted_tokens <= answer.drafted_tokens
    # Batches differ in the last bits, so only the beginning is surely the same.
    assert answer.text[:20] == plain.text[:20]


class Restarted(Driver):
    """A child that keeps states under `states`; `again` ends it and starts another."""

    def __init__(self, root: Paths, states: Path, model: Path, wait_for: Any) -> None:
        super().__init__(EngineClient(root, lambda: None), wait_for)
        self._request = LoadModel(
            request_id="load",
            path=str(model),
            placement=Placement(context=2048, threads=1),
            states_folder=str(states),
            states_limit=1 << 30,
        )
        self.begin()

    def begin(self) -> None:
        self.client.stop()
        self.seen.clear()
        self.start_load(self._request)
        assert isinstance(self.until(lambda e: isinstance(e, ModelLoaded | Failed)), ModelLoaded)


@pytest.fixture
def restarted(root: Paths, starter_model: Path, wait_for: Callable[..., Any]) -> Any:
    states = root.root / "states"
    (states / "chat").mkdir(parents=True)
    driver = Restarted(root, states, starter_model, wait_for)
    yield driver
    driver.client.stop()


def written_state(folder: Path, wait_for: Callable[..., Any]) -> Path:
    wait_for(lambda: list(folder.glob("*.state")), 20)
    return next(folder.glob("*.state"))


def test_a_chat_goes_on_after_a_restart_without_being_read(
    restarted: Restarted, root: Paths, wait_for: Callable[..., Any]
) -> None:
    folder = root.root / "states" / "chat"
    asked = f"{PASSAGE * 10} When are the beds watered?"
    first = restarted.answer(question(asked, "a", 12, state_folder=str(folder)))
    assert isinstance(first, AnswerDone)
    state = written_state(folder, wait_for)
    turns = (
        PromptTurn(role="user", text=asked),
        PromptTurn(role="assistant", text=first.text, token_ids=first.token_ids),
    )

    def follow_up(name: str) -> AnswerDone:
        more = {"turns": turns, "state_folder": str(folder)}
        answer = restarted.answer(question("Who writes the date?", name, 12, **more))
        assert isinstance(answer, AnswerDone)
        return answer

    restarted.begin()
    resumed = follow_up("b")
    assert resumed.prompt_tokens - resumed.cached_tokens < 30
    assert resumed.cached_tokens > 200

    content = bytearray(state.read_bytes())
    content[len(content) // 2] ^= 1
    restarted.begin()
    state.write_bytes(content)
    damaged = follow_up("c")
    assert damaged.cached_tokens == 0, "a damaged state was used"
    assert damaged.text


def test_nothing_is_kept_of_a_chat_without_a_folder(
    restarted: Restarted, root: Paths, wait_for: Callable[..., Any]
) -> None:
    gone = root.root / "states" / "deleted"
    asked = PASSAGE * 10
    restarted.answer(question(asked, "temporary", 4))
    restarted.answer(question(asked, "deleted", 4, state_folder=str(gone)))
    restarted.answer(question("x" + asked, "kept", 4, state_folder=str(gone.parent / "chat")))
    written_state(gone.parent / "chat", wait_for)
    assert not gone.exists()
    assert len(list(gone.parent.rglob("*.state"))) == 1


def lora(path: Path, *, strength: float) -> Path:
    """Write an adapter of rank 1 for the starter model that shifts what layer 0 asks for."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 1.0)
    noise = np.random.default_rng(1).standard_normal
    for block in range(30):
        name = f"blk.{block}.attn_output.weight"
        writer.add_tensor(f"{name}.lora_a", noise((1, 576)).astype(np.float32) * strength)
        writer.add_tensor(f"{name}.lora_b", noise((576, 1)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_adapters_come_and_go_without_loading_again(
    driver: Driver, starter_model: Path, tmp_path: Path
) -> None:
    bent = (Adapter(path=str(lora(tmp_path / "noise.gguf", strength=0.3))),)
    loaded, before = driver, driver.load(starter_model, adapters=(bent[0].path,))
    asked = "What is the capital of France?"

    def answer(name: str, adapters: tuple[Adapter, ...] = ()) -> AnswerDone:
        got = loaded.answer(question(asked, name, 16, adapters=adapters))
        assert isinstance(got, AnswerDone), got
        return got

    fresh, changed, plain = answer("fresh"), answer("b", bent), answer("a")
    weak, again = answer("d", (Adapter(path=bent[0].path, scale=0.0),)), answer("c")
    assert changed.text != fresh.text
    assert changed.cached_tokens == 0, "cells of another adapter were shared"
    assert weak.text == fresh.text, "neither was read before"
    assert plain.cached_tokens == again.cached_tokens == plain.prompt_tokens - 1
    assert again.text == plain.text, "both were read before"
    for name, adapters in (("x", ()), ("y", bent)):
        loaded.start(question(asked, name, 16, adapters=adapters))
    assert done(loaded, "x").text == plain.text
    assert done(loaded, "y").text == changed.text
    assert loaded.client.loaded == before


def test_an_adapter_that_nobody_knew_of_has_the_model_loaded_again(
    loaded: Driver, tmp_path: Path
) -> None:
    before = loaded.client.pid
    bent = (Adapter(path=str(lora(tmp_path / "noise.gguf", strength=0.3))),)
    for name in ("a", "b"):
        answered = loaded.answer(question("Hello?", name, 4, adapters=bent))
        assert isinstance(answered, AnswerDone), answered
        assert answered.text
    assert loaded.client.pid != before
    assert loaded.client.loaded is not None


@pytest.mark.parametrize("is_there", [True, False], ids=["no adapter", "went meanwhile"])
def test_an_adapter_that_cannot_be_used_fails_its_answer_alone(
    loaded: Driver, starter_model: Path, tmp_path: Path, *, is_there: bool
) -> None:
    path = starter_model if is_there else tmp_path / "gone.gguf"
    adapters = (Adapter(path=str(path)),)
    failed = loaded.answer(question("Hello?", "a", 4, adapters=adapters))
    assert isinstance(failed, Failed)
    assert failed.code == (ErrorCode.ADAPTER_REFUSED if is_there else ErrorCode.ADAPTER_GONE)
    assert isinstance(loaded.answer(question("Hello?", "b", 4)), AnswerDone)


def test_a_draft_model_proposes_what_it_would_write(starter_model: Path) -> None:
    bare = BareLoop(starter_model, context=512)
    prompt = bare.vocabulary.tokenize("One, two, three, four, five, six,", control=False)
    written = bare.greedy(prompt, 8)
    bare.close()
    placement = Placement(
        context=512, threads=1, sequences=1, device="cpu", gpu_layers=0, experts_on_cpu=0
    )
    draft = DraftModel(LlamaModel(starter_model, placement, AbortFlag()), AbortFlag())
    proposed = draft.propose_tokens(prompt, 4)
    further = draft.propose_tokens([*prompt, *written[:4]], 4)
    draft.close()
    assert len(proposed) > 1, "it was not sure of counting on"
    assert proposed == written[: len(proposed)]
    assert further == written[4 : 4 + len(further)]
    assert draft.seconds_per_token > 0


def test_a_draft_model_of_the_same_vocabulary_is_taken(
    driver: Driver, starter_model: Path, tmp_path: Path
) -> None:
    told = driver.load(starter_model, 1024, draft_path=str(starter_model))
    assert isinstance(told, ModelLoaded)
    assert told.draft == str(starter_model)
    answer = driver.answer(question("Write a short story about a cat.", "a", 80))
    assert isinstance(answer, AnswerDone)
    assert answer.completion_tokens > 20


def test_stop_comes_quickly_while_another_answer_runs(loaded: Driver) -> None:
    loaded.start(question("Count from one to one thousand.", "one", 400))
    loaded.start(question("word " * 1500, "long", 4))
    loaded.until(lambda e: isinstance(e, PromptFitted) and e.request_id == "long")
    time.sleep(0.2)
    loaded.client.cancel("long")
    assert done(loaded, "long").completion_tokens == 0
    loaded.client.cancel("one")
    assert done(loaded, "one").stop == "cancelled"
