"""Calls of tools at the terminal: a scripted model, a real server, and a person's answers."""

import io
import sys
from pathlib import Path

import pytest

from core.cli.terminal import Terminal
from core.messages import Generate
from core.sandbox.program_start import can_seal_programs
from tests.cli.conftest import Inglenook, Ran

SERVER = Path(__file__).parents[2] / "app" / "tools" / "mcp_server.py"
CALL = '<tool_call>\n{"name": "desk_peek", "arguments": {"path": "PATH"}}\n</tool_call>'

pytestmark = pytest.mark.skipif(not can_seal_programs(), reason="the system has no means to seal")


class Desk:
    """A command line whose model calls a tool twice, then answers in words."""

    def __init__(self, inglenook: Inglenook, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._inglenook = inglenook
        self._monkeypatch = monkeypatch
        for name in ("a", "b"):
            (folder / name).write_text(f"what {name} says")
        paths = [str(folder), sys.prefix, sys.base_prefix, str(SERVER.parent)]
        reads = [word for path in paths for word in ("--read", path)]
        program = (str(Path(sys.executable).resolve()), "-I", str(SERVER))
        assert inglenook("tools", "add", "desk", *reads, "--yes", "--", *program).code == 0
        engine, answer = inglenook.engine, inglenook.engine._answer

        def answer_by_turns(request_id: str) -> None:
            done = sum(turn.role == "tool" for turn in engine.all_sent(Generate)[-1].turns)
            wanted = CALL.replace("PATH", str(folder / "ab"[done])) if done < 2 else "Done."
            engine.pieces = (wanted,)
            answer(request_id)

        monkeypatch.setattr(engine, "_answer", answer_by_turns)

    def ask(self, typed: str | None, *words: str) -> Ran:
        """Ask with these lines typed at the terminal; None: nobody is there."""
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(typed or ""))
        is_there = typed is not None
        self._monkeypatch.setattr(Terminal, "reads_terminal", property(lambda _own: is_there))
        return self._inglenook("ask", "What do they say?", "--tools", *words)

    @property
    def results(self) -> list[str]:
        """What the model was told of its calls."""
        turns = self._inglenook.engine.all_sent(Generate)[-1].turns
        return [turn.text for turn in turns if turn.role == "tool"]


@pytest.fixture
def desk(inglenook: Inglenook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    folder = tmp_path / "given"
    folder.mkdir()
    return Desk(inglenook, folder, monkeypatch)


def test_once_is_asked_again_for_the_next_call(desk: Desk) -> None:
    ran = desk.ask("y\nn\n")
    assert ran.code == 0
    assert ran.err.count("The model wants to call") == 2
    assert desk.results[0] == "what a says"
    assert "refused" in desk.results[1]
    assert "Done." in ran.out


def test_this_chat_holds_for_the_calls_of_the_answer_and_no_longer(desk: Desk) -> None:
    ran = desk.ask("c\n")
    assert ran.err.count("The model wants to call") == 1
    assert desk.results == ["what a says", "what b says"]
    assert desk.ask("n\nn\n").err.count("The model wants to call") == 2


def test_always_is_never_asked_again(desk: Desk, inglenook: Inglenook) -> None:
    assert desk.ask("a\n").err.count("The model wants to call") == 1
    assert "The model wants to call" not in desk.ask("").err
    assert desk.results == ["what a says", "what b says"]
    assert inglenook("tools", "rule", "desk_peek", "ask").code == 0
    desk.ask("")
    assert all("refused" in result for result in desk.results), "the end of input is no yes"


def test_without_a_terminal_nothing_is_called_that_was_not_allowed(desk: Desk) -> None:
    ran = desk.ask(None)
    assert "“desk_peek” was not called: “--allow-tool desk_peek” lets it." in ran.err
    assert all("refused" in result for result in desk.results)
    desk.ask(None, "--allow-tool", "desk_peek")
    assert desk.results == ["what a says", "what b says"]
