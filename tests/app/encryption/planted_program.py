"""The real program with rare words in all that a person has, run and killed again and again."""

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

from core.base.imports.import_stubs import EMBEDDING_STUBS, install_stubs
from core.base.paths import Paths
from core.engine.llama import light_bindings
from desktop import __main__ as program
from tests.app.encryption import window_work
from tests.benchmarks.kills.forked_children import Entry, forked_children
from tests.planted_words import find_words, rare_words

WORDS = rare_words(200)
IN_TEXTS, IN_NAMES, IN_CHATS, IN_TITLES, IN_DRAFTS, IN_IMPORTS, IN_SETTINGS = (
    WORDS[:80], WORDS[80:120], WORDS[120:150], WORDS[150:170], WORDS[170:180], WORDS[180:190],
    WORDS[190:],
)  # fmt: skip
DRAFT, IDLE = "draft", "idle"
"""Not commands: what a window does, by `tests.app.encryption.window_work`."""
_WINDOW_WORK = "tests.app.encryption.window_work"
_PROJECT = Path(__file__).parents[3]


@contextlib.contextmanager
def forked_program() -> Iterator[None]:
    """Let the program and its children be forked from this process, with all modules there."""
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # as the embedder says before torch is imported
    install_stubs(EMBEDDING_STUBS)
    light_bindings.load_bindings()
    modules = (
        "torch",
        "sentence_transformers",
        "core.cli.main",
        "core.engine.runtime.engine_child",
    )
    entries: dict[str, Entry] = {"desktop": program.main, _WINDOW_WORK: _do_window_work}
    with forked_children(entries, modules):
        yield


def _do_window_work(words: list[str]) -> int:
    window_work.main(*words)
    return 0


class PlantedProgram:
    """The command line in a process of its own, over one data folder and one temporary folder."""

    def __init__(self, folder: Path) -> None:
        self.paths = Paths(folder / "root")
        self.documents = folder / "documents"
        self.outside = folder / "outside"
        self.temporary = folder / "temporary"
        for each in (self.temporary, self.outside):
            each.mkdir()
        self.environment = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "PYTHON_KEYRING_BACKEND": "tests.courier.file_keyring.FileKeyring",
            "TEST_KEYS": str(folder / "keys.json"),
            "PYTHONPATH": str(_PROJECT),
        }

    def start(self, *words: str) -> "subprocess.Popen[str]":
        root = str(self.paths.root)
        command = ["desktop", "--root", root, "--json"]
        if words[0] in {DRAFT, IDLE}:
            command = [_WINDOW_WORK, root]
        return subprocess.Popen(
            [sys.executable, "-P", "-m", *command, *words],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str) -> str:
        process = self.start(*words)
        out, err = process.communicate(timeout=900)
        assert process.returncode == 0, f"{words}: {err}"
        return out

    def kill(self, seconds: float, *words: str) -> bool:
        """Start a command and end it with all its children after so long; whether it still ran."""
        process = self.start(*words)
        deadline = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        ran = process.poll() is None
        with contextlib.suppress(psutil.NoSuchProcess):
            family = psutil.Process(process.pid)
            for each in (family, *family.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
        process.communicate()
        return ran

    def readable_words(self) -> dict[str, list[str]]:
        """Return the words that can be read in the data folder and the temporary one, by file."""
        return find_words([self.paths.root, self.temporary], WORDS)

    def write_documents(self) -> None:
        self.documents.mkdir(exist_ok=True)
        for place in range(len(IN_NAMES) // 4):
            self.write_document(place, IN_TEXTS[8 * place : 8 * place + 8])

    def write_document(self, place: int, words: list[str]) -> None:
        name = "-".join(IN_NAMES[4 * place : 4 * place + 4])
        text = f"# {words[0]}\n\nIt is told of {', '.join(words)}.\n" * 9
        (self.documents / f"{name}.md").write_text(text)

    def write_import(self) -> Path:
        """Write an export of another program, with its words."""
        messages = [
            {"sender": "human" if number % 2 else "assistant", "text": f"About {word}"}
            for number, word in enumerate(IN_IMPORTS, 1)
        ]
        path = self.outside / "chats.json"
        path.write_text(
            json.dumps([{"name": IN_IMPORTS[0], "uuid": "7", "chat_messages": messages}])
        )
        return path

    def first_chat(self) -> str:
        """Return the id of a chat."""
        return str(json.loads(self.run("chat", "list").splitlines()[0])["id"])

    def commands(self, chance: random.Random, chat: str) -> Iterator[tuple[str, ...]]:
        """Yield commands for ever, each about other words: all that a person may do."""
        folder = str(self.documents)
        while True:
            asked, title = chance.choice(IN_CHATS), chance.choice(IN_TITLES)
            setting, draft = chance.choice(IN_SETTINGS), chance.choice(IN_DRAFTS)
            yield "folder", "sync"
            yield "ask", f"{title}: what is {asked}?", "--max-tokens", "12"
            yield DRAFT, f"And what of {draft}?"
            yield "search", chance.choice(IN_TEXTS)
            yield "ask", f"What of {asked} and {title}?", "--folder", folder, "--max-tokens", "8"
            yield "model", "set", "SmolLM2", "system_prompt", f"You know {setting}."
            yield "ask", f"And {asked}?", "--chat", chat, "--max-tokens", "8"
            yield "chat", "search", asked
            yield "settings", "update_address", f"https://{setting}.example/news"
            yield "ask", f"Is {asked} 2+2?", "--tools", "--allow-tool", "all", "--max-tokens", "12"
            yield "chat", "export", "--all", "--out", str(self.outside / "chats.html")
            yield "chat", "import", str(self.outside / "chats.json")
            whole = "--documents", "whole", "--max-tokens", "4"
            yield "ask", "Summarise this folder", "--folder", folder, *whole
            yield IDLE, "20"
