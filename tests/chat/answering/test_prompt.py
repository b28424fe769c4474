"""Fitting a prompt: what goes first when not everything fits."""

from collections.abc import Sequence

import pytest
from msgspec import structs

from core.base.errors import ErrorCode, ModelError
from core.chat.answering.prompt_fitting import fit_prompt, question_with_sources
from core.engine.chat_template.tool_prompt import turns_with_tools
from core.messages import Generate, PromptSource, PromptTurn


class WordCounter:
    """One token a word, and four for the frame of a turn."""

    def count_turns(self, turns: Sequence[PromptTurn], /) -> int:
        return sum(4 + len(turn.text.split()) for turn in turns)

    def count_text(self, text: str, /) -> int:
        return len(text.split())


COUNT = WordCounter()
FAST = 1e6


def source(n: int, words: int, section_words: int = 0) -> PromptSource:
    passage = " ".join(f"p{n}w{i}" for i in range(words))
    section = passage + " " + " ".join(f"s{n}w{i}" for i in range(section_words))
    return PromptSource(n=n, label=f"{n}.txt", passage=passage, section=section)


def request(question: str = "why", **more: object) -> Generate:
    turns = (PromptTurn(role="user", text=question, plain=question),)
    return Generate(request_id="r", **{"turns": turns, **more})  # type: ignore[arg-type]


def test_everything_fits() -> None:
    fitted = fit_prompt(request(sources=(source(1, 10), source(2, 10))), 1000, FAST, COUNT)
    assert fitted.sources_used == (1, 2)
    assert fitted.sources_left_out == fitted.turns_left_out == 0
    # The best passage stands nearest to the question.
    assert fitted.sent.index("2.txt:\np2w0") < fitted.sent.index("1.txt:\np1w0")
    assert fitted.sent.endswith("why")
    assert fitted.turns[-1].text == fitted.sent
    assert fitted.turns[-1].plain == "why"


def test_sources_take_a_third_of_the_context() -> None:
    fitted = fit_prompt(
        request(sources=tuple(source(n, 60) for n in range(1, 9))), 600, FAST, COUNT
    )
    assert fitted.sources_used == (1, 2, 3)
    assert fitted.sources_left_out == 5


def test_the_best_source_is_sent_though_it_is_more_than_sources_may_take() -> None:
    fitted = fit_prompt(request(sources=(source(1, 60), source(2, 60))), 150, FAST, COUNT)
    assert (fitted.sources_used, fitted.sources_left_out) == ((1,), 1)


class HalfCounter(WordCounter):
    """Counts half of a text that stands alone, so that what was left out seems to be less."""

    def count_text(self, text: str, /) -> int:
        return super().count_text(text) // 2


def test_what_fits_when_it_is_counted_is_not_refused_for_an_estimate() -> None:
    turns = (*history(1, 100), PromptTurn(role="user", text="now " * 10, plain="now " * 10))
    fitted = fit_prompt(request(turns=turns, may_leave_out=True), 28, FAST, HalfCounter())
    assert (len(fitted.turns), fitted.turns_left_out) == (1, 2)


def test_sources_take_eight_seconds_of_reading() -> None:
    many = tuple(source(n, 60) for n in range(1, 9))
    fitted = fit_prompt(request(sources=many), 100_000, 16.0, COUNT)
    assert fitted.sources_used == (1, 2)


def whole(n: int, words: int) -> PromptSource:
    return structs.replace(source(n, words), whole=True)


def test_a_whole_file_is_sent_in_order_however_slow_the_model_reads() -> None:
    sources = (*(whole(n, 60) for n in range(1, 6)), source(6, 60))
    fitted = fit_prompt(request(sources=sources), 600, 16.0, COUNT)
    assert sorted(fitted.sources_used) == [1, 2, 3, 4, 5]
    assert fitted.sources_left_out == 0
    places = [fitted.sent.index(f"p{n}w0") for n in range(1, 6)]
    assert places == sorted(places)


def test_a_file_that_does_not_fit_gives_what_answers_best() -> None:
    sources = (*(whole(n, 60) for n in range(1, 9)), source(9, 60), source(10, 300))
    fitted = fit_prompt(request(sources=sources), 600, FAST, COUNT)
    assert fitted.sources_used == (9,)
    assert fitted.sources_left_out == 1


