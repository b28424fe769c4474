"""`inglenook devices` and `inglenook model fit` with the planning child they really start."""

import json
import sys
from pathlib import Path
from typing import Any, Never

import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.cli.main import main
from core.engine.client.planner_client import PlannerClient
from core.ipc.child_process import ChildProcess
from core.ipc.reply import Reply
from core.messages import ModelPlanned, Placement, PlanModel, PlannerEvent
from tests.gguf.synthetic import dense
from tests.waiting import wait_for


def objects(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main([*words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


Planned = Reply[Never, ModelPlanned]


def plan(client: PlannerClient, model: Path, requested: Placement) -> Planned:
    return client.send(PlanModel(request_id="plan", path=str(model), placement=requested))


def ended(client: PlannerClient, reply: Planned) -> Planned:
    """Wait until the reply has ended, and return it."""

    def is_done() -> bool:
        client.poll()
        return reply.is_done

    wait_for(is_done)
    return reply


def test_devices(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = objects(capsys, "--root", str(tmp_path / "root"), "devices")
    processor = next(each for each in found if each["kind"] == "cpu")
    assert processor["backend"] == "CPU"
    assert 0 < processor["free"] <= processor["total"]
    assert main(["--root", str(tmp_path / "root"), "devices"]) == 0
    assert processor["description"] in capsys.readouterr().out


def test_a_model_that_fits(
    tmp_path: Path, starter_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(tmp_path / "root")
    words = ("--root", root, "model", "fit", str(starter_model), "--context", "2048")
    (fitted,) = objects(capsys, *words)
    assert (fitted["verdict"], fitted["context"], fitted["layers"]) == ("yes", 2048, 31)
    assert fitted["measured"]
    assert fitted["devices"][0]["cache"] == 45 << 20
    assert fitted["needed"] == sum(device["total"] for device in fitted["devices"])
    assert main([*words]) == 0
    shown = capsys.readouterr().out
    assert "2048" in shown
    assert "f16" in shown


def test_a_model_far_too_large(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outline = dense(layers=120, width=16_384, inner=65_536, heads=128, cached=8, head=128)
    path = outline.write_outline(tmp_path / "huge.gguf")
    root = str(tmp_path / "root")
    (fitted,) = objects(capsys, "--root", root, "model", "fit", str(path))
    assert fitted["verdict"] == "no"
    assert fitted["needed"] > 500 << 30


def test_a_dry_run_that_ends_the_child_is_done_without(root: Paths, starter_model: Path) -> None:
    process: ChildProcess[PlannerEvent] = ChildProcess(
        "planner", PlannerEvent, root.logs / "planner.log", lambda: None
    )
    client = PlannerClient(root, lambda: None, process=process)
    reply = plan(client, starter_model, Placement(context=512))
    client.kill()
    planned = ended(client, reply).result
    assert planned is not None
    assert not planned.plan.measured
    assert process.pid is None, "the child is thrown away"


def test_a_child_that_keeps_dying_is_said(root: Paths, starter_model: Path) -> None:
    process: ChildProcess[PlannerEvent] = ChildProcess(
        "planner",
        PlannerEvent,
        root.logs / "planner.log",
        lambda: None,
        command=[sys.executable, "-c", "raise SystemExit(3)"],
    )
    client = PlannerClient(root, lambda: None, process=process)
    failed = ended(client, plan(client, starter_model, Placement())).failure
    assert failed is not None
    assert failed.code == ErrorCode.PLANNER_DIED
    client.stop()
