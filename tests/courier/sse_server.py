"""An OpenAI-compatible server on loopback, in a process of its own, that can misbehave.

`python -m tests.courier.sse_server FOLDER` prints its address. FOLDER/manners.json is read anew
for each request (see `Manners`), and FOLDER/requests.jsonl gets a line for each.
"""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import msgspec


class Manners(msgspec.Struct, frozen=True, kw_only=True):
    """How it answers: `words` one by one, with `seconds` before each."""

    words: tuple[str, ...] = ("The ", "garden ", "grows ", "well.")
    thoughts: tuple[str, ...] = ()
    seconds: float = 0.0
    key: str = ""
    html: bool = False
    plain_json: bool = False
    status: int = 200
    error: str = ""
    plain_only: bool = False
    """Refuses what OpenAI's own servers don't know."""
    cut_after: int = -1
    die_after: int = -1
    silent: bool = False
    garbage: bool = False
    context: int = 8192
    models: tuple[str, ...] = ("big-model",)


class Server(BaseHTTPRequestHandler):
    """Answers one request; what is said of all of them belongs to the class."""

    protocol_version = "HTTP/1.1"
    folder: ClassVar[Path]
    lock: ClassVar[threading.Lock] = threading.Lock()

    def do_GET(self) -> None:
        self.manners = self._manners()
        self._note({})
        if self._refuses():
            return
        data = [{"id": name, "max_model_len": self.manners.context} for name in self.manners.models]
        self._send(200, json.dumps({"object": "list", "data": data}), "application/json")

    def do_POST(self) -> None:
        self.manners = self._manners()
        length = int(self.headers.get("Content-Length", "0"))
        asked = json.loads(self.rfile.read(length))
        self._note(asked)
        if self._refuses():
            return
        if self.manners.plain_only and "top_k" in asked:
            message = json.dumps({"error": {"message": "Unknown parameter: top_k."}})
            self._send(400, message, "application/json")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self._stream()
        except (BrokenPipeError, ConnectionResetError):
            self._note({"hung_up": True})
        self.close_connection = True

    def _refuses(self) -> bool:
        manners = self.manners
        if manners.key and self.headers.get("Authorization") != f"Bearer {manners.key}":
            self._send(401, '{"error": {"message": "Invalid key"}}', "application/json")
        elif manners.html:
            self._send(200, "<html>Welcome</html>", "text/html; charset=utf-8")
        elif manners.plain_json:
            self._send(200, '{"choices": []}', "application/json")
        elif manners.status != 200:
            body = json.dumps({"error": {"message": manners.error}}) if manners.error else "no"
            self._send(manners.status, body, "application/json")
        else:
            return False
        return True

    def _stream(self) -> None:
        manners = self.manners
        while manners.silent:
            time.sleep(0.05)
            self.wfile.write(b": waiting\n\n")
        if manners.garbage:
            self.wfile.write(b"data: {not json\n\n")
            return
        for thought in manners.thoughts:
            self._delta({"reasoning_content": thought})
        for place, word in enumerate(manners.words):
            if place == manners.cut_after:
                return
            if place == manners.die_after:
                os._exit(1)
            time.sleep(manners.seconds)
            self._delta({"content": word})
        if manners.error:
            self._event({"error": {"message": manners.error}})
            return
        self._event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": 21, "completion_tokens": len(manners.words)}
        self._event({"choices": [], "usage": usage})
        self.wfile.write(b"data: [DONE]\n\n")

    def _delta(self, delta: dict[str, str]) -> None:
        self._event({"choices": [{"delta": delta, "finish_reason": None}]})

    def _event(self, content: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps(content).encode() + b"\n\n")
        self.wfile.flush()

    def _send(self, status: int, body: str, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def _manners(self) -> Manners:
        path = self.folder / "manners.json"
        return msgspec.json.decode(path.read_bytes(), type=Manners) if path.exists() else Manners()

    def _note(self, asked: dict[str, Any]) -> None:
        line = {"path": self.path, "key": self.headers.get("Authorization", ""), **asked}
        with Server.lock, (self.folder / "requests.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on standard error."""


class Quiet(ThreadingHTTPServer):
    """One that says nothing of clients that were killed."""

    daemon_threads = True

    def handle_error(self, *_arguments: object) -> None:
        """A client that is gone is what is being tried."""


def main() -> None:
    Server.folder = Path(sys.argv[1])
    server = Quiet(("127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0), Server)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
