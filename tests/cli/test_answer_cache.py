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
