"""Task answer: the lines of a task over documents as one answer, each with its source."""

from msgspec import structs

from core.base.lazy_regex import lazy_pattern
from core.chat.answering.answer_draft import ComposedAnswer
from core.chat.answering.turn_conversion import sources_from_hits
from core.chat.citations.citation_matching import AnswerJudgement
from core.chat.conversations.conversation import Citation, JudgedSentence, SentenceVerdict, Source
from core.chat.whole_documents.document_parts import Part
from core.chat.whole_documents.document_task import TaskKind
from core.chat.whole_documents.task_steps import ReportLine, TaskResult
from core.messages import SearchHit

MOST_JUDGED = 40
"""Passages that a text over all is compared with: those that its lines rest on."""
_WORD = lazy_pattern(r"[^\W_]{3,}")


class TaskAnswer:
    """An answer under construction: text, numbered sources, and where each sentence rests."""

    def __init__(self, kind: TaskKind, *, several: bool) -> None:
        self._kind = kind
        self._several = several
        self.text = ""
        self._sources: dict[tuple[str, int], Source] = {}
        self._hits: list[SearchHit] = []
        self._citations: list[Citation] = []
        self._sentences: list[JudgedSentence] = []
        self._document = ""

    def add_line(self, line: ReportLine) -> str:
        """Add a line of the result, and return what was added to the text."""
        before = len(self.text)
        self._add_lead(line)
        if line.part:
            self._add_judged(line.text, line.part, whole_line=True)
        else:
            self.text += line.text
        return self.text[before:]

    def compose(self, result: TaskResult, model: str, fingerprint: str) -> ComposedAnswer:
        """Return the answer with the text over all before its lines."""
        lines = (self.text, self._citations, self._sentences)
        self.text, self._citations, self._sentences = "", [], []
        if result.text:
            passages = result.part or tuple(self._hits[:MOST_JUDGED])
            self._add_judged(result.text, passages, whole_line=False)
        text, citations, sentences = lines
        if text:
            gap = "\n\n" if self.text else ""
            by = len(self.text) + len(gap)
            self.text += gap + text
            self._citations += [_moved_citation(each, by) for each in citations]
            self._sentences += [
                structs.replace(each, start=each.start + by, end=each.end + by)
                for each in sentences
            ]
        return ComposedAnswer(
            text=self.text,
            model=model,
            fingerprint=fingerprint,
            sources=tuple(self._sources.values()),
            citations=tuple(self._citations),
            sentences=tuple(self._sentences),
        )

    def _add_lead(self, line: ReportLine) -> None:
        """Begin a line, under or behind its document's name where there are several."""
        file = line.document.file
        if self._kind in {TaskKind.LIST, TaskKind.TRANSLATION}:
            if self._several and file != self._document:
                self.text += f"\n\n**{file}**\n\n" if self.text else f"**{file}**\n\n"
            elif self.text:
                self.text += "\n" if self._kind is TaskKind.LIST else "\n\n"
            self.text += "- " if self._kind is TaskKind.LIST else ""
        else:
            self.text += "\n" if self.text else ""
            self.text += f"- **{file}**: " if self._several else "- "
        self._document = file

    def _add_judged(self, text: str, part: Part, *, whole_line: bool) -> None:
        """Add text with the verdicts on its sentences, judged against the passages it was made of.

        What no passage proves leads to the passage that shares most words with it, and keeps its
        verdict; a line has one source at least.
        """
        flat = " ".join(text.split()) if self._kind is not TaskKind.TRANSLATION else text
        shown = flat if whole_line else text
        part = _nearest(shown, part)
        numbered = sources_from_hits(part)
        judged = AnswerJudgement(shown, numbered).result()
        start = len(self.text)
        self.text += judged.text
        for sentence in judged.sentences:
            hit = part[sentence.n - 1] if sentence.n else None
            n = self._number(hit) if hit is not None else 0
            self._sentences.append(
                structs.replace(
                    sentence, n=n, start=sentence.start + start, end=sentence.end + start
                )
            )
            if sentence.verdict is SentenceVerdict.SUPPORTED and n:
                self._citations.append(
                    Citation(
                        n=n,
                        start=sentence.start + start,
                        end=sentence.end + start,
                        source_start=sentence.source_start,
                        source_end=sentence.source_end,
                    )
                )
        if not any(each.start >= start for each in self._citations) and part:
            n = self._number(part[0])
            self._citations.append(Citation(n=n, start=start, end=len(self.text)))

    def _number(self, hit: SearchHit) -> int:
        """Return the number of a passage among the sources, a new one for a new passage."""
        key = (hit.path, hit.passage_id)
        if key not in self._sources:
            (source,) = sources_from_hits((hit,))
            self._sources[key] = structs.replace(source, n=len(self._sources) + 1)
            self._hits.append(hit)
        return self._sources[key].n


def _nearest(text: str, part: Part) -> Part:
    """Return the passages that share most words with a text, the best first; not too many."""
    words = {word.casefold() for word in _WORD.findall(text)}

    def shared(hit: SearchHit) -> int:
        return len(words & {word.casefold() for word in _WORD.findall(hit.text)})

    return tuple(sorted(part, key=shared, reverse=True)[:MOST_JUDGED])


def _moved_citation(citation: Citation, by: int) -> Citation:
    return structs.replace(citation, start=citation.start + by, end=citation.end + by)
