"""Commands beside the process that holds the data folder: a second process asks the first."""

import contextlib
import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.app.events.app_events import AnswerFinished, AppEvent, SettingChanged
from core.base.interrupts import INTERRUPTED
from core.base.paths import Paths
from core.channel.channel_address import (
    ChannelAddress,
    reachable_address,
    read_address,
    write_address,
)
from core.channel.local_socket import connect_locally
from core.channel.terminal_messages import (
    CommandEnded,
    CommandInterrupted,
    RunCommand,
    TerminalEvent,
    TerminalFacts,
)
from core.messages import Cancel, SearchFolders
from tests.channel.holder import (
    HOLDER_GONE,
    NO_HOLDER,
    Holder,
    json_objects,
    run_terminal,
    start_terminal,
)
from tests.cli.conftest import Inglenook
from tests.house.sources import ROOT
from tests.waiting import wait_for


@pytest.fixture
def holder(root: Paths) -> Iterator[Holder]:
    """A process that has the data open."""
    opened = Holder(root)
    opened.open()
    yield opened
    opened.close()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


def test_the_same_events_and_words_as_alone(
    holder: Holder, tmp_path: Path, documents: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inglenook = Inglenook(tmp_path / "other", capsys)
    alone = inglenook("ask", "Who?", "--json", "--folder", str(documents))
    code, out, err = run_terminal(holder.paths, "ask", "Who?", "--json", "--folder", str(documents))
    assert (code, err) == (alone.code, alone.err)
    assert [unique(line) for line in json_objects(out)] == [unique(line) for line in alone.objects]
    spoken = inglenook("ask", "What?", "--folder", str(documents))
    assert run_terminal(holder.paths, "ask", "What?", "--folder", str(documents)) == (
        spoken.code,
        spoken.out,
        spoken.err,
    )


def unique(event: dict[str, object]) -> dict[str, object]:
    """Return an event without what differs each time."""
    return {
        name: value
        for name, value in event.items()
        if name not in {"chat", "turn", "seconds_to_first_token"}
    }


def test_relative_paths_are_those_of_the_terminal(holder: Holder, documents: Path) -> None:
    code, _out, _err = run_terminal(
        holder.paths, "folder", "add", documents.name, folder=documents.parent
    )
    assert code == 0
    (folder,) = holder.children.library.folders.values()
    assert folder.path == str(documents)
    code, out, _err = run_terminal(holder.paths, "search", "pears", "--json")
    assert (code, json_objects(out)[0]["file"]) == (0, "notes/garden.pdf")


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_words_need_not_be_text(holder: Holder, tmp_path: Path) -> None:
    documents = tmp_path / os.fsdecode(b"caf\xe9\nnotes")
    documents.mkdir()
    (documents / "a.txt").write_text("A pear.", encoding="utf-8")
    code, out, err = run_terminal(holder.paths, "folder", "add", str(documents))
    assert (code, err.count("closed")) == (0, 0)
    assert out.count("\n") == 1, "a name is one line"
    code, _out, _err = run_terminal(holder.paths, "search", os.fsdecode(b"pe\xe4rs"), "--json")
    assert code == 0
    code, _out, _err = run_terminal(
        holder.paths,
        "search",
        "Äpfel",
        "--json",
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
    )
    assert code == 0
    assert holder.children.library.all_sent(SearchFolders)[-1].query == "Äpfel"


def test_the_window_hears_what_the_terminal_asks_and_not_the_other_way(holder: Holder) -> None:
    heard: list[AppEvent] = []
    holder.call(lambda: holder.app.subscribe(heard.append))
    holder.children.engine.samples = 2  # the first answer waits until there are two
    with start_terminal(holder.paths, "ask", "Who?", "--json") as terminal:
        wait_for(lambda: len(holder.children.engine.running) == 1)
        holder.call(lambda: holder.app.questions.ask_question("What?"))
        out, _err = terminal.communicate(timeout=60)
    assert len({line["turn"] for line in json_objects(out.decode()) if "turn" in line}) == 1
    wait_for(lambda: sum(isinstance(event, AnswerFinished) for event in heard) == 2)


@pytest.mark.skipif(sys.platform == "win32", reason="no signal is sent to one process there")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_stops_the_answer_where_it_is_made(
    holder: Holder, number: signal.Signals, code: int
) -> None:
    holder.children.engine.samples = 2  # so that it is not answered
    with start_terminal(holder.paths, "ask", "Who?") as terminal:
        wait_for(lambda: holder.children.engine.running)
        terminal.send_signal(number)
        wait_for(lambda: holder.children.engine.all_sent(Cancel))
        _out, err = terminal.communicate(timeout=60)
    assert terminal.returncode == code
    assert "Stopped" in err.decode()


def test_ctrl_c_before_the_command_has_begun_is_not_lost(holder: Holder) -> None:
    holder.children.engine.samples = 2  # so that it is not answered
    found = read_address(holder.paths)
    assert found is not None
    facts = TerminalFacts(reads_terminal=False, writes_terminal=False, tells_terminal=False)
    words = RunCommand(key=found.key, arguments=(b"ask", b"Who?"), folder=b"", terminal=facts)
    with reachable_address(found.address) as address:
        connection = connect_locally(address)
    with contextlib.closing(connection):
        for message in (words, CommandInterrupted()):
            connection.send_bytes(msgspec.msgpack.encode(message))
        last = None
        while not isinstance(last, CommandEnded):
            assert connection.poll(30)
            last = msgspec.msgpack.decode(connection.recv_bytes(), type=TerminalEvent)
    assert last.code == INTERRUPTED


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="there is no /dev/full")
def test_a_full_disk_is_said_beside_a_holder(holder: Holder) -> None:
    words = ["--root", str(holder.paths.root), "settings"]
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "desktop", *words],
            stdout=full, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False, timeout=60,
        )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr.startswith(b"inglenook: The disk that holds standard output is full.")


