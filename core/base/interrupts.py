"""Interrupts: what Ctrl+C does before a command could be stopped in order, and how that exits.

While modules are loaded it ends the process at once: a KeyboardInterrupt there is printed as a
trace, becomes another error, or brings down native code that was just being set up.
"""

import signal
import threading

INTERRUPTED = 130
"""Exit code of a command that Ctrl+C ended, as shells count it: 128 and the signal's number."""


def interrupted_code(number: int) -> int:
    """Return the exit code of a command that a signal ended; 0, no signal, counts as Ctrl+C."""
    return 128 + number if number else INTERRUPTED


def end_at_interrupt() -> None:
    """Let Ctrl+C end this process; not where it is ignored, or somebody handles it."""
    _replace(signal.default_int_handler, signal.SIG_DFL)


def raise_interrupts() -> None:
    """Let Ctrl+C raise KeyboardInterrupt, where it has ended the process until now."""
    _replace(signal.SIG_DFL, signal.default_int_handler)


def _replace(old: object, new: "signal._HANDLER") -> None:
    is_main = threading.current_thread() is threading.main_thread()
    if is_main and signal.getsignal(signal.SIGINT) is old:
        signal.signal(signal.SIGINT, new)
