"""Conversations of requests as turns: calls of one answer together, results in their order."""

import pytest

from core.api.api_conversation import ApiMessage, CalledTool, prompt_turns


def call(name: str) -> CalledTool:
    return CalledTool(name=name, arguments="{}", call_id=f"id-{name}")


def test_results_come_in_the_order_of_the_calls() -> None:
    said = [
        ApiMessage(role="user", text="Go."),
        ApiMessage(role="assistant", text="I look.", calls=(call("a"), call("b"))),
        ApiMessage(role="tool", text="B", call_id="id-b"),
        ApiMessage(role="tool", text="A", call_id="id-a"),
        ApiMessage(role="assistant", calls=(call("c"),)),
        ApiMessage(role="tool", text="C"),
    ]
    turns = prompt_turns(said)
    assert [turn.text for turn in turns if turn.role == "tool"] == ["A", "B", "C"]
    assert turns[1].text.startswith("I look.\n<tool_call>")


def test_calls_that_follow_each_other_are_of_one_answer() -> None:
    said = [
        ApiMessage(role="user", text="Go."),
        ApiMessage(role="assistant", calls=(call("a"),)),
        ApiMessage(role="assistant", calls=(call("b"),)),
        ApiMessage(role="tool", text="B", call_id="id-b"),
        ApiMessage(role="tool", text="A", call_id="id-a"),
    ]
    turns = prompt_turns(said)
    assert [turn.role for turn in turns] == ["user", "assistant", "tool", "tool"]
    assert turns[1].text.count("<tool_call>") == 2
    assert [turn.text for turn in turns[2:]] == ["A", "B"]


@pytest.mark.parametrize(
    ("results", "told"),
    [
        ([("B", "id-b")], ["", "B"]),
        ([("A", "id-a")], ["A"]),
        ([("C", "id-c"), ("A", "id-a")], ["A", "", "C"]),
        ([("C", "id-c"), ("A", "")], ["A", "", "C"]),
        ([("A", ""), ("B", "")], ["A", "B"]),
        ([("B", "id-b"), ("more", "id-b"), ("A", "id-a")], ["A", "B", "more"]),
    ],
)
def test_a_result_belongs_to_its_own_call_where_others_have_none(
    results: list[tuple[str, str]], told: list[str]
) -> None:
    said = [
        ApiMessage(role="user", text="Go."),
        ApiMessage(role="assistant", calls=(call("a"), call("b"), call("c"))),
        *(ApiMessage(role="tool", text=text, call_id=called) for text, called in results),
    ]
    assert [turn.text for turn in prompt_turns(said)[2:]] == told


def test_results_of_calls_that_share_an_id_are_all_told() -> None:
    said = [
        ApiMessage(role="assistant", calls=(call("a"), call("a"), call("b"))),
        *(
            ApiMessage(role="tool", text=text, call_id=f"id-{text[0]}")
            for text in ("a1", "a2", "b1")
        ),
    ]
    assert [turn.text for turn in prompt_turns(said)[1:]] == ["a1", "a2", "b1"]
