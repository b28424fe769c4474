"""GPU packs in the window: installed after confirmation, or refused with a reason."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from core.app.loading.device_service import DeviceService
from core.base.paths import Paths
from core.base.settings.app_settings import Settings
from core.engine.client.planner_client import PlannerClient
from desktop.kit.actions import ActionRegistry
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.window.gpu_pack_controller import GpuPackController
from tests.fakes.child_process import FakeChildProcess
from tests.packaging.pack_files import pack_file, sum_of


class Stage:
    """A window with packs, and what it says."""

    def __init__(self, qtbot: QtBot, application: QApplication, tmp_path: Path) -> None:
        root = Paths(tmp_path)
        planner = PlannerClient(root, lambda: None, process=FakeChildProcess("planner"))
        self.devices = DeviceService(root, planner, lambda _event: None)
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.notices = NoticeCenter(application)
        self.theme = Theme(application, Settings(tmp_path / "settings.json"))
        self.packs = GpuPackController(self.devices, self.theme, self.notices, self.window)

    @property
    def installed(self) -> list[str]:
        return [pack.about.name for pack in self.devices.packs.installed_packs()]

    @property
    def problems(self) -> list[str]:
        return [notice.problem.message for notice in self.notices.all_notices()]

    def asking(self) -> ConfirmDialog:
        return self.window.findChildren(ConfirmDialog)[0]


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Stage:
    return Stage(qtbot, qapp, tmp_path)


def test_what_nobody_vouches_for_is_asked_about(stage: Stage, tmp_path: Path) -> None:
    stage.packs.install_pack(str(pack_file(tmp_path)))
    assert stage.installed == []
    stage.asking().accept()
    assert stage.installed == ["cuda"]
    assert "NVIDIA" in stage.problems[0]


def test_leaving_the_question_adds_nothing(stage: Stage, tmp_path: Path) -> None:
    stage.packs.install_pack(str(pack_file(tmp_path)))
    stage.asking().reject()
    assert (stage.installed, stage.problems) == ([], [])


def test_what_is_no_pack_is_refused_in_words(stage: Stage, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no archive")
    stage.packs.install_pack(str(notes), sum_of(notes))
    assert "notes.txt" in stage.problems[0]


def test_cards_may_be_tried_again(stage: Stage) -> None:
    stage.devices.excluded.exclude_all_cards()
    registry = ActionRegistry(stage.window, stage.theme)
    stage.packs.register_actions(registry)
    registry.action_by_id("models.retry_cards").trigger()
    assert stage.devices.excluded.cards == ()
