"""The course of one question, driven by scripted ports: every way it can go and end."""

from typing import Any

import pytest

from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.chat.answering.answer_draft import SAVE_SECONDS
from core.chat.answering.answer_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerTextAdded,
    AnswerThinkingAdded,
)
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.answer_run import AnswerRun
from core.chat.answering.turn_conversion import turns_for_model as said_before
from core.chat.conversations.conversation import Conversation, TurnState
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.retrying_saver import RetryingSaver
from core.messages import (
    AnswerChunk,
    AnswerDone,
    Failed,
    Generate,
    ModelLoaded,
    PromptFitted,
    Sampling,
    SearchDone,
    SearchHit,
    ThinkingChunk,
)

LOADED = ModelLoaded(
    request_id="load",
    path="/m.gguf",
    fingerprint="print",
    context=2048,
    threads=1,
    prompt_tokens_per_second=100,
    seconds=1,
)


class Ports:
    """A library and an engine that only write down what they are asked."""

    def __init__(self) -> None:
        self.loaded = True
        self.searches: list[str] = []
        self.asked_for: list[int] = []
        self.cancelled: list[str] = []
        self.generated: list[Generate] = []
        self.giving_way: list[bool] = []

    def search_folders(self, query: str, folder_ids: tuple[str, ...], k: int) -> str:
        self.searches.append(query)
        self.asked_for.append(k)
        return "search"

    def search_files(self, query: str, paths: tuple[str, ...], k: int, tokens: int) -> str:
        self.searches.append(f"{query} in {paths}")
        return "search"

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)

    def pause_indexing(self, *, active: bool) -> None:
        self.giving_way.append(active)

    def prepare_model(self, path: str) -> ModelLoaded | str:
        return LOADED if self.loaded else "load"

    def loaded_model(self, path: str) -> ModelLoaded | None:
        return LOADED if self.loaded else None

    def start_generation(self, request: Generate) -> None:
        self.generated.append(request)


class Bench:
    """An answer on its ports, with everything it told and a clock that stands still."""

    def __init__(self, root: Paths) -> None:
        self.chats = ChatDatabase(root.chats, root.backups)
        self.reports: list[StorageError | None] = []
        self.saving = RetryingSaver(self.chats, self.reports.append)
        self.ports = Ports()
        self.told: list[Any] = []
        self.now = 0.0

    def ask(
        self,
        text: str = "When?",
        folder_ids: tuple[str, ...] = (),
        *,
        conversation: Conversation | None = None,
        **more: Any,
    ) -> AnswerRun:
        order = AnswerRequest(
            conversation=conversation or self.chats.new_conversation("title"),
            text=text,
            folder_ids=folder_ids,
            folder_names={"f": "Garden"},
            model="m",
            model_path="/m.gguf",
            sampling=Sampling(),
            max_tokens=0,
            **more,
        )
        answer = AnswerRun(
            order, self.saving, self.ports, self.ports, self.told.append, lambda: self.now
        )
        answer.start()
        return answer

    def kinds(self) -> list[type]:
        return [type(event) for event in self.told if not isinstance(event, AnswerStage)]

    def saved(self, answer: AnswerRun) -> Any:
        return self.chats.load_conversation(answer.conversation.chat_id).turns[answer.turn_id]


@pytest.fixture
def bench(root: Paths):  # type: ignore[no-untyped-def]
    made = Bench(root)
    yield made
    made.chats.close()


def hit(n: int, text: str) -> SearchHit:
    return SearchHit(
        rank=n,
        passage_id=n,
        section_id=n,
        folder_id="f",
        folder="Garden",
        file="duties.odt",
        path="/g/duties.odt",
        page=None,
        heading="§ 4",
        text=text,
        section=text,
        content_hash="h",
        score=0.9,
    )


def fitted(answer: AnswerRun, used: tuple[int, ...] = (), **more: Any) -> PromptFitted:
    values = {
        "sent": "sent",
        "sources_left_out": 0,
        "turns_left_out": 0,
        "prompt_tokens": 9,
        "cached_tokens": 0,
        **more,
    }
    return PromptFitted(request_id=answer.turn_id, sources_used=used, **values)


def done(answer: AnswerRun, text: str, stop: str = "eos") -> AnswerDone:
    return AnswerDone(
        request_id=answer.turn_id, stop=stop, text=text, token_ids=(1, 2), completion_tokens=2
    )


