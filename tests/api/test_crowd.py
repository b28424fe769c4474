"""Eight programs at once over the real small model: nothing is lost, mixed up or cut short."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.slow

CLIENTS = 8
ROUNDS = 1
TOKENS = 12
NAMES = ("Marigold", "Thistle", "Juniper", "Saffron", "Hazel", "Clover", "Poppy", "Rowan")
NOISE = 1.2
"""Margin within which rounding may choose another token.

The starter model's activations are rounded to 8 bits, so what differs in the last bits (how many
tokens are evaluated at once) moves a log probability by up to 0.6, and a margin is made of two.
With the same weights in 32 bits it is 0.00001.
"""
READING = "The long beds are watered every second Friday, and the barrels are emptied first. "


def question(name: str, repeats: int) -> dict[str, Any]:
    """Return a request whose answer holds `name`, after a passage of another length each time."""
    asked = (
        f"{READING * repeats}The gardener is called {name}.\n\n"
        "What is the gardener called? Answer in one sentence."
    )
    return {
        "model": "default",
        "messages": [{"role": "user", "content": asked}],
        "temperature": 0,
        "max_tokens": TOKENS,
        "logprobs": True,
        "top_logprobs": 2,
    }


class Step(NamedTuple):
    """A token of an answer, and how much likelier it was than any other."""

    token: str
    margin: float


class Answer(NamedTuple):
    """What a client got."""

    text: str
    reason: str
    steps: tuple[Step, ...]


def read_answer(got: Any) -> Answer:
    """Check that it is whole."""
    assert got["status"] == 200, got
    (choice,) = got["body"]["choices"]
    text, reason = choice["message"]["content"], choice["finish_reason"]
    scores = choice["logprobs"]["content"]
    written = got["body"]["usage"]["completion_tokens"]
    assert reason in {"stop", "length"}
    assert (written == TOKENS) == (reason == "length")
    assert len(scores) == written
    assert bytes(b for each in scores for b in each["bytes"]).decode(errors="replace") == text
    return Answer(text, reason, tuple(map(read_step, scores)))


def read_step(score: Any) -> Step:
    others = [each for each in score["top_logprobs"] if each["token"] != score["token"]]
    return Step(score["token"], score["logprob"] - others[0]["logprob"])


class Served:
    """The command `serve` on a root of its own, and the process of its clients."""

    def __init__(self, root: Path) -> None:
        command = (sys.executable, "-P", "-m", "desktop", "--root", str(root))
        self._server = self._start(*command, "serve", "--port", "0", "--json")
        listening = json.loads(self._line(self._server))
        token = subprocess.run(
            (*command, "serve", "token"), cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.strip()
        port = listening["address"].rpartition(":")[2]
        self._crowd = self._start(sys.executable, "-m", "tests.api.crowd", port, token)

    def ask(self, bodies: list[dict[str, Any]], clients: int) -> list[Answer]:
        """Return the answers to all `bodies`, asked by so many clients."""
        assert self._crowd.stdin is not None
        self._crowd.stdin.write(json.dumps({"clients": clients, "bodies": bodies}) + "\n")
        self._crowd.stdin.flush()
        return list(map(read_answer, json.loads(self._line(self._crowd))))

    def close(self) -> None:
        """End both."""
        self._crowd.communicate(timeout=20)
        self._server.terminate()
        self._server.communicate(timeout=20)

    @staticmethod
    def _start(*command: str) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)

    @staticmethod
    def _line(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    made = Served(tmp_path / "root")
    yield made
    made.close()


def differing_margin(alone: Answer, other: Answer) -> float:
    """Return how sure the first token was that another answer has not; 0 if they are the same."""
    pairs = zip(alone.steps, other.steps, strict=False)
    return next((one.margin for one, two in pairs if one.token != two.token), 0.0)


def test_eight_clients_get_their_own_answers(served: Served) -> None:
    bodies = [question(name, 1 + place) for place, name in enumerate(NAMES)]
    alone = served.ask(bodies, 1)
    for name, answer in zip(NAMES, alone, strict=True):
        assert name in answer.text
    for answers in (served.ask(bodies, CLIENTS) for _ in range(ROUNDS)):
        for place, answer in enumerate(answers):
            assert [name for name in NAMES if name in answer.text] == [NAMES[place]]
            assert differing_margin(alone[place], answer) <= NOISE, (alone[place], answer)
