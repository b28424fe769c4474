"""Tests of the judge network."""

import pytest

from core.base.paths import embedding_model, judge_model
from core.library.judging import judge_network
from core.library.judging.learned_judge import BASE_MODEL

torch = pytest.importorskip("torch")


def test_what_is_read_for_the_first_tokens_alone_is_what_is_read_for_all() -> None:
    weights = judge_network.load_network(
        embedding_model().parent / BASE_MODEL / "model.safetensors",
        judge_model() / "judge.safetensors",
    )
    ids = torch.tensor([[0, 581, 2, 2, 1401, 83, 2], [0, 581, 2, 2, 2, 1, 1]])
    mask = ids != judge_network.PADDING
    with torch.inference_mode():
        every = judge_network.encode_tokens(weights, ids, mask)
        first = judge_network.encode_tokens(weights, ids, mask, first_only=True)
    assert first.shape == (2, 1, judge_network.HIDDEN)
    assert torch.allclose(every[:, 0].float(), first[:, 0].float(), atol=0.05)