def test_a_plain_question(bench: Bench) -> None:
    answer = bench.ask()
    answer.on_engine_event(fitted(answer))
    answer.on_engine_event(AnswerChunk(request_id=answer.turn_id, text="On "))
    answer.on_engine_event(AnswerChunk(request_id=answer.turn_id, text="Friday."))
    answer.on_engine_event(done(answer, "On Friday."))
    assert bench.kinds() == [AnswerStarted, AnswerTextAdded, AnswerTextAdded, AnswerFinished]
    assert answer.has_ended
    saved = bench.saved(answer)
    assert (saved.state, saved.text, saved.token_ids) == (TurnState.DONE, "On Friday.", (1, 2))
    assert saved.fingerprint == "print"
    assert bench.ports.giving_way == [True, False]


def test_a_question_to_a_folder_is_cited(bench: Bench) -> None:
    answer = bench.ask(folder_ids=("f",))
    passage = "The long beds are watered every second Friday."
    answer.on_library_event(SearchDone(request_id="search", hits=(hit(1, passage),), seconds=0))
    assert bench.ports.generated[0].sources[0].label == "duties.odt, § 4"
    answer.on_engine_event(fitted(answer, (1,), sent="passages and question"))
    answer.on_engine_event(done(answer, "The long beds are watered every second Friday [7]."))
    finished = bench.told[-1]
    assert isinstance(finished, AnswerFinished)
    assert finished.text == "The long beds are watered every second Friday."
    assert [c.n for c in finished.citations] == [1]
    assert finished.sources[0].folder == "Garden"
    turns = bench.chats.load_conversation(answer.conversation.chat_id).path()
    assert turns[0].sent == "passages and question"
    assert turns[1].sources[0].text == passage


def test_nothing_found_is_said_and_the_model_not_asked(bench: Bench) -> None:
    answer = bench.ask(folder_ids=("f",))
    answer.on_library_event(SearchDone(request_id="search", hits=(), seconds=0))
    assert bench.kinds() == [AnswerStarted, AnswerSources, AnswerFinished]
    assert "Garden" in bench.told[-1].text
    assert bench.ports.generated == []
    assert bench.saved(answer).state is TurnState.DONE


def test_a_failed_search_is_not_called_nothing_found(bench: Bench) -> None:
    answer = bench.ask(folder_ids=("f",))
    answer.on_library_event(Failed(request_id="search", code=ErrorCode.LIBRARY_DIED))
    assert isinstance(bench.told[-1], AnswerFailed)
    assert bench.told[-1].problem.code == ErrorCode.LIBRARY_DIED
    assert bench.saved(answer).state is TurnState.FAILED


def test_the_model_is_loaded_first(bench: Bench) -> None:
    bench.ports.loaded = False
    answer = bench.ask()
    assert bench.ports.generated == []
    answer.on_engine_event(LOADED)
    assert len(bench.ports.generated) == 1


def test_what_was_left_out_is_said(bench: Bench) -> None:
    answer = bench.ask()
    answer.on_engine_event(fitted(answer, turns_left_out=2, sources_left_out=1))
    answer.on_engine_event(done(answer, "Yes."))
    assert "2 early messages" in bench.told[-1].note
    assert "1 less relevant passage" in bench.told[-1].note


def test_stop_while_searching(bench: Bench) -> None:
    answer = bench.ask(folder_ids=("f",))
    answer.stop()
    assert bench.ports.cancelled == ["search"]
    assert answer.has_ended
    assert bench.told[-1].statistics.stop == "cancelled"
    assert bench.saved(answer).state is TurnState.CANCELLED


def test_stop_while_writing_keeps_what_was_written(bench: Bench) -> None:
    answer = bench.ask()
    answer.on_engine_event(fitted(answer))
    answer.on_engine_event(AnswerChunk(request_id=answer.turn_id, text="Half"))
    answer.stop()
    assert bench.ports.cancelled == [answer.turn_id]
    assert not answer.has_ended
    answer.on_engine_event(done(answer, "Half", stop="cancelled"))
    assert bench.saved(answer).text == "Half"
    assert bench.saved(answer).state is TurnState.CANCELLED


def test_a_dead_engine_keeps_what_was_written(bench: Bench) -> None:
    answer = bench.ask()
    answer.on_engine_event(fitted(answer))
    answer.on_engine_event(AnswerChunk(request_id=answer.turn_id, text="Half"))
    answer.on_engine_event(Failed(request_id=answer.turn_id, code=ErrorCode.ENGINE_DIED))
    assert isinstance(bench.told[-1], AnswerFailed)
    saved = bench.saved(answer)
    assert (saved.state, saved.text) == (TurnState.FAILED, "Half")
    assert saved.note


def test_a_long_answer_is_saved_every_second(bench: Bench) -> None:
    answer = bench.ask()
    answer.on_engine_event(fitted(answer))
    answer.on_engine_event(AnswerChunk(request_id=answer.turn_id, text="One "))
    assert bench.saved(answer).raw == ""
    bench.now += SAVE_SECONDS
    answer.draft.save_if_due()
    assert bench.saved(answer).raw == "One "
    assert bench.saved(answer).state is TurnState.STREAMING


