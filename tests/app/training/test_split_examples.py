"""Held-out examples: of other chats where there are some, and never a copy of what is learnt."""

from collections.abc import Iterable

import pytest

from core.app.training.training_job import TrainingExample, split_examples
from core.messages import ExampleText, ExampleTokens, PromptTurn


def example(chat_id: str, first: str, question: str, answer: str = "Yes.") -> TrainingExample:
    texts = (first,) if first == question else (first, question)
    turns = tuple(PromptTurn(role="user", text=text) for text in texts)
    return TrainingExample(
        text=ExampleText(turns=turns, answer=answer),
        tokens=ExampleTokens(tokens=(1, 2), start=1),
        chat_id=chat_id,
    )


def chat(chat_id: str, count: int, first: str = "") -> list[TrainingExample]:
    """A chat of so many questions."""
    begin = first or f"{chat_id} 0"
    return [example(chat_id, begin, f"{chat_id} {n}" if n else begin) for n in range(count)]


def questions(examples: Iterable[TrainingExample]) -> set[str]:
    return {each.text.turns[-1].text for each in examples}


def chats(examples: Iterable[TrainingExample]) -> set[str]:
    return {each.chat_id for each in examples}


@pytest.mark.parametrize("seed", range(5))
def test_of_few_large_chats_the_smallest_is_held_out(seed: int) -> None:
    learnt, held_out = split_examples(chat("a", 11) + chat("b", 9) + chat("c", 10), seed)
    assert (len(learnt), chats(held_out)) == (21, {"b"})


def test_of_one_chat_the_last_answers_are_held_out() -> None:
    examples = chat("a", 29)
    copy = example("a", "a 0", "a 28", "Another version.")
    learnt, held_out = split_examples([*examples, copy], 1)
    assert questions(held_out) == {"a 28", "a 27"}
    assert len(held_out) == 3
    assert not questions(learnt) & questions(held_out)


@pytest.mark.parametrize("seed", range(5))
def test_a_chat_and_its_branch_stay_on_one_side(seed: int) -> None:
    first = "How are fires lit?"
    others = [each for n in range(6) for each in chat(f"other {n}", 3)]
    learnt, held_out = split_examples(chat("a", 3, first) + chat("b", 3, first) + others, seed)
    sides = [{"a", "b"} & chats(learnt), {"a", "b"} & chats(held_out)]
    assert {"a", "b"} in sides
    assert not chats(learnt) & chats(held_out)
    assert len(held_out) >= 3


def test_nothing_is_held_out_of_a_single_question() -> None:
    examples = [example("a", "Why?", "Why?", f"Answer {n}.") for n in range(9)]
    assert split_examples(examples, 1)[1] == ()
