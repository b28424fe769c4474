"""Self-test host: HTTP server on loopback that serves the files of one folder.

    GET /any/repository/resolve/any-commit/NAME

It listens on loopback only, and the network is locked once it does.
"""

import contextlib
import socket
import socketserver
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import BinaryIO

from core.base.paths import resources_folder
from core.ipc import network_lock
from core.ipc.channel import Channel
from core.messages.selftest_messages import SelftestRequest, SelftestServerOpened

LOOPBACK = "127.0.0.1"
REACH_SECONDS = 5.0


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Serve until the parent hangs up; raises ParentGone then."""
    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(_Server((LOOPBACK, 0), _Handler))
            port = server.server_address[1]
            socket.create_connection((LOOPBACK, port), REACH_SECONDS).close()
            address = f"http://{LOOPBACK}:{port}"
        except (
            OSError
        ):  # without any network, even loopback, listening works and connecting does not
            address = ""
        network_lock.lock_network()
        channel: Channel[SelftestRequest] = Channel(SelftestRequest, incoming, outgoing)
        channel.start("selftest_server")
        channel.send(SelftestServerOpened(address=address))
        if address:
            threading.Thread(
                target=server.serve_forever, name="selftest_server", daemon=True
            ).start()
            stack.callback(server.shutdown)
        while True:
            channel.receive()  # there are no requests; this notices that the parent is gone


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = resources_folder() / "selftest" / Path(self.path).name
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        content = path.read_bytes()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Write nothing: the requests are visible to the one who sends them."""
