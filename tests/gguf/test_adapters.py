"""LoRA adapters against the model they are for: what is taken, and what is refused and why."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, ModelError
from core.gguf import check_adapter, check_architecture, is_adapter, read_header
from tests.gguf.writing import ARRAY, F32, STRING, U32, Gguf, Tensor, value

RANK = 4
WEIGHT = "blk.0.attn_q.weight"


def adapter(*tensors: Tensor, architecture: str = "llama") -> Gguf:
    """Return an adapter of these tensors, placed one after the other."""
    placed, offset = [], 0
    for tensor in tensors:
        placed.append(replace(tensor, offset=offset))
        offset += -(-tensor.size // 32) * 32
    facts = {
        "general.type": value(STRING, "adapter"),
        "general.architecture": value(STRING, architecture),
        "adapter.type": value(STRING, "lora"),
        "adapter.lora.alpha": value(F32, 8.0),
    }
    return Gguf(facts=facts, tensors=tuple(placed))


def half(name: str, columns: int, rows: int) -> Tensor:
    return Tensor(name=name, shape=(columns, rows), size=4 * columns * rows)


def pair(name: str, columns: int, rows: int, rank: int = RANK) -> tuple[Tensor, Tensor]:
    """Return both halves for a weight of this shape."""
    return half(f"{name}.lora_a", columns, rank), half(f"{name}.lora_b", rank, rows)


def adapter_file(model: Path, path: Path) -> Path:
    """Write an adapter of zeros for one weight of a real model."""
    weights = {tensor.name: tensor.shape for tensor in read_header(model).tensors}
    return adapter(*pair(WEIGHT, *weights[WEIGHT])).write(path)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    shapes = {WEIGHT: (32, 64), "token_embd.weight": (32, 16), "blk.0.ffn_up_exps.weight": (32, 8)}
    tensors = tuple(half(name, *shape) for name, shape in shapes.items())
    return replace(Gguf(), tensors=adapter(*tensors).tensors).write(tmp_path / "base.gguf")


def refusal(file: Gguf, base: Path, tmp_path: Path) -> ModelError:
    header = read_header(file.write(tmp_path / "adapter.gguf"))
    with pytest.raises(ModelError) as caught:
        check_adapter(header, read_header(base))
    return caught.value


def test_an_adapter_that_fits(base: Path, tmp_path: Path) -> None:
    norm = Tensor(name="blk.0.attn_norm.weight", shape=(32,), size=128)
    turned = (
        half("token_embd.weight.lora_a", RANK, 16),
        half("token_embd.weight.lora_b", RANK, 32),
    )
    file = adapter(*pair(WEIGHT, 32, 64), *turned, norm).write(tmp_path / "adapter.gguf")
    header = read_header(file)
    assert is_adapter(header)
    check_adapter(header, read_header(base))
    with pytest.raises(ModelError) as caught:
        check_architecture(header)
    assert caught.value.code is ErrorCode.MODEL_NOT_CHAT


def test_an_adapter_for_the_starter_model(starter_model: Path, tmp_path: Path) -> None:
    header = read_header(adapter_file(starter_model, tmp_path / "adapter.gguf"))
    check_adapter(header, read_header(starter_model))


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        (pair("blk.9.attn_q.weight", 32, 64), "blk.9.attn_q.weight"),
        (pair(WEIGHT, 64, 64), WEIGHT),
        (pair(WEIGHT, 32, 32), WEIGHT),
        ((half(f"{WEIGHT}.lora_a", 32, 4), half(f"{WEIGHT}.lora_b", 2, 64)), WEIGHT),
        (pair("token_embd.weight", 32, 16), "token_embd.weight"),
    ],
)
def test_a_weight_of_another_model(
    tensors: tuple[Tensor, ...], says: str, base: Path, tmp_path: Path
) -> None:
    error = refusal(adapter(*tensors), base, tmp_path)
    assert error.code is ErrorCode.ADAPTER_MISMATCH
    assert f"“{says}” does not fit" in error.message


def test_experts_that_are_not_as_many(base: Path, tmp_path: Path) -> None:
    one, other = pair("blk.0.ffn_up_exps.weight", 32, 8)
    many = replace(one, shape=(*one.shape, 3), size=one.size * 3)
    assert refusal(adapter(many, other), base, tmp_path).code is ErrorCode.ADAPTER_MISMATCH


def test_numbers_that_are_no_weights(base: Path, tmp_path: Path) -> None:
    one, other = pair(WEIGHT, 32, 64)
    whole = replace(one, type_id=26)  # I32
    assert refusal(adapter(whole, other), base, tmp_path).code is ErrorCode.ADAPTER_MISMATCH


def test_another_architecture(base: Path, tmp_path: Path) -> None:
    error = refusal(adapter(*pair(WEIGHT, 32, 64), architecture="qwen3"), base, tmp_path)
    assert error.code is ErrorCode.ADAPTER_MISMATCH
    assert "“qwen3”" in error.message


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (Gguf(), "“model”"),
        (adapter(*pair(WEIGHT, 32, 64)).with_fact("adapter.type", STRING, "control"), "“control”"),
        (adapter(*pair(WEIGHT, 32, 64)).without("adapter.lora.alpha"), "how strong"),
        (adapter(*pair(WEIGHT, 32, 64)).with_fact("adapter.lora.alpha", U32, 8), "how strong"),
        (
            adapter(*pair(WEIGHT, 32, 64)).with_fact(
                "adapter.alora.invocation_tokens", ARRAY, (U32, (1, 2))
            ),
            "waits for words",
        ),
        (adapter(pair(WEIGHT, 32, 64)[0]), "half of"),
        (adapter(pair(WEIGHT, 32, 64)[1]), "half of"),
        (adapter(half("blk.0.attn_q.bias", 32, 1)), "nothing is known"),
        (adapter(Tensor(name="blk.0.attn_norm.weight", shape=(32,), size=128)), "lacks"),
    ],
)
def test_files_that_are_no_adapters_that_can_be_used(
    file: Gguf, says: str, base: Path, tmp_path: Path
) -> None:
    error = refusal(file, base, tmp_path)
    assert error.code is ErrorCode.ADAPTER_REFUSED
    assert says in error.message


def test_a_damaged_adapter_is_refused_by_its_header(tmp_path: Path) -> None:
    file = replace(adapter(*pair(WEIGHT, 32, 64)), cut=40).write(tmp_path / "adapter.gguf")
    with pytest.raises(ModelError) as caught:
        read_header(file)
    assert caught.value.code is ErrorCode.GGUF_TRUNCATED
