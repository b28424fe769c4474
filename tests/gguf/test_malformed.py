"""Broken GGUF files: each raises the fitting error, none costs more than its bytes."""

import os
import random
import struct
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.base.errors import ErrorCode, ModelError
from core.base.paths import shipped_models
from core.gguf import read_header
from tests.gguf.writing import (
    ARRAY,
    BOOL,
    F32,
    I32,
    STRING,
    U8,
    U32,
    U64,
    Gguf,
    Tensor,
    fact,
    facts,
    text,
    value,
)

GOOD = Gguf()
HUGE = 2**63
A = Tensor("a", (32,), size=128)


def extra(*raw: bytes) -> Gguf:
    return replace(GOOD, extra=raw)


def tensors(*table: Tensor) -> Gguf:
    return replace(GOOD, tensors=table)


def figure(key: str, content: int | bytes) -> Gguf:
    return replace(GOOD, facts=facts(figures={key: content}))


def array(inner: int, length: int) -> bytes:
    return text("x.y") + struct.pack("<IIQ", ARRAY, inner, length)


INVALID: dict[str, Gguf | bytes] = {
    "more facts than there are": replace(GOOD, key_count=400),
    "more tensors than there are": replace(GOOD, tensor_count=50_000),
    "version 0": replace(GOOD, version=0),
    "version 1": replace(GOOD, version=1),
    "version 4": replace(GOOD, version=4),
    "other byte order": replace(GOOD, version=0x03000000),
    "too many facts": replace(GOOD, key_count=4097),
    "fact count wraps": replace(GOOD, key_count=2**64 - 1),
    "too many tensors": replace(GOOD, tensor_count=100_001),
    "tensor count wraps": replace(GOOD, tensor_count=HUGE),
    "key of length 2^63": extra(struct.pack("<Q", HUGE)),
    "key of length 65536": extra(text(b"k" * 65536) + value(U8, 1)),
    "empty key": extra(fact("", U8, 1)),
    "key twice": extra(fact("x.y", U8, 1), fact("x.y", U8, 2)),
    "architecture twice": extra(fact("general.architecture", STRING, "llama")),
    "key not text": extra(text(b"\xff\xfe") + value(U8, 1)),
    "unknown fact type": extra(text("x.y") + struct.pack("<I", 13)),
    "negative fact type": extra(text("x.y") + struct.pack("<i", -1)),
    "text of length 2^63": extra(text("x.y") + struct.pack("<IQ", STRING, HUGE)),
    "text of 17 MiB": extra(text("x.y") + struct.pack("<IQ", STRING, 17 << 20)),
    "array of arrays": extra(array(ARRAY, 1)),
    "array of unknown type": extra(array(99, 1)),
    "array of length 2^63": extra(array(U32, HUGE)),
    "array of 2^63 texts": extra(array(STRING, HUGE)),
    "array of 2 million": extra(array(U8, 2_000_000)),
    "text in array of length 2^63": extra(
        array(STRING, 300) + struct.pack("<Q", HUGE) + bytes(9000)
    ),
    "text in array of 65 KiB": extra(text("x.y") + value(ARRAY, (STRING, ("x" * 66_000,)))),
    "token of 65 KiB in a vocabulary": extra(
        text("x.y") + value(ARRAY, (STRING, ("a",) * 299 + ("x" * 66_000,)))
    ),
    "alignment 0": GOOD.with_fact("general.alignment", U32, 0),
    "alignment 24": GOOD.with_fact("general.alignment", U32, 24),
    "alignment 128 KiB": GOOD.with_fact("general.alignment", U32, 128 << 10),
    "alignment as text": GOOD.with_fact("general.alignment", STRING, "32"),
    "alignment as bool": GOOD.with_fact("general.alignment", BOOL, True),
    "no architecture": GOOD.without("general.architecture"),
    "architecture a number": GOOD.with_fact("general.architecture", U32, 7),
    "architecture empty": GOOD.with_fact("general.architecture", STRING, ""),
    "architecture endless": GOOD.with_fact("general.architecture", STRING, "x" * 65),
    "no block count": GOOD.without("llama.block_count"),
    "no context length": GOOD.without("llama.context_length"),
    "block count 0": figure("block_count", 0),
    "block count 513": figure("block_count", 513),
    "block count 2^63": figure("block_count", value(U64, HUGE)),
    "block count as text": figure("block_count", value(STRING, "30")),
    "block count as float": figure("block_count", value(F32, 30.0)),
    "block count negative": figure("block_count", value(I32, -1)),
    "heads as an array of texts": figure("attention.head_count", value(ARRAY, (STRING, ("9",)))),
    "heads negative": figure("attention.head_count_kv", value(ARRAY, (I32, (1, -1)))),
    "embedding length 2^31": figure("embedding_length", 1 << 31),
    "embedding length 0": figure("embedding_length", 0),
    "scores shorter than vocabulary": GOOD.with_fact("tokenizer.ggml.scores", ARRAY, (F32, (0.0,))),
    "token types a number": GOOD.with_fact("tokenizer.ggml.token_type", U32, 4),
    "tensor of 5 dimensions": tensors(Tensor(shape=(32, 1, 1, 1, 1))),
    "tensor of 2^32-1 dimensions": tensors(Tensor(dimensions=2**32 - 1)),
    "tensor without dimensions": tensors(Tensor(shape=())),
    "tensor with a dimension 0": tensors(Tensor(shape=(32, 0))),
    "tensor with a negative dimension": tensors(Tensor(shape=(32, 2**64 - 4))),
    "tensor of 2^126 numbers": tensors(Tensor(shape=(HUGE, HUGE))),
    "tensor whose size wraps to 0": tensors(Tensor(shape=(1 << 32, 1 << 32))),
    "tensor type removed": tensors(Tensor(type_id=4)),
    "tensor type unknown": tensors(Tensor(type_id=43)),
    "tensor type negative": tensors(Tensor(type_id=2**32 - 1)),
    "tensor without name": tensors(Tensor(name="")),
    "tensor name of 64 bytes": tensors(Tensor(name="n" * 64)),
    "tensor name twice": tensors(A, replace(A, offset=128)),
    "row not whole blocks": tensors(Tensor(shape=(33, 4), type_id=2)),
    "tensor not at its place": tensors(Tensor(offset=32)),
    "tensors overlap": tensors(A, replace(A, name="b", offset=64)),
    "tensor offset 2^63": tensors(A, replace(A, name="b", offset=HUGE)),
    "tensor offset unaligned": tensors(replace(A, shape=(33,)), replace(A, name="b", offset=132)),
}

TRUNCATED: dict[str, Gguf | bytes] = {
    "magic alone": b"GGUF",
    "half a version": b"GGUF\x03\x00",
    "no counts": GOOD.encode()[:16],
    "in a key": GOOD.encode()[:40],
    "in a fact": GOOD.encode()[:64],
    "in the tensor table": GOOD.encode()[: GOOD.encode().index(b"token_embd") + 12],
    "before the data": replace(GOOD, cut=512),
    "in the data": replace(GOOD, cut=1),
    "a million texts promised": extra(array(STRING, 1_000_000)),
    "a million numbers promised": extra(array(U64, 1_000_000)),
    "16 MiB of text promised": extra(text("x.y") + struct.pack("<IQ", STRING, 16 << 20)),
    "tensor larger than the file": tensors(Tensor(shape=(1 << 20, 1 << 10))),
}

NOT_GGUF = {
    "empty": b"",
    "one byte": b"G",
    "other magic": b"GGML" + bytes(100),
    "zeros": bytes(4096),
    "web page": b"<!DOCTYPE html><html>not found</html>",
    "safetensors": struct.pack("<Q", 20) + b'{"__metadata__": {}}',
}


def _code(path: Path, content: Gguf | bytes) -> ErrorCode:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ModelError) as caught:
        read_header(path)
    message, hint = caught.value.message, caught.value.hint
    assert "…" not in message + hint
    return caught.value.code


@pytest.mark.parametrize("name", INVALID)
def test_malformed_invalid(name: str, tmp_path: Path) -> None:
    assert _code(tmp_path / "x.gguf", INVALID[name]) == ErrorCode.GGUF_INVALID


@pytest.mark.parametrize("name", TRUNCATED)
def test_malformed_truncated(name: str, tmp_path: Path) -> None:
    assert _code(tmp_path / "x.gguf", TRUNCATED[name]) == ErrorCode.GGUF_TRUNCATED


@pytest.mark.parametrize("name", NOT_GGUF)
def test_malformed_other_files(name: str, tmp_path: Path) -> None:
    assert _code(tmp_path / "x.gguf", NOT_GGUF[name]) == ErrorCode.NOT_GGUF


def test_a_truncated_file_says_how_much_is_missing(tmp_path: Path) -> None:
    path = replace(GOOD, cut=100).write(tmp_path / "x.gguf")
    with pytest.raises(ModelError, match="100 B of it are missing"):
        read_header(path)


def test_a_header_has_a_limit(tmp_path: Path) -> None:
    with (tmp_path / "x.gguf").open("wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, 0, 4096))
        for index in range(6):
            file.write(text(f"k{index}") + struct.pack("<IQ", STRING, 16 << 20))
            file.seek(16 << 20, os.SEEK_CUR)
        file.write(b"\0")
    with pytest.raises(ModelError, match="header is larger"):
        read_header(tmp_path / "x.gguf")


def test_a_directory_is_not_a_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        read_header(tmp_path)
    assert caught.value.code == ErrorCode.NOT_GGUF


def test_a_missing_file_is_gone(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        read_header(tmp_path / "none.gguf")
    assert caught.value.code == ErrorCode.MODEL_GONE


def test_lists_of_empty_texts_are_not_read_for_ever(tmp_path: Path) -> None:
    """A hole in a file reads as lists of empty texts, which cost nothing to make."""
    with (tmp_path / "x.gguf").open("wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, 0, 8))
        for index in range(3):
            file.write(text(f"k{index}") + struct.pack("<IIQ", ARRAY, STRING, 1 << 20))
            file.seek(8 << 20, os.SEEK_CUR)
        file.write(b"\0")
    with pytest.raises(ModelError, match="lists hold more than 2097152 texts"):
        read_header(tmp_path / "x.gguf")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFO in its file system")
def test_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    if sys.platform != "win32":
        os.mkfifo(tmp_path / "x.gguf")
    with pytest.raises(ModelError) as caught:
        read_header(tmp_path / "x.gguf")
    assert caught.value.code == ErrorCode.NOT_GGUF


def test_a_refused_file_gets_the_systems_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    path = GOOD.write(tmp_path / "x.gguf")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ModelError, match="Permission denied") as caught:
        read_header(path)
    assert caught.value.code == ErrorCode.MODEL_UNREADABLE


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 255)), min_size=1, max_size=4))
def test_flipped_bytes_raise_only_model_errors(
    tmp_path: Path, flips: list[tuple[int, int]]
) -> None:
    content = bytearray(GOOD.encode())
    for place, mask in flips:
        content[place % len(content)] ^= mask
    (tmp_path / "x.gguf").write_bytes(content)
    _read_or_model_error(tmp_path / "x.gguf")


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=300))
def test_noise_after_the_magic_raises_only_model_errors(tmp_path: Path, noise: bytes) -> None:
    (tmp_path / "x.gguf").write_bytes(b"GGUF" + noise)
    _read_or_model_error(tmp_path / "x.gguf")


def test_flips_in_the_starter_model_raise_only_model_errors(tmp_path: Path) -> None:
    """The tensors themselves are left out as a hole: a header is all that is read."""
    model = shipped_models()[0]
    good = read_header(model)
    with model.open("rb") as file:
        header = file.read(good.data_offset)
    randomness = random.Random(20)
    path = tmp_path / "x.gguf"
    refused = 0
    for _round in range(60):
        content = bytearray(header)
        for _flip in range(randomness.choice((1, 1, 4))):
            # Half of the flips go where facts and tensor table are, not into the vocabulary.
            place = randomness.randrange(len(content))
            if randomness.random() < 0.5:
                place = randomness.choice((place % 2500, len(content) - 1 - place % 17_000))
            content[place] ^= 1 << randomness.randrange(8)
        with path.open("wb") as file:
            file.write(content)
            file.truncate(good.size)
        refused += not _read_or_model_error(path)
    assert refused > 10


def _read_or_model_error(path: Path) -> bool:
    try:
        read_header(path)
    except ModelError:
        return False
    return True
