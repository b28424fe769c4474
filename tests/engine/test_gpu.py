"""Graphics cards, or a driver that plays one; skipped where there is none.

They were last run with a build for Vulkan on Mesa's software driver, in an environment of its own:

    apt install mesa-vulkan-drivers libvulkan-dev glslc spirv-headers
    CMAKE_ARGS="-DGGML_VULKAN=ON" pip install --no-binary llama-cpp-python llama-cpp-python==0.3.36
    GGML_VK_VISIBLE_DEVICES=0 python -m pytest tests/engine/test_gpu.py

A software driver takes seconds for a token, so two are all that is read.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.base.errors import EngineError, ErrorCode
from core.base.paths import Paths
from core.engine.client.planner_client import PlannerClient
from core.engine.devices.device_list import list_devices
from core.engine.llama import llama_log
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.engine.memory.placement_planner import choose_placement
from core.gguf import read_header
from core.messages import Device, DeviceMemory, Placement, PlanModel
from tests.gguf.synthetic import experts

GIB = 1 << 30

CARDS = [device for device in list_devices() if device.kind in {"gpu", "igpu"}]

pytestmark = [
    pytest.mark.skipif(not CARDS, reason="no graphics card"),
    pytest.mark.timeout(900),  # a software driver compiles its shaders for minutes at first
]


@pytest.fixture
def card() -> Device:
    return CARDS[0]


def loaded(path: Path, placement: Placement) -> tuple[DeviceMemory, ...]:
    """Load, read two tokens, free it again; return what went where."""
    model = LlamaModel(path, placement, AbortFlag())
    context = LlamaContext(model, AbortFlag())
    memory = llama_log.memory_by_device(list_devices())
    context.batch.add_tokens([1, 2], start=0, sequence=0, outputs=1)
    context.decode()
    assert np.isfinite(context.logits(1)).all()
    context.close()
    model.close()
    return memory


def test_it_is_listed(card: Device) -> None:
    assert card.name
    assert card.description
    assert card.backend not in {"", "CPU"}
    assert 0 < card.free <= card.total


@pytest.mark.parametrize("layers", [-1, 12])
def test_layers_lie_where_they_were_planned(starter_model: Path, card: Device, layers: int) -> None:
    requested = Placement(context=512, threads=1, device=card.name, gpu_layers=layers)
    placed = choose_placement(read_header(starter_model), requested, list_devices(), 20 * GIB)
    assert placed.placement.gpu_layers == (31 if layers < 0 else layers)
    memory = loaded(starter_model, placed.placement)
    assert [each.device for each in memory] == ["CPU", card.name]
    for real, expected in zip(memory, placed.plan.devices, strict=True):
        assert real.weights == pytest.approx(expected.weights, rel=0.01)
        assert real.cache == pytest.approx(expected.cache, rel=0.01)
    assert memory[1].total == pytest.approx(placed.plan.devices[1].total, rel=0.05)


def test_experts_stay_in_main_memory(tmp_path: Path, card: Device) -> None:
    path = experts().write(tmp_path / "experts.gguf")
    requested = Placement(context=512, threads=1, device=card.name, experts_on_cpu=3)
    placed = choose_placement(read_header(path), requested, list_devices(), 20 * GIB)
    model = LlamaModel(path, placed.placement, AbortFlag())
    main, graphics = llama_log.memory_by_device(list_devices())
    model.close()
    planned_main, planned_graphics = placed.plan.devices
    assert main.weights == pytest.approx(planned_main.weights, rel=0.01)
    assert graphics.weights == pytest.approx(planned_graphics.weights, rel=0.01)


def test_what_a_card_has_free_is_what_the_plan_says_less(starter_model: Path, card: Device) -> None:
    if "llvmpipe" in card.description:
        pytest.skip("it reports the free memory of the machine, which others use too")
    requested = Placement(context=2048, threads=1, device=card.name)
    placed = choose_placement(read_header(starter_model), requested, list_devices(), 20 * GIB)
    before = next(each for each in list_devices() if each.name == card.name).free
    model = LlamaModel(starter_model, placed.placement, AbortFlag())
    context = LlamaContext(model, AbortFlag())
    after = next(each for each in list_devices() if each.name == card.name).free
    context.close()
    model.close()
    assert before - after == pytest.approx(placed.plan.devices[1].total, rel=0.05)


def test_a_dry_run_knows_what_it_will_take(
    root: Paths, starter_model: Path, card: Device, wait_for: Callable[..., Any]
) -> None:
    client = PlannerClient(root, lambda: None)
    requested = Placement(context=512, threads=1, device=card.name)
    reply = client.send(PlanModel(request_id="plan", path=str(starter_model), placement=requested))

    def arrived() -> bool:
        client.poll()
        return reply.is_done

    wait_for(arrived, 60)
    planned = reply.result
    assert planned is not None
    assert planned.plan.measured
    memory = loaded(starter_model, planned.placement)
    assert planned.plan.devices[1].compute == memory[1].compute


def test_too_much_for_the_card_steps_down(starter_model: Path, card: Device) -> None:
    """A card that gives 100 MiB in one piece: 180 for the cache are refused, 96 are not."""
    if card.backend != "Vulkan":
        pytest.skip("only Vulkan can be told to be small")
    limit = {"GGML_VK_FORCE_MAX_BUFFER_SIZE": str(100 << 20)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.tight_memory", starter_model, card.name, "0", "8192"],
        env={**os.environ, **limit},
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert json.loads(done.stdout) == [["f16", 8192, 31], ["q8_0", 8192, 31]]


def test_a_name_that_is_gone_is_said(starter_model: Path) -> None:
    with pytest.raises(EngineError) as caught:
        choose_placement(
            read_header(starter_model), Placement(device="Vulkan9"), list_devices(), 20 * GIB
        )
    assert caught.value.code == ErrorCode.DEVICE_UNKNOWN
