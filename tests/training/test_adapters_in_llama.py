"""An adapter bends llama.cpp's model as it bent torch's, for each kind that can be trained."""

import random
from pathlib import Path

import pytest

from core.gguf import check_adapter, read_header
from core.messages import Adapter, ExampleTokens, TrainingSettings
from core.training.trainable_models import TRAINABLE
from tests.training.conftest import Workshop
from tests.training.twins import VOCABULARY, write_twin

pytestmark = pytest.mark.slow

SAME = 0.06
"""Nats; llama.cpp rounds what goes into a multiplication, and adapters are halves of floats."""


def made_examples(count: int, seed: int = 1) -> tuple[ExampleTokens, ...]:
    """Return examples whose answers follow from nothing."""
    chance = random.Random(seed)
    return tuple(
        ExampleTokens(
            tokens=tuple(chance.randrange(3, VOCABULARY) for _ in range(chance.randint(9, 16))),
            start=chance.randint(3, 6),
        )
        for _number in range(count)
    )


@pytest.mark.parametrize("kind", sorted(TRAINABLE))
def test_both_see_the_same_model_before_and_after(
    kind: str, workshop: Workshop, tmp_path: Path
) -> None:
    model = write_twin(kind, tmp_path / f"{kind}.gguf")
    examples = made_examples(6)
    before = workshop.score(model, examples)
    trained = workshop.train(
        model,
        examples=examples,
        held_out=examples,
        expected=before,
        settings=TrainingSettings(rank=4, rate=0.02, passes=6),
        name="made",
    )
    assert trained.difference < SAME
    path = workshop.paths.trained_adapter
    check_adapter(read_header(path), read_header(model))
    after = workshop.score(model, examples, Adapter(path=str(path)))
    here = trained.curve[-1].held_out
    assert here is not None
    assert sum(after) / len(after) == pytest.approx(here, abs=SAME)
    assert sum(after) < sum(before) - len(before)
    assert workshop.score(model, examples) == pytest.approx(before, abs=1e-6)
