"""The device file of NVIDIA's driver: made before a sealed child looks for it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base.paths import Paths
from core.engine.client import nvidia_device
from core.engine.client.engine_client import EngineClient
from core.engine.client.planner_client import PlannerClient
from core.messages import ListDevices, LoadModel
from tests.fakes.child_process import FakeChildProcess

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the driver of another system")


@pytest.fixture(autouse=True)
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A driver whose program makes the device that is missing; returns the device."""
    device = tmp_path / "nvidia-uvm"
    (tmp_path / "version").write_text("NVRM version")
    program = tmp_path / "nvidia-modprobe"
    program.write_text(f'#!/bin/sh\necho "$@" >>{device}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(nvidia_device, "_DRIVER", tmp_path / "version")
    monkeypatch.setattr(nvidia_device, "_DEVICE", device)
    nvidia_device.make_nvidia_device.cache_clear()
    yield device
    nvidia_device.make_nvidia_device.cache_clear()


@pytest.mark.parametrize("role", ["engine", "planner"])
def test_it_is_there_when_a_child_starts(root: Paths, driver: Path, role: str) -> None:
    child = FakeChildProcess(role)
    if role == "engine":
        engine = EngineClient(root, lambda: None, process=child)
        engine.load_model(LoadModel(request_id="1", path="/m.gguf"))
    else:
        planner = PlannerClient(root, lambda: None, process=child)
        planner.send(ListDevices(request_id="1"))
    assert child.starts == 1
    assert driver.read_text() == "-u -c=0\n"


def test_nothing_is_done_without_a_driver_or_with_the_device(driver: Path) -> None:
    driver.write_text("it is there")
    nvidia_device.make_nvidia_device()
    assert driver.read_text() == "it is there"
    driver.unlink()
    nvidia_device.make_nvidia_device.cache_clear()
    driver.with_name("version").unlink()
    nvidia_device.make_nvidia_device()
    assert not driver.exists()


@pytest.mark.parametrize("content", [None, "#!/bin/sh\nexit 1\n", "no program"])
def test_a_program_that_is_absent_or_fails_is_tolerated(driver: Path, content: str | None) -> None:
    program = driver.with_name("nvidia-modprobe")
    program.unlink()
    if content is not None:
        program.write_text(content)
        program.chmod(0o755)
    nvidia_device.make_nvidia_device()
    assert not driver.exists()
