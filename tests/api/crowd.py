"""Clients that ask at once: `python -m tests.api.crowd PORT TOKEN`.

Each line on standard input, `{"clients": …, "bodies": […]}`, is answered with one: the answers to
these chat completions, in their order.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.api.prober import ask

SECONDS = 120.0


def ask_all(port: int, token: str, bodies: list[dict[str, Any]], clients: int) -> list[Any]:
    """Return the answers to all `bodies`, with so many on their way at a time."""

    def ask_one(body: dict[str, Any]) -> Any:
        order = {
            "method": "POST",
            "path": "/v1/chat/completions",
            "headers": {"authorization": f"Bearer {token}", "content-type": "application/json"},
            "body": json.dumps(body),
            "seconds": SECONDS,
        }
        answer = ask(port, order)
        return {"status": answer["status"], "body": json.loads(answer["text"])}

    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(ask_one, bodies))


def main() -> None:
    """Answer orders until there are no more."""
    port, token = int(sys.argv[1]), sys.argv[2]
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(ask_all(port, token, order["bodies"], order["clients"])), flush=True)


if __name__ == "__main__":
    main()
