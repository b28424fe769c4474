"""Kills the real program, all its processes at once, while the real starter model answers.

Usage: python -m tests.benchmarks.kills.model_kills [--kills 100] [--seed 1]
Each life is a command `ask`; after some of its words its whole tree of processes is killed, in an
order by chance. A kill counts when the answer had begun and not ended. After each, the question and
the words that are a second old must be in their chat, and no file may be put aside for its crashes;
the next life asks the same model, and after the last one it answers to the end.
"""

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import psutil

from core.app.models.model_quarantine import CrashRecord
from core.base.paths import Paths
from core.chat.conversations.conversation import TurnState
from core.chat.store.chat_database import ChatDatabase

_PROJECT = Path(__file__).resolve().parents[3]
_SAVED_WITHIN = 1.5
_MOST_WORDS = 40


class Lives:
    """One data folder, and the lives that end in it."""

    def __init__(self, paths: Paths, dice: random.Random) -> None:
        self._paths = paths
        self._dice = dice
        self._number = 0

    def run_and_kill(self) -> tuple[bool, str]:
        """Live once; return whether the answer was cut off, and what is wrong after it."""
        self._number += 1
        program = self._ask("--max-tokens", "400")
        wanted = self._dice.randint(1, _MOST_WORDS)
        words: list[tuple[float, str]] = []
        chat_id, has_ended = "", False
        assert program.stdout is not None
        for line in program.stdout:
            event = json.loads(line)
            if event["event"] == "start":
                chat_id = event["chat"]
            elif event["event"] == "token":
                words.append((time.monotonic(), event["text"]))
            has_ended = event["event"] in {"done", "error"}
            if has_ended or len(words) == wanted:
                break
        killed = self._kill(program)
        if has_ended:
            return False, "" if event["event"] == "done" else f"refused: {event}"
        due = "".join(text for at, text in words if killed - at > _SAVED_WITHIN)
        return True, self._what_is_wrong(chat_id, due)

    def answer_to_the_end(self) -> str:
        """Return what is wrong with an answer that nobody disturbs."""
        self._number += 1
        program = self._ask("--max-tokens", "20")
        output, errors = program.communicate()
        last = json.loads(output.splitlines()[-1]) if output else {"event": errors}
        return "" if last["event"] == "done" and last["text"] else f"no answer: {last}"

    def _ask(self, *words: str) -> "subprocess.Popen[str]":
        question = f"Tell a long story about {self._number} foxes."
        command = [sys.executable, "-P", "-m", "desktop", "--root", str(self._paths.root)]
        return subprocess.Popen(
            [*command, "ask", question, "--json", "--fresh", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(_PROJECT)},
        )

    def _kill(self, program: "subprocess.Popen[str]") -> float:
        """End the whole tree; return when that began."""
        tree = [psutil.Process(program.pid), *psutil.Process(program.pid).children(recursive=True)]
        self._dice.shuffle(tree)
        began = time.monotonic()
        for process in tree:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        program.communicate()
        psutil.wait_procs(tree, 10)
        return began

    def _what_is_wrong(self, chat_id: str, due: str) -> str:
        if self._paths.quarantine.exists():
            content = self._paths.quarantine.read_bytes()
            records = msgspec.json.decode(content, type=dict[str, CrashRecord])
            if any(record.loading + record.answering for record in records.values()):
                return f"a kill was counted as a crash: {records}"
        chats = ChatDatabase(self._paths.chats, self._paths.backups)
        try:
            question, answer = chats.load_conversation(chat_id).path()
        finally:
            chats.close()
        if not question.text.startswith("Tell a long story"):
            return f"another question: {question.text}"
        if answer.state is TurnState.DONE:  # it had just ended, and nobody read so any more
            return ""
        if answer.state is not TurnState.INTERRUPTED and due:
            return f"the answer is {answer.state}"
        text = answer.raw or answer.text
        return "" if text.startswith(due.strip()) else f"{due!r} is not in {text!r}"


def main() -> int:
    """Kill so many times; 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began, killed, wrong = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        lives = Lives(Paths(Path(folder) / "root"), random.Random(options.seed))
        while killed < options.kills:
            was_cut_off, fault = lives.run_and_kill()
            killed += was_cut_off
            if fault:
                wrong += 1
                print(fault, flush=True)
        if fault := lives.answer_to_the_end():
            wrong += 1
            print(fault, flush=True)
    print(f"answering: killed {killed}, wrong {wrong}, {time.monotonic() - began:.0f} s")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
