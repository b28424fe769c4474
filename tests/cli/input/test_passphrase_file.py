"""Encrypted data in a script: a file is named that holds the passphrase; nobody is asked."""

import getpass
import os
from pathlib import Path

import pytest

from core.app.encryption.passphrase_file import PASSPHRASE_FILE_VARIABLE
from core.cli.terminal import Terminal
from tests.cli.conftest import Inglenook

PASSPHRASE = "four or five words"


@pytest.fixture
def locked(inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch) -> Inglenook:
    """A data folder that a passphrase alone opens, and nobody at the terminal."""
    monkeypatch.setattr("core.app.encryption.encryption_service.is_portable", lambda _root: True)
    with monkeypatch.context() as typed:
        typed.setattr(getpass, "getpass", lambda _prompt: PASSPHRASE)
        typed.setattr(Terminal, "reads_terminal", property(lambda _terminal: True))
        assert inglenook("encryption", "on", "--passphrase").code == 0
    monkeypatch.setattr(Terminal, "reads_terminal", property(lambda _terminal: False))
    return inglenook


def test_a_script_is_told_what_to_name(locked: Inglenook) -> None:
    ran = locked("chat", "list")
    assert ran.code == 1
    assert ran.err == (
        "inglenook: Your data is encrypted, and the key store of this computer doesn't give its"
        " key.\nType your passphrase in a terminal, or name a file with it in"
        " “INGLENOOK_PASSPHRASE_FILE”; nothing was changed.\n"
    )


@pytest.mark.parametrize("end", ["", "\n", "\r\nmore\n"])
def test_the_first_line_of_a_named_file_opens_it(
    locked: Inglenook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    file = tmp_path / "passphrase"
    file.write_bytes(f"{PASSPHRASE}{end}".encode())
    monkeypatch.setenv(PASSPHRASE_FILE_VARIABLE, str(file))
    ran = locked("encryption", "status")
    assert (ran.code, ran.err) == (0, "")
    assert "Your data is encrypted." in ran.out


@pytest.mark.skipif(os.name == "nt", reason="Windows names no descriptors")
def test_a_descriptor_opens_it(locked: Inglenook, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.write(writing, PASSPHRASE.encode())
    os.close(writing)
    monkeypatch.setenv(PASSPHRASE_FILE_VARIABLE, f"/dev/fd/{reading}")
    assert locked("chat", "list").code == 0
    os.close(reading)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"another one\n", "That is neither the passphrase nor the recovery code of this data."),
        (b"\n", "its first line is empty"),
        (b"\xff\xfe\x00", "it holds no text"),
        (None, "No such file or directory"),
    ],
)
def test_a_file_that_does_not_help(
    locked: Inglenook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes | None,
    said: str,
) -> None:
    file = tmp_path / "passphrase"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv(PASSPHRASE_FILE_VARIABLE, str(file))
    ran = locked("chat", "list")
    assert ran.code == 1
    assert said in ran.err
    assert PASSPHRASE_FILE_VARIABLE in ran.err or content == b"another one\n"
