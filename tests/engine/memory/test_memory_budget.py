"""The memory plan against what llama.cpp allocates for small models of every kind."""

from pathlib import Path

import pytest

from core.engine.devices.device_list import list_devices
from core.engine.llama import llama_log
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.engine.memory import free_memory
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import PlannedPlacement, choose_placement
from core.engine.planning.dry_run import dry_run
from core.gguf import read_header
from core.messages import DeviceMemory, Placement
from tests.gguf.synthetic import ALL, dense

GIB = 1 << 30
REQUESTS = {
    "f16": Placement(context=4096, threads=1),
    "q8_0": Placement(context=4096, threads=1, cache_keys="q8_0", cache_values="q8_0"),
    "one": Placement(context=2000, threads=1, sequences=1),
}


@pytest.fixture(scope="module", params=ALL)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind = str(request.param)
    return ALL[kind]().write(tmp_path_factory.mktemp("models") / f"{kind}.gguf")


def planned(path: Path, requested: Placement) -> PlannedPlacement:
    return choose_placement(read_header(path), requested, list_devices(), 20 * GIB)


def loaded(path: Path, placement: Placement) -> DeviceMemory:
    """Return what llama.cpp allocates when it really loads the file."""
    model = LlamaModel(path, placement, AbortFlag())
    context = LlamaContext(model, AbortFlag())
    (memory,) = llama_log.memory_by_device(list_devices())
    context.close()
    model.close()
    return memory


@pytest.mark.parametrize("requested", REQUESTS.values(), ids=REQUESTS)
def test_every_kind_of_model(model: Path, requested: Placement) -> None:
    placed = planned(model, requested)
    real = loaded(model, placed.placement)
    computed = placed.plan.devices[0]
    dry = dry_run(model, placed.placement, placed.plan)
    assert dry is not None
    assert dry.measured
    assert computed.weights == pytest.approx(real.weights, rel=0.001)
    assert dry.devices[0].cache == pytest.approx(real.cache, abs=12_000)
    assert computed.cache == pytest.approx(real.cache, abs=12_000)
    # Room for the logits of more than the first few tokens comes when it is needed.
    assert dry.devices[0].compute == pytest.approx(real.compute, abs=100_000)
    # Computed, not laid out: for models as small as these no better.
    assert 0.7 < computed.compute / real.compute < 1.5


def test_without_flash_attention_scores_are_kept_whole(tmp_path: Path) -> None:
    path = dense().write(tmp_path / "dense.gguf")
    placed = planned(path, Placement(context=4096, threads=1, flash_attention="off"))
    real = loaded(path, placed.placement)
    assert placed.plan.devices[0].compute == pytest.approx(real.compute, rel=0.06)
    assert placed.plan.devices[0].cache == real.cache


def test_a_dry_run_of_a_huge_model_takes_no_memory(tmp_path: Path) -> None:
    outline = dense(layers=64, width=5120, inner=27_648, heads=40, cached=8, head=128)
    path = outline.write_outline(tmp_path / "huge.gguf")
    placed = choose_placement(read_header(path), Placement(), list_devices(), 200 * GIB)
    dry = dry_run(path, placed.placement, placed.plan)
    assert dry is not None
    main = dry.devices[0]
    assert main.weights > 50 * GIB
    assert main.cache == placed.plan.devices[0].cache
    assert main.compute == pytest.approx(placed.plan.devices[0].compute, rel=0.02)


def test_there_is_some_memory() -> None:
    assert available_memory() > 0


def test_a_containers_limit_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group = Path("/proc/self/cgroup")
    if not group.exists():
        pytest.skip("no cgroups here")
    name = group.read_text(encoding="ascii").strip().rpartition(":")[2].lstrip("/")
    folder = tmp_path / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "memory.max").write_text("3000\n", encoding="ascii")
    (folder / "memory.current").write_text("1000\n", encoding="ascii")
    monkeypatch.setattr(free_memory, "_CGROUP", tmp_path)
    assert available_memory() == 2000
    (folder / "memory.max").write_text("max\n", encoding="ascii")
    assert available_memory() > 2000
