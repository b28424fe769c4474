"""The real child with its port open, over an application by script."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.api.client import ApiClient
from core.app.api.api_token_store import ApiToken, ApiTokenStore
from core.base.paths import Paths
from core.messages import (
    AcceptTokens,
    AnswerChunk,
    AnswerDone,
    ApiActivity,
    ApiModel,
    ApiModelsListed,
    ApiProgress,
    ApiResult,
    CallProgress,
    CancelCall,
    GenerateText,
    ListApiModels,
    OpenApi,
    PromptFitted,
    ThinkingChunk,
)
from tests.house.sources import ROOT

WORDS = ("The ", "garden ", "is ", "wet.")


class ScriptedApp:
    """Answers each call at once: a chat with WORDS; `held` calls wait for the test."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client
        self.calls: list[Any] = []
        self.activities: list[ApiActivity] = []
        self.cancelled: dict[str, float] = {}
        self.words: tuple[str, ...] = WORDS
        self.thoughts: tuple[str, ...] = ()
        self.sent = ""
        """The prompt as the engine tells it, "" for that of the call."""
        self.is_holding = False
        self.outcome: Any = None
        self.outcomes: dict[type, Any] = {}
        """By the kind of call, before `outcome`, which is for all of them."""
        client.on_broadcast = self.on_event

    def on_event(self, event: Any) -> None:
        """Answer what the child asks."""
        if isinstance(event, ApiActivity):
            self.activities.append(event)
            return
        if isinstance(event, CancelCall):
            self.cancelled[event.call_id] = time.monotonic()
            return
        self.calls.append(event)
        if type(event) in self.outcomes:
            self.finish(event, self.outcomes[type(event)])
        elif self.outcome is not None:
            self.finish(event, self.outcome)
        elif isinstance(event, ListApiModels):
            model = ApiModel(name="small", context=2048)
            self.finish(event, ApiModelsListed(models=(model,)))
        elif isinstance(event, GenerateText):
            self.write(event)
            if not self.is_holding:
                self.finish(event, self.done(event))

    def write(self, call: GenerateText) -> None:
        """Send the prompt's facts and the words."""
        fitted: CallProgress = PromptFitted(
            request_id=call.call_id,
            sent=self.sent or call.prompt,
            sources_used=(),
            turns_left_out=0,
            sources_left_out=0,
            prompt_tokens=9,
            cached_tokens=4,
        )
        thoughts = (ThinkingChunk(request_id=call.call_id, text=each) for each in self.thoughts)
        for event in (fitted, *thoughts, *(self._chunk(call, word) for word in self.words)):
            self._client.send_if_running(ApiProgress(call_id=call.call_id, event=event))

    def done(self, call: GenerateText, **changes: Any) -> AnswerDone:
        """Return the end of an answer."""
        content: dict[str, Any] = {
            "stop": "eos",
            "text": "".join(self.words),
            "prompt_tokens": 9,
            "cached_tokens": 4,
            "completion_tokens": len(self.words),
        }
        return AnswerDone(request_id=call.call_id, **(content | changes))

    def finish(self, call: Any, outcome: Any) -> None:
        """End a call."""
        self._client.send_if_running(ApiResult(call_id=call.call_id, outcome=outcome))

    @staticmethod
    def _chunk(call: GenerateText, word: str) -> AnswerChunk:
        return AnswerChunk(request_id=call.call_id, text=word)


class OpenPort:
    """An open port: `ask` sends a request from another process, and answers what comes of it."""

    def __init__(self, paths: Paths, origins: tuple[str, ...] = ()) -> None:
        self.paths = paths
        self.client = ApiClient(paths, lambda: None)
        self.app = ScriptedApp(self.client)
        self.tokens = ApiTokenStore(paths.api_tokens)
        opened = self._result(
            OpenApi(
                request_id="open",
                port=0,
                tokens=self.tokens.accepted,
                log_path=str(paths.api_log),
                origins=origins,
            )
        )
        self.port = int(opened.address.rpartition(":")[2])
        self.token = self.read_token().token
        self._prober = subprocess.Popen(
            [sys.executable, "-m", "tests.api.prober", str(self.port)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read_token(
        self, name: str = "local", *, renew: bool = False, scopes: tuple[str, ...] = ()
    ) -> ApiToken:
        """Return a token, of which the child knows."""
        token = self.tokens.read_token(name, scopes, renew=renew)
        self._accept_tokens()
        return token

    def forget_token(self, name: str) -> None:
        """Take a token away, also in the child."""
        self.tokens.forget_token(name)
        self._accept_tokens()

    def _accept_tokens(self) -> None:
        self._result(AcceptTokens(request_id=f"{time.monotonic()}", tokens=self.tokens.accepted))

    def ask(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, **more: Any
    ) -> Any:
        """Return the answer to a request as the prober tells it, JSON already read."""
        headers = dict(more.pop("headers", {}))
        token = self.token if token is None else token
        if token:
            headers.setdefault("authorization", f"Bearer {token}")
        if body is not None or "hexed" in more:
            headers.setdefault("content-type", "application/json")
        text = body if isinstance(body, str) else json.dumps(body) if body is not None else ""
        answer = self.order(method=method, path=path, headers=headers, body=text, **more)
        if answer.get("text") and "application/json" in answer.get("headers", {}).get(
            "content-type", ""
        ):
            answer["json"] = json.loads(answer["text"])
        return answer

    def order(self, until: Callable[[], object] = lambda: False, **order: Any) -> Any:
        """Have the prober do something while the application answers."""
        answers: list[str] = []
        prober = self._prober
        assert prober.stdin is not None
        assert prober.stdout is not None
        prober.stdin.write(json.dumps(order) + "\n")
        prober.stdin.flush()
        stdout = prober.stdout
        import threading  # noqa: PLC0415

        reader = threading.Thread(target=lambda: answers.append(stdout.readline()))
        reader.start()
        while reader.is_alive():
            self.client.poll()
            reader.join(0.002)
        return json.loads(answers[0])

    def poll_until(self, condition: Callable[[], object]) -> None:
        """Answer calls until something is true."""
        deadline = time.monotonic() + 20
        while not condition():
            assert time.monotonic() < deadline, "it never came"
            self.client.poll()
            time.sleep(0.002)

    def close(self) -> None:
        """End both processes."""
        self.client.stop()
        assert self._prober.stdin is not None
        assert self._prober.stdout is not None
        self._prober.stdin.close()
        self._prober.wait(10)
        self._prober.stdout.close()

    def _result(self, request: Any) -> Any:
        reply = self.client.send(request)
        self.poll_until(lambda: reply.is_done)
        assert reply.failure is None, reply.failure
        return reply.result


@contextmanager
def open_port(folder: Path, origins: tuple[str, ...] = ()) -> Iterator[OpenPort]:
    """Yield an open port whose files lie under a folder."""
    paths = Paths(folder / "root")
    paths.create_folders()
    made = OpenPort(paths, origins)
    try:
        yield made
    finally:
        made.close()
