"""Statement judges: the library's judge of an answer's sentences, and the chat model where able."""

from collections.abc import Sequence

from msgspec import structs

from core.app.judging.chat_judge import MOST_SENTENCES, ChatJudge
from core.chat.answering.answer_protocols import JudgingReply, StatementJudge
from core.chat.judging.chat_opinion import ChatOpinion
from core.messages import StatementsJudged


class StatementJudges:
    """A StatementJudge: after the library's judge the chat model is asked of what is doubtful.

    A model that was not measured able, or has no time, changes nothing.
    """

    def __init__(self, library: StatementJudge, chat: ChatJudge) -> None:
        self._library = library
        self._chat = chat

    @property
    def judge_name(self) -> str:
        """The name of the library's judge."""
        return self._library.judge_name

    def judge_statements(self, question: str, pairs: Sequence[tuple[str, str]]) -> JudgingReply:
        """Ask about pairs (statement, evidence) of an answer to a question."""
        judged = self._library.judge_statements(question, pairs)
        return judged.then(lambda done: self._with_opinion(question, pairs, done))

    def _with_opinion(
        self, question: str, pairs: Sequence[tuple[str, str]], done: StatementsJudged
    ) -> JudgingReply:
        """Return what the library's judge says, with the model's part in the doubtful ones."""
        places = sorted(
            range(len(done.supports)),
            key=lambda place: abs(done.supports[place].supported - 0.5),
        )[:MOST_SENTENCES]
        asked = [(f"{question} {pairs[place][0]}".strip(), pairs[place][1]) for place in places]
        opinion = self._chat.judge_statements(asked)
        return opinion.convert(lambda said: _combined(done, places, said))


def _combined(
    done: StatementsJudged, places: Sequence[int], opinion: ChatOpinion
) -> StatementsJudged:
    supports = list(done.supports)
    if not opinion.weight:
        return done
    own = [supports[place].supported for place in places]
    for place, supported in zip(places, opinion.combined_with(own), strict=True):
        known = supports[place]
        left = (1 - supported) / max(1 - known.supported, 1e-6)
        supports[place] = structs.replace(
            known, supported=supported, contradicted=min(1 - supported, left * known.contradicted)
        )
    return structs.replace(done, supports=tuple(supports))
