"""What an answer stands on: the searches to make, what they found, and what of it was sent."""

from collections.abc import Sequence

from msgspec import structs

from core.chat.citations import cite
from core.chat.conversation import Citation, Source
from core.chat.follow_up import leans, queries, shows_sources
from core.chat.history import prompt_sources, sources_of
from core.chat.order import Order
from core.chat.rewriting import ask_to_rewrite, rewritten
from core.messages import AnswerDone, Failed, Generate, Hit, PromptFitted, PromptSource

TELLING = 0.5
"""Hits under this share of the best score are not sent. Fused scores fall off steeply behind what
answers a question, and a small model mixes whatever it reads into its answer."""


class Grounds:
    """Belongs to one answer; empty for a plain chat."""

    def __init__(self, order: Order) -> None:
        self._conversation, self._question = order.conversation, order.text
        self._queries = queries(order.conversation, order.text) if order.is_grounded else []
        self.leans = order.is_grounded and leans(order.conversation, order.text)
        """Whether the question may mean more than it says."""
        self.stand_in_transcript = self.leans and shows_sources(order.conversation)
        """Whether the question leans on passages that were sent before."""
        self.hits: Sequence[Hit] = ()
        self._query = ""
        self._sent: tuple[Source, ...] = order.begun.sources if order.begun else ()

    def ask_to_rewrite(self, request_id: str) -> Generate:
        """Return the request that writes the question anew, so that it stands alone."""
        return ask_to_rewrite(self._conversation, self._question, request_id)

    def take_rewritten(self, event: AnswerDone | Failed) -> None:
        """Search for what the model wrote before anything else, if it can be trusted."""
        text = event.text if isinstance(event, AnswerDone) else ""
        if question := rewritten(text, self._conversation, self._question):
            self._queries.insert(0, question)

    def next_query(self) -> str | None:
        """Return what to search for now; None when nothing is left to try."""
        if not self._queries:
            return None
        self._query = self._queries.pop(0)
        return self._query

    @property
    def searched_for(self) -> str:
        """What was searched for at last, "" if that is the question as it was asked."""
        return "" if self._query == self._question else " ".join(self._query.split())

    def take(self, hits: Sequence[Hit]) -> bool:
        """Keep the hits that tell something beside the best one; return whether there are any."""
        best = max((hit.score for hit in hits if not hit.whole), default=0.0)
        self.hits = tuple(hit for hit in hits if hit.whole or hit.score >= best * TELLING)
        return bool(self.hits)

    def prompt(self) -> tuple[PromptSource, ...]:
        """Return what was found as the prompt takes it."""
        return prompt_sources(self.hits)

    def fit(self, fitted: PromptFitted) -> tuple[Source, ...]:
        """Return the sources that were sent, from the hits."""
        if not self.hits:
            return self._sent
        used = set(fitted.sources_used)
        found = sources_of(self.hits)
        sources = tuple(source for source in found if source.n in used)
        # What stands in the section around a passage was read too, and supports as well.
        sections = {n: self.hits[n - 1].section for n in fitted.sources_widened}
        self._sent = tuple(
            structs.replace(source, text=sections.get(source.n, source.text)) for source in sources
        )
        return sources

    def cut(self, sources: Sequence[Source]) -> tuple[Source, ...]:
        """Return what was found beside the `sources` that were sent."""
        sent = {source.n for source in sources}
        return tuple(source for source in sources_of(self.hits) if source.n not in sent)

    def cite(self, raw: str) -> tuple[str, tuple[Citation, ...]]:
        """Return the answer's text, and which sentence of it which source supports."""
        return cite(raw, self._sent)
