"""`inglenook ask` with more to it: several samples, temporary chats, adapters."""

from pathlib import Path

import pytest

from core.base.errors import EngineError, ErrorCode
from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.messages import Adapter
from tests.cli.conftest import Inglenook
from tests.cli.fake_app import FakeApp


def test_samples_are_printed_one_after_the_other(inglenook: Inglenook) -> None:
    ran = inglenook("ask", "Who?", "--samples", "3")
    assert ran.code == 0
    assert ran.app.asked["samples"] == 3
    assert ran.out == (
        "Answer 1:\nAunt Mathilda planted it.\n\n"
        "Answer 2:\nAunt Mathilda planted it.\n\n"
        "Answer 3:\nAunt Mathilda planted it.\n"
    )


def test_the_events_of_samples_carry_their_number(inglenook: Inglenook) -> None:
    ran = inglenook("ask", "Who?", "--samples", "2", "--json")
    assert ran.code == 0
    assert {event["sample"] for event in ran.objects} == {1, 2}
    for sample in (1, 2):
        kinds = [event["event"] for event in ran.objects if event["sample"] == sample]
        assert kinds == ["start", "sources", *["token"] * 3, "done"]


def test_a_failed_sample_fails_the_command_and_says_which(inglenook: Inglenook) -> None:
    def break_down(app: FakeApp) -> None:
        app.error = EngineError(ErrorCode.ENGINE_DIED, detail="killed")

    ran = inglenook("ask", "Who?", "--samples", "2", "--json", prepare=break_down)
    assert ran.code == 1
    errors = [event["sample"] for event in ran.objects if event["event"] == "error"]
    assert sorted(errors) == [1, 2]


@pytest.mark.parametrize("number", ["0", "9", "many"])
def test_samples_have_limits(inglenook: Inglenook, number: str) -> None:
    assert inglenook("ask", "Who?", "--samples", number).code == 2


def test_a_temporary_chat_is_asked_for_and_not_said_to_be_saved(inglenook: Inglenook) -> None:
    ran = inglenook("ask", "Who?", "--temporary")
    assert ran.app.asked["temporary"] is True
    assert inglenook("ask", "Who?").app.asked["temporary"] is False
    assert inglenook("ask", "Who?", "--temporary", "--chat", "0193").code == 2


def test_adapters_reach_the_application(inglenook: Inglenook, tmp_path: Path) -> None:
    odd = tmp_path / "rank=8.gguf"
    odd.touch()
    ran = inglenook(
        *("ask", "Who?", "--adapter", f"{tmp_path}/tone.gguf=0.5", "--adapter", str(odd)),
    )
    assert ran.app.asked["adapters"] == (
        Adapter(path=str(tmp_path / "tone.gguf"), scale=0.5),
        Adapter(path=str(odd)),
    )
    assert inglenook("ask", "Who?").app.asked["adapters"] is None, "those of the chat"
    assert inglenook("ask", "Who?", "--no-adapters").app.asked["adapters"] == ()


@pytest.mark.parametrize("words", [("a.gguf=11",), ("a.gguf=nan",), ("",)])
def test_adapters_that_cannot_be_meant(inglenook: Inglenook, words: tuple[str, ...]) -> None:
    assert inglenook("ask", "Who?", "--adapter", *words).code == 2


def keep_a_bent_chat(app: FakeApp) -> None:
    """Save a chat with an adapter when the application opens."""
    opened = app.open_root

    def open_and_keep() -> None:
        opened()
        turn = Turn(
            turn_id="t", parent_id=None, role=Role.USER, state=TurnState.DONE, text="Hi", created=1
        )
        chat = Conversation(
            chat_id="c",
            title="Hi",
            created=1,
            updated=1,
            turns={"t": turn},
            leaf_id="t",
            adapters=(Adapter(path="/adapters/tone.gguf", scale=0.5),),
        )
        app.chats.save_turns(chat, [turn])

    app.open_root = open_and_keep  # type: ignore[method-assign]


def test_a_chat_tells_its_adapters(inglenook: Inglenook) -> None:
    ran = inglenook("chat", "show", "c", prepare=keep_a_bent_chat)
    assert ran.out.startswith("Adapter /adapters/tone.gguf, scale 0.5\n\nYou, ")
    ran = inglenook("chat", "show", "c", "--json", prepare=keep_a_bent_chat)
    assert ran.objects[0] == {
        "chat": "c",
        "adapters": [{"path": "/adapters/tone.gguf", "scale": 0.5}],
    }
