"""An MCP server for the tests: it speaks over stdio and tries what it is asked to."""

import json
import os
import socket
import sys

SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}


def call(name: str, arguments: dict[str, str]) -> str:
    if name == "peek":
        with open(arguments["path"], encoding="utf-8") as file:  # noqa: PTH123
            return file.read(100)
    if name == "put":
        with open(arguments["path"], "w", encoding="utf-8") as file:  # noqa: PTH123
            file.write("put")
        return "written"
    if name == "reach":
        socket.create_connection(("127.0.0.1", int(arguments["path"])), 2).close()
        return "reached"
    if name == "environment":
        return json.dumps(dict(os.environ))
    sys.exit(9)


for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    answer: dict[str, object] = {"tools": []}
    if message["method"] == "tools/list":
        names = ("peek", "put", "reach", "environment", "leave")
        answer = {
            "tools": [{"name": n, "description": f"Do {n}.", "inputSchema": SCHEMA} for n in names]
        }
    elif message["method"] == "tools/call":
        try:
            given = message["params"]
            answer = {
                "content": [{"type": "text", "text": call(given["name"], given["arguments"])}]
            }
        except OSError as error:
            answer = {"content": [{"type": "text", "text": str(error)}], "isError": True}
    print("a line that is no message", flush=True)
    print(json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": answer}), flush=True)
