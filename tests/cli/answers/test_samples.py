"""`inglenook ask` with more to it: several samples, temporary chats, adapters."""

from pathlib import Path

import pytest

from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.chat.store.chat_database import ChatDatabase
from core.messages import Adapter, Generate
from tests.cli.conftest import Inglenook
from tests.fakes.models import adapter_gguf


def test_samples_are_printed_one_after_the_other(inglenook: Inglenook) -> None:
    inglenook.engine.samples = 3
    ran = inglenook("ask", "Who?", "--samples", "3")
    assert ran.code == 0
    assert len(inglenook.engine.all_sent(Generate)) == 3
    assert ran.out == (
        "Answer 1:\nAunt Mathilda planted it.\n\n"
        "Answer 2:\nAunt Mathilda planted it.\n\n"
        "Answer 3:\nAunt Mathilda planted it.\n"
    )


def test_the_events_of_samples_carry_their_number(inglenook: Inglenook) -> None:
    inglenook.engine.samples = 2
    ran = inglenook("ask", "Who?", "--samples", "2", "--json")
    assert ran.code == 0
    assert {event["sample"] for event in ran.objects} == {1, 2}
    for sample in (1, 2):
        kinds = [event["event"] for event in ran.objects if event["sample"] == sample]
        assert kinds == ["start", "sources", *["token"] * 3, "done"]


def test_a_failed_sample_fails_the_command_and_says_which(inglenook: Inglenook) -> None:
    inglenook.engine.samples = 2
    inglenook.engine.dies = True
    ran = inglenook("ask", "Who?", "--samples", "2", "--json")
    assert ran.code == 1
    errors = [event["sample"] for event in ran.objects if event["event"] == "error"]
    assert sorted(errors) == [1, 2]


@pytest.mark.parametrize("number", ["0", "9", "many"])
def test_samples_have_limits(inglenook: Inglenook, number: str) -> None:
    assert inglenook("ask", "Who?", "--samples", number).code == 2


def test_a_temporary_chat_is_asked_for_and_not_said_to_be_saved(inglenook: Inglenook) -> None:
    assert inglenook("ask", "Who?", "--temporary").code == 0
    assert inglenook("chat", "list", "--json").objects == []
    assert inglenook("ask", "Who?").code == 0
    assert len(inglenook("chat", "list", "--json").objects) == 1
    assert inglenook("ask", "Who?", "--temporary", "--chat", "0193").code == 2


def test_adapters_reach_the_engine(
    inglenook: Inglenook, tmp_path: Path, starter_model: Path
) -> None:
    tone = adapter_gguf(starter_model).write(tmp_path / "tone.gguf")
    odd = adapter_gguf(starter_model).write(tmp_path / "rank=8.gguf")
    meant = (Adapter(path=str(tone), scale=0.5), Adapter(path=str(odd)))

    def asked_adapters(*words: str) -> tuple[str, tuple[Adapter, ...]]:
        chat_id = inglenook("ask", "Who?", *words, "--json").objects[0]["chat"]
        return chat_id, inglenook.engine.last_sent(Generate).adapters

    chat_id, adapters = asked_adapters("--adapter", f"{tone}=0.5", "--adapter", str(odd))
    assert adapters == meant
    assert asked_adapters("--chat", chat_id) == (chat_id, meant), "those of the chat"
    assert asked_adapters("--chat", chat_id, "--no-adapters") == (chat_id, ())


@pytest.mark.parametrize("words", [("a.gguf=11",), ("a.gguf=nan",), ("",)])
def test_adapters_that_cannot_be_meant(inglenook: Inglenook, words: tuple[str, ...]) -> None:
    assert inglenook("ask", "Who?", "--adapter", *words).code == 2


def save_chat_with_adapter(inglenook: Inglenook) -> None:
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
    inglenook.paths.create_folders()
    chats = ChatDatabase(inglenook.paths.chats, inglenook.paths.backups)
    chats.save_turns(chat, [turn])
    chats.close()


def test_a_chat_tells_its_adapters(inglenook: Inglenook) -> None:
    save_chat_with_adapter(inglenook)
    ran = inglenook("chat", "show", "c")
    assert ran.out.startswith("Adapter /adapters/tone.gguf, scale 0.5\n\nYou, ")
    ran = inglenook("chat", "show", "c", "--json")
    assert ran.objects[0] == {
        "chat": "c",
        "adapters": [{"path": "/adapters/tone.gguf", "scale": 0.5}],
    }
