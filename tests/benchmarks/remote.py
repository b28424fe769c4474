"""Compares answers through the remote door with a direct client of the same server.

    python -m tests.benchmarks.remote http://127.0.0.1:8080 [--rounds 6] [--tokens 200]

Both ask the same question at temperature 0, by turns. A round's rate is its tokens, as the server
counts them, over the time from the first text to the last: for the door as events reach the front
end, through the courier's child and the whole course of an answer.
"""

import argparse
import http.client
import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, AnswerFinished, AnswerTextAdded, AppEvent
from core.base.paths import Paths
from core.messages import Sampling

QUESTION = "Tell me a long story about a garden, with all that grows and lives in it."


def direct(address: str, model: str, tokens: int) -> float:
    """Return the tokens a second that a plain client gets."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=600)
    body = {
        "model": model,
        "messages": [{"role": "user", "content": QUESTION}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0,
        "max_tokens": tokens,
    }
    headers = {"Content-Type": "application/json"}
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    response = connection.getresponse()
    first = last = 0.0
    count = 0
    for line in response:
        if not line.startswith(b"data: {"):
            continue
        event = json.loads(line[6:])
        if event.get("choices") and event["choices"][0]["delta"].get("content"):
            last = time.monotonic()
            first = first or last
        if event.get("usage"):
            count = event["usage"]["completion_tokens"]
    connection.close()
    return (count - 1) / (last - first)


class Door:
    """An application whose chats a server answers."""

    def __init__(self, folder: Path, address: str, model: str) -> None:
        self._times: list[float] = []
        self._ended: AppEvent | None = None
        paths = Paths(folder)
        paths.create_folders()
        self._woken = threading.Event()
        self.app = App(paths, self._woken.set)
        self.app.subscribe(self._hear)
        self.app.open_root()
        self.app.servers.add_server("box", [address], model, context=4096)
        self.app.servers.allow_server("box")

    def ask(self, tokens: int) -> float:
        """Return the tokens a second that reach the front end."""
        self._times.clear()
        self._ended = None
        sampling = Sampling(temperature=0, repeat_penalty=1.0)
        self.app.questions.ask_question(
            QUESTION, AskOptions(model="box", sampling=sampling, max_tokens=tokens, temporary=True)
        )
        while self._ended is None:
            self._woken.wait(0.1)
            self._woken.clear()
            self.app.process_events()
        assert isinstance(self._ended, AnswerFinished), self._ended
        count = self._ended.statistics.completion_tokens
        return (count - 1) / (self._times[-1] - self._times[0])

    def _hear(self, event: AppEvent) -> None:
        if isinstance(event, AnswerTextAdded):
            self._times.append(time.monotonic())
        elif isinstance(event, AnswerFinished | AnswerFailed):
            self._ended = event


def main() -> int:
    """Measure by turns and print both medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--model", default="default")
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--tokens", type=int, default=200)
    options = parser.parse_args()
    plain: list[float] = []
    door: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        through = Door(Path(folder) / "root", options.address, options.model)
        try:
            direct(options.address, options.model, 8)
            through.ask(8)
            for number in range(options.rounds):
                plain.append(direct(options.address, options.model, options.tokens))
                door.append(through.ask(options.tokens))
                print(f"round {number + 1}: direct {plain[-1]:.1f}, door {door[-1]:.1f} tokens/s")
        finally:
            through.app.close()
    ratio = statistics.median(there / here for here, there in zip(plain, door, strict=True))
    print(f"median: direct {statistics.median(plain):.1f}, door {statistics.median(door):.1f}")
    print(f"ratio of the rounds, median: {ratio:.3f}")
    return int(ratio < 0.97)


if __name__ == "__main__":
    sys.exit(main())
