"""The dialog that chooses files begins in the person's documents, and then where they were."""

from pathlib import Path

import pytest
from PySide6.QtCore import QDir, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from desktop.kit.layers.file_chooser import make_file_chooser, make_folder_chooser
from tests.desktop.open_window import OpenWindow


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder; the program was started elsewhere."""
    started_in = tmp_path / "elsewhere"
    started_in.mkdir()
    monkeypatch.chdir(started_in)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(QDir, "homePath", lambda: str(tmp_path))
    monkeypatch.setattr(
        QStandardPaths, "writableLocation", lambda _place: str(tmp_path / "Documents")
    )
    return tmp_path


def test_it_begins_at_home_or_in_the_documents(ui: OpenWindow, home: Path) -> None:
    opened = [QFileDialog(ui.window, "", str(Path.cwd()))]  # as Qt itself has it at first
    opened.append(make_folder_chooser(ui.window, "Add a folder"))
    assert Path(opened[-1].directory().path()) == home
    (home / "Documents").mkdir()
    opened.append(QFileDialog(ui.window, "", str(Path.cwd())))
    opened.append(make_file_chooser(ui.window, "Add a model"))
    assert Path(opened[-1].directory().path()) == home / "Documents"
    opened.append(QFileDialog(ui.window, "", str(home)))
    opened.append(make_file_chooser(ui.window, "Add a model"))
    assert Path(opened[-1].directory().path()) == home, "where the last choice was"
    for each in opened:
        each.deleteLater()
