"""Levels made, planned and measured by llama.cpp itself, of models with tiny random weights."""

import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from core import gguf
from core.base.errors import ErrorCode, ModelError
from core.engine.devices.quiet_check import QuietCheck
from core.engine.quantization import type_speed
from core.engine.quantization.importance_matrix import read_importance_matrix
from core.engine.quantization.quality_measurement import measure_quality
from core.engine.quantization.quantization_maker import make_quantization
from core.engine.quantization.quantization_planner import plan_quantizations
from core.engine.quantization.type_speed import measure_type_speeds
from core.messages import (
    MeasureQuality,
    ModelQuantized,
    Placement,
    PlanQuantizations,
    QualityMeasured,
    QuantizationTargets,
    Quantize,
    TimeTensorTypes,
)
from core.models.quantizations.quantization_types import LADDER_QUANTIZATIONS, find_quantization
from tests.gguf.synthetic import Outline, dense, experts
from tests.gguf.writing import ARRAY, I32, STRING, Gguf, value

REQUESTED = Placement(context=512, threads=1)
TRIED = {"Q2_K", "Q3_K_M", "Q4_K_M", "Q6_K", "Q8_0"}
BYTE = 6  # LLAMA_TOKEN_TYPE_BYTE


class Bytewise(Outline):
    """A model that can read any text, byte by byte."""

    def gguf(self) -> Gguf:
        made = super().gguf()
        pieces = ["<unk>", "<s>", "</s>", *(f"<0x{number:02X}>" for number in range(256))]
        pieces += [f"t{number}" for number in range(self.vocabulary - len(pieces))]
        kinds = (2, 3, 3) + (BYTE,) * 256 + (1,) * (self.vocabulary - 259)
        facts = {
            **made.facts,
            "tokenizer.ggml.tokens": value(ARRAY, (STRING, pieces)),
            "tokenizer.ggml.token_type": value(ARRAY, (I32, kinds)),
        }
        return replace(made, facts=facts)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    like = dense(layers=2, width=256, inner=512)
    outline = Bytewise(like.architecture, like.figures, like.shapes)
    return outline.write(tmp_path_factory.mktemp("m") / "a-F16.gguf")


def quantize(source: Path, target: Path, level: str, matrix: Path | None = None) -> ModelQuantized:
    known = find_quantization(level)
    assert known is not None
    request = Quantize(
        request_id="1",
        path=str(source),
        partial=f"{target}.quantizing",
        target=str(target),
        level=level,
        file_type=known.file_type,
        threads=1,
        matrix=str(matrix or ""),
    )
    return make_quantization(request, lambda _done, _total, _name: None)


def test_each_level_has_the_size_that_was_told(model: Path, tmp_path: Path) -> None:
    named = tuple(
        (level.name, level.file_type) for level in LADDER_QUANTIZATIONS if level.name in TRIED
    )
    request = PlanQuantizations(
        request_id="1",
        files=(str(model),),
        making=QuantizationTargets(path=str(model), levels=named),
        placement=REQUESTED,
    )
    own, *plans = plan_quantizations(request).plans
    assert (own.level, own.path, own.plan.measured) == ("F16", str(model), True)
    for plan in plans:
        made = quantize(model, tmp_path / f"{plan.level}.gguf", plan.level)
        assert made.bytes == Path(made.path).stat().st_size
        # Two facts are added that this model lacks; a real one has them.
        assert 0 <= made.bytes - plan.bytes <= 128, plan.level
        header = gguf.read_header(Path(made.path))
        assert header.quantization == plan.level
        assert plan.plan.measured, "results in between are those of the file that is here"
        read = sum(each.bytes for each in plan.reads)
        weights = [each for each in header.tensors if len(each.shape) > 1]
        table = next(each for each in weights if each.name == "token_embd.weight")
        assert read == sum(each.size for each in weights) - table.size
    assert not list(tmp_path.glob("*.quantizing"))


def test_of_experts_those_count_that_a_token_uses(tmp_path: Path) -> None:
    path = experts().write(tmp_path / "e-F16.gguf")
    (plan,) = plan_quantizations(
        PlanQuantizations(request_id="1", files=(str(path),), placement=REQUESTED)
    ).plans
    header = gguf.read_header(path)
    whole = sum(each.size for each in header.tensors if len(each.shape) > 1)
    assert 0 < sum(each.bytes for each in plan.reads) < whole


