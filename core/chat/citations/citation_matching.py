"""Citation matching: the sentences of an answer, and citations of what supports them."""

from collections.abc import Iterator, Sequence

from core.base.lazy_regex import lazy_pattern
from core.base.sentences import sentence_spans
from core.chat.citations.citation_markers import strip_markers
from core.chat.citations.verifier import Verifier
from core.chat.conversations.conversation import Citation, Source

_LINE = lazy_pattern(r"[^\n]+")
_NUMBER_ONLY = lazy_pattern(r"[\W\d_]*")


def answer_sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence, white space outside; a line ends a sentence."""
    for line in _LINE.finditer(text):
        yield from sentence_spans(text, line.start(), line.end())


def cite_sources(
    raw: str, sources: Sequence[Source], verifier: Verifier
) -> tuple[str, tuple[Citation, ...]]:
    """Return the answer without the model's own markers, and the citations that hold.

    Their `start` and `end` count characters of the returned text, `source_start` and `source_end`
    those of the source's text as it is in `sources`.
    """
    if not sources:
        return raw, ()
    text = strip_markers(raw)
    spans = list(answer_sentence_spans(text))
    is_whole = len(spans) == 1
    if not is_whole:
        spans = [span for span in spans if not _NUMBER_ONLY.fullmatch(text, *span)]
    found = verifier.supporting_spans(
        [text[start:end] for start, end in spans], sources, is_whole_answer=is_whole
    )
    citations = (
        Citation(n=source.n, start=start, end=end, source_start=source.start, source_end=source.end)
        for (start, end), supporting in zip(spans, found, strict=True)
        for source in supporting
    )
    return text, tuple(citations)
