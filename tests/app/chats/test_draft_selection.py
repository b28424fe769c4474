"""Which model guesses ahead, and which adapters a question may have."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import ModelReady
from core.app.models.draft_selection import find_draft_model
from core.base.errors import ErrorCode, ModelError
from core.base.settings import app_settings as declared
from core.messages import Adapter
from core.models.info.model_entry import ModelEntry, ModelOrigin
from tests.app.stage import Stage
from tests.gguf.test_adapters import adapter_file
from tests.gguf.writing import STRING, Gguf, facts, value


def entry(ref: str, parameters: int, **changes: Any) -> ModelEntry:
    base = ModelEntry(
        ref=ref,
        path=f"/models/{ref}.gguf",
        family="Qwen3",
        architecture="qwen3",
        parameters=parameters,
        quantization="Q4_K",
        bytes_on_disk=parameters // 2,
        context=4096,
        fits="yes",
        memory_needed=1,
        has_template=True,
        tokenizer="gpt2/qwen2",
        vocabulary=151_936,
    )
    return structs.replace(base, **changes)


TARGET = entry("large", 8_000_000_000)


@pytest.mark.parametrize(
    ("others", "wanted", "chosen"),
    [
        ((entry("small", 600_000_000),), "auto", "small"),
        ((entry("small", 600_000_000), entry("middle", 1_300_000_000)), "auto", "small"),
        ((entry("too-large", 1_400_000_000),), "auto", ""),
        ((entry("too-large", 1_400_000_000),), "too-large", "too-large"),
        ((entry("small", 600_000_000),), "off", ""),
        ((entry("small", 600_000_000),), "another", ""),
        ((entry("cut", 600_000_000, tokenizer="gpt2/llama-bpe"),), "auto", ""),
        ((entry("cut", 600_000_000, tokenizer="gpt2/llama-bpe"),), "cut", ""),
        ((entry("longer", 600_000_000, vocabulary=152_064),), "auto", ""),
        ((entry("broken", 600_000_000, problem_code="model_gone"),), "auto", ""),
        ((entry("empty", 0),), "auto", ""),
        ((entry("another-apps", 600_000_000, origin=ModelOrigin.OLLAMA),), "auto", ""),
        ((entry("named", 600_000_000, origin=ModelOrigin.OLLAMA),), "named", "named"),
        ((), "large", ""),
    ],
)
def test_a_model_that_guesses_ahead(
    others: tuple[ModelEntry, ...], wanted: str, chosen: str
) -> None:
    path = find_draft_model(TARGET, (TARGET, *others), wanted)
    assert path == (f"/models/{chosen}.gguf" if chosen else "")


def test_nothing_guesses_for_a_model_without_a_tokenizer() -> None:
    bare = structs.replace(TARGET, tokenizer="")
    assert find_draft_model(bare, (entry("small", 600_000_000, tokenizer=""),), "auto") == ""


@pytest.fixture
def tiny(stage: Stage, tmp_path: Path) -> str:
    """The path of a tiny model on the shelf that has the starter model's tokens."""
    kinds = {
        "tokenizer.ggml.model": value(STRING, "gpt2"),
        "tokenizer.ggml.pre": value(STRING, "smollm"),
    }
    size = {"vocab_size": 49_152}
    without = {key: raw for key, raw in facts(figures=size).items() if "ggml" not in key}
    path = str(Gguf(facts=without | kinds).write(tmp_path / "zeta.gguf"))
    stage.app.models.add_model(path)
    return path


def test_the_engine_is_given_the_one_that_guesses(stage: Stage, tiny: str) -> None:
    stage.loaded()
    assert stage.engine.orders[0].draft_path == tiny
    assert stage.of(ModelReady)[-1].draft == ""
    stage.app.questions.ask_question("Hello?")
    assert stage.engine.generated[0].drafting is True


def test_guessing_is_switched_off(stage: Stage, tiny: str) -> None:
    stage.app.settings.override_value(declared.DRAFT_MODEL, "off")
    stage.app.settings.override_value(declared.SPECULATIVE_DECODING, False)
    stage.loaded()
    assert stage.engine.orders[0].draft_path == ""
    stage.app.questions.ask_question("Hello?")
    assert stage.engine.generated[0].drafting is False


def test_who_guesses_is_told(stage: Stage, tiny: str) -> None:
    stage.app.models.choose_model(stage.app.registry.list_models()[0].ref)
    stage.engine.finish_loading(draft=tiny)
    stage.app.process_events()
    assert stage.of(ModelReady)[-1].draft == "zeta"


def test_an_adapter_goes_with_the_questions_of_its_chat(
    stage: Stage, starter_model: Path, tmp_path: Path
) -> None:
    stage.loaded()
    adapter = Adapter(path=str(adapter_file(starter_model, tmp_path / "tone.gguf")), scale=0.5)
    first = stage.app.questions.ask_question("One?", AskOptions(adapters=(adapter,)))
    stage.app.questions.ask_question("Two?", chat_id=first.chat_id)
    stage.app.questions.ask_question("Elsewhere?")
    assert [request.adapters for request in stage.engine.generated] == [(adapter,), (adapter,), ()]
    assert stage.app.chats.load_conversation(first.chat_id).adapters == (adapter,)
    stage.app.questions.ask_question("Three?", AskOptions(adapters=()), chat_id=first.chat_id)
    stage.app.questions.ask_question("Four?", chat_id=first.chat_id)
    assert [request.adapters for request in stage.engine.generated[3:]] == [(), ()]


def test_an_adapter_that_does_not_fit_is_refused_before_anything_is_saved(
    stage: Stage, starter_model: Path, tmp_path: Path
) -> None:
    stage.loaded()
    gone = Adapter(path=str(tmp_path / "gone.gguf"))
    model = Adapter(path=str(starter_model))
    for adapter, code in ((gone, ErrorCode.ADAPTER_GONE), (model, ErrorCode.ADAPTER_REFUSED)):
        with pytest.raises(ModelError) as caught:
            stage.app.questions.ask_question("One?", AskOptions(adapters=(adapter,)))
        assert caught.value.code is code
    assert stage.app.chats.list_chats() == ()
