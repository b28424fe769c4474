"""Retrieval context of an answer: the searches to make, their hits, and which were sent."""

from collections.abc import Sequence

from msgspec import structs

from core.base.i18n import ngettext
from core.chat.answering.answer_request import AnswerRequest, DocumentUse
from core.chat.answering.follow_up import has_sources, is_follow_up, search_queries
from core.chat.answering.question_rewriting import accepted_rewrite, rewrite_request
from core.chat.answering.refusal_text import missing_value_text, other_subject_text
from core.chat.answering.turn_conversion import prompt_sources, sources_from_hits
from core.chat.citations.citation_matching import AnswerJudgement, JudgedAnswer
from core.chat.citations.shown_passages import show_cited_parts
from core.chat.conversations.conversation import Source
from core.chat.intent.message_intent import Intent, message_intent
from core.messages import (
    AnswerDone,
    Failed,
    Generate,
    PromptFitted,
    PromptSource,
    SearchDone,
    SearchHit,
    SearchVerdict,
)

MIN_SCORE_SHARE = 0.5
"""Hits under this share of the best score are not sent. Fused scores fall off steeply behind what
answers a question, and a small model mixes whatever it reads into its answer."""


LEAST_NEED = 0.4
"""Probability of wanting documents below which a message is taken for talk or a free task. Chosen
on 57 messages to documents that are no plain questions, of which none lies below it."""
NEAREST_PASSAGES = 3
"""Passages that are shown as the nearest where the documents don't answer."""


def understood_intent(request: AnswerRequest) -> Intent:
    """Return what a question wants, or what a person said that it does.

    Single files are no library: what is asked about them is a question to them. "Summarise this"
    is said of files that were just added, not of the chat before.
    """
    if request.document_use in {DocumentUse.SEARCH, DocumentUse.NEAREST}:
        return Intent.QUESTION
    if request.document_use is DocumentUse.WHOLE:
        return Intent.WHOLE
    path = request.conversation.path()
    read = {source.path for turn in path for source in turn.sources}
    is_about_new_files = any(file not in read for file in request.files)
    intent = message_intent(request.text, has_history=bool(path) and not is_about_new_files)
    return Intent.QUESTION if intent is Intent.LIBRARY and not request.folder_ids else intent


