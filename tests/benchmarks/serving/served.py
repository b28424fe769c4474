"""Servers that benchmarks ask: one started with a command, its processes, and requests to it."""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

import psutil

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 300.0


class StreamedAnswer(NamedTuple):
    """One answer: its text, tokens written, and seconds until the first piece and the end."""

    text: str
    tokens: int
    first: float
    seconds: float


class ServedModel:
    """A server on loopback with the OpenAI API, held to `core` if one is named."""

    def __init__(
        self, address: str, model: str, token: str, process: "subprocess.Popen[str]"
    ) -> None:
        self.host = urlsplit(address).netloc
        self.model = model
        self._token = token
        self.process = process

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.process.terminate()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()

    def processor_seconds(self) -> float:
        """Return what its processes have used; that of a waiting machine isn't counted."""
        return sum(sum(each.cpu_times()[:2]) for each in self.processes())

    def processes(self) -> list[psutil.Process]:
        """Return the server's process and all below it."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def open(self, path: str, body: dict[str, Any]) -> http.client.HTTPResponse:
        """Send a request and return the response; closing it closes the connection."""
        connection = http.client.HTTPConnection(self.host, timeout=600)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        connection.request("POST", path, json.dumps({"model": self.model, **body}), headers)
        return connection.getresponse()

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return what a request is answered with. Raises ValueError for a refusal."""
        with self.open(path, body) as response:
            read = response.read()
            if response.status != http.client.OK:
                raise ValueError(f"{response.status}: {read[:300]!r}")
            found: dict[str, Any] = json.loads(read)
        return found

    def chat(
        self, question: str, tokens: int, pieces: int | None = None, **more: object
    ) -> StreamedAnswer:
        """Stream an answer, greedily; leave after `pieces` of it, if that is given."""
        body = {
            "messages": [{"role": "user", "content": question}],
            "max_tokens": tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
            **more,
        }
        began, first, parts, written = time.perf_counter(), 0.0, [], 0
        with self.open("/v1/chat/completions", body) as response:
            if response.status != http.client.OK:
                raise ValueError(f"{response.status}: {response.read()[:300]!r}")
            for line in response:
                if not line.startswith(b"data: {"):
                    continue
                event = json.loads(line[6:])
                written = (event.get("usage") or {}).get("completion_tokens", written)
                text = "".join(
                    (c.get("delta") or {}).get("content") or "" for c in event["choices"]
                )
                if text:
                    first = first or time.perf_counter() - began
                    parts.append(text)
                if pieces is not None and len(parts) >= pieces:
                    break
        return StreamedAnswer("".join(parts), written, first, time.perf_counter() - began)


def serve_inglenook(root: Path, model: str, core: int | None, threads: int) -> ServedModel:
    """Start `inglenook serve` on a fresh data folder with a model's file."""
    command = [sys.executable, "-P", "-m", "desktop", "--root", str(root), "--json"]
    for words in (("model", "add", model), ("settings", "threads", str(threads))):
        subprocess.run([*command, *words], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    token = json.loads(subprocess.check_output([*command, "serve", "token"], cwd=ROOT))["token"]
    listed = subprocess.check_output([*command, "model", "list"], cwd=ROOT).splitlines()
    ref = next(each["ref"] for each in map(json.loads, listed) if each["path"] == model)
    process = _start([*command, "serve", "--port", "0"], core, stdout=subprocess.PIPE)
    assert process.stdout is not None
    address = json.loads(process.stdout.readline())["address"]
    threading.Thread(target=process.stdout.read, daemon=True).start()  # it tells of each request
    return ServedModel(address, ref, token, process)


def serve_llama(
    binary: Path, model: str, core: int | None, threads: int, slots: int
) -> ServedModel:
    """Start `llama-server` with a model's file."""
    port = 18431
    options = ["-m", model, "--port", str(port), "-t", str(threads), "-np", str(slots)]
    process = _start([str(binary), *options, "-c", "8192", "--no-warmup"], core)
    served = ServedModel(f"http://127.0.0.1:{port}", "llama", "none", process)
    began = time.monotonic()
    while time.monotonic() - began < START_SECONDS:
        try:
            served.chat("Hello", 1)
        except (OSError, ValueError):
            time.sleep(0.5)
        else:
            return served
    raise TimeoutError("llama-server does not answer")


def _start(
    command: Sequence[str], core: int | None, stdout: int = subprocess.DEVNULL
) -> "subprocess.Popen[str]":
    """Start a server that stays on one core with all its children, if one is named (on Linux)."""
    if sys.platform != "linux":
        return _open(command, stdout)
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        return _open(command, stdout)
    finally:
        os.sched_setaffinity(0, before)


def _open(command: Sequence[str], stdout: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(command, cwd=ROOT, stdout=stdout, stderr=subprocess.DEVNULL, text=True)
