"""A child that does what it is told, to test core.ipc.child_process without a model."""

import os
import sys
import time

from core.ipc.channel import Channel, ParentGone, take_standard_streams
from core.messages import Hello, Message


class Do(Message, frozen=True, kw_only=True):
    """What the child should do next."""

    what: str
    text: str = ""


class ApiMessage(Message, frozen=True, kw_only=True):
    """What the child answers."""

    text: str


DummyEvent = Hello | ApiMessage


def _obey(channel: Channel[Do], request: Do) -> None:
    match request.what:
        case "say":
            channel.send(ApiMessage(text=request.text))
        case "print":
            print(request.text)  # to the log: the channel is not standard output
        case "complain":
            print(request.text, file=sys.stderr, flush=True)
        case "die":
            os._exit(int(request.text))
        case "sleep":
            time.sleep(float(request.text))
        case "garbage":
            channel._outgoing.write(request.text.encode())
            channel._outgoing.flush()
            time.sleep(60)
        case "old":
            channel.send(Hello(protocol=0, role="dummy", pid=os.getpid()))
            time.sleep(60)


def main() -> None:
    """Obey until the parent hangs up."""
    incoming, outgoing = take_standard_streams()
    channel: Channel[Do] = Channel(Do, incoming, outgoing)
    try:
        channel.start("dummy")
        while request := channel.receive():
            _obey(channel, request)
    except ParentGone:
        return


if __name__ == "__main__":
    main()