class RetrievalContext:
    """The queries, hits and sources of one answer; empty for a plain chat."""

    def __init__(self, request: AnswerRequest) -> None:
        self._conversation, self._question = request.conversation, request.text
        self.intent = understood_intent(request) if request.is_grounded else Intent.QUESTION
        """What the question is taken for; a plain chat needs no rules of all languages."""
        self._takes_nearest = (
            bool(request.files)
            or self.intent is Intent.WHOLE
            or request.document_use is DocumentUse.NEAREST
        )
        self.uses_documents = request.is_grounded and request.document_use is not DocumentUse.NONE
        """Whether the answer rests on documents."""
        if self.intent in {Intent.TALK, Intent.TASK}:
            self.uses_documents = False
        is_left_to_rules = request.document_use is DocumentUse.AUTO and not request.files
        self._may_be_free = is_left_to_rules and self.intent is Intent.QUESTION
        """Whether no rule knew the message, so that it is searched in doubt."""
        self._queries = search_queries(self._conversation, self._question)
        if not self.uses_documents:
            self._queries = []
        self.is_follow_up = self.uses_documents and is_follow_up(self._conversation, self._question)
        """Whether the question may mean more than it says."""
        self.sources_in_transcript = self.is_follow_up and has_sources(self._conversation)
        """Whether the question can be answered from passages that were sent before."""
        self.hits: Sequence[SearchHit] = ()
        self.verdict = ""
        """What the documents say on the question (see SearchVerdict), "" before the search."""
        self.confidence = 0.0
        """Probability, 0 to 1, that the best passages answer it."""
        self.other_subject = ("", "")
        """What the question names, and what the documents speak of instead (see SearchDone)."""
        self._missing_value = ""
        self.unread_files = 0
        """Files that the search couldn't find yet (see SearchDone)."""
        self._nearest: tuple[SearchHit, ...] = ()
        self._query = ""
        self._found: tuple[Source, ...] = request.begun.sources if request.begun else ()
        self._read = self._found

    def rewrite_question_request(self, request_id: str) -> Generate:
        """Return the request to rewrite the question so that it is clear without the chat."""
        return rewrite_request(self._conversation, self._question, request_id)

    def add_rewritten_query(self, event: AnswerDone | Failed) -> None:
        """Put the model's rewritten question before the other queries, if it can be trusted."""
        text = event.text if isinstance(event, AnswerDone) else ""
        if question := accepted_rewrite(text, self._conversation, self._question):
            self._queries.insert(0, question)

    def next_query(self) -> str | None:
        """Return the next query; None when nothing is left to try."""
        if not self._queries:
            return None
        self._query = self._queries.pop(0)
        return self._query

    @property
    def searched_for(self) -> str:
        """The last query, "" if that is the question as it was asked."""
        return "" if self._query == self._question else " ".join(self._query.split())

    def set_result(self, done: SearchDone) -> bool:
        """Keep hits that answer, with a score close to the best one; return whether there are any.

        Files that were picked for the question are read whatever the verdict. What doesn't answer
        is kept as the nearest there is, of several searches that of the surest.
        """
        self.unread_files = done.unread_files
        if self._may_be_free and not self.sources_in_transcript and done.need < LEAST_NEED:
            self._leave_documents()
            return False
        if not self.verdict or done.confidence > self.confidence:
            verdict = done.verdict if done.hits else SearchVerdict.NOTHING
            self.verdict, self.confidence = verdict.value, done.confidence
            self._nearest = done.hits[:NEAREST_PASSAGES]
            self.other_subject = (done.asked_subject, done.found_subject)
            self._missing_value = done.missing_value
        if done.verdict is not SearchVerdict.ANSWERED and not self._takes_nearest:
            return False
        hits = done.hits
        best = max((hit.score for hit in hits if not hit.whole), default=0.0)
        least = 0.0 if self.intent is Intent.WHOLE else best * MIN_SCORE_SHARE
        self.hits = tuple(hit for hit in hits if hit.whole or hit.score >= least)
        return bool(self.hits)

    def _leave_documents(self) -> None:
        """Take the message for a task that rests on no document."""
        self.intent, self.uses_documents = Intent.TASK, False
        self._queries, self._nearest, self.hits = [], (), ()
        self.verdict, self.confidence = "", 0.0

    @property
    def nearest_sources(self) -> tuple[Source, ...]:
        """The nearest passages of a question that the documents don't answer."""
        return sources_from_hits(self._nearest)

    @property
    def refusal_reason(self) -> str:
        """The sentence that says why the documents don't answer, "" where no more is known."""
        said = other_subject_text(*self.other_subject)
        return said or missing_value_text(self._missing_value)

    def read_note(self, sources: Sequence[Source]) -> str:
        """Return the note on what was read of whole folders; for a question that it is of another.

        "" where nothing is to be said.
        """
        if self.intent is not Intent.WHOLE:
            return other_subject_text(*self.other_subject)
        if not self.hits or self._has_whole_files:
            return ""
        files = len({source.path for source in sources})
        return ngettext(
            "Read for this: {passages} passages of {files} file, not all there is.",
            "Read for this: {passages} passages of {files} files, not all there is.",
            files,
        ).format(passages=len(sources), files=files)

    @property
    def _has_whole_files(self) -> bool:
        return any(hit.whole for hit in self.hits)

    def sources_for_prompt(self) -> tuple[PromptSource, ...]:
        """Return the hits as sources of a prompt."""
        return prompt_sources(self.hits)

    def record_sent_sources(self, fitted: PromptFitted) -> tuple[Source, ...]:
        """Return the sources that were sent, numbered from 1; `judge_answer` uses them."""
        if not self.hits:
            return self._found
        used = set(fitted.sources_used)
        sent = [n for n in range(1, len(self.hits) + 1) if n in used]
        rest = [n for n in range(1, len(self.hits) + 1) if n not in used]
        # The model has read the section around a widened passage too, so it may be cited.
        sections = {
            place: self.hits[n - 1].section
            for place, n in enumerate(sent, start=1)
            if n in fitted.sources_widened
        }
        # Numbered by their order in the prompt: whole files that found no room stand before them.
        self.hits = tuple(self.hits[n - 1] for n in (*sent, *rest))
        self._found = sources_from_hits(self.hits[: len(sent)])
        self._read = tuple(
            structs.replace(source, text=sections.get(source.n, source.text))
            for source in self._found
        )
        return self._found

    def add_tool_hits(self, hits: Sequence[SearchHit]) -> tuple[Source, ...]:
        """Count passages that a tool found among what the model has read; return what is new."""
        known = {(source.path, source.text) for source in self._found}
        new = [hit for hit in hits if (hit.path, hit.text) not in known]
        first = len(self._found)
        numbered = sources_from_hits(new)
        added = tuple(structs.replace(each, n=first + each.n) for each in numbered)
        self._found, self._read = (*self._found, *added), (*self._read, *added)
        return added

    def unsent_sources(self, sources: Sequence[Source]) -> tuple[Source, ...]:
        """Return the hits that are not among the `sources` that were sent."""
        sent = {source.n for source in sources}
        return tuple(source for source in sources_from_hits(self.hits) if source.n not in sent)

    @property
    def sources_found(self) -> tuple[Source, ...]:
        """The sources as they are saved."""
        return self._found

    @property
    def sources_read(self) -> tuple[Source, ...]:
        """The sources with all that the model read of them."""
        return self._read

    def judge_answer(self, raw: str, *, is_cut: bool) -> AnswerJudgement:
        """Return the judgement of an answer, against all that the model read of its sources."""
        return AnswerJudgement(raw, self._read, self._question, is_cut=is_cut)

    def shown_parts(self, judged: JudgedAnswer) -> tuple[tuple[Source, ...], JudgedAnswer]:
        """Return the sources as they are shown, with what is cited, and the verdicts in them."""
        return show_cited_parts(self._found, self._read, judged)
