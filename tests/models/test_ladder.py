"""What a ladder advises, what it expects of speed, and which files it takes for one model."""

from pathlib import Path

import pytest
from msgspec import structs

from core.gguf import GgufHeader
from core.messages import (
    MemoryPlan,
    Placement,
    QuantizationPlan,
    TensorTypeBytes,
    TensorTypeSpeed,
)
from core.models.model_catalog import load_catalog
from core.models.quantizations.measurement_store import MeasurementStore
from core.models.quantizations.quantization_ladder import (
    LadderRow,
    QualityLoss,
    RunLocation,
    format_loss,
    recommend_row,
    run_location,
    sort_rows,
)
from core.models.quantizations.quantization_types import LADDER_QUANTIZATIONS, find_quantization
from core.models.quantizations.same_model import (
    are_same_model,
    find_catalog_model,
    quantization_file_name,
)
from core.models.quantizations.speed_estimate import (
    MeasuredRun,
    estimate_seconds_per_token,
    estimate_tokens_per_second,
)


def row(
    level: str, *, speed: float | None = 30.0, where: RunLocation = RunLocation.CPU
) -> LadderRow:
    known = find_quantization(level)
    assert known is not None
    assert known.published_loss is not None
    return LadderRow(
        level=level,
        bits=known.bits,
        bytes=round(known.bits * 1e8),
        exactly=True,
        memory=round(known.bits * 1e8),
        planned=True,
        where=where,
        plan=None,
        path=f"/m/{level}.gguf",
        speed=speed,
        loss=QualityLoss(share=known.published_loss, divergence=known.divergence, measured=False),
    )


def chosen(*rows: LadderRow) -> str:
    marked, reason = recommend_row(rows)
    assert reason
    return next((each.level for each in marked if each.recommended), "")


def test_the_smallest_that_loses_next_to_nothing() -> None:
    assert chosen(*(row(level.name) for level in LADDER_QUANTIZATIONS)) == "Q5_K_M"


def test_a_slow_machine_gets_a_smaller_one() -> None:
    rows = [row(level.name, speed=50 / level.bits) for level in LADDER_QUANTIZATIONS]
    assert chosen(*rows) == "Q4_K_M"


def test_what_does_not_fit_is_not_recommended() -> None:
    rows = [
        row(level.name, where=RunLocation.CPU if level.bits < 4 else RunLocation.NOWHERE)
        for level in LADDER_QUANTIZATIONS
    ]
    assert chosen(*rows) == "Q3_K_M"
    assert (
        chosen(*(row(level.name, where=RunLocation.NOWHERE) for level in LADDER_QUANTIZATIONS))
        == ""
    )


def test_when_all_are_slow_quality_decides() -> None:
    assert chosen(*(row(level.name, speed=1.0) for level in LADDER_QUANTIZATIONS)) == "F16"


def test_what_nobody_has_is_not_recommended() -> None:
    rows = [structs.replace(row(level.name), path="") for level in LADDER_QUANTIZATIONS]
    assert chosen(*rows) == ""
    made = structs.replace(rows[3], makeable=True)
    assert chosen(*rows, made) == made.level
    assert chosen(*rows, structs.replace(made, needs_matrix=True)) == ""


def test_rows_rise() -> None:
    rows = sort_rows([row("F16"), row("Q2_K"), row("Q6_K")])
    assert [each.level for each in rows] == ["Q2_K", "Q6_K", "F16"]


def test_lost_quality_in_words() -> None:
    assert format_loss(0.0281) == "2.8 %"
    assert format_loss(0.5649) == "56 %"
    assert format_loss(0.0) == "next to nothing"


def plan(*, gpu_layers: int = 0, verdict: str = "yes", **reads: int) -> QuantizationPlan:
    return QuantizationPlan(
        level="Q4_K_M",
        bytes=1,
        placement=Placement(gpu_layers=gpu_layers, experts_on_cpu=0),
        plan=MemoryPlan(context=1, devices=(), verdict=verdict),
        layers=10,
        reads=tuple(TensorTypeBytes(device="CPU", type=each, bytes=reads[each]) for each in reads),
        cached=0,
    )


@pytest.mark.parametrize(
    ("layers", "verdict", "where"),
    [
        (10, "yes", RunLocation.GPU),
        (4, "tight", RunLocation.PARTLY_GPU),
        (0, "yes", RunLocation.CPU),
        (10, "no", RunLocation.NOWHERE),
    ],
)
def test_where_it_runs(layers: int, verdict: str, where: str) -> None:
    assert run_location(plan(gpu_layers=layers, verdict=verdict)) == where


SPEEDS = (
    TensorTypeSpeed(device="CPU", type="Q4_K", speed=1000.0),
    TensorTypeSpeed(device="CPU", type="F16", speed=2000.0),
)