@pytest.mark.skipif(sys.platform == "win32", reason="no signal is sent to one process there")
def test_serve_says_where_the_port_is_open_already(holder: Holder) -> None:
    holder.call(holder.app.api.open_port)
    wait_for(lambda: holder.app.api.address)
    with start_terminal(holder.paths, "serve", "--port", "5999") as terminal:
        try:
            assert terminal.stdout
            assert terminal.stderr
            assert terminal.stdout.readline() == b"It listens already, at http://127.0.0.1:5277\n"
            assert terminal.stderr.readline().startswith(b"Port 5999 isn't opened beside it")
        finally:
            terminal.kill()
    with start_terminal(holder.paths, "serve", "--json") as terminal:
        try:
            assert terminal.stdout
            assert json.loads(terminal.stdout.readline())["was_open"] is True
        finally:
            terminal.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="no signal is sent to one process there")
def test_serve_beside_one_that_waits_for_the_key_store_does_not_own_the_port(
    holder: Holder,
) -> None:
    keys = holder.children.keys
    keys.is_locked = True
    holder.call(holder.app.api.open_port)
    with start_terminal(holder.paths, "serve", "--port", "5999") as terminal:
        try:
            wait_for(lambda: len(keys._held) == 2)
            holder.call(keys.unlock)
            assert terminal.stdout
            assert terminal.stdout.readline() == b"It listens already, at http://127.0.0.1:5277\n"
            terminal.send_signal(signal.SIGINT)
            assert terminal.wait(30) == 0
        finally:
            terminal.kill()
    assert holder.app.api.address


