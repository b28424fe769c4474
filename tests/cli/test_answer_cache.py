"""`inglenook ask` gives an earlier answer again, says so, and asks anew with --fresh."""

from pathlib import Path

from core.messages import Generate
from tests.cli.conftest import Inglenook


def test_an_earlier_answer_is_told_and_asked_anew(inglenook: Inglenook, documents: Path) -> None:
    words = ("ask", "Who planted the pear tree?", "--folder", str(documents))
    first = inglenook(*words, "--json").objects
    again = inglenook(*words, "--json").objects
    assert [event["event"] for event in again] == ["start", "sources", "recalled", "done"]
    recalled = again[2]
    assert (recalled["chat"], recalled["turn"]) == (first[0]["chat"], first[0]["turn"])
    assert recalled["question"] is None
    assert again[3]["text"] == first[-1]["text"]
    said = inglenook(*words)
    assert "From an answer of today. “--fresh” asks anew." in said.err
    assert len(inglenook.engine.all_sent(Generate)) == 1
    fresh = inglenook(*words, "--fresh")
    assert "From an answer" not in fresh.err
    assert len(inglenook.engine.all_sent(Generate)) == 2
    shown = inglenook("chat", "show", again[0]["chat"], "--json").objects
    assert shown[-1]["recalled"]["turn"] == recalled["turn"]


def test_samples_that_agree_are_printed_once_with_what_others_say(inglenook: Inglenook) -> None:
    inglenook.engine.samples = 3
    ran = inglenook("ask", "Who?", "--samples", "3", "--agree")
    assert ran.code == 0
    assert ran.out == (
        "Aunt Mathilda planted it.\n\n"
        "3 of 3 answers agree. That is no proof: all of them may be wrong.\n"
    )
    events = inglenook("ask", "Who?", "--samples", "3", "--agree", "--json").objects
    assert [event["event"] for event in events] == ["start", "sources", "agreement", "done"]
    assert (events[2]["samples"], events[2]["agreed"], events[2]["others"]) == (3, 3, [])
    shown = inglenook("chat", "show", events[0]["chat"], "--json").objects
    assert shown[-1]["agreement"] == {"samples": 3, "agreed": 3, "others": []}


def test_five_are_compared_unless_said_otherwise(inglenook: Inglenook) -> None:
    inglenook.engine.samples = 5
    events = inglenook("ask", "Who?", "--agree", "--json").objects
    assert events[-2]["samples"] == 5


def test_doubtful_sentences_are_checked_after_the_answer(
    inglenook: Inglenook, documents: Path
) -> None:
    words = ("ask", "Who?", "--folder", str(documents), "--verify", "--fresh")
    ran = inglenook(*words)
    assert "No sentence of it is doubtful." in ran.err
    assert inglenook(*words, "--json").objects[-1] == {"event": "verified", "checks": []}
    inglenook.engine.pieces = ("The plum tree was planted in 1982.",)
    ran = inglenook(*words)
    assert ran.code == 0
    assert "Still doubtful: “The plum tree was planted in 1982.”" in ran.out
    (check,) = inglenook(*words, "--json").objects[-1]["checks"]
    assert (check["outcome"], check["start"]) == ("open", 0)
