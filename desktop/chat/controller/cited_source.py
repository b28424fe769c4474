"""Cited source: a source with the sentences of it that an answer rests on, for cards and viewer."""

from collections.abc import Iterable, Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from core.chat.conversations.conversation import (
    Citation,
    JudgedSentence,
    SentenceVerdict,
    Source,
)
from desktop.chat.controller.passage_lines import squeezed_lines, with_own_lines, without_emphasis
from desktop.chat.markdown.citation_marks import CitationMark
from desktop.kit.visible_text import visible_text

Span = tuple[int, int]
_BREAK = "<br>"


class CitedSource(Source, frozen=True, kw_only=True):
    """`spans` are characters of its text: the sentences that support or contradict the answer.

    `is_contrary`: it contradicts a sentence of the answer.
    """

    spans: tuple[Span, ...]
    is_contrary: bool = False


def cited_sources(
    sources: Iterable[Source],
    citations: Sequence[Citation],
    sentences: Sequence[JudgedSentence] = (),
) -> tuple[Source, ...]:
    """Return the sources; those of which single sentences are cited as CitedSource."""
    against = [each for each in sentences if each.verdict is SentenceVerdict.CONTRADICTED]
    places: list[Citation | JudgedSentence] = [*citations, *against]
    found: list[Source] = []
    for source in sources:
        length = len(source.text)
        spans = {
            (each.source_start, each.source_end)
            for each in places
            if each.n == source.n and 0 <= each.source_start < each.source_end <= length
        }
        contrary = any(each.n == source.n for each in against)
        fields = {name: getattr(source, name) for name in Source.__struct_fields__}
        found.append(
            CitedSource(**fields, spans=_merged(spans), is_contrary=contrary)
            if spans
            else Source(**fields)
        )
    return tuple(found)


def source_at_mark(
    sources: Iterable[Source],
    citations: Sequence[Citation],
    sentences: Sequence[JudgedSentence],
    mark: CitationMark,
) -> Source | None:
    """Return the source of one mark of an answer, with the sentence that this mark stands for.

    Where the mark's own sentence isn't known, all that are cited of the source; None without it.
    """
    plain = [source for source in sources if source.n == mark.n]
    if mark.is_contrary:
        against = [each for each in sentences if each.end == mark.end]
        found = cited_sources(plain, (), against)
    else:
        found = cited_sources(plain, [each for each in citations if each.end == mark.end])
    if found and not cited_spans(found[0]):
        found = cited_sources(plain, citations, sentences)
    return next(iter(found), None)


def cited_spans(source: Source) -> tuple[Span, ...]:
    """Return the sentences of a source's text that are cited, in order; none if not known."""
    return source.spans if isinstance(source, CitedSource) else ()


def cited_sentences(source: Source) -> tuple[str, ...]:
    """Return the words of the sentences of a source that are cited; none if not known."""
    return tuple(source.text[start:end] for start, end in cited_spans(source))


def cited_text(source: Source) -> str:
    """Return the text from the first cited sentence to the last, all if none is known."""
    spans = cited_spans(source)
    return source.text[spans[0][0] : spans[-1][1]] if spans else source.text


def passage_html(source: Source, longest: int, faint: str) -> str:
    """Return a passage of which sentences are cited as HTML, from the first of these on.

    `faint` is the colour of the words around it.
    """
    spans = cited_spans(source)
    text = _shown_lines(source)
    pieces = ["… "] if source.text[: spans[0][0]].strip() else []
    at, left = spans[0][0], longest
    for start, end in spans:
        if left <= 0:
            break
        pieces.append(_faint(text[at:start], faint, left))
        left -= start - at
        words = squeezed_lines(text[start:end], max(left, 1)) if left > 0 else ""
        pieces.append(f"<b>{_as_html(words)}</b>")
        at, left = end, left - (end - start)
    if left > 0:
        pieces.append(_faint(text[at:], faint, left))
    return "".join(pieces)


def show_passage(label: QLabel, source: Source, longest: int, faint: str) -> None:
    """Show a passage, from its cited sentence on, which stands out; else its beginning as text."""
    if cited_spans(source):
        label.setTextFormat(Qt.TextFormat.RichText)
        label.setText(passage_html(source, longest, faint))
    else:
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(visible_text(squeezed_lines(_shown_lines(source), longest)))


def _shown_lines(source: Source) -> str:
    """Return the source's text as cards show it, each letter at its place."""
    is_markdown = source.file.lower().endswith((".md", ".markdown"))
    return with_own_lines(without_emphasis(source.text) if is_markdown else source.text)


def _faint(text: str, colour: str, longest: int) -> str:
    """Return words around a cited sentence; they keep the breaks at their edges."""
    words = squeezed_lines(text, longest) if longest > 0 else ""
    head = text[: len(text) - len(text.lstrip())]
    tail = text[len(text.rstrip()) :]
    before, after = (_BREAK if "\n" in edge else " " for edge in (head, tail))
    if not words:
        return before
    return f'{before}<span style="color: {colour}">{_as_html(words)}</span>{after}'


def _as_html(words: str) -> str:
    return _BREAK.join(escape(visible_text(line)) for line in words.split("\n"))


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in order, those that overlap as one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)
