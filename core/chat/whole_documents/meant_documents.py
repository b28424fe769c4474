"""Meant documents: which a task is about that names a certain one, but none by its name or title.

"Summarise the landlord's letter" means one document of a folder, whatever its file is called. The
search tells the nearest ones; unless it is sure of one, the person is asked which it is: to read
all of them would take long, and to guess could sum up another letter.
"""

from collections.abc import Sequence

from msgspec import Struct

from core.base.i18n import _
from core.chat.answering.answer_draft import ComposedAnswer
from core.chat.answering.turn_conversion import sources_from_hits
from core.chat.conversations.conversation import AnswerStatistics, Citation
from core.chat.intent.message_intent import folded_message
from core.chat.intent.message_patterns import CERTAIN
from core.chat.whole_documents.document_task import TaskDocument, TaskKind, read_document_task
from core.messages import SearchHit

SURE = 0.5
"""Probability from which a document is taken for the one that is meant: likelier than not."""
MOST_OFFERED = 5


class MeantDocuments(Struct, frozen=True, kw_only=True):
    """The documents to go through; none if it isn't clear which of `total` is meant.

    `nearest` are passages of those that may be meant then, one of each, the likeliest first.
    """

    documents: tuple[TaskDocument, ...] = ()
    nearest: tuple[SearchHit, ...] = ()
    total: int = 0


def means_certain_document(question: str) -> bool:
    """Whether a task is on one or two certain documents, not on all there are."""
    return CERTAIN.search(folded_message(question)) is not None


def meant_documents(
    question: str, documents: Sequence[TaskDocument], hits: Sequence[SearchHit]
) -> MeantDocuments:
    """Return what a task means that names no document, by what a search found for it.

    That is the document whose passage answers likelier than not; two of them for a comparison.
    """
    best: dict[tuple[str, str], SearchHit] = {}
    for hit in hits:
        key = (hit.folder_id, hit.file)
        if key not in best or hit.confidence > best[key].confidence:
            best.setdefault(key, hit)
            best[key] = hit
    listed = {(each.folder_id, each.file): each for each in documents}
    found = [key for key in best if key in listed]
    sure = [key for key in found if best[key].confidence >= SURE]
    wanted = 2 if read_document_task(question).kind is TaskKind.COMPARISON else 1
    if len(sure) == wanted:
        return MeantDocuments(documents=tuple(listed[key] for key in sure), total=len(documents))
    if not found:
        return MeantDocuments(documents=tuple(documents), total=len(documents))
    nearest = tuple(best[key] for key in found[:MOST_OFFERED])
    return MeantDocuments(nearest=nearest, total=len(documents))


def which_document_answer(
    question: str, meant: MeantDocuments, statistics: AnswerStatistics
) -> ComposedAnswer:
    """Return the app's own question which document is meant, each of the nearest as a source."""
    sources = sources_from_hits(meant.nearest)
    text = _("Which document is meant? Of {total}, these are the nearest:")
    text = text.format(total=meant.total) + "\n\n"
    citations = []
    for source in sources:
        start = len(text) + 2
        text += f"- {source.file}\n"
        citations.append(Citation(n=source.n, start=start, end=start + len(source.file)))
    example = f"{question.strip()} ({sources[0].file.rpartition('/')[2]})"
    ending = _("Ask again with the name of the file, as in “{example}”.")
    return ComposedAnswer(
        text=f"{text}\n{ending.format(example=example)}",
        sources=sources,
        citations=tuple(citations),
        statistics=statistics,
    )
