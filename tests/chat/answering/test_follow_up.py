"""Questions that lean on the conversation: by rules, by the model, and what is told of it."""

import pytest

from core.base.errors import ErrorCode
from core.chat.answering.answer_events import AnswerFinished, AnswerSources
from core.chat.answering.answer_run import MAX_SOURCES
from core.chat.answering.follow_up import is_follow_up, search_queries
from core.chat.answering.question_rewriting import (
    REWRITING_SECONDS,
    accepted_rewrite,
    rewrite_request,
)
from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.messages import AnswerChunk, AnswerDone, Failed, SearchFiles
from tests.chat.answer_bench import AnswerBench, done, fitted, hit

WATERED = "The long beds are watered every second Friday, the pots daily."


def talk(*texts: str) -> Conversation:
    """Return a chat of questions and answers in turn."""
    turns: dict[str, Turn] = {}
    for n, text in enumerate(texts):
        role = Role.ASSISTANT if n % 2 else Role.USER
        parent = str(n - 1) if n else None
        turns[str(n)] = Turn(
            turn_id=str(n), parent_id=parent, role=role, state=TurnState.DONE, text=text, created=n
        )
    return Conversation(
        chat_id="c", title="t", created=0, updated=0, turns=turns, leaf_id=str(len(texts) - 1)
    )


GARDEN = talk("When are the long beds watered?", WATERED)


@pytest.fixture
def garden(bench: AnswerBench) -> Conversation:
    """Begin the chat of the garden, as it is saved."""
    answer = bench.ask("When are the long beds watered?")
    bench.engine_says(fitted(answer))
    bench.engine_says(done(answer, WATERED))
    bench.told.clear()
    bench.engine.sent.clear()
    return bench.chats.load_conversation(answer.draft.conversation.chat_id)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Who signed the lease of the flat in 2019?",
            ["Who signed the lease of the flat in 2019?"],
        ),
        ("And the pots?", ["And the pots?", "When are the long beds watered?\nAnd the pots?"]),
        ("And the second one?", ["When are the long beds watered?\nAnd the second one?"]),
        ("Und warum?", ["When are the long beds watered?\nUnd warum?"]),
        (
            'Who wrote "the duties of the garden" before the war?',
            [
                'Who wrote "the duties of the garden" before the war?',
                "Who wrote the duties of the garden before the war?",
            ],
        ),
    ],
)
def test_what_is_searched_for_by_rules(question: str, expected: list[str]) -> None:
    assert search_queries(GARDEN, question) == expected


def test_the_first_question_leans_on_nothing() -> None:
    empty = Conversation(chat_id="c", title="t", created=0, updated=0, turns={})
    assert not is_follow_up(empty, "And the second one?")
    assert search_queries(empty, "And the second one?") == ["And the second one?"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("When are the pots watered?", "When are the pots watered?"),
        ('Rewritten: "When are the pots watered?"\nI hope', "When are the pots watered?"),
        ("And the pots?", ""),
        ("When are the long beds watered?", ""),
        ("The pots were planted by Napoleon.", ""),
        ("When are the pots watered? " * 20, ""),
        ("", ""),
    ],
)
def test_what_the_model_wrote_is_taken_only_if_it_says_no_more_and_no_less(
    written: str, expected: str
) -> None:
    assert accepted_rewrite(written, GARDEN, "And the pots?") == expected


def test_the_model_sees_the_last_turns_and_answers_briefly() -> None:
    long = talk(*[f"turn {n} " + "x" * 900 for n in range(10)])
    request = rewrite_request(long, "And then?", "id")
    (turn,) = request.turns
    assert "turn 9" in turn.text
    assert "turn 5" not in turn.text
    assert len(turn.text) < 2500
    assert (request.sampling.temperature, request.request_id) == (0.0, "id")
    assert 0 < request.max_tokens < 100


def test_the_rewritten_question_is_searched_for_and_told(
    bench: AnswerBench, garden: Conversation
) -> None:
    answer = bench.ask("And the pots?", ("f",), conversation=garden)
    assert bench.queries == []
    (asked,) = bench.generated
    text = "When are the pots watered?"
    bench.engine_says(AnswerChunk(request_id=asked.request_id, text=text))
    bench.engine_says(AnswerDone(request_id=asked.request_id, stop="eos", text=text))
    assert bench.queries == [text]
    bench.found(hit(1, WATERED))
    bench.engine_says(fitted(answer, (1,)))
    bench.engine_says(done(answer, "The pots are watered daily."))
    (sources,) = [event for event in bench.told if isinstance(event, AnswerSources)]
    assert sources.query == text
    finished = bench.told[-1]
    assert isinstance(finished, AnswerFinished)
    assert (finished.text, text in finished.note) == ("The pots are watered daily.", True)


@pytest.mark.parametrize("fails", [False, True])
def test_nonsense_and_failure_leave_it_to_the_rules(
    bench: AnswerBench, garden: Conversation, fails: bool
) -> None:
    answer = bench.ask("And the pots?", ("f",), conversation=garden)
    request_id = bench.generated[-1].request_id
    if fails:
        bench.engine_says(Failed(request_id=request_id, code=ErrorCode.ENGINE_DIED))
    else:
        bench.engine_says(AnswerDone(request_id=request_id, stop="eos", text="I am an assistant."))
    assert bench.queries == ["And the pots?"]
    assert not answer.has_ended


def test_a_model_that_takes_too_long_is_not_waited_for(
    bench: AnswerBench, garden: Conversation
) -> None:
    answer = bench.ask("And the pots?", ("f",), conversation=garden)
    request_id = bench.generated[-1].request_id
    answer.check_deadlines()
    assert bench.queries == []
    bench.now = REWRITING_SECONDS
    answer.check_deadlines()
    assert bench.cancelled == [request_id]
    assert bench.queries == ["And the pots?"]
    bench.engine_says(AnswerDone(request_id=request_id, stop="cancelled", text="When are"))
    assert bench.queries == ["And the pots?"]
    assert not answer.has_ended


def test_stop_while_the_question_is_rewritten(bench: AnswerBench, garden: Conversation) -> None:
    answer = bench.ask("And the pots?", ("f",), conversation=garden)
    answer.stop()
    assert bench.cancelled == [bench.generated[-1].request_id]
    assert answer.has_ended
    assert bench.told[-1].statistics.stop == "cancelled"


def test_a_question_that_stands_alone_or_has_no_model_is_searched_at_once(
    bench: AnswerBench, garden: Conversation
) -> None:
    bench.ask("Who signed the lease of the flat in 2019?", ("f",), conversation=garden)
    bench.unload()
    bench.ask("And the pots?", ("f",), conversation=garden)
    assert len(bench.queries) == 2
    assert bench.generated == []


def test_picked_files_are_asked_instead_of_folders(bench: AnswerBench) -> None:
    bench.ask("When?", ("f",), files=("/g/duties.odt",))
    (search,) = bench.searches
    assert isinstance(search, SearchFiles)
    assert (search.query, search.paths) == ("When?", ("/g/duties.odt",))
    bench.found(hit(1, WATERED))
    assert bench.generated[0].sources[0].passage == WATERED


def test_how_much_is_asked_for_follows_what_the_model_can_read(bench: AnswerBench) -> None:
    bench.ask("Who signed it in the year 2019?", ("f",))
    bench.unload()
    bench.ask("Who signed it in the year 2019?", ("f",))
    slow, unknown = (search.k for search in bench.searches)
    assert 0 < slow < unknown < MAX_SOURCES
