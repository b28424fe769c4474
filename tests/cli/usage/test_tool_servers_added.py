"""Adding tool servers by command: one that fails or is given up leaves the others alone."""

import argparse
import io
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from core.cli.console import Console
from core.cli.library_session import Interrupted, RequestRefused
from core.cli.session import Session
from core.cli.tools import tool_command
from tests.fakes.app import FakeChildren

SERVER = Path(__file__).parents[2] / "app" / "tools" / "mcp_server.py"


@pytest.fixture
def session(root: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    made = Session(root, FakeChildren().make_app, lambda problem: pytest.fail(problem.message))
    with made as opened:
        yield opened


def add(session: Session, name: str, *program: str, yes: bool = True) -> int:
    options = argparse.Namespace(
        name=name,
        program=(sys.executable, *program),
        env=[],
        read=[str(SERVER.parent), sys.prefix, sys.base_prefix],
        write=[],
        network=False,
        yes=yes,
    )
    console = Console(io.StringIO(), io.StringIO(), as_json=True)
    return tool_command.add_server(session, console, options)


def running(tmp_path: Path) -> int:
    """Return how many servers run: each has a folder as long as it does."""
    return len(list((tmp_path / "temporary").glob("inglenook-tools-*")))


def test_nothing_is_started_that_nobody_agreed_to(session: Session, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        add(session, "desk", "-I", str(SERVER), yes=False)
    assert caught.value.code == ErrorCode.START_CONSENT
    assert running(tmp_path) == 0


def test_one_that_fails_ends_no_other(session: Session, tmp_path: Path) -> None:
    assert add(session, "desk", "-I", str(SERVER)) == 0
    with pytest.raises(RequestRefused):
        add(session, "wrong", "-I", "-c", "pass")
    assert running(tmp_path) == 1
    assert [server.name for server in session.app.tools.servers] == ["desk"]


def test_one_that_is_given_up_is_ended(session: Session, tmp_path: Path) -> None:
    session.app.call_soon(lambda: signal.raise_signal(signal.SIGINT))
    with pytest.raises(Interrupted):
        add(session, "slow", "-I", "-c", "import sys; sys.stdin.read()")
    assert running(tmp_path) == 0
    assert session.app.tools.servers == ()
