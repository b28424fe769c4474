"""The self-test's own children do what they are asked for, in their own processes."""

from pathlib import Path

import pytest

from core.app.app import App
from core.app.events.app_events import Problem
from core.base.paths import Paths
from core.cli.maintenance.selftest_children import SelftestChildren, SelftestError
from core.cli.session import Session
from core.courier.connection.contact_log import read_contacts


def refuse(problem: Problem) -> None:
    pytest.fail(problem.message)


@pytest.mark.slow
def test_a_file_of_this_machine_comes_through_the_courier(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "data")
    with Session(paths, App, refuse) as session, SelftestChildren(session) as children:
        assert children.start_during_step(lambda _session: "waited")(session) == "waited"
        assert children.check_courier(session).startswith("ferry.pdf from 127.0.0.1")
        assert [contact.outcome for contact in read_contacts(paths.contacts)] == ["done"]
        assert children.check_greetings(session) == "quantizer, trainer, bench"
        assert children.check_index(session) == "64 vectors"


def test_a_child_that_is_gone_fails_its_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "core.ipc.child_process.child_command", lambda role: ["no-such-program", role]
    )
    paths = Paths(tmp_path / "data")
    with Session(paths, App, refuse) as session, SelftestChildren(session) as children:
        children.start_during_step(lambda _session: "")(session)
        with pytest.raises(SelftestError, match="selftest_server: it could not be started"):
            children.check_courier(session)
