"""The judge's network in torch, which is trained, computes what the program computes."""

from typing import Any

import numpy as np
import pytest
import torch

from core.library.embedding.packed_weights import read_packed_tensors
from judge_training import torch_network
from tests.library.judging.float_judge import BASE_FILE, JUDGE_FILE, float_scores

pytestmark = pytest.mark.slow

TEXTS = [[0, 581, 23, 1107, 2, 2, 4, 19, 250, 1081, 77, 2], [0, 581, 2, 2, 2]]


@pytest.fixture(scope="module")
def weights() -> dict[str, Any]:
    found = torch_network.base_weights(BASE_FILE)
    stored = read_packed_tensors(JUDGE_FILE)
    for name in stored:
        if not name.endswith(".scale"):
            scale = stored.get(f"{name}.scale", np.ones(1, np.float32))
            rows = scale.reshape(-1, *([1] * (stored[name].ndim - 1)))
            found[name] = torch.from_numpy(stored[name].astype(np.float32) * rows)
    return found


def _padded() -> tuple[Any, Any]:
    longest = max(map(len, TEXTS))
    ids = torch.tensor([text + [torch_network.PADDING] * (longest - len(text)) for text in TEXTS])
    return ids, ids != torch_network.PADDING


@pytest.mark.parametrize("head", ["answer", "support"])
def test_both_score_alike(weights: dict[str, Any], head: str) -> None:
    with torch.inference_mode():
        first = torch_network.encode_tokens(weights, *_padded(), head=head, first_only=True)
        scores = torch_network.head_scores(first[:, 0], weights, head).tolist()
    for text, found in zip(TEXTS, scores, strict=True):
        assert found == pytest.approx(float_scores(text, head), abs=0.001)


def test_what_is_read_for_the_first_tokens_alone_is_what_is_read_for_all(
    weights: dict[str, Any],
) -> None:
    with torch.inference_mode():
        every = torch_network.encode_tokens(weights, *_padded())
        first = torch_network.encode_tokens(weights, *_padded(), first_only=True)
    assert first.shape == (2, 1, torch_network.HIDDEN)
    assert torch.allclose(every[:, 0], first[:, 0], atol=1e-4)
