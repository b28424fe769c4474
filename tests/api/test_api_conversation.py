"""Conversations of requests as turns: calls of one answer together, results in their order."""

from core.api.api_conversation import CalledTool, Said, prompt_turns


def call(name: str) -> CalledTool:
    return CalledTool(name=name, arguments="{}", call_id=f"id-{name}")


def test_results_come_in_the_order_of_the_calls() -> None:
    said = [
        Said(role="user", text="Go."),
        Said(role="assistant", text="I look.", calls=(call("a"), call("b"))),
        Said(role="tool", text="B", call_id="id-b"),
        Said(role="tool", text="A", call_id="id-a"),
        Said(role="assistant", calls=(call("c"),)),
        Said(role="tool", text="C"),
    ]
    turns = prompt_turns(said)
    assert [turn.text for turn in turns if turn.role == "tool"] == ["A", "B", "C"]
    assert turns[1].text.startswith("I look.\n<tool_call>")


def test_calls_that_follow_each_other_are_of_one_answer() -> None:
    said = [
        Said(role="user", text="Go."),
        Said(role="assistant", calls=(call("a"),)),
        Said(role="assistant", calls=(call("b"),)),
        Said(role="tool", text="B", call_id="id-b"),
        Said(role="tool", text="A", call_id="id-a"),
    ]
    turns = prompt_turns(said)
    assert [turn.role for turn in turns] == ["user", "assistant", "tool", "tool"]
    assert turns[1].text.count("<tool_call>") == 2
    assert [turn.text for turn in turns[2:]] == ["A", "B"]
