"""Whether a message wants documents, by its vector: the weights that ship, and none for others."""

import numpy as np
import pytest

from core.base.paths import embedding_model, multilingual_embedding_model
from core.library.embedding.vector_types import Vectors
from core.library.search.document_need import CERTAIN_NEED, document_need


def unit_vector(width: int) -> Vectors:
    vector = np.zeros(width, np.float32)
    vector[0] = 1.0
    return vector


@pytest.mark.parametrize("name", [embedding_model().name, multilingual_embedding_model().name])
def test_both_embedding_models_have_weights(name: str) -> None:
    need = document_need(name, unit_vector(384))
    assert 0.0 < need < CERTAIN_NEED


def test_vectors_of_other_models_tell_nothing() -> None:
    assert document_need("another-model", unit_vector(384)) == CERTAIN_NEED
    assert document_need(multilingual_embedding_model().name, unit_vector(768)) == CERTAIN_NEED
