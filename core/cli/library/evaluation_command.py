"""Command `inglenook eval retrieval`: search quality on questions with graded answers."""

import argparse

from core.base.i18n import LocalizedFloat, _, ngettext
from core.cli.console import Console
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.library.tasks.retrieval_set_files import find_set_files
from core.messages import EvaluationProgress, RankingMetrics, RetrievalEvaluated


def evaluate_retrieval(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Measure search on one set and print the table."""

    def show_progress(progress: EvaluationProgress) -> None:
        steps = {"reading": _("reading the documents"), "asking": _("asking the questions")}
        console.show_progress(progress.done, progress.total, steps[progress.step])

    path = absolute_path(options.path)
    find_set_files(path)  # a first look, before anything is started
    console.show_status(_("Starting …"))
    evaluated = session.wait_for(session.app.folders.evaluate_search(str(path)), show_progress)
    console.clear_status()
    if console.as_json:
        console.print_json(evaluation_fields(evaluated))
    else:
        _print_table(console, evaluated)
    return 0


def evaluation_fields(evaluated: RetrievalEvaluated) -> dict[str, object]:
    """Return the metrics as scripts get them; `reranked` is null without a reranker.

    `search` is what a search returns, `ask` what an answer rests on: nothing for a question that is
    refused. `kept` is the share of questions with an answer that are not refused, `refused` that of
    those without one that are; null without such questions.
    """
    rankings = _rankings(evaluated)
    return {
        "set": evaluated.name,
        "queries": evaluated.queries,
        "unanswerable": evaluated.unanswerable,
        "kept": round(evaluated.kept, 4),
        "refused": evaluated.refused if evaluated.refused is None else round(evaluated.refused, 4),
        "ndcg@10": {way: each and round(each.ndcg, 4) for way, each in rankings.items()},
        "recall@10": {way: each and round(each.recall, 4) for way, each in rankings.items()},
        "mrr@10": {way: each and round(each.mrr, 4) for way, each in rankings.items()},
        "hit@5": {way: each and round(each.hit, 4) for way, each in rankings.items()},
        "ms_per_query": {
            way: each and round(each.milliseconds, 2) for way, each in rankings.items()
        },
    }


def _rankings(evaluated: RetrievalEvaluated) -> dict[str, RankingMetrics | None]:
    return {
        "vector": evaluated.vector,
        "bm25": evaluated.bm25,
        "fused": evaluated.fused,
        "reranked": evaluated.reranked,
        "search": evaluated.search,
        "ask": evaluated.ask,
    }


def _print_table(console: Console, evaluated: RetrievalEvaluated) -> None:
    documents = ngettext("{count} document", "{count} documents", evaluated.documents)
    questions = ngettext("{count} question", "{count} questions", evaluated.queries)
    counts = ", ".join(
        [documents.format(count=evaluated.documents), questions.format(count=evaluated.queries)]
    )
    console.print_line(f"{evaluated.name}: {counts}")
    rows = [
        [
            way,
            *(
                f"{LocalizedFloat(value):.3f}"
                for value in (each.ndcg, each.recall, each.mrr, each.hit)
            ),
            f"{LocalizedFloat(each.milliseconds):.1f}",
        ]
        for way, each in _rankings(evaluated).items()
        if each is not None
    ]
    console.print_table(("", "nDCG@10", "recall@10", "MRR@10", "hit@5", "ms"), rows)
    words = _("Fused, against the better single ranking: {low:+.3f} to {high:+.3f} nDCG@10 (95 %).")
    console.print_line(words.format(low=evaluated.low, high=evaluated.high))
    console.print_line(
        _("Questions with an answer that ask answers: {share} of a hundred.").format(
            share=round(100 * evaluated.kept)
        )
    )
    if evaluated.refused is not None:
        console.print_line(
            _("Questions without one that it refuses: {share} of a hundred.").format(
                share=round(100 * evaluated.refused)
            )
        )