def test_an_engine_that_begins_again_writes_nothing_twice(bench: Bench) -> None:
    answer = bench.ask()
    for _ in range(2):
        answer.on_engine_event(fitted(answer))
        answer.on_engine_event(AnswerChunk(request_id=answer.turn_id, text="One "))
    bench.now += SAVE_SECONDS
    answer.draft.save_if_due()
    assert bench.saved(answer).raw == "One "


def test_events_of_others_change_nothing(bench: Bench) -> None:
    answer = bench.ask()
    answer.on_engine_event(AnswerChunk(request_id="other", text="x"))
    answer.on_engine_event(AnswerDone(request_id="other", stop="eos", text="x"))
    assert bench.kinds() == [AnswerStarted]


def test_a_full_disk_costs_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise StorageError(ErrorCode.DISK_FULL, path="/")

    answer = bench.ask()
    with monkeypatch.context() as patched:
        patched.setattr(bench.chats, "save_turns", full)
        answer.on_engine_event(fitted(answer))
        answer.on_engine_event(done(answer, "On Friday."))
        assert isinstance(bench.told[-1], AnswerFinished)
        assert bench.reports[-1] is not None
    bench.saving.retry_saving(now=True)
    assert bench.reports[-1] is None
    assert bench.saved(answer).text == "On Friday."


def test_the_next_question_repeats_what_was_sent(bench: Bench) -> None:
    answer = bench.ask("first")
    answer.on_engine_event(fitted(answer, sent="first as sent"))
    answer.on_engine_event(done(answer, "yes"))
    order = AnswerRequest(
        conversation=bench.chats.load_conversation(answer.conversation.chat_id),
        text="second",
        folder_ids=(),
        folder_names={},
        model="m",
        model_path="/m.gguf",
        sampling=Sampling(),
        max_tokens=0,
    )
    AnswerRun(order, bench.saving, bench.ports, bench.ports, bench.told.append).start()
    turns = bench.ports.generated[-1].turns
    assert [(t.role, t.text, t.token_ids) for t in turns] == [
        ("user", "first as sent", ()),
        ("assistant", "yes", (1, 2)),
        ("user", "second", ()),
    ]


def test_thinking_is_told_and_kept_apart_from_the_answer(bench: Bench) -> None:
    answer = bench.ask()
    answer.on_engine_event(fitted(answer))
    bench.now = 1.0
    answer.on_engine_event(ThinkingChunk(request_id=answer.turn_id, text="Friday or "))
    answer.on_engine_event(ThinkingChunk(request_id=answer.turn_id, text="Monday?"))
    bench.now = 4.5
    answer.on_engine_event(AnswerChunk(request_id=answer.turn_id, text="On Friday."))
    answer.on_engine_event(done(answer, "On Friday."))
    assert bench.kinds() == [
        AnswerStarted, AnswerThinkingAdded, AnswerThinkingAdded, AnswerTextAdded, AnswerFinished,
    ]  # fmt: skip
    stages = [event.stage for event in bench.told if isinstance(event, AnswerStage)]
    assert stages[-2:] == ["thinking", "writing"]
    saved = bench.saved(answer)
    assert (saved.thinking, saved.text, saved.raw) == ("Friday or Monday?",) + ("On Friday.",) * 2
    assert saved.statistics.seconds_of_thinking == 3.5
    assert saved.statistics.seconds_to_first_token == 1.0
    assert bench.told[-1].thinking == "Friday or Monday?"
    (said_again,) = (
        said.turn
        for said in said_before(
            bench.chats.load_conversation(answer.conversation.chat_id), "next", "print"
        )
        if said.turn.role == "assistant"
    )
    assert (said_again.text, said_again.thinking) == ("On Friday.", "Friday or Monday?")


def test_thinking_on_its_way_survives_a_crash(bench: Bench) -> None:
    answer = bench.ask()
    answer.on_engine_event(fitted(answer))
    bench.now = SAVE_SECONDS + 1
    answer.on_engine_event(ThinkingChunk(request_id=answer.turn_id, text="Friday or"))
    assert bench.saved(answer).thinking == "Friday or"
    assert bench.saved(answer).text == ""


def test_an_answer_of_nothing_but_thinking_says_so(bench: Bench) -> None:
    answer = bench.ask()
    answer.on_engine_event(fitted(answer))
    answer.on_engine_event(ThinkingChunk(request_id=answer.turn_id, text="Friday or Monday or"))
    answer.on_engine_event(done(answer, "", "length"))
    assert "only thought" in bench.told[-1].note
    assert bench.saved(answer).thinking == "Friday or Monday or"
