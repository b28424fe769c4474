"""Answers of servers over a scripted courier: what can't be sent, and what another one begins."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, AnswerFinished, AnswerStage, AppEvent
from core.base.errors import ErrorCode
from core.messages import AnswerChunk, AskServer, Cancel, ServerChosen
from tests.fakes.app import FakeChildren, make_app
from tests.fakes.courier_child import FakeCourierChild

FIRST, SECOND = "http://10.1.2.3:8000", "http://10.1.2.4:8000"


@pytest.fixture
def children() -> FakeChildren:
    return FakeChildren()


@pytest.fixture
def courier(children: FakeChildren) -> FakeCourierChild:
    return children.courier


@pytest.fixture
def events() -> list[AppEvent]:
    return []


@pytest.fixture
def app(tmp_path: Path, children: FakeChildren, events: list[AppEvent]) -> Iterator[App]:
    app, _children = make_app(tmp_path, children)
    app.servers.add_server("box", [FIRST, SECOND], "big-model", context=2048)
    app.servers.allow_server("box")
    app.subscribe(events.append)
    yield app
    app.close()


def test_a_question_too_long_for_a_server_fails_once_its_answer_is_known(
    app: App, courier: FakeCourierChild, events: list[AppEvent]
) -> None:
    started = app.questions.ask_question("word " * 4000, AskOptions(model="box"))
    assert not any(isinstance(event, AnswerFailed) for event in events), "nobody knows the turn yet"
    app.process_events()
    (failed,) = [event for event in events if isinstance(event, AnswerFailed)]
    assert (failed.turn_id, failed.problem.code) == (started.turn_id, ErrorCode.PROMPT_TOO_LONG)
    assert courier.all_sent(AskServer) == []


def test_what_another_server_begins_again_voids_what_one_had_written(
    app: App, courier: FakeCourierChild, events: list[AppEvent]
) -> None:
    app.questions.ask_question("How is it?", AskOptions(model="box"))
    question = courier.last_sent(AskServer)
    assert [server.address for server in question.servers] == [FIRST, SECOND]
    courier.deliver(
        ServerChosen(request_id=question.request_id, address=FIRST),
        AnswerChunk(request_id=question.request_id, text="Weeds "),
        ServerChosen(
            request_id=question.request_id, address=SECOND, instead_of=FIRST, begun_again=True
        ),
        AnswerChunk(request_id=question.request_id, text="Well."),
    )
    courier.finish_answer(text="Well.")
    app.process_events()
    (finished,) = [event for event in events if isinstance(event, AnswerFinished)]
    assert finished.text == "Well."
    assert "10.1.2.3:8000 broke off; 10.1.2.4:8000 began the answer again." in finished.note
    stages = [event.stage for event in events if isinstance(event, AnswerStage)]
    assert stages.count("writing") == 2


def test_a_stopped_answer_is_stopped_in_the_courier(
    app: App, courier: FakeCourierChild, events: list[AppEvent]
) -> None:
    app.questions.ask_question("How is it?", AskOptions(model="box"))
    courier.write("Well")
    app.process_events()
    app.answers.stop_answer()
    assert courier.sent[-1] == Cancel(request_id=courier.last_sent(AskServer).request_id)
