"""Evidence weights: the fitted models that turn features into calibrated probabilities.

All of them stand in `resources/judging/evidence_weights.json`, which `packaging/fit_evidence.py`
writes. An embedder that they were not fitted for is judged without its cosines.
"""

import math
from collections.abc import Mapping
from functools import cache

import msgspec

from core.base.paths import resources_folder

ANY_EMBEDDER = "*"
SENTENCE_COSINE = "sentence_cosine"
"""Feature that is measured for doubtful questions alone (see `SentenceCosineRange`)."""


class LogisticModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Calibrated logistic regression. A name like "a*b" stands for the product of two features."""

    bias: float
    weights: dict[str, float]
    threshold: float
    """Probability from which the answer is yes."""

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability for these features. Raises KeyError for one that is missing."""
        logit = self.bias
        for name, weight in self.weights.items():
            logit += weight * feature_value(features, name)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


class SentenceCosineRange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Confidences at which sentences are compared with a question, which takes half a second.

    These are the doubtful ones, from `lowest` to `highest`, computed with the `usual` cosine of the
    nearest sentence; elsewhere that one stands for the measured.
    """

    lowest: float
    highest: float
    usual: float


class EvidenceModels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a question is answered by what was found, and whether that is about it at all.

    `least_topic` is the probability of being about it below which nothing counts as answered,
    however surely a judge takes it for an answer.
    """

    answered: LogisticModel
    on_topic: LogisticModel
    least_topic: float = 0.0
    sentence_cosine_range: SentenceCosineRange | None = None

    def usual_features(self) -> dict[str, float]:
        """Return what stands for features that are only measured for doubtful questions."""
        measured = self.sentence_cosine_range
        return {SENTENCE_COSINE: measured.usual} if measured else {}

    def needs_sentence_cosine(self, features: Mapping[str, float]) -> bool:
        """Whether the nearest sentence is worth its time; `features` hold all but its cosine."""
        doubtful = self.sentence_cosine_range
        if doubtful is None:
            return False
        first = self.confidence({**features, **self.usual_features()})
        return doubtful.lowest <= first < doubtful.highest

    def searched_confidence(self, features: Mapping[str, float]) -> float:
        """Return the confidence of a search, of features that are all measured."""
        usual = {} if self.needs_sentence_cosine(features) else self.usual_features()
        return self.confidence({**features, **usual})

    def confidence(self, features: Mapping[str, float]) -> float:
        """Return the probability of an answer, below the threshold for what is not about it."""
        answered = self.answered.probability(features)
        if not self.least_topic:
            return answered
        share = self.on_topic.probability(features) / self.least_topic
        return min(answered, self.answered.threshold) * share if share < 1 else answered


class EmbedderModels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The models of one embedder: without a judge, and with the one that they were fitted with."""

    plain: EvidenceModels
    judged: EvidenceModels | None = None


class _WeightsFile(msgspec.Struct, frozen=True):
    embedders: dict[str, EmbedderModels]


def feature_value(features: Mapping[str, float], name: str) -> float:
    """Return the value of a feature, or of a product of two."""
    one, _times, other = name.partition("*")
    return features[one] * (features[other] if other else 1.0)


def evidence_models(embedder: str) -> EmbedderModels:
    """Return the models for an embedder, named by its folder."""
    models = _read_weights()
    return models.get(embedder) or models[ANY_EMBEDDER]


@cache
def _read_weights() -> dict[str, EmbedderModels]:
    path = resources_folder() / "judging" / "evidence_weights.json"
    return msgspec.json.decode(path.read_bytes(), type=_WeightsFile).embedders
