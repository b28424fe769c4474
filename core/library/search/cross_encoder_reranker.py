"""Cross-encoder reranker: the first passages of a ranking, read together with the question.

Only a folder on this disk is used, with safetensors and no code in it, and only if it is fast
enough on this machine.
"""

import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from core.base.clock import Clock
from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _
from core.base.imports import import_stubs
from core.library.embedding.sentence_transformers_folder import SentenceTransformersFolder

BUDGET_SECONDS = 0.4
"""Time that reranking may add to a search."""
MAX_RERANKED = 32
MIN_RERANKED = 8
"""A machine that can't read so many passages in time gets no reranking."""
WEIGHT = 0.7
"""Weight of the reranker's score beside the fused score, for the passages that it has read."""
_BATCH = 8
_PROBE = "The tenant bears the cost of small repairs up to 110 euros for each repair. " * 8
_log = logging.getLogger(__name__)


class CrossEncoderFolder(SentenceTransformersFolder):
    """A cross-encoder's folder, checked like that of an embedding model."""

    def check_folder(self) -> None:
        """Refuse a folder that would run code or read pickles, or lacks a part."""
        if not self.weights_file.is_file():
            raise self._refused(_("it holds no {file}").format(file=self.weights_file.name))
        super().check_folder()

    def _check_modules(self) -> None:
        # Those made by older versions have no list of modules: the model is all there is.
        if (self.path / "modules.json").exists():
            super()._check_modules()

    def _refused(self, detail: str) -> LibraryError:
        return LibraryError(ErrorCode.RERANKER_REFUSED, path=str(self.path), detail=detail)


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder; `load_model` measures whether it is fast enough."""

    def __init__(self, folder: Path, clock: Clock = time.monotonic) -> None:
        self.model_folder = folder
        self._clock = clock
        self._model: Any = None
        self.milliseconds = 0.0
        """Milliseconds for one passage, as measured last."""

    @property
    def is_fast_enough(self) -> bool:
        """Whether at least MIN_RERANKED passages can be read in BUDGET_SECONDS."""
        return self._model is not None and self._affordable_count() >= MIN_RERANKED

    def load_model(self) -> None:
        """Bring the model into memory and time it; takes seconds. Raises LibraryError."""
        CrossEncoderFolder(self.model_folder).check_folder()
        # Only here: the import takes seconds, and the embedder has mostly done it already.
        import_stubs.install_stubs(import_stubs.EMBEDDING_STUBS)
        from sentence_transformers import CrossEncoder  # noqa: PLC0415

        try:
            self._model = CrossEncoder(
                str(self.model_folder),
                device="cpu",
                num_labels=1,
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
            for _run in range(2):  # the first is slower
                self._score_texts("What does a repair cost?", [_PROBE] * _BATCH)
        except Exception as error:  # a damaged folder raises whatever its reader raises
            _log.exception("the reranker can't be loaded")
            detail = type(error).__name__
            raise LibraryError(
                ErrorCode.RERANKER_REFUSED, path=str(self.model_folder), detail=detail
            ) from error
        _log.info("reranker: %.1f ms a passage, used: %s", self.milliseconds, self.is_fast_enough)

    def rerank(
        self, question: str, scores: Mapping[int, float], text_of: Callable[[int], str]
    ) -> dict[int, float]:
        """Return all of `scores`, best first; the first ones, as time allows, by their new scores.

        Those that were read stay before the rest, whatever their scores.
        """
        first = sorted(scores, key=lambda id_: -scores[id_])[: self._affordable_count()]
        if not self.is_fast_enough or len(first) < 2:
            return dict(scores)
        deadline = self._clock() + BUDGET_SECONDS
        scored: list[float] = []
        while len(scored) < len(first) and (not scored or self._clock() < deadline):
            batch = first[len(scored) : len(scored) + _BATCH]
            scored += self._score_texts(question, [text_of(id_) for id_ in batch])
        read = first[: len(scored)]
        best, worst = scores[read[0]], scores[read[-1]]
        blended = {
            id_: WEIGHT * (worst + (best - worst) * score) + (1 - WEIGHT) * scores[id_]
            for id_, score in zip(read, scored, strict=True)
        }
        ordered = dict(sorted(blended.items(), key=lambda item: -item[1]))
        return {**ordered, **{id_: scores[id_] for id_ in scores if id_ not in ordered}}

    def _score_texts(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return a score between 0 and 1 for each text; one forward pass."""
        began = self._clock()
        logits = self._model.predict(
            [(question, text) for text in texts],
            batch_size=len(texts),
            show_progress_bar=False,
            activation_fn=_identity(),
        )
        self.milliseconds = 1000 * (self._clock() - began) / len(texts)
        return [1 / (1 + math.exp(-max(-50.0, min(50.0, float(logit))))) for logit in logits]

    def _affordable_count(self) -> int:
        if not self.milliseconds:
            return MAX_RERANKED
        return min(MAX_RERANKED, int(1000 * BUDGET_SECONDS / self.milliseconds))


def _identity() -> Any:  # noqa: ANN401 - an untyped library
    import torch  # noqa: PLC0415 - see above

    return torch.nn.Identity()
