"""Similarity measuring: BERTScore of the replies of a run, computed by the library's child."""

from collections.abc import Sequence

from msgspec import structs

from core.base.i18n import _
from core.cli.console import Console
from core.cli.library_session import RequestRefused
from core.cli.session import Session
from core.evaluation.answer_record import AnswerRecord
from core.messages import EvaluationProgress, SimilarityPair

_LONGEST = 4000
"""Characters of a text that are compared; an embedding model reads fewer."""


def measure_similarity(
    session: Session, console: Console, records: Sequence[AnswerRecord]
) -> list[AnswerRecord]:
    """Return the records with the score "bert_score", where they have references and a reply.

    Without an embedding model they stay as they are, and a note says why.
    """
    waiting = [
        place
        for place, record in enumerate(records)
        if record.answerable and record.answers and not record.problem
        and "bert_score" not in record.scores
    ]  # fmt: skip
    found = list(records)
    if not waiting:
        return found
    pairs = tuple(_pair(records[place]) for place in waiting)

    def show_progress(progress: EvaluationProgress) -> None:
        console.show_progress(progress.done, progress.total, _("comparing the answers"))

    try:
        scored = session.wait_for(session.app.library.score_similarity(pairs), show_progress)
    except RequestRefused as error:
        console.print_problem(error.problem)
        return found
    for place, score in zip(waiting, scored.scores, strict=True):
        record = records[place]
        found[place] = structs.replace(record, scores={**record.scores, "bert_score": score})
    return found


def _pair(record: AnswerRecord) -> SimilarityPair:
    return SimilarityPair(
        reply=record.reply[:_LONGEST],
        references=tuple(each[:_LONGEST] for each in record.answers),
    )
