"""The children's program: take the pipe, lock the network, and become the role that was asked for.

Nothing heavy is imported before the pipe is private: llama.cpp writes to file descriptor 1.
"""

import contextlib
import importlib
import signal
import sys
from typing import BinaryIO, Protocol

from core import log, privacy
from core.channel import ParentGone, take_standard_streams

ROLES = {
    "engine": "core.engine.child",
    "library": "core.library.child",
    "extractor": "core.library.extractors.child",
}


class _Role(Protocol):
    def serve(self, incoming: BinaryIO, outgoing: BinaryIO) -> None:
        """Answer requests until the parent hangs up."""


def main(arguments: list[str] | None = None) -> int:
    """Run one role until the parent hangs up; 2 for a role nobody knows."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) != 1 or arguments[0] not in ROLES:
        sys.stderr.write(f"usage: worker {{{','.join(ROLES)}}}\n")
        return 2
    incoming, outgoing = take_standard_streams()
    # Ctrl-C in a terminal is the front end's business; it stops its children itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log.to_stderr()
    privacy.lock_network()
    role: _Role = importlib.import_module(ROLES[arguments[0]])
    with contextlib.suppress(ParentGone):
        role.serve(incoming, outgoing)
    return 0


if __name__ == "__main__":
    sys.exit(main())