def test_wrong_arguments_are_told_in_the_terminal(
    holder: Holder, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run_terminal(holder.paths, "chat", "nonsense")
    assert (code, out) == (2, "")
    assert err.startswith("inglenook: ")
    assert err.count("\n") == 1
    assert capsys.readouterr() == ("", "")


def test_a_question_is_answered_in_the_language_of_the_terminal(holder: Holder) -> None:
    _code, _out, err = run_terminal(holder.paths, "chat", "list", INGLENOOK_LANGUAGE="de")
    assert err.startswith("Es gibt noch keine Chats")


def test_only_this_person_reaches_the_socket(holder: Holder) -> None:
    if sys.platform == "win32":
        pytest.skip("there the pipe's own rights say so")
    modes = [
        stat.S_IMODE(path.stat().st_mode)
        for path in (
            holder.paths.channel,
            holder.paths.channel_address,
            holder.paths.channel / "commands",
        )
    ]
    assert modes == [0o700, 0o600, 0o600]


def test_without_the_key_nothing_is_run(holder: Holder) -> None:
    address = read_address(holder.paths)
    assert address is not None
    write_address(holder.paths, ChannelAddress(pid=1, address=address.address, key="guessed"))
    code, out, err = run_terminal(holder.paths, "folder", "list")
    assert (code, out, err) == (HOLDER_GONE, "", "")
    assert not holder.children.library.all_sent(SearchFolders)


def test_a_terminal_that_leaves_ends_its_command(holder: Holder) -> None:
    holder.children.engine.samples = 2
    with start_terminal(holder.paths, "ask", "Who?") as terminal:
        wait_for(lambda: holder.children.engine.running)
        terminal.kill()
        terminal.communicate()
    wait_for(lambda: holder.children.engine.all_sent(Cancel))
    wait_for(lambda: not holder.listener.is_busy)


def test_a_holder_that_closes_says_so(root: Paths) -> None:
    holder = Holder(root)
    holder.open()
    holder.children.engine.samples = 2
    with start_terminal(root, "ask", "Who?") as terminal:
        wait_for(lambda: holder.children.engine.running)
        holder.close()
        terminal.communicate(timeout=60)
    assert terminal.returncode != 0
    assert read_address(root) is None
    assert run_terminal(root, "chat", "list")[0] == NO_HOLDER


def test_what_a_killed_holder_left_is_replaced(root: Paths) -> None:
    root.create_folders()
    root.channel.mkdir(mode=0o700)
    (root.channel / "commands").touch()
    dead = ChannelAddress(pid=1, address=str(root.channel / "commands"), key="old")
    write_address(root, dead)
    assert run_terminal(root, "chat", "list")[0] == NO_HOLDER
    holder = Holder(root)
    holder.start()
    wait_for(lambda: read_address(root) not in {None, dead})
    assert run_terminal(root, "chat", "list")[0] == 0
    holder.close()


def test_a_data_folder_with_a_long_path(tmp_path: Path) -> None:
    paths = Paths(tmp_path.joinpath(*["a rather long name of a folder"] * 5) / "root")
    holder = Holder(paths)
    holder.open()
    assert run_terminal(paths, "chat", "list")[0] == 0
    holder.close()
    assert not list(paths.channel.iterdir())


_LATER = ("argparse", "core.app", "core.cli", "inspect", "multiprocessing", "shutil", "subprocess")


def test_a_terminal_loads_next_to_nothing(holder: Holder) -> None:
    """What it does load takes as long as the interpreter's own start."""
    script = (
        "import sys\n"
        "from desktop.__main__ import main\n"
        "code = main(sys.argv[1:])\n"
        f"print(code, *(set({_LATER!r}) & sys.modules.keys()), file=sys.stderr)\n"
    )
    ended = subprocess.run(
        [
            sys.executable,
            "-S",
            "-P",
            "-c",
            script,
            "--root",
            str(holder.paths.root),
            "chat",
            "list",
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stderr.splitlines()[-1] == "0"


def test_what_a_command_sets_is_told_to_the_window(holder: Holder) -> None:
    heard: list[AppEvent] = []
    holder.call(lambda: holder.app.subscribe(heard.append))
    code, _out, err = run_terminal(holder.paths, "settings", "scheme", "dark")
    assert (code, err) == (0, "")
    assert SettingChanged(key="scheme") in heard
