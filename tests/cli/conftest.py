"""Runs the command line in this process, with a fake application."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from core.app.app import App
from core.base.paths import Paths
from core.cli import main
from tests.cli.fake_app import FakeApp


@dataclass
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str
    app: FakeApp

    @property
    def objects(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


class Inglenook:
    """Runs commands on one root; `prepare` sees each fake application before it is used."""

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capture = capture
        self._folders: Any = ()

    def __call__(self, *words: str, prepare: Callable[[FakeApp], None] = lambda _app: None) -> Ran:
        made: list[FakeApp] = []

        def make(paths: Paths, wake: Callable[[], None]) -> App:
            app = FakeApp(paths, wake)
            app.known_folders = self._folders
            prepare(app)
            made.append(app)
            return cast("App", app)

        code = main(["--root", str(self.root), *words], make_app=make)
        captured = self._capture.readouterr()
        app = made[0] if made else FakeApp(Paths(self.root), lambda: None)
        self._folders = app.known_folders
        return Ran(code, captured.out, captured.err, app)


@pytest.fixture
def inglenook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Inglenook:
    return Inglenook(tmp_path / "root", capsys)


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder
