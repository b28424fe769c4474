"""Chat judge: the loaded model's judgement on found passages and on sentences, where it is able."""

import time
from collections.abc import Callable, Sequence
from typing import Never

from core.app.judging.ability_service import AbilityService
from core.app.loading.model_load_service import JudgeReply, ModelLoadService
from core.base.clock import Clock
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.chat.judging.chat_opinion import (
    NO_OPINION,
    ChatOpinion,
    judged_search,
    likeliest_passage,
)
from core.chat.judging.judging_prompts import (
    FRAME_TOKENS,
    answer_prompt,
    estimated_tokens,
    relevant_excerpt,
    support_prompt,
)
from core.ipc.reply import Reply
from core.messages import (
    AnswerDone,
    Failed,
    ModelLoaded,
    PromptsJudged,
    PromptTurn,
    SearchDone,
    SearchHit,
    SearchVerdict,
)
from core.models.info.judging_ability import JudgingAbility, KindAbility

MOST_SENTENCES = 8
READING_SECONDS = 1.5
"""What a model reads in this time is judged; nothing is, where that is less than a short text."""
READING_SHARE = 0.25
"""Of the time that the answer's own prompt takes: so long a passage is read on a slow machine."""
LATEST_FACTOR = 2.0
"""Judging beside other answers takes longer: after so many times as long it is cancelled."""
ANSWER_FRAME_TOKENS = 200
"""About what the answer's prompt has besides the texts that were found."""
LEAST_TEXT_TOKENS = 60
"""A shorter excerpt of a passage does not say whether the passage answers."""


OpinionReply = Reply[Never, ChatOpinion]
"""Ends with NO_OPINION where there is none; it never fails."""


class ChatJudge:
    """One judgement at a time waits for its deadline. One thread uses it.

    Every reply ends with an opinion; NO_OPINION when it was cancelled, failed or took too long, or
    where no able model is loaded.
    """

    def __init__(
        self,
        loading: ModelLoadService,
        abilities: AbilityService,
        settings: Settings,
        clock: Clock = time.monotonic,
    ) -> None:
        self._loading = loading
        self._abilities = abilities
        self._settings = settings
        self.clock = clock
        self._running: dict[str, tuple[JudgeReply, float]] = {}  # until their deadlines

    def judge_search(
        self, question: str, model_path: str, done: SearchDone
    ) -> Reply[Never, SearchDone]:
        """Return what a search found, with this model's part in its confidence and verdict.

        A load of the model that is to answer is waited for, if it is known to be able. What the
        documents don't treat at all is left as it is: small models take talk ("thanks!") for
        answered.
        """
        passage = likeliest_passage(done)
        if passage is None or done.verdict is SearchVerdict.NOTHING:
            return Reply[Never, SearchDone].finished(done)
        loaded = self._loading.when_loaded(model_path)
        if loaded.is_done or not self._may_judge(model_path):
            return self._judge_found(question, passage, done)
        return loaded.then(lambda _end: self._judge_found(question, passage, done))

    def _may_judge(self, model_path: str) -> bool:
        """Whether this model will be asked once it is loaded."""
        if not self._settings.get_value(declared.CHAT_JUDGE):
            return False
        ability = self._abilities.ability_of_model(model_path)
        return ability is not None and bool(ability.answers.weight)

    def _judge_found(
        self, question: str, passage: SearchHit, done: SearchDone
    ) -> Reply[Never, SearchDone]:
        answer_tokens = ANSWER_FRAME_TOKENS + sum(
            estimated_tokens(hit.section or hit.text) for hit in done.hits
        )
        return self._judge_passage(question, passage.text, answer_tokens).convert(
            lambda opinion: judged_search(done, opinion)
        )

    def _judge_passage(self, question: str, passage: str, answer_tokens: int) -> OpinionReply:
        """Judge whether a passage, as much of it as there is time for, answers the question."""
        found = self._able_model(lambda ability: ability.answers)
        if found is None:
            return OpinionReply.finished(NO_OPINION)
        loaded, ability = found
        speed = loaded.prompt_tokens_per_second
        tokens = int(max(READING_SECONDS * speed, READING_SHARE * answer_tokens))
        room = tokens - FRAME_TOKENS - estimated_tokens(question)
        if room < LEAST_TEXT_TOKENS:
            return OpinionReply.finished(NO_OPINION)
        prompt = answer_prompt(question, relevant_excerpt(passage, question, room))
        return self._ask([prompt], ability, ability.found_probability, tokens / speed)

    def judge_statements(self, statements: Sequence[tuple[str, str]]) -> OpinionReply:
        """Judge whether the evidence of each pair (statement, evidence) supports the statement.

        The most doubtful come first: the others are left out where there is no time. A statement
        may have its question before it.
        """
        found = self._able_model(lambda ability: ability.supports)
        if found is None or not statements:
            return OpinionReply.finished(NO_OPINION)
        loaded, ability = found
        room = int(READING_SECONDS * loaded.prompt_tokens_per_second) - FRAME_TOKENS
        prompts = [
            support_prompt(statement, relevant_excerpt(evidence, statement, room // 2))
            for statement, evidence in statements[:MOST_SENTENCES]
            if room >= 2 * LEAST_TEXT_TOKENS
        ]
        if not prompts:
            return OpinionReply.finished(NO_OPINION)
        return self._ask(prompts, ability, ability.probability)

    def cancel_late_judgements(self) -> None:
        """Cancel what takes too long; to be called often."""
        for reply, deadline in tuple(self._running.values()):
            if self.clock() >= deadline:
                reply.cancel()

    def _able_model(
        self, kind: Callable[[JudgingAbility], KindAbility]
    ) -> tuple[ModelLoaded, KindAbility] | None:
        loaded = self._loading.loaded
        if loaded is None or not self._settings.get_value(declared.CHAT_JUDGE):
            return None
        ability = self._abilities.ability_by_fingerprint(loaded.fingerprint)
        return (loaded, kind(ability)) if ability and kind(ability).weight else None

    def _ask(
        self,
        prompts: Sequence[tuple[PromptTurn, ...]],
        ability: KindAbility,
        calibrated: Callable[[float], float],
        seconds: float = READING_SECONDS,
    ) -> OpinionReply:
        reply = self._loading.judge_prompts(prompts, seconds)
        self._running[reply.request_id] = reply, self.clock() + LATEST_FACTOR * seconds

        def end(event: PromptsJudged | AnswerDone | Failed) -> ChatOpinion:
            self._running.pop(reply.request_id, None)
            if not isinstance(event, PromptsJudged):
                return NO_OPINION
            return ChatOpinion(
                tuple(None if score is None else calibrated(score) for score in event.differences),
                ability.weight,
            )

        return reply.convert(end, end)
