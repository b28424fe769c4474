"""`model get`, `model server` and `update check` from the shell: asked first, told in words."""

import io
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from core.base.paths import Paths
from core.cli.consent_prompt import ask_consent
from core.cli.console import Console
from core.cli.main import main
from core.cli.models.model_settings_command import MAX_VALUE_BYTES
from core.courier.connection.contact_log import read_contacts
from tests.courier.conftest import without_surroundings
from tests.courier.file_keyring import use_file_keyring
from tests.courier.hub import LoopbackHub
from tests.courier.server import LoopbackServer
from tests.gguf.writing import Gguf

MODEL = Gguf().encode() + bytes(range(256)) * 4096


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("root")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackHub]:
    with LoopbackHub(tmp_path_factory.mktemp("hub")) as hub:
        hub.add("maker/tiny", "tiny-Q4_K_M.gguf", MODEL)
        yield hub


class Ran(NamedTuple):
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ran]


@pytest.fixture
def run(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command with the real application, and nobody at the terminal."""
    without_surroundings(monkeypatch)

    def run(*words: str, keys: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO(keys))
        code = main(["--root", str(root), *words])
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


def test_nothing_is_asked_before_somebody_agrees(run: Run, hub: LoopbackHub) -> None:
    run("settings", "hub", hub.endpoint)
    refused = run("model", "get", "maker/tiny")
    assert refused.returncode == 1
    assert "nobody is there to agree" in refused.stderr
    assert hub.asked() == []
    planned = run("model", "get", "maker/tiny", "--yes", "--dry-run", "--json")
    plan = json.loads(planned.stdout)
    assert (plan["bytes"], plan["files"]) == (len(MODEL), ["tiny-Q4_K_M.gguf"])
    assert [each["path"] for each in hub.asked()] == [
        "/api/models/maker/tiny/revision/main?blobs=true"
    ]


def test_a_model_is_fetched_onto_the_shelf(run: Run, hub: LoopbackHub) -> None:
    fetched = run("model", "get", "maker/tiny:Q4_K_M", "--yes", "--json")
    assert fetched.returncode == 0, fetched.stderr
    last = json.loads(fetched.stdout.splitlines()[-1])
    assert (last["state"], last["ref"]) == ("done", "tiny-q4_k_m")
    assert Path(last["path"]).read_bytes() == MODEL
    assert run("model", "get", "--list").stderr == "Nothing is being fetched.\n"


def test_what_the_catalog_knows_is_planned_without_a_question(run: Run, hub: LoopbackHub) -> None:
    before = len(hub.asked())
    planned = run("model", "get", "smollm2-135m", "--dry-run", "--json")
    assert planned.returncode == 0, planned.stderr
    plan = json.loads(planned.stdout)
    assert plan["estimated"]
    assert plan["files"] == ["SmolLM2-135M-Instruct-Q4_K_M.gguf"]
    assert 80_000_000 < plan["bytes"] < 120_000_000
    told = run("model", "get", "smollm2-135m:Q8_0", "--dry-run")
    assert "Apache-2.0" in told.stdout
    assert run("model", "get", "maker/tiny", "--dry-run").returncode == 1
    assert len(hub.asked()) == before
    refused = run("model", "get", "smollm2-135m")
    assert "nobody is there to agree" in refused.stderr


def test_without_a_key_store_it_is_said(run: Run) -> None:
    refused = run("model", "token", keys="secret\n")
    assert refused.returncode == 1
    assert "no key store" in refused.stderr


def test_a_build_without_news_says_so(run: Run) -> None:
    refused = run("update", "check", "--yes")
    assert refused.returncode == 1
    assert "no place that knows of new versions" in refused.stderr


def test_a_server_is_added_asked_and_forgotten(run: Run, tmp_path: Path) -> None:
    with LoopbackServer(tmp_path / "server") as server:
        refused = run("model", "server", "add", "box", server.address)
        assert refused.returncode == 1
        assert server.asked() == []
        added = run("model", "server", "add", "box", server.address, "--yes", "--json")
        assert json.loads(added.stdout) == {
            "ref": "box",
            "model": "big-model",
            "context": 8192,
            "addresses": [server.address],
            "key": False,
            "agreed": True,
            "price_read": 0.0,
            "price_written": 0.0,
            "budget": 0.0,
        }
        asked = run("ask", "How is it?", "--model", "box")
        assert asked.stdout.strip() == "The garden grows well."
        run("model", "server", "allow", "box", "--no")
        again = run("ask", "How is it?", "--model", "box")
        assert "may not leave" in again.stderr
        assert run("model", "server", "remove", "box").returncode == 0
        assert run("model", "server", "list").stdout == ""


def test_who_agrees_beforehand_is_warned_of_a_way_that_is_not_encrypted(run: Run) -> None:
    words = ("model", "server", "add", "far", "--untested", "--model", "m", "--yes")
    added = run(*words, "http://192.168.1.5:8000/v1")
    assert added.returncode == 0
    assert "The way to 192.168.1.5:8000 is not encrypted" in added.stderr
    assert run("model", "server", "remove", "far").returncode == 0
    added = run(*words, "https://192.168.1.5:8000/v1")
    assert (added.returncode, added.stderr) == (0, "")
    assert run("model", "server", "remove", "far").returncode == 0


def test_the_key_of_a_server_that_was_not_added_is_not_kept(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys.json"
    use_file_keyring(monkeypatch, keys)
    with LoopbackServer(tmp_path / "server") as server:
        words = ("model", "server", "add", "box", server.address, "--key", "--yes")
        refused = run(*words, "--model", "another-model", keys="secret\n")
        assert refused.returncode == 1
        assert "big-model" in refused.stderr
        assert json.loads(keys.read_text()) == {}
        assert run(*words, keys="secret\n").returncode == 0
        assert list(json.loads(keys.read_text()).values()) == ["secret"]
        again = run(*words, "--untested", "--model", "big-model", keys="another\n")
        assert again.returncode == 1
        assert list(json.loads(keys.read_text()).values()) == ["secret"]
        assert run("model", "server", "remove", "box").returncode == 0
        assert json.loads(keys.read_text()) == {}


def test_a_key_lies_in_the_environment_where_there_is_no_key_store(
    run: Run, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LoopbackServer(tmp_path / "server") as server:
        words = ("model", "server", "add", "my-box", server.address, "--key", "--yes")
        refused = run(*words, keys="secret\n")
        assert refused.returncode == 1
        assert "INGLENOOK_KEY_NAME" in refused.stderr
        monkeypatch.setenv("INGLENOOK_KEY_MY_BOX", "from the environment")
        added = run(*words)
        assert added.returncode == 0, added.stderr
        assert "INGLENOOK_KEY_MY_BOX" in added.stderr
        assert run("ask", "How is it?", "--model", "my-box").returncode == 0
        keys = {request["key"] for request in server.asked()}
        assert keys == {"Bearer from the environment"}
        assert run("model", "server", "remove", "my-box").returncode == 0
    asked = [each for each in read_contacts(Paths(root).contacts) if each.why == "answer"]
    assert asked[0].sent > 100
    assert asked[0].received > 0


def test_ctrl_c_ends_a_prompt_though_the_session_only_notes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    noted: list[int] = []

    def press() -> str:
        signal.raise_signal(signal.SIGINT)
        return "y"

    terminal = _Terminal()
    monkeypatch.setattr(terminal, "readline", press)
    monkeypatch.setattr(sys, "stdin", terminal)
    before = signal.signal(signal.SIGINT, lambda number, _frame: noted.append(number))
    try:
        with pytest.raises(KeyboardInterrupt):
            ask_consent(
                Console(io.StringIO(), io.StringIO(), as_json=True),
                "Fetch?",
                "hub.example",
                beforehand=False,
            )
        signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, before)
    assert noted == [signal.SIGINT]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["pipe", "long"])
def test_a_value_is_read_from_plain_short_files_only(run: Run, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "value"
    if kind == "pipe":
        if sys.platform != "win32":
            os.mkfifo(path)
    else:
        path.write_bytes(b"x" * (MAX_VALUE_BYTES + 1))
    model = tmp_path / "tiny.gguf"
    model.write_bytes(MODEL)
    refused = run("model", "set", str(model), "system_prompt", f"@{path}")
    assert refused.returncode == 1
    assert "can't be read" in refused.stderr