def test_the_best_passages_are_widened_to_sections_where_there_is_room() -> None:
    sources = (source(1, 10, 80), source(2, 10, 80))
    fitted = fit_prompt(request(sources=sources), 390, FAST, COUNT)
    assert "s1w79" in fitted.sent
    assert "s2w0" not in fitted.sent


def test_a_section_with_two_found_passages_is_not_sent_twice() -> None:
    one = PromptSource(n=1, label="a", passage="alpha", section="alpha beta gamma")
    two = PromptSource(n=2, label="a", passage="gamma", section="alpha beta gamma")
    fitted = fit_prompt(request(sources=(one, two)), 1000, FAST, COUNT)
    assert fitted.sent.count("beta") == 0


def history(pairs: int, words: int) -> tuple[PromptTurn, ...]:
    turns: list[PromptTurn] = []
    for pair in range(pairs):
        plain = f"question{pair}"
        sent = plain + " " + " ".join(["source"] * words)
        turns.append(PromptTurn(role="user", text=sent, plain=plain))
        turns.append(PromptTurn(role="assistant", text=f"answer{pair}"))
    return tuple(turns)


def test_sources_of_early_turns_go_first() -> None:
    turns = (*history(3, 50), PromptTurn(role="user", text="now", plain="now"))
    fitted = fit_prompt(Generate(request_id="r", turns=turns), 200, FAST, COUNT)
    assert fitted.turns_left_out == 0
    assert [turn.text.count("source") for turn in fitted.turns[:5:2]] == [0, 50, 50]


def test_then_early_turns_go_in_pairs_but_the_system_turn_stays() -> None:
    system = PromptTurn(role="system", text="be kind")
    turns = (system, *history(6, 0), PromptTurn(role="user", text="now", plain="now"))
    fitted = fit_prompt(Generate(request_id="r", turns=turns), 60, FAST, COUNT)
    assert fitted.turns_left_out > 0
    assert fitted.turns_left_out % 2 == 0
    assert fitted.turns[0] == system
    assert fitted.turns[1].role == "user"


def turns_of(*roles: str) -> tuple[PromptTurn, ...]:
    return tuple(PromptTurn(role=role, text="word " * 10) for role in roles)


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("user assistant tool assistant user", "user"),
        ("user assistant tool tool assistant user assistant user", "user assistant user"),
        ("user assistant user assistant tool", "user assistant tool"),
        ("user assistant tool tool assistant tool", "user assistant tool"),
    ],
)
def test_calls_go_with_their_question_and_their_results(given: str, left: str) -> None:
    turns = turns_of(*given.split())
    fitted = fit_prompt(Generate(request_id="r", turns=turns), 60, FAST, COUNT)
    assert " ".join(turn.role for turn in fitted.turns) == left
    assert fitted.turns_left_out == len(turns) - len(fitted.turns)


def test_what_tools_returned_as_a_turn_of_the_users_is_no_question() -> None:
    told = turns_with_tools(turns_of("user", "assistant", "tool", "assistant", "user"), "")
    assert [turn.role for turn in told] == ["user", "assistant", "user", "assistant", "user"]
    fitted = fit_prompt(Generate(request_id="r", turns=told), 70, FAST, COUNT)
    assert fitted.turns == told[-1:]


def test_a_question_does_not_go_before_its_calls() -> None:
    turns = turns_of("user", "assistant", "tool", "tool")
    with pytest.raises(ModelError) as caught:
        fit_prompt(Generate(request_id="r", turns=turns), 60, FAST, COUNT)
    assert caught.value.code is ErrorCode.PROMPT_TOO_LONG


def test_a_question_longer_than_the_context_is_an_error() -> None:
    with pytest.raises(ModelError) as caught:
        fit_prompt(request("long " * 500), 200, FAST, COUNT)
    assert caught.value.code is ErrorCode.PROMPT_TOO_LONG


def test_a_passage_that_is_still_in_the_transcript_is_not_sent_again() -> None:
    known = source(1, 10)
    first = PromptTurn(
        role="user", text=question_with_sources("one", [(known.label, known.passage)]), plain="one"
    )
    turns = (
        first,
        PromptTurn(role="assistant", text="yes"),
        PromptTurn(role="user", text="two", plain="two"),
    )
    fitted = fit_prompt(Generate(request_id="r", turns=turns, sources=(known,)), 1000, FAST, COUNT)
    assert fitted.sent == "two"
    assert fitted.sources_used == (1,)
    assert fitted.turns[0] == first
