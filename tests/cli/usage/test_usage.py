"""Commands `usage` and `model server price` over scripted children."""

import json
from pathlib import Path

import pytest

from core.app.usage.asking_origin import COMMAND_LINE, WINDOW, current_origin
from core.app.usage.usage_store import UsageRow, UsageStore, local_today
from core.cli.main import main
from core.cli.session import Session
from tests.fakes.app import FakeChildren, prepare_root


def test_counts_and_budgets_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    children = FakeChildren()
    paths = prepare_root(tmp_path)

    def run(*words: str) -> str:
        assert main(["--root", str(paths.root), *words], make_app=children.make_app) == 0
        captured = capsys.readouterr()
        return captured.out or captured.err

    assert run("usage") == "Nothing has been counted.\n"
    run("model", "server", "add", "box", "http://10.1.2.3", "--model", "m", "--untested", "--yes")
    priced = json.loads(
        run("model", "server", "price", "box", "--read", "2", "--budget", "5", "--json")
    )
    assert (priced["price_read"], priced["price_written"], priced["budget"]) == (2.0, 0.0, 5.0)
    assert "2 and 3 per million" in run("model", "server", "price", "box", "--written", "3")
    store = UsageStore(paths.usage)
    day = local_today().isoformat()
    store.add_usage(
        UsageRow(
            day=day, model="box", origin="api:editor", server="box", answers=2, tokens_read=40,
            tokens_written=12, seconds=3.2, cost=1.5,
        )
    )  # fmt: skip
    store.save_when_due(now=True)
    shown = run("usage", "--days", "7")
    assert "editor" in shown
    assert "box: 1.50 of 5.00 this month" in shown
    row = json.loads(run("usage", "--json"))
    assert (row["day"], row["origin"], row["tokens_read"], row["cost"]) == (
        day, "api:editor", 40, 1.5,
    )  # fmt: skip


def test_a_terminal_asks_as_the_command_line(tmp_path: Path) -> None:
    children = FakeChildren()
    with Session(prepare_root(tmp_path), children.make_app, lambda _problem: None):
        assert current_origin() == COMMAND_LINE
    assert current_origin() == WINDOW
