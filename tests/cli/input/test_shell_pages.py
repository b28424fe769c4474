"""Completion scripts and the man page, short names of commands, tables on a terminal."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from core.cli.argument_parser import build_parser
from core.cli.console import Console
from core.cli.shell_pages import SHELLS, command_words
from tests.cli.conftest import Inglenook


def test_every_command_is_completed() -> None:
    table = command_words(build_parser())
    assert {"ask", "chat", "completion", "--root"} <= set(table[""])
    assert {"list", "export"} <= set(table["chat"])
    assert "--samples" in table["ask"]
    assert "test" in table["model server"]


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script(inglenook: Inglenook, shell: str) -> None:
    ran = inglenook("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert "chat list" in ran.out


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
def test_bash_completes_an_action(inglenook: Inglenook, tmp_path: Path) -> None:
    script = tmp_path / "completion"
    script.write_text(inglenook("completion", "bash").out, encoding="utf-8")
    typed = f'. "{script}"; COMP_WORDS=(inglenook chat exp); COMP_CWORD=2; _inglenook'
    ran = subprocess.run(
        ["bash", "-c", f'{typed}; echo "${{COMPREPLY[@]}}"'],
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == ["export"]


def test_the_manual_names_commands_and_options(inglenook: Inglenook) -> None:
    page = inglenook("man").out
    assert page.startswith(".TH INGLENOOK 1")
    assert ".SS inglenook chat list" in page
    assert "\\-\\-folder" in page


def test_short_names_run_the_same(inglenook: Inglenook) -> None:
    inglenook("ask", "Who?")
    assert inglenook("chat", "ls").out == inglenook("chat", "list").out
    (chat,) = inglenook("chat", "ls", "--json").objects
    assert inglenook("chat", "rm", chat["id"]).code == 0
    assert inglenook("chat", "ls", "--json").objects == []


class Screen(io.StringIO):
    """A stream that is shown on a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_table_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    screen, pipe = Screen(), io.StringIO()
    for out in (screen, pipe):
        Console(out, io.StringIO(), as_json=False).print_table(
            ("ID", "TITLE"), [("1", "pear " * 20)]
        )
    assert max(map(len, screen.getvalue().splitlines())) <= 40
    assert "…" not in pipe.getvalue()
