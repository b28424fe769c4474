"""Consensus run: one question answered several times at once, saved as the common answer."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from msgspec import structs

from core.chat.answering.answer_draft import AdoptedAnswer, AnswerDraft
from core.chat.answering.answer_events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerStage,
    AnswerStarted,
)
from core.chat.answering.answer_protocols import AnswerSaver
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.answer_run import AnswerRun
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.consensus.answer_agreement import embedded_sentences, mean_vector
from core.chat.consensus.answer_clusters import agreement_of, cluster_answers
from core.chat.conversations.assurance import NO_ASSURANCE, Assurance
from core.chat.conversations.conversation import Turn, TurnState
from core.chat.store.temporary_chats import TemporaryChats
from core.ipc.awaited_reply import AwaitedReply
from core.ipc.reply import Reply
from core.messages import TextsEmbedded

DEFAULT_SAMPLES = 5
MIN_TEMPERATURE = 0.7
"""Least temperature of the samples: below it they repeat each other, whatever they know."""

MakeRun: TypeAlias = Callable[
    [AnswerRequest, AnswerSaver, Callable[[AnswerEvent], None]], AnswerRun
]
TextEmbedding: TypeAlias = Callable[[tuple[str, ...]], Reply[Any, TextsEmbedded]]


class ConsensusRun:
    """Looks like one running answer from outside; its samples are saved nowhere.

    When all have ended, the complete ones are grouped by meaning, and one of the largest group
    becomes the answer. Whoever stops it gets the common one of those that are complete by then.
    """

    def __init__(
        self,
        request: AnswerRequest,
        samples: int,
        saver: AnswerSaver,
        make_run: MakeRun,
        embed: TextEmbedding,
        emit: Callable[[AnswerEvent], None],
    ) -> None:
        self._request = request
        self._samples = samples
        self._make_run = make_run
        self._embed = embed
        self._runs: list[AnswerRun] = []
        self._stage = ""
        self._failure: AnswerFailed | None = None
        self._embedding = AwaitedReply()
        self._is_stopped = self._has_ended = False
        self.draft = AnswerDraft(request, RetrievalContext(request), saver, emit)
        """Its turns, and the chat with them, as they are by now."""
        self.turn_id = self.draft.turn.turn_id
        """The id of the answer's turn."""

    @property
    def is_computing(self) -> bool:
        """Whether the model computes for a sample."""
        return any(run.is_computing for run in self._runs)

    @property
    def holds_engine(self) -> bool:
        """Whether a sample needs the model that is loaded or being loaded now."""
        return any(run.holds_engine for run in self._runs)

    def start(self) -> AnswerStarted:
        """Save the question and begin all samples; each draws another seed."""
        started = self.draft.start()
        sampling = self._request.sampling
        temperature = max(sampling.temperature, MIN_TEMPERATURE)
        for number in range(self._samples):
            seed = None if sampling.seed is None else (sampling.seed + number) % 2**32
            request = structs.replace(
                self._request,
                question=self.draft.question,
                sampling=structs.replace(sampling, seed=seed, temperature=temperature),
            )
            self._runs.append(self._make_run(request, TemporaryChats(), self._on_sample_event))
        for run in tuple(self._runs):
            if not self._is_stopped:
                run.start()
        return started

    def stop(self) -> None:
        """End with what is complete."""
        self._is_stopped = True
        for run in self._runs:
            run.stop()
        if self._embedding.is_waiting:
            self._finish(())

    def close(self) -> None:
        """End now, without waiting for the engine."""
        self._is_stopped = True
        for run in self._runs:
            run.close()
        if not self._has_ended:
            self._finish(())

    def check_deadlines(self) -> None:
        """Let the samples do what is due."""
        for run in self._runs:
            run.check_deadlines()

    def retry_engine(self) -> None:
        """Another answer has ended: let the samples ask for the engine again."""
        for run in self._runs:
            run.retry_engine()

    # ------------------------------------------------------------ samples

    def _on_sample_event(self, event: AnswerEvent) -> None:
        if self._has_ended:
            return
        if isinstance(event, AnswerStage):
            self._show_stage(event)
        elif isinstance(event, AnswerFinished | AnswerFailed):
            self._failure = event if isinstance(event, AnswerFailed) else self._failure
            if sum(run.has_ended for run in self._runs) == self._samples:
                self._on_all_ended()
            elif not self._is_stopped:
                self._stage = "sampling"
                self.draft.emit_stage("sampling", len(self._complete_turns()))

    def _show_stage(self, event: AnswerStage) -> None:
        """Show what all wait for; once one is written, only how many are complete."""
        stage = "sampling" if event.stage in {"reading", "thinking", "writing"} else event.stage
        if self._stage not in {stage, "sampling"}:
            self._stage = stage
            self.draft.emit_stage(stage, 0)

    def _complete_turns(self) -> Sequence[Turn]:
        turns = [run.draft.turn for run in self._runs]
        return [turn for turn in turns if turn.state is TurnState.DONE and turn.text.strip()]

    def _on_all_ended(self) -> None:
        turns = self._complete_turns()
        if self._is_stopped or len(turns) < 2:
            self._finish(())
            return
        sentences = [embedded_sentences(turn.text) for turn in turns]
        embedded = self._embed(tuple(text for each in sentences for text in each))
        self._embedding.wait_for(embedded)
        embedded.on_done(lambda done: self._on_embedded(sentences, done))
        embedded.on_error(lambda _failed: self._finish(()))  # compared by their words

    def _on_embedded(self, sentences: Sequence[Sequence[str]], done: TextsEmbedded) -> None:
        vectors, found = list(done.vectors), []
        for each in sentences if vectors else ():
            found.append(mean_vector(vectors[: len(each)]))
            del vectors[: len(each)]
        self._finish(found)

    def _finish(self, vectors: Sequence[bytes]) -> None:
        """Save the common answer; without a complete one what there is of the first."""
        self._embedding.give_up()
        self._has_ended = True
        turns = self._complete_turns()
        if turns:
            groups = cluster_answers([turn.text for turn in turns], vectors)
            agreement = agreement_of([turn.text for turn in turns], groups)
            self._adopt(turns[groups[0][0]], Assurance(agreement=agreement))
        elif self._failure is not None and not self._is_stopped:
            self.draft.fail_with_problem(self._failure.problem)
        else:
            self._adopt(
                max((run.draft.turn for run in self._runs), key=lambda turn: len(turn.text))
            )

    def _adopt(self, turn: Turn, assurance: Assurance = NO_ASSURANCE) -> None:
        drafts = [run.draft for run in self._runs]
        statistics = structs.replace(
            turn.statistics,
            completion_tokens=sum(draft.turn.statistics.completion_tokens for draft in drafts),
            stop="cancelled" if self._is_stopped else turn.statistics.stop,
        )
        state = TurnState.CANCELLED if self._is_stopped else turn.state
        sent = next((draft.question.sent for draft in drafts if draft.turn is turn), "")
        self.draft.adopt_answer(
            AdoptedAnswer(
                answer=structs.replace(turn, state=state, statistics=statistics),
                assurance=assurance,
                sent=sent,
                has_cost=True,
            )
        )
