"""The report asks the system for connections and finds in the logs what the lock refused."""

import logging
import subprocess
import sys
import time

from core.app.privacy import privacy_report
from core.app.privacy.seal_text import describe_seal, describe_seals
from core.base import log
from core.base.i18n import use_language
from core.base.paths import Paths
from core.messages import Seal
from tests.app.stage import Stage


def test_without_a_connection_there_is_none() -> None:
    assert privacy_report.list_open_connections() == ()


def test_a_listening_child_is_seen() -> None:
    code = (
        "import socket\n"
        "s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True)\n"
        "input()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    port = child.stdout.readline().strip()
    try:
        found = privacy_report.list_open_connections()
        assert found is not None
        assert [(each.address, each.listening) for each in found] == [(f"127.0.0.1:{port}", True)]
    finally:
        child.communicate("\n")


def test_what_the_lock_refused_is_read_from_the_logs(root: Paths) -> None:
    root.create_folders()
    log.to_file(root.logs / "engine.log")
    try:
        logging.getLogger("core.ipc.network_lock").warning(
            "network lock refused %s to %.200r", "socket.connect", ("192.0.2.1", 80)
        )
        logging.getLogger("core.other").warning("network lock refused nothing")
    finally:
        log.close()
    (refusal,) = privacy_report.read_refusals(root)
    assert refusal.who == "engine"
    assert abs(refusal.when - time.time()) < 60
    assert refusal.what == "socket.connect"
    assert refusal.target == "('192.0.2.1', 80)"
    assert privacy_report.build_privacy_report(root, {}).contacts == ()


def test_the_seal_is_said_as_it_is() -> None:
    whole = describe_seal(Seal(files=True, calls=True, means="Landlock 7, seccomp on"))
    assert "Landlock 7" in whole
    assert describe_seal(Seal(calls=True, means="x")) != whole
    assert "does not" in describe_seal(Seal())


def test_each_child_is_named_with_what_holds_it() -> None:
    whole, less = Seal(files=True, calls=True, means="whole"), Seal(calls=True, means="less")
    lines = describe_seals({"engine": whole, "courier": less, "library": whole})
    assert [("(whole)" in line, "(less strict)" in line) for line in lines] == [
        (True, False),
        (False, True),
    ]
    assert "models, folders" in lines[0]
    assert lines[1].endswith("network.")
    assert describe_seals({}) == []


def test_a_child_that_starts_with_less_is_told_apart(stage: Stage) -> None:
    whole, less = Seal(files=True, calls=True, means="whole"), Seal(means="off")
    assert stage.app.child_seals == {}
    stage.app.library.seal, stage.app.courier.seal = whole, less
    assert stage.app.child_seals == {"library": whole, "courier": less}


def test_what_holds_the_children_is_said_in_the_persons_language() -> None:
    use_language("de")
    try:
        linux = describe_seal(Seal(files=True, calls=True, means="Landlock 7, seccomp on"))
        windows = describe_seal(Seal(calls=True, means="job, 3 of 4 policies, low integrity"))
    finally:
        use_language("en")
    assert "(Landlock 7, seccomp an)" in linux
    assert "(Job-Objekt, 3 von 4 Richtlinien, niedrige Integrität)" in windows
