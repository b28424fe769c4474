"""The memory plan, against what llama.cpp was seen to allocate."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.engine import fit
from core.engine.fit import available_memory, choose_context, plan
from core.gguf import Header, read_header
from core.paths import shipped_models
from tests.gguf.writing import ARRAY, I32, Gguf, facts, value

MIB = 1 << 20
GIB = 1 << 30


@pytest.fixture(scope="module")
def starter() -> Header:
    return read_header(shipped_models()[0])


def tiny(folder: Path, figures: dict[str, int | bytes]) -> Header:
    path = replace(Gguf(), facts=facts(figures=figures)).write(folder / "x.gguf")
    return read_header(path)


@pytest.mark.parametrize(("context", "cache"), [(2048, 45), (8192, 180), (32_768, 720)])
def test_the_starter_model_as_llama_cpp_reports_it(
    starter: Header, context: int, cache: int
) -> None:
    """Figures of llama-cpp-python 0.3.36 with f16 cache and batches of 512."""
    planned = plan(starter, context, GIB)
    assert planned.weights == pytest.approx(92.10 * MIB, rel=0.001)
    assert planned.cache == cache * MIB
    assert planned.compute == pytest.approx(98.25 * MIB, rel=0.001)
    assert planned.total == planned.weights + planned.cache + planned.compute


def test_verdicts(starter: Header) -> None:
    needed = plan(starter, 2048, 0).total
    assert plan(starter, 2048, needed - 1).verdict == "no"
    assert plan(starter, 2048, needed).verdict == "tight"
    assert plan(starter, 2048, needed + fit.RESERVE_BYTES).verdict == "yes"


def test_layers_without_cache_cost_none(tmp_path: Path) -> None:
    heads = value(ARRAY, (I32, (2, 0, 0, 1)))
    header = tiny(tmp_path, {"block_count": 4, "attention.head_count_kv": heads})
    assert plan(header, 256, GIB).cache == 256 * 3 * (16 + 16) * 2


def test_a_recurrent_model_has_a_state_instead(tmp_path: Path) -> None:
    header = tiny(
        tmp_path,
        {
            "attention.head_count": 0,
            "ssm.conv_kernel": 4,
            "ssm.inner_size": 64,
            "ssm.state_size": 16,
        },
    )
    assert plan(header, 256, GIB).cache == plan(header, 65_536, GIB).cache == (3 * 64 + 1024) * 4


def test_latent_attention_keeps_keys_only(tmp_path: Path) -> None:
    figures: dict[str, int | bytes] = {
        "attention.head_count_kv": 1,
        "attention.key_length": 576,
        "attention.value_length": 512,
        "attention.key_length_mla": 192,
    }
    assert plan(tiny(tmp_path, figures), 256, GIB).cache == 256 * 576 * 2


def test_a_context_is_rounded_up_as_llama_cpp_does(starter: Header) -> None:
    assert plan(starter, 2000, GIB).cache == plan(starter, 2048, GIB).cache


def test_with_room_the_context_is_what_is_wanted(starter: Header) -> None:
    assert choose_context(starter, 0, 64 * GIB).context == 8192
    assert choose_context(starter, 3000, 64 * GIB).context == 3000
    assert choose_context(starter, 100_000, 64 * GIB).context == 8192, "as trained"


def test_with_less_room_it_is_the_largest_that_fits(starter: Header) -> None:
    room = plan(starter, 4096, 0).total + fit.RESERVE_BYTES
    chosen = choose_context(starter, 0, room)
    assert (chosen.context, chosen.verdict) == (4096, "yes")
    room = plan(starter, 1024, 0).total
    chosen = choose_context(starter, 0, room)
    assert (chosen.context, chosen.verdict) == (1024, "tight")


def test_without_room_the_plan_says_no(starter: Header) -> None:
    assert choose_context(starter, 0, MIB).verdict == "no"


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
    monkeypatch.setattr(fit, "_CGROUP", tmp_path)
    assert available_memory() == 2000
    (folder / "memory.max").write_text("max\n", encoding="ascii")
    assert available_memory() > 2000