def test_a_token_takes_what_its_weights_take() -> None:
    assert estimate_seconds_per_token(plan(Q4_K=500, F16=1000), SPEEDS) == pytest.approx(1.0)
    assert estimate_seconds_per_token(plan(Q4_K=500, Q6_K=1), SPEEDS) is None


def test_a_run_tells_what_a_token_takes_beside_its_weights() -> None:
    assert estimate_tokens_per_second(0.1, []) == pytest.approx(10)
    assert estimate_tokens_per_second(0.1, [MeasuredRun(0.2, 0.25)]) == pytest.approx(1 / 0.15)
    assert estimate_tokens_per_second(0.1, [MeasuredRun(0.2, 0.1)]) == pytest.approx(20)
    assert estimate_tokens_per_second(
        0.1, [MeasuredRun(0.5, 9), MeasuredRun(0.11, 0.12)]
    ) == pytest.approx(1 / 0.11)


def test_a_run_on_a_busy_computer_does_not_slow_down_all_levels() -> None:
    quiet, slowed_down = MeasuredRun(0.04, 0.0435), MeasuredRun(0.035, 0.3)
    assert estimate_tokens_per_second(0.036, [quiet, slowed_down]) == pytest.approx(1 / 0.0395)
    assert estimate_tokens_per_second(0.036, [slowed_down]) == pytest.approx(1 / 0.301)


def header(name: str, *, general: str = "", architecture: str = "llama") -> GgufHeader:
    return GgufHeader(
        path=f"/m/{name}.gguf",
        size=1,
        version=3,
        alignment=32,
        data_offset=0,
        metadata={"general.architecture": architecture, "general.name": general},
        tensors=(),
    )


def test_levels_of_one_model() -> None:
    one = header("SmolLM2-135M-Instruct.Q4_1", general="training run 7")
    assert are_same_model(one, header("SmolLM2-135M-Instruct-Q8_0", general="other"))
    assert are_same_model(one, header("whatever", general="Training-Run-7"))
    assert not are_same_model(one, header("SmolLM2-135M-Q8_0", general="other"))
    assert not are_same_model(one, header("SmolLM2-135M-Instruct.Q4_1", architecture="qwen3"))


def test_a_file_is_found_in_the_catalog() -> None:
    catalog = load_catalog()
    found = find_catalog_model(header("SmolLM2-135M-Instruct.Q4_1"), catalog)
    assert found is not None
    assert found.id == "smollm2-135m"
    assert find_catalog_model(header("SmolLM2-135M.Q4_1"), catalog) is None


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("a-Q8_0.gguf", "a-Q4_K_M.gguf"),
        ("A.B.q5_k_m.gguf", "A.B-Q4_K_M.gguf"),
        ("a-f16-00001-of-00003.gguf", "a-Q4_K_M.gguf"),
        ("qwen2.5-7b.gguf", "qwen2.5-7b-Q4_K_M.gguf"),
        ("m-IQ4_XS.gguf", "m-Q4_K_M.gguf"),
    ],
)
def test_a_new_level_keeps_the_name(source: str, name: str) -> None:
    assert quantization_file_name(Path(source), "Q4_K_M") == name


def test_a_slow_run_tells_of_a_busy_machine_until_others_confirm_it(tmp_path: Path) -> None:
    placement, expected = Placement(threads=2, gpu_layers=0), 0.01
    kept = MeasurementStore(tmp_path / "measured.json")

    def speed() -> float:
        return kept.file_measurements("x").speed_for_placement(placement, expected)

    kept.save_writing_speed("x", placement, 0.1)
    assert speed() == 0.0, "its weights alone are read a thousand times faster"
    kept.save_writing_speed("x", placement, 0.2)
    assert speed() == 0.0
    kept.save_writing_speed("x", placement, 0.1)
    assert speed() == 0.2, "it is that slow here"
    kept.save_writing_speed("x", placement, 40.0)
    assert speed() == 40.0
    kept.save_writing_speed("y", placement, 40.0)
    assert kept.file_measurements("y").speed_for_placement(placement, expected) == 40.0


def test_what_was_measured_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "measured.json"
    placement = Placement(threads=2, gpu_layers=0)
    kept = MeasurementStore(path)
    kept.save_writing_speed("x", placement, 10.0)
    kept.save_writing_speed("x", placement, 12.0)
    kept.save_machine_speeds("m", SPEEDS)
    kept.save_machine_speeds("m", (TensorTypeSpeed(device="CPU", type="F16", speed=1500.0),))
    again = MeasurementStore(path)
    assert again.file_measurements("x").speed_for_placement(placement) == 12.0
    assert (
        again.file_measurements("x").speed_for_placement(structs.replace(placement, threads=4))
        == 0.0
    )
    assert again.machine_speeds("m").times == 2
    assert {each.type: each.speed for each in again.machine_speeds("m").speeds}["F16"] == 2000.0
    path.write_bytes(b"{")
    assert MeasurementStore(path).file_measurements("x").speed_for_placement(placement) == 0.0
