"""What an answer stands on: the searches to make, what they found, and what of it was sent."""

from collections.abc import Sequence

from msgspec import structs

from core.chat.citations import cite
from core.chat.conversation import Citation, Source
from core.chat.follow_up import queries, shows_sources
from core.chat.history import prompt_sources, sources_of
from core.chat.order import Order
from core.messages import Hit, PromptFitted, PromptSource

TELLING = 0.5
"""Hits under this share of the best score are not sent. Fused scores fall off steeply behind what
answers a question, and a small model mixes whatever it reads into its answer."""


class Grounds:
    """Belongs to one answer; empty for a plain chat."""

    def __init__(self, order: Order) -> None:
        self._queries = queries(order.conversation, order.text) if order.folder_ids else []
        leans = len(self._queries) > 1
        self.stand_in_transcript = leans and shows_sources(order.conversation)
        """Whether the question leans on passages that were sent before."""
        self.hits: Sequence[Hit] = ()
        self._sent: tuple[Source, ...] = ()

    def next_query(self) -> str | None:
        """Return what to search for now; None when nothing is left to try."""
        return self._queries.pop(0) if self._queries else None

    def take(self, hits: Sequence[Hit]) -> bool:
        """Keep the hits that tell something beside the best one; return whether there are any."""
        best = max((hit.score for hit in hits), default=0.0)
        self.hits = tuple(hit for hit in hits if hit.score >= best * TELLING)
        return bool(self.hits)

    def prompt(self) -> tuple[PromptSource, ...]:
        """Return what was found as the prompt takes it."""
        return prompt_sources(self.hits)

    def fit(self, fitted: PromptFitted) -> tuple[Source, ...]:
        """Return the sources that were sent, from the hits."""
        used = set(fitted.sources_used)
        found = sources_of(self.hits)
        sources = tuple(source for source in found if source.n in used)
        # What stands in the section around a passage was read too, and supports as well.
        sections = {n: self.hits[n - 1].section for n in fitted.sources_widened}
        self._sent = tuple(
            structs.replace(source, text=sections.get(source.n, source.text)) for source in sources
        )
        return sources

    def cite(self, raw: str) -> tuple[str, tuple[Citation, ...]]:
        """Return the answer's text, and which sentence of it which source supports."""
        return cite(raw, self._sent)
