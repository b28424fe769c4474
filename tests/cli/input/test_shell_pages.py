"""Completion scripts and the man page, short names of commands, tables on a terminal."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.base.database import connect_database
from core.base.paths import Paths
from core.chat.store.chat_database import ChatDatabase
from core.cli.argument_parser import build_parser
from core.cli.completion_names import completion_lines
from core.cli.console import Console
from core.cli.shell_pages import NAME_KINDS, SHELLS, command_words
from core.library.store.library_records import LibraryRecords
from tests.cli.conftest import Inglenook
from tests.house.sources import ROOT


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


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "asked", "completed"),
    [
        (("search", "x", "--folder", "My"), "folders", "My\\ papers"),
        (("folder", "sync", ""), "folders", "My\\ papers other"),
        (("ask", "x", "--model", "o"), "models", "other"),
        (("chat", "show", "o"), "chats", "other"),
        (("search", "x", "--fol"), "", "--folder"),
    ],
)
def test_bash_completes_names(
    inglenook: Inglenook, tmp_path: Path, words: tuple[str, ...], asked: str, completed: str
) -> None:
    script = tmp_path / "completion"
    script.write_text(inglenook("completion", "bash").out, encoding="utf-8")
    typed = " ".join(f'"{word}"' for word in ("inglenook", *words))
    program = 'inglenook() { echo "$2" >> asked; printf "My papers\\t/home\\nother\\n"; }'
    ran = subprocess.run(
        [
            "bash",
            "-c",
            (
                f'{program}; . "{script}"; COMP_WORDS=({typed}); COMP_CWORD={len(words)};'
                ' _inglenook; echo "${COMPREPLY[@]}"'
            ),
        ],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert ran.stdout.strip() == completed
    told = tmp_path / "asked"
    assert (told.read_text(encoding="utf-8").strip() if told.exists() else "") == asked


@pytest.mark.skipif(not shutil.which("bash"), reason="there is no bash")
@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (("ask", "x", "--preset", ""), "precise balanced creative"),
        (("ask", "x", "--preset", "b"), "balanced"),
        (("completion", ""), "bash zsh fish powershell"),
        (("tools", "rule", "calculate", "al"), "always"),
        (("settings", "idle"), "idle_unload"),
        (("folder", "add", ""), ""),  # the shell completes files, then
        (("ask", "x", "--file", ""), ""),
        (("bench", "engine", "--ro"), "--root --rounds"),
        (("--root", "/x", "folder", "list", "--js"), "--json"),
        (("--root", "/x y", "folder", "sync", ""), "/x\\ y"),
    ],
)
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_values_are_completed_and_options_only_behind_a_hyphen(
    inglenook: Inglenook, tmp_path: Path, shell: str, words: tuple[str, ...], completed: str
) -> None:
    if not shutil.which(shell):
        pytest.skip(f"there is no {shell}")
    script = tmp_path / "completion"
    script.write_text(inglenook("completion", "bash").out, encoding="utf-8")
    typed = " ".join(f"'{word}'" for word in ("inglenook", *words))
    # “env” is looked for in PATH, which a variable of the script must not hide
    program = 'inglenook() { [ "$1" = --root ] && env true && echo "$2"; }'
    as_zsh = "emulate -L sh; setopt kshglob noshglob braceexpand; " if shell == "zsh" else ""
    asked = f"{as_zsh}COMP_WORDS=({typed}); COMP_CWORD={len(words)}; _inglenook"
    shown = f'try() {{ {asked}; echo "${{COMPREPLY[@]}}"; }}; try'
    ran = subprocess.run(
        [shell, "-c", f'{program}; complete() {{ true; }}; . "{script}"; {shown}'],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert ran.stdout.strip() == completed


@pytest.mark.skipif(not shutil.which("fish"), reason="there is no fish")
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("ask x --preset ", ["precise", "balanced", "creative"]),
        ("chat exp", ["export"]),
        ("folder sync ", ["My papers"]),
        ("completion ", ["bash", "zsh", "fish", "powershell"]),
        ("ask x --sam", ["--samples"]),
    ],
)
def test_fish_completes(
    inglenook: Inglenook, tmp_path: Path, typed: str, completed: list[str]
) -> None:
    script = tmp_path / "completion.fish"
    script.write_text(inglenook("completion", "fish").out, encoding="utf-8")
    program = "function inglenook; printf 'My papers\\t/home\\n'; end"
    ran = subprocess.run(
        [
            "fish",
            "--no-config",
            "-c",
            f"{program}; source {script}; complete -C 'inglenook {typed}'",
        ],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    found = [line.split("\t")[0] for line in ran.stdout.splitlines()]
    assert sorted(found) == sorted(completed)


def test_names_come_without_a_child(root: Paths) -> None:
    assert completion_lines("folders", root) == completion_lines("chats", root) == []
    records = LibraryRecords(root)
    records.add_folder("/home/ada/My papers")
    records.close()
    assert completion_lines("folders", root) == ["My papers\t/home/ada/My papers"]
    assert all(line and "\t" not in line for line in completion_lines("models", root))
    ChatDatabase(root.chats, root.backups).close()
    connection = connect_database(root.chats)
    row = ("0199aabbccddeeff", "Rent\nand heating", 1.0, 1.0)
    connection.execute("INSERT INTO chats (chat_id, title, created, updated) VALUES (?,?,?,?)", row)
    connection.close()
    assert completion_lines("chats", root) == ["0199aabbccdde\tRent and heating"]
    root.chats.write_bytes(b"no database" * 1000)
    assert completion_lines("chats", root) == []


@pytest.mark.parametrize("kind", NAME_KINDS)
def test_names_are_printed_without_the_application(root: Paths, kind: str) -> None:
    """A person waits for them at each press of Tab."""
    records = LibraryRecords(root)
    records.add_folder("/home/ada/My papers")
    records.close()
    script = (
        "import sys\nfrom desktop.__main__ import main\n"
        f"code = main(['--root', {str(root.root)!r}, 'completion', {kind!r}])\n"
        "heavy = {'argparse', 'core.messages', 'core.app.app'} & set(sys.modules)\n"
        "sys.exit(f'imported: {heavy}' if heavy else code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == completion_lines(kind, root)


def test_the_manual_names_commands_and_options(inglenook: Inglenook) -> None:
    page = inglenook("man").out
    assert page.startswith(".TH INGLENOOK 1")
    assert ".SS inglenook chat list" in page
    assert "\\-\\-folder" in page
    assert "\\-\\-rounds" in page, "benchmarks are commands, too"


def test_a_wrong_shell_is_told_the_shells_alone(inglenook: Inglenook) -> None:
    ran = inglenook("completion", "tcsh")
    assert ran.code == 2
    assert "powershell" in ran.err
    assert "folders" not in ran.err


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
