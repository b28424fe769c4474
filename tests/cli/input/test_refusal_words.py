"""What a terminal says where a command can't be run: the cause, and what helps there."""

import errno
import getpass
import io
from pathlib import Path

import pytest

from core.app.problems import problem_of
from core.base.errors import StorageError, storage_error_from_os
from core.base.i18n import _, translating_into
from core.base.interrupts import INTERRUPTED
from core.cli.command_parser import ARGPARSE_SENTENCES
from core.cli.console import Console
from core.cli.main import main
from core.cli.terminal import Terminal
from tests.cli.conftest import Inglenook


def test_an_option_that_nobody_knows_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--bogus"], ["--json", "--bogus", "chat"], ["--root", "a", "-x"]):
        assert main(words) == 2
        said = capsys.readouterr().err
        assert f"unrecognized arguments: {words[-1] if words[-1] != 'chat' else '--bogus'}" in said
    assert main(["--json"]) == 2
    assert "COMMAND" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["de", "fr", "ar"])
def test_the_parsers_own_words_are_translated(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with translating_into(language):
        assert [main(words) for words in (["ask", "--help"], ["ask"], ["ask", "x", "--seed"])] == [
            0, 2, 2,
        ]  # fmt: skip
        assert main(["ask", "x", "--when-full", "later"]) == 2
        assert main(["ask", "x", "--chat", "0193", "--temporary"]) == 2
        assert main(["model", "ladder", "--json=1"]) == 2
    said = "".join(capsys.readouterr())
    english = ("usage:", "positional", "show this", "required", "expected", "invalid",
        "argument --", "not allowed", "ignored")  # fmt: skip
    assert [words for words in english if words in said] == []
    with translating_into(language):
        same = [words for words in ARGPARSE_SENTENCES if _(words) == words]
    assert set(same) <= {"options", "argument %(argument_name)s: %(message)s"}, "French has one"


def test_a_root_that_is_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("mine")
    for path in (file, file / "below"):
        assert main(["--root", str(path), "chat", "list"]) == 1
        said = capsys.readouterr().err
        assert f"{path} is no folder, so that no data can be kept in it.\n" in said
        assert "Name a folder with “--root DIR”" in said
    assert file.read_text() == "mine"


def test_results_that_are_not_there(inglenook: Inglenook, tmp_path: Path) -> None:
    ran = inglenook("eval", "compare", str(tmp_path / "a"), str(tmp_path / "b"))
    assert (ran.code, ran.err) == (
        1,
        f"inglenook: There is no file {tmp_path / 'a'}.\nCheck the path.\n",
    )
    ran = inglenook("eval", "compare", str(tmp_path), str(tmp_path))
    assert f"The results in {tmp_path} can't be read (" in ran.err
    assert "line" not in ran.err


def test_a_folder_that_was_never_read_kept_nothing(inglenook: Inglenook, tmp_path: Path) -> None:
    ran = inglenook("folder", "add", str(tmp_path / "nope"))
    assert ran.code == 1
    assert "Check the path or plug its drive in; if it was read before, that is kept." in ran.err


def test_encryption_that_can_not_be_switched_so(
    inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran = inglenook("encryption", "off")
    assert ran.err == (
        "inglenook: Your data is not encrypted.\n"
        "Nothing was changed; “inglenook encryption on” encrypts it.\n"
    )
    monkeypatch.setattr("core.app.encryption.encryption_service.is_portable", lambda _root: True)
    assert "Choose a passphrase (“--passphrase”)" in inglenook("encryption", "on").err


@pytest.mark.parametrize("command", [("on", "--passphrase"), ("passphrase",)])
def test_an_empty_passphrase_is_none_that_was_chosen(
    inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """It would take the passphrase away, or leave the data to the key store alone."""
    monkeypatch.setattr(Terminal, "read_secret", lambda _terminal, _prompt: "")
    ran = inglenook("encryption", *command)
    assert ran.code == 1
    assert "at least" in ran.err, ran.err
    assert "not encrypted" in inglenook("encryption", "status").out


def test_ctrl_c_at_a_secret_has_begun_nothing(
    inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def press(_prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(getpass, "getpass", press)
    monkeypatch.setattr(Terminal, "reads_terminal", property(lambda _terminal: True))
    ran = inglenook("encryption", "on", "--passphrase")
    assert ran.code == INTERRUPTED
    assert ran.err == (
        "inglenook: It was stopped before anything was done.\n"
        "Run the command again when you have what it asks for.\n"
    )
    assert "not encrypted" in inglenook("encryption", "status").out


def test_a_full_disk_speaks_of_no_screen() -> None:
    out, err = io.StringIO(), io.StringIO()
    full = storage_error_from_os(OSError(errno.ENOSPC, "full"), "/data/chats.db")
    assert isinstance(full, StorageError)
    Console(out, err, as_json=True).print_failure(problem_of(full))
    assert err.getvalue() == (
        "inglenook: The disk that holds /data/chats.db is full.\n"
        "Free some space and run the command again; what was saved before is kept.\n"
    )
    assert "on screen" not in out.getvalue()
