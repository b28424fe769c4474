"""What a sound GGUF header says."""

from dataclasses import replace
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, ModelError
from core.base.paths import shipped_models
from core.gguf import OmittedValue, check_architecture, fingerprint, header_reader, read_header
from tests.gguf.writing import ARRAY, I32, STRING, U32, Gguf, Tensor, facts, value

GOOD = Gguf()


def test_a_tiny_file(tmp_path: Path) -> None:
    header = read_header(GOOD.write(tmp_path / "x.gguf"))
    check_architecture(header)
    assert header.architecture == "llama"
    assert (header.context_length, header.block_count, header.embedding_length) == (64, 1, 32)
    assert header.kv_head_counts == (2,)
    assert header.key_lengths == header.value_lengths == (16,)
    assert header.vocabulary_size == 4
    assert header.parameters == 128
    assert header.quantization == "F32"
    assert header.tensors[0].offset == header.data_offset
    assert header.chat_template == ""


def test_the_starter_model() -> None:
    header = read_header(shipped_models()[0])
    check_architecture(header)
    assert header.architecture == "llama"
    assert header.quantization == "Q4_1"
    assert header.parameters == 134_515_008
    assert header.vocabulary_size == 49_152
    assert header.context_length == 8192
    assert header.kv_head_counts == (3,) * 30
    assert header.key_lengths == (64,) * 30
    assert "<|im_start|>" in header.chat_template
    assert isinstance(header.metadata["tokenizer.ggml.merges"], OmittedValue)
    assert header.tensors[0].type_label == "Q8_0"
    last = header.tensors[-1]
    assert last.offset + last.size == header.size


def test_no_list_of_the_starter_model_is_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_reader, "_walked", dict(header_reader.STARTER))
    read_header(shipped_models()[0])
    assert header_reader._walked == header_reader.STARTER


@pytest.mark.slow
def test_it_agrees_with_the_reference_reader() -> None:
    gguf = pytest.importorskip("gguf")
    reference = gguf.GGUFReader(shipped_models()[0])
    header = read_header(shipped_models()[0])
    theirs = {t.name: (int(t.n_bytes), int(t.data_offset)) for t in reference.tensors}
    assert {t.name: (t.size, t.offset) for t in header.tensors} == theirs


def test_figures_given_layer_by_layer(tmp_path: Path) -> None:
    figures: dict[str, int | bytes] = {
        "block_count": 3,
        "attention.head_count": value(ARRAY, (I32, (8, 8, 4))),
        "attention.head_count_kv": value(ARRAY, (I32, (2, 0, 1))),
        "attention.key_length": 16,
        "attention.value_length": value(ARRAY, (I32, (16, 16))),
        "attention.key_length_swa": 24,
    }
    changed = facts(figures=figures)
    header = read_header(replace(GOOD, facts=changed).write(tmp_path / "x.gguf"))
    assert header.head_count == 8
    assert header.kv_head_counts == (2, 0, 1)
    assert header.key_lengths == (24, 24, 24)
    assert header.value_lengths == (16, 16, 16)


def test_the_quantization_of_a_file_that_does_not_say(tmp_path: Path) -> None:
    table = (Tensor("a", (256, 4), 12, 0, 576), Tensor("b", (32,), 0, 576, 128))
    header = read_header(replace(GOOD, tensors=table).write(tmp_path / "x.gguf"))
    assert header.quantization == "Q4_K"


def test_the_declared_quantization_wins(tmp_path: Path) -> None:
    file = GOOD.with_fact("general.file_type", U32, 15).write(tmp_path / "x.gguf")
    assert read_header(file).quantization == "Q4_K_M"


def test_a_text_too_long_to_keep(tmp_path: Path) -> None:
    file = GOOD.with_fact("tokenizer.huggingface.json", STRING, "x" * (2 << 20))
    header = read_header(file.write(tmp_path / "x.gguf"))
    assert header.metadata["tokenizer.huggingface.json"] == OmittedValue(8, 2 << 20)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (replace(GOOD, facts=facts("qwen99")), ErrorCode.ARCHITECTURE_UNKNOWN),
        (replace(GOOD, facts=facts("bert")), ErrorCode.MODEL_NOT_CHAT),
        (GOOD.with_fact("general.type", STRING, "adapter"), ErrorCode.MODEL_NOT_CHAT),
        (replace(GOOD, tensors=()), ErrorCode.GGUF_INVALID),
        (
            GOOD.without("tokenizer.ggml.tokens")
            .without("tokenizer.ggml.scores")
            .without("tokenizer.ggml.token_type"),
            ErrorCode.GGUF_INVALID,
        ),
    ],
)
def test_files_that_can_not_chat(file: Gguf, code: ErrorCode, tmp_path: Path) -> None:
    header = read_header(file.write(tmp_path / "x.gguf"))
    with pytest.raises(ModelError) as caught:
        check_architecture(header)
    assert caught.value.code == code


def test_fingerprints_tell_files_apart(tmp_path: Path) -> None:
    one = GOOD.write(tmp_path / "1.gguf")
    same = GOOD.write(tmp_path / "2.gguf")
    other = GOOD.with_fact("general.name", STRING, "other").write(tmp_path / "3.gguf")
    prints = [fingerprint(path, read_header(path)) for path in (one, same, other)]
    assert prints[0] == prints[1] != prints[2]


def test_the_same_header_over_other_weights_is_another_model(tmp_path: Path) -> None:
    one = GOOD.write(tmp_path / "1.gguf")
    header = read_header(one)
    content = bytearray(one.read_bytes())
    for tensor in header.tensors:
        content[tensor.offset + tensor.size // 2] ^= 0xFF
    other = tmp_path / "2.gguf"
    other.write_bytes(content)
    assert fingerprint(one, header) != fingerprint(other, read_header(other))
