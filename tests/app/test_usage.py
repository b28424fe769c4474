"""Tokens counted by day, model and origin; budgets of own servers warn and stop."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AppEvent, Notice
from core.app.usage.asking_origin import COMMAND_LINE, asked_by
from core.app.usage.usage_store import UsageRow, UsageStore
from core.base.errors import ErrorCode, NetworkError
from core.base.settings.app_settings import COUNT_USAGE
from core.messages import AnswerDone, AskServer, GenerateText, PromptTurn
from tests.fakes.app import FakeChildren, make_app


@pytest.fixture
def children() -> FakeChildren:
    return FakeChildren()


@pytest.fixture
def events() -> list[AppEvent]:
    return []


@pytest.fixture
def app(tmp_path: Path, children: FakeChildren, events: list[AppEvent]) -> Iterator[App]:
    app, _children = make_app(tmp_path, children)
    app.servers.add_server("box", ["http://10.1.2.3:8000"], "big-model", context=2048)
    app.servers.allow_server("box")
    app.subscribe(events.append)
    yield app
    app.close()


def ask_server(app: App, children: FakeChildren, read: int, written: int) -> None:
    app.questions.ask_question("How is it?", AskOptions(model="box"))
    sent = children.courier.last_sent(AskServer)
    children.courier.deliver(
        AnswerDone(
            request_id=sent.request_id,
            stop="eos",
            text="Well.",
            prompt_tokens=read,
            completion_tokens=written,
        )
    )
    app.process_events()


def ask_here(app: App, children: FakeChildren, *, temporary: bool = False) -> None:
    engine = children.engine
    app.questions.ask_question("How is it?", AskOptions(temporary=temporary))
    app.process_events()
    app.process_events()
    engine.fit_prompt()
    engine.write("Well.")
    engine.finish_answer(prompt_tokens=7, completion_tokens=3)
    app.process_events()


def test_answers_are_counted_by_who_asked(app: App, children: FakeChildren) -> None:
    ask_here(app, children)
    ask_here(app, children, temporary=True)
    with asked_by(COMMAND_LINE):
        ask_here(app, children)
    rows = {row.origin: row for row in app.usage.list_usage(1)}
    assert set(rows) == {"window", "cli"}
    assert (rows["window"].answers, rows["window"].tokens_read) == (2, 14)
    assert (rows["cli"].answers, rows["cli"].tokens_written) == (1, 3)
    assert rows["cli"].model == app.registry.list_models()[0].ref


def test_programs_are_counted_by_their_tokens(app: App, children: FakeChildren) -> None:
    app.api.open_port()
    app.process_events()
    turns = (PromptTurn(role="user", text="Wet?"),)
    children.api.call(GenerateText(call_id="c1", client="editor", model="", turns=turns))
    app.process_events()
    app.process_events()
    children.engine.finish_answer(request_id="c1", prompt_tokens=5, completion_tokens=2)
    app.process_events()
    (row,) = app.usage.list_usage(1)
    assert (row.origin, row.tokens_read, row.tokens_written) == ("api:editor", 5, 2)


def test_counts_are_kept_without_a_word_of_what_was_said(tmp_path: Path) -> None:
    app, children = make_app(tmp_path)
    ask_here(app, children)
    app.close()
    kept = app.paths.usage.read_text("utf-8")
    assert "tokens_read" in kept
    assert "Well" not in kept
    assert "How is it" not in kept
    again, _children = make_app(tmp_path, children)
    assert [row.answers for row in again.usage.list_usage(1)] == [1]
    again.close()


def test_counting_can_be_switched_off_but_not_for_a_budget(
    app: App, children: FakeChildren
) -> None:
    app.settings.set_value(COUNT_USAGE, value=False)
    ask_here(app, children)
    ask_server(app, children, 10, 10)
    assert app.usage.list_usage(1) == ()
    app.servers.set_price("box", 1.0, 1.0, 5.0)
    ask_server(app, children, 10, 10)
    assert [row.server for row in app.usage.list_usage(1)] == ["box"]


def test_a_budget_warns_once_and_then_stops(
    app: App, children: FakeChildren, events: list[AppEvent]
) -> None:
    app.servers.set_price("box", 1.0, 10.0, 5.0)

    def warnings() -> list[str]:
        return [
            each.problem.message
            for each in events
            if isinstance(each, Notice) and each.key == "budget box"
        ]

    ask_server(app, children, 1_000_000, 290_000)  # 3.90
    assert warnings() == []
    ask_server(app, children, 0, 20_000)  # 4.10
    ask_server(app, children, 0, 20_000)  # 4.30
    assert warnings() == ["This month's budget of box is used up to 82 %."]
    ask_server(app, children, 0, 100_000)
    before, chats = len(children.courier.all_sent(AskServer)), app.chats.list_chats()
    with pytest.raises(NetworkError) as refused:
        app.questions.ask_question("Again?", AskOptions(model="box"))
    assert refused.value.code == ErrorCode.SERVER_BUDGET
    assert refused.value.message == "This month's budget of box, 5.00, is spent."
    assert len(children.courier.all_sent(AskServer)) == before
    assert app.chats.list_chats() == chats
    app.servers.set_price("box", 1.0, 10.0, 50.0)
    ask_server(app, children, 1, 1)


def test_a_server_keeps_its_price_when_it_gets_another_address(app: App) -> None:
    app.servers.set_price("box", 1.0, 10.0, 5.0)
    moved = app.servers.add_server("box", ["http://10.1.2.9:8000"], "big-model")
    assert (moved.price_read, moved.price_written, moved.budget) == (1.0, 10.0, 5.0)


def test_days_and_months_are_told_apart(tmp_path: Path) -> None:
    store = UsageStore(tmp_path / "usage.json")
    for day in ("2026-01-31", "2026-02-01", "2026-02-02"):
        store.add_usage(UsageRow(day=day, model="box", origin="cli", server="box", cost=1.0))
    today = date(2026, 2, 2)
    assert [row.day for row in store.list_usage(2, today)] == ["2026-02-02", "2026-02-01"]
    assert store.month_cost("box", today) == 2.0


def test_a_damaged_file_costs_only_the_counts(tmp_path: Path) -> None:
    path = tmp_path / "usage.json"
    path.write_text("{", "utf-8")
    assert UsageStore(path).list_usage(1) == ()
