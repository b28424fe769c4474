"""Runs the command line in this process, with the real application over scripted children."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.app.app import App
from core.app.root_lock import RootLock
from core.base.errors import StorageError
from core.base.paths import Paths
from core.cli.main import main
from tests.cli.answering_children import AnsweringChildren


@dataclass
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Inglenook:
    """Runs commands on one root. `children` outlive each, and know what all of them sent."""

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.paths = Paths(root)
        self.children = AnsweringChildren()
        self.engine, self.library = self.children.engine, self.children.library
        self._capture = capture

    def __call__(self, *words: str) -> Ran:
        code = main(["--root", str(self.paths.root), *words], make_app=self._make_app)
        captured = self._capture.readouterr()
        return Ran(code, captured.out, captured.err)

    @property
    def is_closed(self) -> bool:
        """Whether the last command has let go of the root."""
        lock = RootLock(self.paths)
        try:
            lock.acquire()
        except StorageError:
            return False
        lock.release()
        return True

    def _make_app(self, paths: Paths, wake: Callable[[], None]) -> App:
        return self.children.make_app(paths, wake)


@pytest.fixture
def inglenook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Inglenook:
    return Inglenook(tmp_path / "root", capsys)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder
