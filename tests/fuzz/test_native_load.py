"""Mutated models that pass the header's check, loaded natively: the child may die, nothing else."""

import os
from itertools import islice
from pathlib import Path

import pytest

from core.base.errors import InglenookError
from core.base.paths import Paths
from core.engine.client.engine_client import EngineClient
from core.gguf import read_header
from core.messages import LoadModel, ModelLoaded, Placement
from tests.fuzz.edits import wrong_inputs
from tests.gguf.synthetic import dense
from tests.gguf.writing import ARRAY, I32, STRING
from tests.waiting import wait_for

LOADS = int(os.environ.get("INGLENOOK_FUZZ_LOADS", "12"))
SEED = int(os.environ.get("INGLENOOK_FUZZ_SEED", "1"))
_MOST_TRIES = 200_000


def _load(client: EngineClient, path: Path, number: int) -> object:
    said: list[object] = []
    placement = Placement(threads=1, context=256)
    request = LoadModel(request_id=f"load{number}", path=str(path), placement=placement)
    client.load_model(request).on_done(said.append).on_error(said.append)

    def has_ended() -> bool:
        client.poll()
        return bool(said)

    wait_for(has_ended, timeout=120)
    return said[0]


def _good_model(path: Path) -> Path:
    """Write a model whose vocabulary has every byte, without which llama.cpp can't cut a text."""
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{number:02X}>" for number in range(256))]
    types = (2, 3, 3) + (6,) * 256
    outline = dense(layers=2, width=64, inner=128, heads=2, head=32, vocabulary=len(pieces))
    gguf = outline.gguf().with_fact("tokenizer.ggml.tokens", ARRAY, (STRING, pieces))
    return gguf.with_fact("tokenizer.ggml.token_type", ARRAY, (I32, types)).write(path)


@pytest.mark.slow
def test_a_model_that_breaks_native_code_costs_the_child_alone(root: Paths, tmp_path: Path) -> None:
    good = _good_model(tmp_path / "good.gguf")
    whole = good.read_bytes()
    # edits of the weights change no reading: most fall into what describes them
    head = read_header(good).data_offset
    client = EngineClient(root, lambda: None)
    loaded, path = 0, tmp_path / "wrong.gguf"
    try:
        for number, wrong in enumerate(islice(wrong_inputs((whole[:head],), SEED), _MOST_TRIES)):
            path.write_bytes(wrong.encode() + whole[head:])
            try:
                read_header(path)
            except InglenookError:
                continue
            _load(client, path, number)
            loaded += 1
            if loaded == LOADS:
                break
        assert loaded == LOADS
        assert isinstance(_load(client, good, _MOST_TRIES), ModelLoaded)
    finally:
        client.stop(grace=5.0)
