"""Verdict and intent of an answer: refused with the nearest places, answered anyway, unsearched."""

import pytest

from core.chat.answering.answer_events import AnswerFinished, AnswerSources, AnswerStarted
from core.chat.answering.answer_request import DocumentUse
from core.chat.answering.follow_up import has_sources
from core.messages import SearchVerdict
from tests.chat.answer_bench import AnswerBench, done, fitted, hit


def refused(bench: AnswerBench, verdict: SearchVerdict) -> AnswerFinished:
    bench.ask("May I keep a dog there?", folder_ids=("f",))
    bench.found(hit(1, "The rent is 900."), verdict=verdict, confidence=0.12)
    finished = bench.told[-1]
    assert isinstance(finished, AnswerFinished)
    return finished


def test_a_topic_without_an_answer_names_the_nearest_places(bench: AnswerBench) -> None:
    finished = refused(bench, SearchVerdict.ON_TOPIC)
    assert finished.text.startswith("The documents speak of this, but I found no answer. Nearest: ")
    assert "duties.odt" in finished.text
    assert bench.generated == []
    assert [source.text for source in finished.sources] == ["The rent is 900."]
    statistics = finished.statistics
    assert (statistics.verdict, statistics.confidence) == ("on_topic", 0.12)
    assert statistics.is_refused
    (sources,) = [event for event in bench.told if isinstance(event, AnswerSources)]
    assert (sources.verdict, sources.confidence) == ("on_topic", 0.12)


def test_nothing_on_it_is_said_by_the_app(bench: AnswerBench) -> None:
    finished = refused(bench, SearchVerdict.NOTHING)
    assert "Nothing about this was found" in finished.text
    chat = bench.chats.load_conversation(finished.chat_id)
    turn = chat.turns[finished.turn_id]
    assert (turn.model, turn.statistics.verdict) == ("Inglenook", "nothing")
    assert not has_sources(chat)


def test_the_nearest_passages_can_be_answered_from(bench: AnswerBench) -> None:
    use = DocumentUse.NEAREST
    answer = bench.ask("May I keep a dog there?", folder_ids=("f",), document_use=use)
    bench.found(hit(1, "The rent is 900."), verdict=SearchVerdict.NOTHING, confidence=0.1)
    assert len(bench.generated[0].sources) == 1
    bench.engine_says(fitted(answer, (1,)), done(answer, "No."))
    statistics = bench.told[-1].statistics
    assert (statistics.verdict, statistics.is_refused) == ("nothing", False)


def test_the_folder_can_be_left_alone_once(bench: AnswerBench) -> None:
    answer = bench.ask("When is it?", folder_ids=("f",), document_use=DocumentUse.NONE)
    assert not bench.searches
    assert bench.generated[0].sources == ()
    assert answer.draft.conversation.folder_ids == ("f",)


@pytest.mark.parametrize(
    ("text", "intent"), [("hi", "talk"), ("Write a poem about autumn", "task")]
)
def test_no_greeting_and_no_task_is_searched_for(
    bench: AnswerBench, text: str, intent: str
) -> None:
    answer = bench.ask(text, folder_ids=("f",))
    assert not bench.searches
    assert len(bench.generated) == 1
    bench.engine_says(fitted(answer), done(answer, "Hello."))
    assert isinstance(bench.told[0], AnswerStarted)
    assert bench.told[0].intent == intent
    assert bench.told[-1].statistics.intent == intent
    assert bench.told[-1].citations == ()
    assert not any(isinstance(event, AnswerSources) for event in bench.told)


def test_what_is_taken_for_talk_can_be_searched_for(bench: AnswerBench) -> None:
    bench.ask("hi", folder_ids=("f",), document_use=DocumentUse.SEARCH)
    assert bench.queries == ["hi"]
    assert bench.told[0].intent == "question"


def test_a_summary_of_a_folder_says_what_was_read(bench: AnswerBench) -> None:
    answer = bench.ask("Summarise my folder in three sentences", folder_ids=("f",))
    hits = hit(1, "The rent is 900."), hit(2, "The gate closes at nine.")
    bench.found(*hits, verdict=SearchVerdict.NOTHING, confidence=0.1)
    assert len(bench.generated[0].sources) == 2
    bench.engine_says(fitted(answer, (1, 2)), done(answer, "It is about a garden."))
    assert "Read for this: 2 passages of 1 file," in bench.told[-1].note


def test_a_chat_without_documents_has_no_intent(bench: AnswerBench) -> None:
    bench.ask("hi")
    assert bench.told[0].intent == ""


@pytest.mark.parametrize(
    ("passage", "said", "verdict"),
    [
        ("The shop closes at 22:00 on Fridays.", "The shop closes at 10 PM.", "answered"),
        ("The shop closes at 22:00 on Fridays.", "The shop closes at 11:30 PM.", "contradicted"),
        ("Die Miete beträgt 1.145,00 €.", "Die Miete beträgt 1154 Euro.", "contradicted"),
        ("The shop closes at 22:00.", "Nobody would ever guess that it is so late.", "unproven"),
        (
            "The shop closes at 22:00 on Fridays.",
            "The shop closes at 22:00 on Fridays. Parking beside its entrance takes 35 minutes.",
            "unproven",
        ),
        (
            "The shop closes at 22:00 on Fridays.",
            "The shop closes at 22:00 on Fridays. That is later than in most other towns.",
            "answered",
        ),
    ],
)
def test_an_answer_that_its_documents_do_not_prove(
    bench: AnswerBench, passage: str, said: str, verdict: str
) -> None:
    answer = bench.ask("When does it close, and what does it cost?", folder_ids=("f",))
    bench.found(hit(1, passage), verdict=SearchVerdict.ANSWERED, confidence=0.9)
    bench.engine_says(fitted(answer, (1,)), done(answer, said))
    assert bench.told[-1].statistics.verdict == verdict


def test_another_subject_is_named_with_the_nearest_places(bench: AnswerBench) -> None:
    bench.ask("What is the rent of Elm Road 18?", folder_ids=("f",))
    subject = ("Elm Road 18", "Elm Road 17")
    bench.found(hit(1, "Elm Road 17: 900."), verdict=SearchVerdict.ON_TOPIC, subject=subject)
    assert bench.told[-1].text.startswith(
        "The documents speak of “Elm Road 17”, not of “Elm Road 18”. Nearest: "
    )


def test_what_kind_of_value_is_missing_is_said_with_the_nearest_places(bench: AnswerBench) -> None:
    bench.ask("What does the hostel cost?", folder_ids=("f",))
    bench.found(hit(1, "Two nights."), verdict=SearchVerdict.ON_TOPIC, missing_value="money")
    assert bench.told[-1].text.startswith(
        "The documents speak of this, but the nearest passages name no price or amount. Nearest: "
    )


def test_an_answer_of_which_nothing_is_left_is_not_proven(bench: AnswerBench) -> None:
    answer = bench.ask("When does it close?", folder_ids=("f",), only_proven=True)
    bench.found(hit(1, "The shop closes at 22:00."), verdict=SearchVerdict.ANSWERED)
    for _again in range(3):
        bench.engine_says(fitted(answer, (1,)), done(answer, "It closes at 11:45 PM."))
    assert bench.told[-1].text == "Nothing of the answer was in your documents."
    assert bench.told[-1].statistics.verdict == "unproven"
