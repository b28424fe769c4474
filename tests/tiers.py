"""The quick tests and the slow ones: what a test must be marked `slow` for, seen as it happens."""

import sys
from collections.abc import Sequence
from itertools import pairwise

HEAVY_ROLES = frozenset({"bench", "engine", "quantizer", "library", "trainer"})
"""Children that load a model or the libraries of the index."""
HEAVY_MODULES = frozenset({"sentence_transformers", "torch"})
"""What takes seconds of processor time to import."""


class Watch:
    """What one test did since it began, its fixtures included."""

    def __init__(self) -> None:
        self._children: list[str] = []
        self._absent: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Forget what earlier tests did."""
        self._children.clear()
        self._absent = HEAVY_MODULES - sys.modules.keys()

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """Note heavy children as they are started: an audit hook."""
        if event == "subprocess.Popen" and isinstance(arguments[1], Sequence):
            child = heavy_child([str(word) for word in arguments[1]])
            if child:
                self._children.append(child)

    def heavy(self) -> list[str]:
        """Return a few words for each thing that only a test marked `slow` may do."""
        imported = sorted(self._absent & sys.modules.keys())
        return [f"imports {name}" for name in imported] + [
            f"starts {child}" for child in self._children
        ]


def heavy_child(command: Sequence[str]) -> str:
    """Return the heavy role that a command starts, "the program" for all of it, else ""."""
    if "core.child_main" in command:
        return command[-1] if command[-1] in HEAVY_ROLES else ""
    whole = command[0] == sys.executable and ("-m", "desktop") in pairwise(command)
    return "the program" if whole else ""
