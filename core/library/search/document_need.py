"""Document need: whether a message wants documents at all, told by its vector.

Rules know a greeting or a task by its words; what they don't know would be searched. A message that
only talks or wants a text written lies apart from those that ask for what stands somewhere, in
every language that an embedding model knows. `packaging/training/fit_document_need.py` fits the
weights and says on what.
"""

import math
from functools import cache
from pathlib import Path

import msgspec
import numpy as np

from core.base.paths import resources_folder
from core.library.embedding.vector_types import Vectors

CERTAIN_NEED = 1.0
"""Where it can't be told: documents are searched rather than not."""


class NeedWeights(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Logistic regression on the unit vector of a message."""

    bias: float
    weights: tuple[float, ...]


class NeedWeightsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The weights by the name of an embedder's folder."""

    embedders: dict[str, NeedWeights]


def document_need(embedder: str, vector: Vectors) -> float:
    """Return the probability, 0 to 1, that a message wants documents.

    `embedder` is the name of the folder of what its `vector` comes from.
    """
    fitted = _read_weights().get(embedder)
    if fitted is None or len(fitted.weights) != len(vector):
        return CERTAIN_NEED
    logit = fitted.bias + float(vector @ np.asarray(fitted.weights, np.float32))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def weights_file() -> Path:
    """Return where the fitted weights lie."""
    return resources_folder() / "judging" / "document_need.json"


@cache
def _read_weights() -> dict[str, NeedWeights]:
    return msgspec.json.decode(weights_file().read_bytes(), type=NeedWeightsFile).embedders
