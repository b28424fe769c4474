"""A process that sends to the port what a test says: tests themselves open no connection.

`python -m tests.api.prober PORT` answers each JSON line on standard input with one on its output.
"""

import contextlib
import json
import socket
import sys
import time
from http.client import HTTPConnection, HTTPResponse
from typing import Any

SECONDS = 20.0


def ask(port: int, order: dict[str, Any]) -> dict[str, Any]:
    """Send one request and return its answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=order.get("seconds", SECONDS))
    try:
        connection.putrequest(
            order["method"], order["path"], skip_host=True, skip_accept_encoding=True
        )
        headers = {"host": f"127.0.0.1:{port}", **order.get("headers", {})}
        body = bytes.fromhex(order.get("hexed", "")) or order.get("body", "").encode()
        if body or order["method"] == "POST":
            headers.setdefault("content-length", str(len(body)))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders(body or None)
        response = connection.getresponse()
        text = _read(response, order.get("leave_after", 0))
    finally:
        connection.close()
    return {"status": response.status, "headers": dict(response.getheaders()), "text": text}


def _read(response: HTTPResponse, leave_after: int) -> str:
    """Return the body, or no more than the first lines of a stream: then the client is gone."""
    if not leave_after:
        return response.read().decode()
    lines: list[bytes] = []
    while len(lines) < leave_after and (line := response.readline()):
        lines.append(line)
    return b"".join(lines).decode()


def send_raw(port: int, order: dict[str, Any]) -> dict[str, Any]:
    """Send pieces, with a pause after each, and return what comes until the other side closes.

    With `enough`, no more is waited for once that has come.
    """
    began = time.monotonic()
    received = b""
    closed = False
    with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
        with contextlib.suppress(OSError):
            for piece in order["pieces"]:
                connection.sendall(piece.encode())
                time.sleep(order.get("pause", 0.0))
        connection.settimeout(order.get("seconds", SECONDS))
        try:
            enough = order.get("enough", "").encode()
            while not (enough and enough in received):
                if not (data := connection.recv(65536)):
                    closed = True
                    break
                received += data
        except TimeoutError:
            pass
        except OSError:
            closed = True
    seconds = time.monotonic() - began
    return {"text": received.decode(errors="replace"), "closed": closed, "seconds": seconds}


def main() -> None:
    """Answer orders until there are no more."""
    port = int(sys.argv[1])
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = (send_raw if "pieces" in order else ask)(port, order)
        except OSError as error:
            answer = {"failure": type(error).__name__}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
