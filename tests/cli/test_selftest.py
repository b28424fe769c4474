"""The self-test's own children do what they are asked for, in their own processes."""

from pathlib import Path

import pytest

from core.app.app import App
from core.app.events import Problem
from core.cli.selftest_children import Children, SelftestError
from core.cli.session import Session
from core.courier.contacts import read_contacts
from core.paths import Paths


def refuse(problem: Problem) -> None:
    pytest.fail(problem.message)


@pytest.mark.slow
def test_a_file_of_this_machine_comes_through_the_courier(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "data")
    with Session(paths, App, refuse) as session, Children(session) as children:
        assert children.beside(lambda _session: "waited")(session) == "waited"
        assert children.courier(session).startswith("ferry.pdf from 127.0.0.1")
        assert [contact.outcome for contact in read_contacts(paths.contacts)] == ["done"]
        assert children.greetings(session) == "levels, bench"
        assert children.index(session) == "64 vectors"


def test_a_child_that_is_gone_fails_its_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.worker.worker_command", lambda role: ["no-such-program", role])
    paths = Paths(tmp_path / "data")
    with Session(paths, App, refuse) as session, Children(session) as children:
        children.beside(lambda _session: "")(session)
        with pytest.raises(SelftestError, match="host: it could not be started"):
            children.courier(session)
