"""Prompts judged by one word's likelihood, over the real small model: right, shared and stopped."""

from pathlib import Path

import pytest

from core.base.errors import ErrorCode
from core.ipc.client import new_request_id
from core.messages import (
    AnswerChunk,
    AnswerDone,
    Failed,
    JudgePrompts,
    LoadModel,
    PromptFitted,
    PromptsJudged,
    PromptTurn,
)
from tests.engine.conftest import Driver
from tests.engine.runtime.test_batching import done
from tests.engine.runtime.test_engine_child import question

pytestmark = pytest.mark.slow

PREFIX = (
    "You are asked about one thing after the other, and each time you reply with one word alone. "
    "Take your time, read the sentence that follows to its end, and reply then. The sentence is: "
)


def judge(driver: Driver, *texts: str, **more: object) -> PromptsJudged | AnswerDone | Failed:
    request_id = new_request_id()
    start(driver, request_id, *texts, **more)
    event = driver.until(
        lambda e: isinstance(e, PromptsJudged | AnswerDone | Failed) and e.request_id == request_id
    )
    assert isinstance(event, PromptsJudged | AnswerDone | Failed)
    return event


def start(driver: Driver, request_id: str, *texts: str, **more: object) -> None:
    prompts = tuple((PromptTurn(role="user", text=text),) for text in texts)
    request = JudgePrompts(request_id=request_id, prompts=prompts, **more)  # type: ignore[arg-type]
    driver.keep_reply(driver.client.send(request))


def differences(event: object) -> tuple[float | None, ...]:
    assert isinstance(event, PromptsJudged), event
    return event.differences


def test_the_word_that_would_be_written_is_the_likelier_one(loaded: Driver) -> None:
    asked = ["Say only the word Yes.", "Say only the word No."]
    said_yes, said_no = differences(judge(loaded, *asked))
    assert said_yes is not None
    assert said_no is not None
    assert said_yes > said_no
    turned_yes, turned_no = differences(judge(loaded, *asked, yes="No", no="Yes"))
    assert (turned_yes, turned_no) == pytest.approx((-said_yes, -said_no), abs=1e-3)


def test_together_they_are_judged_as_alone_and_the_beginning_is_read_once(
    driver: Driver, starter_model: Path
) -> None:
    """Flash attention rounds batches of 64 rows and more otherwise: that moves them by up to 0.12.

    Without it, what is read in 76, 31, 20 or 10 rows is judged the same to the last digit on a
    processor with AMX, and moved by 0.02 on one without. Two of the texts are 0.4 apart.
    """
    driver.load(starter_model, flash_attention="off")
    texts = [f"{PREFIX}{each}" for each in ("The sky is blue.", "Two is three.", "Cats can fly.")]
    alone = [differences(judge(driver, text))[0] for text in texts]
    together = judge(driver, *texts)
    assert differences(together) == pytest.approx(alone, abs=0.05)
    assert isinstance(together, PromptsJudged)
    assert together.read_tokens < together.prompt_tokens * 2 / 3


def test_an_unfinished_answer_goes_on_beside_them(loaded: Driver) -> None:
    loaded.start(question("Count from one to one thousand.", "writer", 60))
    loaded.until(lambda e: isinstance(e, AnswerChunk))
    before = len(loaded.seen)
    judge(loaded, *(f"{word} " * 100 for word in ("tree", "house", "river")))
    assert any(isinstance(event, AnswerChunk) for event in loaded.seen[before:])
    assert done(loaded, "writer").stop in {"length", "eos"}


def test_an_answer_asked_for_later_comes_first(loaded: Driver) -> None:
    start(loaded, "judged", *(f"{number} " + "word " * 100 for number in range(9)))
    loaded.start(question("Say hello.", "answer", 4))
    done(loaded, "answer")
    assert not any(isinstance(event, PromptsJudged) for event in loaded.seen)
    loaded.until(lambda e: isinstance(e, PromptsJudged))


def test_the_read_transcript_of_a_chat_survives_it(loaded: Driver) -> None:
    first = question("Tell me about lighthouses. " + PREFIX * 2, "first", 8)
    answer = loaded.answer(first)
    assert isinstance(answer, AnswerDone)
    judge(loaded, *(f"{number} " + "word " * 80 for number in range(5)))
    turns = (
        *first.turns,
        PromptTurn(role="assistant", text=answer.text, token_ids=answer.token_ids),
    )
    loaded.answer(question("And about harbours?", "second", 4, turns=turns))
    fitted = next(
        event
        for event in loaded.seen
        if isinstance(event, PromptFitted) and event.request_id == "second"
    )
    assert fitted.cached_tokens >= answer.prompt_tokens


def test_cancelling_ends_all_of_a_request_and_nothing_else(loaded: Driver) -> None:
    loaded.start(question("Count from one to one thousand.", "writer", 40))
    start(loaded, "judged", *(f"{number} " + "word " * 300 for number in range(6)))
    loaded.until(lambda e: isinstance(e, AnswerChunk))
    loaded.client.cancel("judged")
    assert done(loaded, "judged").stop == "cancelled"
    assert done(loaded, "writer").stop in {"length", "eos"}
    assert len(differences(judge(loaded, "Is it over?"))) == 1


def test_only_what_can_be_read_in_time_is_judged(loaded: Driver) -> None:
    texts = [f"{number} " + "word " * 600 for number in range(3)]
    assert differences(judge(loaded, *texts, seconds=1e-6)) == (None, None, None)
    found = differences(judge(loaded, "Is it?", "word " * 5000, seconds=1000.0))
    assert found[0] is not None
    assert found[1] is None, "it is longer than the context"


def test_a_model_without_a_template_judges_too(driver: Driver, starter_model: object) -> None:
    driver.load(starter_model, template="{{ messages[0].content }}\nA:")  # type: ignore[arg-type]
    assert None not in differences(judge(driver, "Q: Is the sky blue?", "Q: Is it green?"))


def test_words_that_begin_alike_can_judge_nothing(loaded: Driver) -> None:
    assert differences(judge(loaded, "Is it?", yes="Yes", no="yes")) == (None,)


def test_without_a_model_it_fails(driver: Driver) -> None:
    failed = judge(driver, "Is it?")
    assert isinstance(failed, Failed)
    assert failed.code == ErrorCode.NO_MODEL


def test_a_load_ends_what_was_being_judged(loaded: Driver, starter_model: object) -> None:
    start(loaded, "judged", *(f"{number} " + "word " * 300 for number in range(6)))
    loaded.start_load(LoadModel(request_id="again", path=str(starter_model)))
    assert done(loaded, "judged").stop == "cancelled"
