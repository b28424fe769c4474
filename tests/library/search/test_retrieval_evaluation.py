"""Search measured on a retrieval set, on its own path and without a trace."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import Paths
from core.library.tasks.retrieval_evaluation import (
    RetrievalSet,
    evaluate_retrieval,
    paired_bootstrap,
    score_ranking,
)
from core.library.tasks.task_context import TaskContext
from core.library.tasks.temporary_library import TemporaryLibrary
from core.messages import EvaluateRetrieval, EvaluationProgress, RetrievalEvaluated
from tests.library.conftest import ScriptedEmbedder


def lines(path: Path, entries: Sequence[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "facts"
    folder.mkdir()
    texts = {
        "d/1": ("Roof", "The roof was mended in May."),
        "d2": ("Pump", "Error E18 is a blocked drain pump."),
        "d3": ("A title alone", ""),
    }
    lines(
        folder / "corpus.jsonl",
        [{"id": id_, "title": title, "text": text} for id_, (title, text) in texts.items()],
    )
    questions = {"q1": "When was the roof mended?", "q2": "error E18", "q3": "unjudged"}
    lines(folder / "queries.jsonl", [{"id": id_, "text": q} for id_, q in questions.items()])
    (folder / "qrels.tsv").write_text("query\tdocument\tgrade\nq1\td/1\t2\nq2\td2\t1\nq3\td2\t0\n")
    return folder


@pytest.fixture
def desk(root: Paths) -> Any:
    sent: list[Any] = []
    embedder, unused = ScriptedEmbedder(), cast("Any", None)
    with TemporaryLibrary(root, embedder) as library:
        yield (
            TaskContext(
                paths=root,
                records=library.records,
                embedder=embedder,
                searcher=library.new_searcher(),
                new_reader=unused,
                open_reranker=unused,
                send=sent.append,
                judge=None,
            ),
            sent,
        )


def test_a_set_is_measured_and_leaves_nothing(source: Path, desk: Any, root: Paths) -> None:
    before = sorted(root.root.rglob("*"))
    tools, sent = desk
    for _step in evaluate_retrieval(EvaluateRetrieval(request_id="r", path=str(source)), tools):
        pass
    result = sent[-1]
    assert isinstance(result, RetrievalEvaluated)
    assert (result.name, result.documents, result.queries) == ("facts", 3, 2)
    assert (result.bm25.ndcg, result.fused.hit, result.reranked) == (1.0, 1.0, None)
    assert (result.unanswerable, result.refused, result.search.ndcg) == (1, 1.0, 1.0)
    assert result.ask.ndcg == result.kept
    assert result.fused.milliseconds >= result.bm25.milliseconds > 0
    assert {event.step for event in sent if isinstance(event, EvaluationProgress)} <= {
        "reading",
        "asking",
    }
    assert sorted(root.root.rglob("*")) == before


def test_one_that_is_stopped_leaves_nothing(source: Path, desk: Any, root: Paths) -> None:
    before = sorted(root.root.rglob("*"))
    steps: Any = evaluate_retrieval(EvaluateRetrieval(request_id="r", path=str(source)), desk[0])
    next(steps)
    assert sorted(root.root.rglob("*")) != before
    steps.close()
    assert sorted(root.root.rglob("*")) == before


def test_a_reranker_is_measured_too(source: Path, desk: Any) -> None:
    class Backwards:
        def rerank(self, question: str, scores: Any, text_of: Any) -> dict[int, float]:
            return dict(sorted(scores.items(), key=lambda item: item[1]))

    tools, sent = desk
    tools.searcher.reranker = Backwards()
    for _step in evaluate_retrieval(EvaluateRetrieval(request_id="r", path=str(source)), tools):
        pass
    assert sent[-1].reranked.ndcg < sent[-1].fused.ndcg


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("corpus.jsonl", None),
        ("queries.jsonl", "{not json}\n"),
        ("queries.jsonl", '{"id": "q1"}\n'),
        ("qrels.tsv", "q1\td2\t1\nq1 d2 1\n"),
        ("qrels.tsv", "q1\td2\t0\n"),
        ("corpus.jsonl", b"\xff\xfe"),
    ],
)
def test_what_is_no_set_says_which_file(source: Path, name: str, content: Any) -> None:
    if content is None:
        (source / name).unlink()
    else:
        data = content if isinstance(content, bytes) else content.encode()
        (source / name).write_bytes(data)
    with pytest.raises(LibraryError) as caught:
        RetrievalSet(source)
    assert caught.value.code == ErrorCode.SET_REFUSED
    assert name in caught.value.message


def test_metrics() -> None:
    grades = {"a": 2, "b": 1, "c": 0}
    assert score_ranking(["a", "b"], grades) == [1.0, 1.0, 1.0, 1.0]
    ndcg, recall, mrr, hit = score_ranking(["c", "b"], grades)
    assert ndcg == pytest.approx((1 / np.log2(3)) / (2 + 1 / np.log2(3)))
    assert (recall, mrr, hit) == (0.5, 0.5, 1.0)
    assert score_ranking(["x"] * 5 + ["a"], {"a": 1})[3] == 0.0
    assert score_ranking([], {"a": 1}) == [0.0, 0.0, 0.0, 0.0]


def test_the_bootstrap_is_sure_of_what_never_varies() -> None:
    assert paired_bootstrap(np.full(20, 0.1)) == pytest.approx((0.1, 0.1))
    low, high = paired_bootstrap(np.array([1.0, -1.0] * 50))
    assert low < 0 < high
