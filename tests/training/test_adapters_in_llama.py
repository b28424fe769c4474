"""An adapter bends llama.cpp's model as it bent torch's, for each kind that can be trained."""

import random
from functools import partial
from pathlib import Path

import pytest

from core.base.data_key import DataFileCipher, is_encrypted, use_data_key
from core.base.errors import ErrorCode
from core.gguf import check_adapter, read_header
from core.messages import Adapter, ExampleTokens, TrainingProgress, TrainingSettings
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


def test_a_training_that_was_stopped_and_killed_goes_on_as_if_it_never_was(
    workshop: Workshop, tmp_path: Path
) -> None:
    model = write_twin("llama", tmp_path / "llama.gguf")
    given = {
        "examples": made_examples(6),
        "held_out": made_examples(2, seed=2),
        "settings": TrainingSettings(rank=4, rate=0.02, passes=12),
        "name": "made",
    }
    whole = workshop.train(model, **given)
    content = workshop.paths.trained_adapter.read_bytes()
    workshop.paths.trained_adapter.unlink()
    request = workshop.request(model, **given)
    reply = workshop.trainer.send(request)

    def stop_later(told: TrainingProgress) -> None:
        if told.step >= 5:
            reply.cancel()

    reply.on_progress(stop_later)
    assert workshop.end_of(reply) == ErrorCode.CANCELLED
    assert workshop.paths.training_checkpoint.exists()
    again = workshop.train(model, **given)
    assert again.curve == whole.curve
    assert workshop.paths.trained_adapter.read_bytes() == content


def test_an_encrypted_adapter_bends_as_a_plain_one(workshop: Workshop, tmp_path: Path) -> None:
    model = write_twin("qwen3", tmp_path / "qwen3.gguf")
    examples = made_examples(6)
    key, root = bytes(range(32)), workshop.paths.root
    use_data_key(lambda: key, partial(DataFileCipher, root), proven_for=root)
    trained = workshop.train(
        model,
        examples=examples,
        held_out=examples,
        settings=TrainingSettings(rank=4, rate=0.02, passes=4),
    )
    path = workshop.paths.trained_adapter
    assert is_encrypted(path.read_bytes())
    check_adapter(read_header(path), read_header(model))
    here = trained.curve[-1].held_out
    after = workshop.score(model, examples, Adapter(path=str(path)))
    assert sum(after) / len(after) == pytest.approx(here, abs=SAME)
