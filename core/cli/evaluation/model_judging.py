"""Model judging: a model of the list, or a server of one's own, grades and compares answers."""

from collections.abc import Iterator, Sequence

from msgspec import structs

from core.app.events.app_events import AnswerFailed
from core.cli.evaluation.answer_collection import AnswerCollector, AskingOptions
from core.cli.library_session import RequestRefused
from core.cli.session import Session
from core.evaluation.answer_record import AnswerRecord
from core.evaluation.judge_prompts import (
    GRADE_SCHEMA,
    PREFERENCE_SCHEMA,
    combine_grades,
    combine_preferences,
    grade_prompts,
    preference_prompts,
    read_grade,
    read_preference,
)
from core.messages import Sampling

_MOST_TOKENS = 400
"""A judge that thinks needs some; the reply itself is a few."""


class ModelJudge:
    """Asks in plain temporary chats, likeliest words only."""

    def __init__(self, session: Session, model: str, *, try_anyway: bool = False) -> None:
        self._session = session
        self._model = model
        self._try_anyway = try_anyway

    def grade_answers(self, records: Sequence[AnswerRecord]) -> Iterator[AnswerRecord]:
        """Yield each record with the score "judge"; without it where no grade could be read.

        Raises RequestRefused when the judge can't answer.
        """
        with self._collector(GRADE_SCHEMA) as collector:
            for record in records:
                grades = [read_grade(_reply(collector, prompt)) for prompt in grade_prompts(record)]
                score = combine_grades(grades)
                scores = {name: value for name, value in record.scores.items() if name != "judge"}
                if score is not None:
                    scores["judge"] = score
                yield structs.replace(record, scores=scores, judge=self._model)

    def compare_answers(
        self, pairs: Sequence[tuple[AnswerRecord, AnswerRecord]]
    ) -> Iterator[int | None]:
        """Yield for each pair 1 if the first is better, -1 if the second is, 0 for neither.

        None where the judge's reply could not be read. Raises RequestRefused as above.
        """
        with self._collector(PREFERENCE_SCHEMA) as collector:
            for one, other in pairs:
                first, swapped = (
                    read_preference(_reply(collector, prompt))
                    for prompt in preference_prompts(one, other)
                )
                yield combine_preferences(first, swapped)

    def _collector(self, schema: str) -> AnswerCollector:
        sampling = Sampling(temperature=0.0, repeat_penalty=1.0, seed=1, json_schema=schema)
        sampling = structs.replace(sampling, thinking=False)
        options = AskingOptions(
            model=self._model,
            sampling=sampling,
            max_tokens=_MOST_TOKENS,
            try_anyway=self._try_anyway,
        )
        return AnswerCollector(self._session, options)


def _reply(collector: AnswerCollector, prompt: str) -> str:
    _started, ended = collector.ask_text(prompt)
    if isinstance(ended, AnswerFailed):
        raise RequestRefused(ended.problem)
    return ended.text