def test_progress_runs_over_every_tensor(model: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    request = Quantize(
        request_id="1",
        path=str(model),
        partial=str(tmp_path / "p"),
        target=str(tmp_path / "t.gguf"),
        level="Q8_0",
        file_type=7,
        threads=1,
    )
    make_quantization(request, lambda *each: seen.append(each))
    count = len(gguf.read_header(model).tensors)
    assert [each[0] for each in seen] == list(range(1, count + 1))
    assert {each[1] for each in seen} == {count}
    assert "token_embd.weight" in {each[2] for each in seen}


def test_nothing_is_left_of_what_fails(model: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        quantize(model, tmp_path / "x.gguf", "IQ2_XXS")
    assert caught.value.code == ErrorCode.LEVEL_NEEDS_MATRIX
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_there_stays(model: Path, tmp_path: Path) -> None:
    target = tmp_path / "x.gguf"
    target.write_bytes(b"mine")
    with pytest.raises(ModelError) as caught:
        quantize(model, target, "Q8_0")
    assert caught.value.code == ErrorCode.LEVEL_THERE
    assert target.read_bytes() == b"mine"


def older_matrix(path: Path, entries: dict[str, np.ndarray], calls: int = 2) -> Path:
    """Write an importance matrix in the form of bare numbers."""
    raw = struct.pack("<i", len(entries))
    for name, numbers in entries.items():
        raw += struct.pack("<i", len(name)) + name.encode()
        raw += struct.pack("<ii", calls, numbers.size) + numbers.astype("<f4").tobytes()
    path.write_bytes(raw)
    return path


def of_model(model: Path) -> dict[str, np.ndarray]:
    return {
        tensor.name: np.linspace(0.1, 2.0, tensor.shape[0])
        for tensor in gguf.read_header(model).tensors
        if len(tensor.shape) > 1
    }


@pytest.mark.slow
def test_with_a_matrix_a_very_low_level_can_be_made(model: Path, tmp_path: Path) -> None:
    matrix = older_matrix(tmp_path / "m.dat", of_model(model))
    assert read_importance_matrix(matrix)["output.weight"][0] == pytest.approx(0.05)
    quantize(model, tmp_path / "x.gguf", "IQ2_XXS", matrix)
    assert gguf.read_header(tmp_path / "x.gguf").quantization == "IQ2_XXS"


def test_a_matrix_changes_what_is_made(model: Path, tmp_path: Path) -> None:
    matrix = older_matrix(tmp_path / "m.dat", of_model(model))
    quantize(model, tmp_path / "with.gguf", "Q4_K_M", matrix)
    quantize(model, tmp_path / "without.gguf", "Q4_K_M")
    with_, without = ((tmp_path / f"{name}.gguf").read_bytes() for name in ("with", "without"))
    assert len(with_) == len(without)
    assert with_ != without


@pytest.mark.parametrize("kind", ["empty", "text", "cut", "gguf", "other", "nan", "gone"])
def test_a_matrix_that_is_none_is_refused(model: Path, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "m.dat"
    whole = older_matrix(path, of_model(model)).read_bytes()
    match kind:
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("no matrix at all, only words")
        case "cut":
            path.write_bytes(whole[: len(whole) // 2])
        case "gguf":
            path.write_bytes(model.read_bytes())
        case "other":
            older_matrix(path, {"output.weight": np.ones(64)})
        case "nan":
            older_matrix(path, {"output.weight": np.full(256, np.nan)})
        case _:
            path.unlink()
    with pytest.raises(ModelError) as caught:
        quantize(model, tmp_path / "x.gguf", "Q4_K_M", path)
    assert caught.value.code == ErrorCode.MATRIX_REFUSED
    assert not (tmp_path / "x.gguf").exists()


def measured_alone(request: MeasureQuality) -> QualityMeasured:
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.measured_alone"],
        input=msgspec.json.encode(request),
        capture_output=True,
        check=True,
        timeout=120,
    )
    return msgspec.json.decode(done.stdout, type=QualityMeasured)


@pytest.mark.slow
def test_a_lower_level_is_further_from_the_best(model: Path, tmp_path: Path) -> None:
    files = [model]
    for level in ("Q8_0", "Q2_K"):
        quantize(model, tmp_path / f"{level}.gguf", level)
        files.append(tmp_path / f"{level}.gguf")
    request = MeasureQuality(
        request_id="1",
        files=tuple(map(str, files)),
        text="A text of many words that mean nothing to this model. " * 12,
        scratch=str(tmp_path / "scratch"),
        placement=Placement(threads=1),
    )
    best, high, low = measured_alone(request).levels
    assert (best.divergence, best.same_choice) == (0.0, 1.0)
    assert 0 <= high.divergence < low.divergence
    assert best.perplexity == pytest.approx(high.perplexity, rel=0.05)
    assert best.tokens == high.tokens == low.tokens > 200
    assert best.tokens_per_second > 0
    assert not (tmp_path / "scratch").exists()


def test_a_text_of_two_words_is_too_short(model: Path, tmp_path: Path) -> None:
    scratch = str(tmp_path / "scratch")
    request = MeasureQuality(request_id="1", files=(str(model),), text="hi", scratch=scratch)
    with pytest.raises(ModelError) as caught:
        measure_quality(request, lambda *_each: None)
    assert caught.value.code == ErrorCode.QUALITY_TEXT_SHORT


def test_types_are_timed() -> None:
    timed = measure_type_speeds(
        TimeTensorTypes(request_id="1", types=("Q4_K", "F16", "nonsense"), threads=1)
    )
    assert {speed.type for speed in timed.speeds} == {"Q4_K", "F16"}
    assert all(speed.speed > 1e6 for speed in timed.speeds)


@pytest.mark.parametrize(
    ("others", "threads", "speed"),
    [((0.1, 0.2), [2], 10.0), ((0.7, 1.4), [1], 70.0), ((0.1, 1.1), [2, 1], 70.0)],
    ids=["quiet", "busy", "busy meanwhile"],
)
def test_beside_busy_programs_types_are_timed_with_one_thread(
    monkeypatch: pytest.MonkeyPatch, others: tuple[float, float], threads: list[int], speed: float
) -> None:
    speeds, used = {2: 10.0, 1: 70.0}, []

    def timed(_request: object, _device: str, count: int, _clock: object) -> dict[str, float]:
        used.append(count)
        return {"Q4_K": speeds[count]}

    monkeypatch.setattr(type_speed, "_device_speeds", timed)
    monkeypatch.setattr(type_speed, "choose_threads", lambda wanted: wanted)
    seconds, busy = iter((0.0, 1.0, 2.0)), iter((0.0, *others))
    quiet = QuietCheck(lambda: next(seconds), lambda: 0.0, lambda: next(busy))
    request = TimeTensorTypes(request_id="1", types=("Q4_K",), threads=2)
    found = measure_type_speeds(request, quiet=quiet)
    assert [each.speed for each in found.speeds] == [speed]
    assert used == threads
