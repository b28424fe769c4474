"""BERTScore by token vectors: by hand, and by the embedder of a library."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.tasks.similarity_scoring import bert_f1, score_similarity
from core.library.tasks.task_context import TaskContext
from core.messages import EvaluationProgress, ScoreSimilarity, SimilarityPair, SimilarityScored
from tests.library.conftest import ScriptedEmbedder
from tests.library.tiny_model import tiny_model


def test_greedy_matching_by_hand() -> None:
    one, other = np.eye(3, dtype=np.float32)[:2], np.eye(3, dtype=np.float32)[:1]
    assert bert_f1(one, other) == pytest.approx(2 / 3)  # precision 1/2, recall 1
    assert bert_f1(one, one) == 1
    assert bert_f1(one, one[:0]) == 0
    assert bert_f1(one, -one) == 0


def scored(embedder: Any, *pairs: tuple[str, tuple[str, ...]]) -> list[Any]:
    sent: list[Any] = []
    unused = cast("Any", None)
    context = TaskContext(
        paths=unused,
        records=unused,
        embedder=embedder,
        searcher=unused,
        new_reader=unused,
        open_reranker=unused,
        send=sent.append,
        judge=None,
    )
    request = ScoreSimilarity(
        request_id="1",
        pairs=tuple(SimilarityPair(reply=reply, references=found) for reply, found in pairs),
    )
    assert list(score_similarity(request, context))
    return sent


def test_the_nearest_reference_counts() -> None:
    progress, result = scored(
        ScriptedEmbedder(),
        ("pear tree", ("apple", "pear tree")),
        ("pear", ("pear tree",)),
        ("", ("x",)),
    )
    assert isinstance(progress, EvaluationProgress)
    assert isinstance(result, SimilarityScored)
    assert result.scores[0] == pytest.approx(1)
    assert 0 < result.scores[1] < 1
    assert result.scores[2] == 0
    assert result.model


@pytest.mark.slow
def test_a_real_model_gives_a_vector_a_token(tmp_path: Path) -> None:
    embedder = SentenceTransformerEmbedder(tiny_model(tmp_path / "tiny"))
    short, same, empty = embedder.token_vectors(["pear tree", "pear tree", ""])
    assert short.shape[0] >= 2
    assert np.linalg.norm(short, axis=1) == pytest.approx(1, abs=1e-3)
    assert bert_f1(short, same) == pytest.approx(1, abs=1e-3)
    assert len(empty) == 0
