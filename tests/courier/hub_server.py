"""A model hub on loopback, in a process of its own: the endpoints that are used, and faults.

`python -m tests.courier.hub_server FOLDER` serves FOLDER/repos/OWNER/NAME/FILES and prints its two
addresses: the hub's, and the one it leads to for the bytes. FOLDER/faults.json is read anew for
each request (see `Faults`), and FOLDER/requests.jsonl gets a line for each.
"""

import hashlib
import json
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import msgspec

COMMIT = "c0ffee" * 6 + "c0ff"
PIECE = 64 * 1024


class Faults(msgspec.Struct, frozen=True, kw_only=True):
    """What goes wrong. `refuse` statuses are used up one after the other, then all is well."""

    token: str = ""
    gated: bool = False
    refuse: tuple[int, ...] = ()
    refuse_always: int = 0
    retry_page: bool = False
    redirect: bool = True
    stale_after: int = 0
    leads_to: str = ""
    ranges: bool = True
    cut_after: int = 0
    cut_always: bool = False
    corrupt_at: int = -1
    shorter_by: int = 0
    bytes_per_second: int = 0
    no_digests: bool = False
    nonsense: bool = False
    lists: str = ""
    """The listing's very text, instead of what is there."""
    endless: bool = False


class Hub(BaseHTTPRequestHandler):
    """Answers one request; what is said of all of them belongs to the class."""

    protocol_version = "HTTP/1.1"
    folder: ClassVar[Path]
    store_port: ClassVar[int]
    refused: ClassVar[int] = 0
    to_refuse: ClassVar[Faults] = Faults()
    served: ClassVar[int] = 0
    lock: ClassVar[threading.Lock] = threading.Lock()

    def do_GET(self) -> None:
        self.faults = self._faults()
        self._sent = 0
        self._began = time.time()
        status = 0
        try:
            status = self._answer()
        except (BrokenPipeError, ConnectionResetError):
            status = -1
        finally:
            self._note(status)

    def _answer(self) -> int:  # noqa: PLR0911 - one for each endpoint
        if refusal := self._refusal():
            return self._send(refusal, b"no", "text/plain")
        if self.faults.retry_page:
            return self._send(200, b"<html>Sign in</html>", "text/html")
        # A proxy is asked for whole addresses; this one plays every host itself.
        path = "/" + self.path.partition("?")[0].partition("://")[2].partition("/")[2]
        if "://" not in self.path:
            path = self.path.partition("?")[0]
        if path.startswith("/raw/"):
            return self._send(200, (self.folder / path[5:]).read_bytes(), "application/json")
        if path.startswith("/api/models/"):
            return self._list(path.removeprefix("/api/models/"))
        if "/resolve/" in path:
            return self._resolve(path)
        if path.startswith("/store/"):
            return self._bytes(path.removeprefix("/store/"))
        return self._send(404, b"{}", "application/json")

    def _refusal(self) -> int:
        faults = self.faults
        if faults.refuse_always:
            return faults.refuse_always
        with Hub.lock:
            if faults != Hub.to_refuse:
                Hub.to_refuse, Hub.refused = faults, 0
            if Hub.refused < len(faults.refuse):
                Hub.refused += 1
                return faults.refuse[Hub.refused - 1]
        return 0

    def _list(self, rest: str) -> int:
        repository = rest.partition("/revision/")[0]
        folder = self.folder / "repos" / repository
        if not folder.is_dir():
            return self._error(404, "RepoNotFound")
        if self.faults.token and self.headers.get("Authorization") != f"Bearer {self.faults.token}":
            return self._error(401, "RepoNotFound")
        if self.faults.lists:
            return self._send(200, self.faults.lists.encode(), "application/json")
        if self.faults.endless:
            return self._send_endlessly()
        if self.faults.nonsense:
            return self._send(200, b"[1, 2", "application/json")
        listing = {
            "_id": "1",
            "id": repository,
            "sha": COMMIT,
            "gated": "auto" if self.faults.gated else False,
            "tags": ["gguf", "license:mit"],
            "siblings": [self._file(folder, path) for path in _files(folder)],
        }
        return self._send(200, json.dumps(listing).encode(), "application/json")

    def _send_endlessly(self) -> int:
        """Send blanks without saying how many, until whoever asked hangs up."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        while True:
            self.wfile.write(b" " * PIECE)

    def _file(self, folder: Path, path: Path) -> dict[str, Any]:
        data = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        fields: dict[str, Any] = {"rfilename": name, "size": len(data)}
        if self.faults.no_digests:
            return fields
        fields["blobId"] = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        if len(data) > 1000:
            sha = hashlib.sha256(data).hexdigest()
            fields["lfs"] = {"size": len(data), "sha256": sha, "pointerSize": 134}
        return fields

    def _resolve(self, path: str) -> int:
        repository, _slash, rest = path[1:].partition("/resolve/")
        name = rest.partition("/")[2]
        if self.faults.gated:
            return self._error(403, "GatedRepo")
        if self.faults.token and self.headers.get("Authorization") != f"Bearer {self.faults.token}":
            return self._error(401, "RepoNotFound")
        if not self.faults.redirect:
            return self._bytes(f"{repository}/{name}")
        host = f"http://127.0.0.1:{self.store_port}"
        link = self.faults.leads_to or f"{host}/store/{repository}/{name}?signed={Hub.served}"
        self.send_response(302)
        self.send_header("Location", link)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return 302

    def _bytes(self, name: str) -> int:
        with Hub.lock:
            Hub.served += 1
            served = Hub.served
        signed = self.path.partition("?signed=")[2]
        faults = self.faults
        if faults.stale_after and signed and served - int(signed) > faults.stale_after:
            return self._send(403, b"expired", "text/plain")
        path = self.folder / "repos" / name
        if not path.is_file():
            return self._error(404, "EntryNotFound")
        data = bytearray(path.read_bytes())
        if faults.corrupt_at >= 0:
            data[faults.corrupt_at] ^= 1
        data = data[: len(data) - faults.shorter_by]
        start, end = self._range(len(data))
        if start >= len(data) or end > len(data):
            return self._send(416, b"", "text/plain")
        partial = self.headers.get("Range") is not None and faults.ranges
        self.send_response(206 if partial else 200)
        if partial:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        self._pour(memoryview(data)[start:end])
        return 206 if partial else 200

    def _range(self, size: int) -> tuple[int, int]:
        asked = self.headers.get("Range")
        if not asked or not self.faults.ranges:
            return 0, size
        first, last = asked.removeprefix("bytes=").split("-")
        return int(first), int(last) + 1

    def _pour(self, data: memoryview) -> None:
        cut, share = self.faults.cut_after, 1.0 if self.faults.cut_always else 0.8
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            if cut and self._sent + len(piece) > cut and random.random() < share:
                self.wfile.write(piece[: max(0, cut - self._sent)])
                self.close_connection = True
                self.connection.shutdown(2)
                return
            self.wfile.write(piece)
            self._sent += len(piece)
            if self.faults.bytes_per_second:
                time.sleep(len(piece) / self.faults.bytes_per_second)

    def _error(self, status: int, code: str) -> int:
        return self._send(status, b"{}", "application/json", code)

    def _send(self, status: int, body: bytes, kind: str, code: str = "") -> int:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if code:
            self.send_header("X-Error-Code", code)
        self.end_headers()
        self.wfile.write(body)
        self._sent = len(body)
        return status

    def _faults(self) -> Faults:
        path = self.folder / "faults.json"
        return msgspec.json.decode(path.read_bytes(), type=Faults) if path.exists() else Faults()

    def _note(self, status: int) -> None:
        asked = {
            "path": self.path, "range": self.headers.get("Range", ""), "status": status,
            "sent": self._sent, "token": self.headers.get("Authorization", ""),
            "agent": self.headers.get("User-Agent", ""), "port": self.connection.getsockname()[1],
            "began": self._began,
        }  # fmt: skip
        with Hub.lock, (self.folder / "requests.jsonl").open("a") as log:
            log.write(json.dumps(asked) + "\n")

    def log_message(self, *_arguments: object) -> None:
        """Say nothing on standard error."""


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


class Quiet(ThreadingHTTPServer):
    """One that says nothing of clients that were killed."""

    daemon_threads = True

    def handle_error(self, *_arguments: object) -> None:
        """A client that is gone is what is being tried."""


def main() -> None:
    Hub.folder = Path(sys.argv[1])
    hub = Quiet(("127.0.0.1", 0), Hub)
    store = Quiet(("127.0.0.1", 0), Hub)
    Hub.store_port = store.server_port
    threading.Thread(target=store.serve_forever, daemon=True).start()
    threading.Thread(target=hub.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{hub.server_port} http://127.0.0.1:{store.server_port}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
