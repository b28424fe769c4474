"""Adding a pack from the window: it is said, refused in words, or asked about."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from core.base.errors import EngineError, ErrorCode
from core.base.settings.app_settings import Settings
from core.engine.devices.backend_packs import BackendPack, PackManifest
from desktop.kit.actions import ActionRegistry
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.window.gpu_pack_controller import GpuPackController

SHA256 = "ab" * 32


class Desk:
    """Takes the pack whose sum the person gives, refuses what is no pack."""

    def __init__(self) -> None:
        self.installed: list[str] = []
        self.retried = 0

    def install_pack(self, path: Path, sha256: str = "") -> BackendPack:
        if path.suffix != ".zip":
            raise EngineError(ErrorCode.PACK_REFUSED, file=path.name, detail="no archive")
        if sha256 != SHA256:
            raise EngineError(ErrorCode.PACK_UNPROVEN, file=path.name, sha256=SHA256)
        self.installed.append(path.name)
        about = PackManifest(name="cuda", title="NVIDIA CUDA", ggml="1", system="x", files={})
        return BackendPack(path, about)

    def allow_all_cards(self) -> None:
        self.retried += 1


class Stage:
    """A window with packs, and what it says."""

    def __init__(self, qtbot: QtBot, application: QApplication, tmp_path: Path) -> None:
        self.desk = Desk()
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.notices = NoticeCenter(application)
        self.theme = Theme(application, Settings(tmp_path / "settings.json"))
        self.packs = GpuPackController(self.desk, self.theme, self.notices, self.window)

    @property
    def said(self) -> list[str]:
        return [notice.problem.message for notice in self.notices.all_notices()]

    def asking(self) -> ConfirmDialog:
        return self.window.findChildren(ConfirmDialog)[0]


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Stage:
    return Stage(qtbot, qapp, tmp_path)


def test_what_nobody_vouches_for_is_asked_about(stage: Stage) -> None:
    stage.packs.install_pack("/somewhere/cuda.zip")
    assert stage.desk.installed == []
    stage.asking().accept()
    assert stage.desk.installed == ["cuda.zip"]
    assert "NVIDIA CUDA" in stage.said[0]


def test_leaving_the_question_adds_nothing(stage: Stage) -> None:
    stage.packs.install_pack("/somewhere/cuda.zip")
    stage.asking().reject()
    assert (stage.desk.installed, stage.said) == ([], [])


def test_what_is_no_pack_is_refused_in_words(stage: Stage) -> None:
    stage.packs.install_pack("/somewhere/notes.txt")
    assert "notes.txt" in stage.said[0]


def test_cards_may_be_tried_again(stage: Stage) -> None:
    registry = ActionRegistry(stage.window, stage.theme)
    stage.packs.register_actions(registry)
    registry.action_by_id("models.retry_cards").trigger()
    assert stage.desk.retried == 1
