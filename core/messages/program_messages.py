"""Messages to the child that becomes a program of the person's own: what that may do."""

from core.messages.common_messages import Message

PROGRAM_VARIABLE = "INGLENOOK_PROGRAM"
"""Names a `StartProgram` in the environment of that child, as JSON."""


class StartProgram(Message, frozen=True, kw_only=True):
    """A program to run in place of the child, held to what was agreed to.

    `command` begins with an absolute path; `environment` is all that the program gets. `read` and
    `write` are folders or files with all that lies in them. `hidden` is the
    data folder, where a system says what is refused and not what is allowed. `unsealed`: it may run
    where the system has no means to hold it.
    """

    command: tuple[str, ...]
    environment: dict[str, str]
    read: tuple[str, ...]
    write: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    network: bool = False
    unsealed: bool
