"""Messages common to all children: hello, cancel, failed, died."""

from typing import Generic, TypeVar

from msgspec import Struct

from core.base.errors import InglenookError

PROTOCOL = 1

Progress = TypeVar("Progress")
Result = TypeVar("Result")


class Message(Struct, frozen=True, kw_only=True, tag=True):
    """Base of all messages: frozen, keyword-only, distinguished by their class name."""


class Request(Message, Generic[Progress, Result], frozen=True, kw_only=True):
    """Base of requests: any number of `Progress`, then one `Result` or Failed name its id."""

    request_id: str


class FinalMessage(Message, frozen=True, kw_only=True):
    """Base of messages that end the request they name."""

    request_id: str


class Seal(Struct, frozen=True, kw_only=True):
    """What the system refuses a child, each as far as its role does without; `means` name how.

    `files`: all that it was not granted; `writes`: to write any of it, which `files` includes;
    `calls`: what programs rarely need; `sockets`: the network and other programs; `signals`: to
    processes other than its own children.
    """

    files: bool = False
    writes: bool = False
    calls: bool = False
    sockets: bool = False
    signals: bool = False
    means: str = ""


class Hello(Message, frozen=True, kw_only=True):
    """First message of every child; `seal` is what holds it by then."""

    protocol: int
    role: str
    pid: int
    seal: Seal = Seal()


class Secret(Struct, frozen=True):
    """A key or token on its way to the one child that sends it on; nothing shows it."""

    text: str = ""

    def __repr__(self) -> str:
        """Show nothing of it, whoever logs the message that holds it."""
        return "Secret(…)"


NO_SECRET = Secret()


class UseDataKey(Message, frozen=True, kw_only=True):
    """First message to a child that reads or writes the data folder `root`, if that is encrypted.

    It comes through the pipe alone: arguments and environments can be read by other processes.
    """

    key: bytes
    root: str

    def __repr__(self) -> str:
        """Show nothing of the key, whoever logs this."""
        return "UseDataKey(…)"


class Cancel(Message, frozen=True, kw_only=True):
    """Stop working on `request_id`; its last event still comes."""

    request_id: str


class Failed(FinalMessage, frozen=True, kw_only=True):
    """`request_id` ended without its result; `describe_error(code, facts)` says why."""

    code: str
    facts: dict[str, str] = {}

    @classmethod
    def from_error(cls, request_id: str, error: InglenookError) -> "Failed":
        """Return the message that ends a request in an error."""
        return cls(request_id=request_id, code=error.code, facts=error.facts)


class ChildDied(Message, frozen=True, kw_only=True):
    """Made by the parent: the child's process is gone. `tail` is the end of its log."""

    role: str
    exit_code: int | None
    tail: str = ""
