"""What a chat model makes of measured questions, as an answer asks and weighs it.

Scripts that use it run with PYTHONPATH=.:packaging/training.
"""

from pathlib import Path

from core.chat.judging.chat_opinion import ChatOpinion, judged_search
from core.chat.judging.judging_cases import bundled_cases
from core.models.info.judging_ability import measure_ability
from evidence_rows import EvidenceRow
from tests.benchmarks.evidence.chat_opinions import KeptOpinions, plain
from tests.benchmarks.evidence.searched_rows import asked_passage, found_by, is_treated

NEVER = -1.0
"""Surety of a question that the documents don't treat: nobody is asked of it."""


class ChatColumn:
    """The opinions of one model, and its ability by the bundled cases among them."""

    def __init__(self, kept: Path, embedder: str) -> None:
        self._kept = KeptOpinions(kept)
        self._embedder = embedder
        cases = bundled_cases().answers
        scores = [self._kept.get(case.prompt) for case in cases]
        if None in scores:
            raise SystemExit("The model was not asked the bundled cases.")
        known = [score for score in scores if score is not None]
        self.ability = measure_ability(known, [case.outcome for case in cases])

    def knows(self, row: EvidenceRow) -> bool:
        """Whether nothing of what an answer asks is missing."""
        return not is_treated(row, self._embedder) or self._difference(row) is not None

    def alone(self, row: EvidenceRow) -> float:
        """Return the model's own probability of an answer."""
        if not is_treated(row, self._embedder):
            return NEVER
        return self._opinion(row).probabilities[0] or 0.0

    def beside(self, row: EvidenceRow) -> float:
        """Return the confidence of an answer, of which the model's opinion is a part."""
        if not is_treated(row, self._embedder):
            return NEVER
        return judged_search(found_by(row, self._embedder), self._opinion(row)).confidence

    def _opinion(self, row: EvidenceRow) -> ChatOpinion:
        said = self._difference(row) or 0.0
        return ChatOpinion((self.ability.found_probability(said),), self.ability.weight)

    def _difference(self, row: EvidenceRow) -> float | None:
        return self._kept.get(plain(row.question, asked_passage(row, self._embedder)))
