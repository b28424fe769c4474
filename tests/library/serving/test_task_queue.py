"""Tasks of the library: which wait for the embedding model, and which never have it loaded."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import Paths, judge_model
from core.library.embedding.embedder_loader import EmbedderLoader
from core.library.judging.learned_judge import LearnedJudge
from core.library.reading.file_reader import FileReader
from core.library.search.reranker import LoadableReranker
from core.library.search.searcher import Searcher
from core.library.store.library_records import LibraryRecords
from core.library.tasks.task_context import TaskContext
from core.library.tasks.task_queue import LibraryTaskQueue
from core.messages import (
    ChooseReranker,
    Failed,
    JudgePassages,
    JudgeStatements,
    PassagesJudged,
    RerankerChosen,
    ScoreSimilarity,
    StatementPair,
    StatementsJudged,
)
from tests.library.serving.test_search_queue import UnloadableEmbedder
from tests.waiting import wait_for

RENT = "The rent of the flat is 742 euros a month."


def _none(*_arguments: object) -> FileReader:
    raise AssertionError("nothing is read")


def test_judging_has_no_embedder_loaded(records: LibraryRecords, tmp_path: Path) -> None:
    embedder, sent = UnloadableEmbedder(), list[msgspec.Struct]()
    broken = LibraryError(ErrorCode.EMBEDDER_MISSING, path="model")
    loader = EmbedderLoader(embedder, lambda _error: broken)
    context = TaskContext(
        paths=Paths(tmp_path),
        records=records,
        embedder=embedder,
        searcher=cast("Searcher", SimpleNamespace(reranker=None)),
        new_reader=_none,
        open_reranker=lambda folder: cast("LoadableReranker", _none(folder)),
        send=sent.append,
        judge=LearnedJudge(judge_model()),
        load_embedder=loader.is_loaded_or_begun,
    )
    queue = LibraryTaskQueue(context, loader, lambda _error: broken)
    pair = StatementPair(statement="The rent is 742 euros.", evidence=RENT)
    queue.add_task(JudgeStatements(request_id="marks", question="What is the rent?", pairs=(pair,)))
    asked = JudgePassages(request_id="rank", question="What is the rent?", texts=(RENT, "Hens."))
    queue.add_task(asked)
    queue.add_task(ChooseReranker(request_id="none", path=""))
    while queue:
        assert queue.run_task_step()
    marks, ranks, chosen = sent
    assert isinstance(marks, StatementsJudged)
    assert marks.supports[0].supported > 0.5
    assert isinstance(ranks, PassagesJudged)
    assert ranks.probabilities[0] > ranks.probabilities[1]
    assert isinstance(chosen, RerankerChosen)
    assert (embedder.tries, loader.has_begun) == (0, False)
    queue.add_task(ScoreSimilarity(request_id="alike", pairs=()))
    wait_for(lambda: loader.is_finished)
    while queue:
        queue.run_task_step()
    assert isinstance(sent[-1], Failed)
    assert embedder.tries == 1
