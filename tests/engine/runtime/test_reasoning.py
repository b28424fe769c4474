"""A reasoning model end to end: the real small one, with two of its words as the marks.

Asked for a capital it writes "The capital of France is Paris."; in its copy "The" is the control
token `<think>` and " is" is `</think>`, so that it thinks "capital of France" and answers "Paris.".
"""

import json
from pathlib import Path

import pytest
from msgspec import structs

from core.messages import (
    AnswerChunk,
    AnswerDone,
    Generate,
    ModelLoaded,
    PromptTurn,
    Sampling,
    ThinkingChunk,
)
from tests.engine import thinking_texts as texts
from tests.engine.conftest import Driver
from tests.gguf.rewriting import rewritten

pytestmark = pytest.mark.slow

MARKS = {"The": "<think>", "Ġis": "</think>"}
KEEPING = (
    "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' }}{% if m.reasoning_content %}"
    "{{ '<think>' + m.reasoning_content + '</think>' }}{% endif %}"
    "{{ m.content + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
ASKED = PromptTurn(role="user", text="Name the capital of France.")


@pytest.fixture(scope="module")
def reasoning(starter_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reasoning") / "thinks.gguf"
    return rewritten(starter_model, path, tokens=MARKS, template=texts.ALL["Qwen 3"])


def request(name: str, *turns: PromptTurn, **sampling: str) -> Generate:
    greedy = Sampling(temperature=0.0, repeat_penalty=1.0)
    return Generate(
        request_id=name,
        turns=turns,
        sampling=structs.replace(greedy, **sampling),
        max_tokens=40,
    )


def ask(driver: Driver, path: Path) -> tuple[AnswerDone, tuple[PromptTurn, ...]]:
    """Return an answer with thinking, and the transcript that asks on."""
    assert isinstance(driver.load(path), ModelLoaded)
    done = driver.answer(request("first", ASKED))
    assert isinstance(done, AnswerDone)
    said = PromptTurn(
        role="assistant", text=done.text, thinking=done.thinking, token_ids=done.token_ids
    )
    return done, (ASKED, said, PromptTurn(role="user", text="And of Italy?"))


def test_thinking_streams_apart_and_stays_out_of_the_next_prompt(
    driver: Driver, reasoning: Path
) -> None:
    done, turns = ask(driver, reasoning)
    assert (done.thinking, done.text) == ("capital of France", "Paris.")
    told = [
        (type(event), event.text)
        for event in driver.seen
        if isinstance(event, ThinkingChunk | AnswerChunk)
    ]
    kinds = [kind for kind, _text in told]
    assert kinds == sorted(kinds, key=lambda kind: kind is AnswerChunk)
    assert "".join(text for kind, text in told if kind is ThinkingChunk) == done.thinking
    assert "".join(text for kind, text in told if kind is AnswerChunk) == done.text
    assert len(done.token_ids) == done.completion_tokens > 6
    assert done.thinking_tokens == done.completion_tokens - 2, "all but “Paris” and the full stop"
    on = driver.answer(request("on", *turns))
    plain = PromptTurn(role="assistant", text=done.text)
    without = driver.answer(request("without", ASKED, plain, turns[2]))
    assert isinstance(on, AnswerDone)
    assert isinstance(without, AnswerDone)
    assert on.prompt_tokens == without.prompt_tokens


def test_a_template_that_keeps_thinking_finds_it_in_the_cache(
    driver: Driver, starter_model: Path, tmp_path: Path
) -> None:
    path = tmp_path / "keeps.gguf"
    done, turns = ask(driver, rewritten(starter_model, path, tokens=MARKS, template=KEEPING))
    assert done.thinking
    on = driver.answer(request("on", *turns))
    assert isinstance(on, AnswerDone)
    assert on.cached_tokens >= done.prompt_tokens + done.completion_tokens - 1


def test_a_schema_holds_for_the_answer_and_leaves_the_thinking_free(
    driver: Driver, reasoning: Path
) -> None:
    assert isinstance(driver.load(reasoning), ModelLoaded)
    schema = {"type": "object", "properties": {"city": {"type": "string", "maxLength": 12}}}
    wanted = json.dumps({**schema, "required": ["city"]})
    done = driver.answer(request("json", ASKED, json_schema=wanted))
    assert isinstance(done, AnswerDone)
    assert done.thinking == "capital of France"
    assert list(json.loads(done.text)) == ["city"]


def test_a_template_that_opens_the_thinking_needs_its_end_only(
    driver: Driver, starter_model: Path, tmp_path: Path
) -> None:
    opening = texts.ALL["Qwen 3"].replace("assistant\\n' }}", "assistant\\n<think>' }}")
    path = rewritten(starter_model, tmp_path / "opens.gguf", tokens=MARKS, template=opening)
    done, _turns = ask(driver, path)
    assert (done.thinking, done.text) == ("capital of France", "Paris.")
    assert len(done.token_ids) < 7
