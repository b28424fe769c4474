"""Rare words in all that a person has: with encryption on none can be read, whenever it is killed.

The real program with its real children runs commands and is killed in the midst of them, children
and all; then everything below the data folder and the temporary folder is searched raw.
INGLENOOK_KILLS sets how many times (3, a night takes 50).
"""

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.app.encryption.key_file import EncryptionState, read_key_file
from core.base.paths import Paths
from tests.planted_words import find_words, rare_words

KILLS = int(os.environ.get("INGLENOOK_KILLS", "3"))
LONGEST = 12.0
"""Seconds after which a command is killed at the latest."""
WORDS = rare_words(200)
IN_TEXTS, IN_NAMES, IN_CHATS, IN_TITLES, IN_SETTINGS = (
    WORDS[:80], WORDS[80:120], WORDS[120:160], WORDS[160:190], WORDS[190:],
)  # fmt: skip

PROMPT = ("model", "set", "SmolLM2", "system_prompt")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]


class Program:
    """The command line in a process of its own, over one data folder and one temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(folder / "root")
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        self.environment = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "PYTHON_KEYRING_BACKEND": "tests.courier.file_keyring.FileKeyring",
            "TEST_KEYS": str(folder / "keys.json"),
            "PYTHONPATH": str(Path(__file__).parents[3]),
        }

    def start(self, *words: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-P", "-m", "desktop", "--root", str(self.paths.root), "--json"]
        return subprocess.Popen(
            [*command, *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> str:
        process = self.start(*words)
        out, err = process.communicate(timeout=900)
        assert process.returncode == 0, err
        return out

    def kill(self, seconds: float, *words: str) -> None:
        """Start a command and end it with all its children after so many seconds."""
        process = self.start(*words)
        deadline = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        with contextlib.suppress(psutil.NoSuchProcess):
            family = psutil.Process(process.pid)
            for each in (family, *family.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
        process.communicate()

    def readable_words(self) -> dict[str, list[str]]:
        return find_words([self.paths.root, self.temporary], WORDS)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def write_documents(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for place in range(len(IN_NAMES) // 4):
        write_document(folder, place, IN_TEXTS[8 * place : 8 * place + 8])


def write_document(folder: Path, place: int, words: list[str]) -> None:
    name = "-".join(IN_NAMES[4 * place : 4 * place + 4])
    (folder / f"{name}.md").write_text(f"# {words[0]}\n\nIt is told of {', '.join(words)}.\n" * 9)


def commands(folder: Path) -> Iterator[tuple[str, ...]]:
    """Yield commands for ever, each about other words."""
    chance = random.Random(3)
    while True:
        asked, title = chance.choice(IN_CHATS), chance.choice(IN_TITLES)
        yield "folder", "sync"
        yield "ask", f"{title}: what is {asked}?", "--max-tokens", "12"
        yield "search", chance.choice(IN_TEXTS)
        yield "ask", f"What of {asked} and {title}?", "--folder", str(folder), "--max-tokens", "8"
        yield *PROMPT, f"You know {chance.choice(IN_SETTINGS)}."
        yield "chat", "search", asked


def test_no_planted_word_can_be_read_whenever_it_is_killed(
    program: Program, tmp_path: Path, starter_model: Path
) -> None:
    documents = tmp_path / "documents"
    write_documents(documents)
    program.run("folder", "add", str(documents))
    program.run(*PROMPT, f"You know {IN_SETTINGS[0]}.")
    assert len({word for words in program.readable_words().values() for word in words}) > 50
    code = json.loads(program.run("encryption", "on"))["recovery_code"]
    assert len(code) == 39
    assert program.readable_words() == {}
    chance = random.Random(KILLS)
    for number, words in zip(range(KILLS), commands(documents), strict=False):
        if number % 4 == 0:  # something to read again
            write_document(documents, number % 9, IN_TEXTS[number : number + 8])
        program.kill(chance.uniform(0.3, LONGEST), *words)
        assert program.readable_words() == {}, f"after {words}"
    program.run("folder", "sync")
    assert IN_NAMES[-1] in program.run("search", IN_TEXTS[-1])
    assert program.readable_words() == {}


def test_converting_may_be_killed_again_and_again(
    program: Program, tmp_path: Path, starter_model: Path
) -> None:
    documents = tmp_path / "documents"
    write_documents(documents)
    program.run("folder", "add", str(documents))
    chance = random.Random(5)
    for switched in ("on", "off") * max(1, KILLS // 6):
        program.kill(chance.uniform(0.5, 4.0), "encryption", switched)
        program.run("chat", "list")  # goes on with it
        kept = read_key_file(program.paths)
        state = kept.state if kept else EncryptionState.OFF
        assert state in {EncryptionState.ON, EncryptionState.OFF}
        assert (program.readable_words() == {}) is (state is EncryptionState.ON)
        with contextlib.suppress(AssertionError):  # it may be that already
            program.run("encryption", switched)
    assert IN_NAMES[-1] in program.run("search", IN_TEXTS[-1])
