"""Evidence weights: the fitted models that turn features into calibrated probabilities.

All of them stand in `resources/judging/evidence_weights.json`, written by
`packaging/training/fit_evidence.py`. An embedder that they were not fitted for is judged without
its cosines.
"""

import math
from collections.abc import Mapping
from functools import cache

import msgspec

from core.base.paths import resources_folder

ANY_EMBEDDER = "*"
SENTENCE_COSINE, SENTENCE_JUDGE = "sentence_cosine", "sentence_judge"
"""Features of the sentences nearest to a question, which are only read in doubt."""


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


class DoubtRange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When the sentences nearest to a question are read: it takes up to half a second.

    Where the confidence without them is doubtful, from `lowest` to `highest`: with the `usual`
    cosine, and the judge's reading of a whole passage for that of its sentence.
    """

    lowest: float
    highest: float
    usual: float

    def unread_features(self, features: Mapping[str, float]) -> dict[str, float]:
        """Return what stands for the features of sentences where they weren't read."""
        return {SENTENCE_COSINE: self.usual, SENTENCE_JUDGE: features["judge"]}


class EvidenceModels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a question is answered by what was found, and whether that is about it at all.

    `least_topic` is the probability of being about it below which nothing counts as answered,
    however surely a judge takes it for an answer.
    """

    answered: LogisticModel
    on_topic: LogisticModel
    least_topic: float = 0.0
    doubt: DoubtRange | None = None

    def with_unread(self, features: Mapping[str, float]) -> dict[str, float]:
        """Return the features with what stands for sentences that weren't read."""
        return {**features, **(self.doubt.unread_features(features) if self.doubt else {})}

    def is_doubtful(self, features: Mapping[str, float]) -> bool:
        """Whether the nearest sentences are worth their time; `features` hold all but theirs."""
        if self.doubt is None:
            return False
        return self.doubt.lowest <= self.confidence(self.with_unread(features)) < self.doubt.highest

    def searched_confidence(self, features: Mapping[str, float]) -> float:
        """Return the confidence of a search, of features that are all measured."""
        is_read = self.is_doubtful(features)
        return self.confidence(features if is_read else self.with_unread(features))

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
