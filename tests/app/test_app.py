"""The application over scripted children: what it passes on, keeps, and survives."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.app.app import App
from core.app.events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStarted,
    AppEvent,
    ChatsChanged,
    FolderFileSkipped,
    FoldersChanged,
    FolderSynced,
    ModelReady,
    ModelsChanged,
    Notice,
    OpenRequested,
    RequestFailed,
    SearchFinished,
)
from core.app.lock import hand_over
from core.errors import Code, ModelError, StorageError
from core.messages import (
    AnswerDone,
    Chunk,
    Failed,
    FileSkipped,
    Folders,
    FolderState,
    Generate,
    Hit,
    LoadModel,
    ModelLoaded,
    PromptFitted,
    SearchDone,
    SyncDone,
    SyncStatistics,
)
from core.paths import Paths
from tests.gguf.writing import Gguf


class FakeEngine:
    """Loads and answers when told to; has an EngineClient's calls."""

    def __init__(self) -> None:
        self.inbox: list[Any] = []
        self.loads: list[str] = []
        self.generated: list[Generate] = []
        self.cancelled: list[str] = []
        self.loaded: ModelLoaded | None = None
        self.loading: LoadModel | None = None
        self.answering = False
        self.stopped = False

    def load(self, path: str, *, context: int, threads: int) -> str:
        self.loads.append(path)
        self.loading = LoadModel(request_id=f"load{len(self.loads)}", path=path)
        return self.loading.request_id

    def finish_loading(self) -> None:
        assert self.loading
        self.loaded = ModelLoaded(
            request_id=self.loading.request_id,
            path=self.loading.path,
            fingerprint="print",
            context=2048,
            threads=2,
            prompt_tokens_per_second=100.0,
            seconds=0.5,
        )
        self.loading = None
        self.inbox.append(self.loaded)

    def generate(self, request: Generate) -> None:
        self.answering = True
        self.generated.append(request)

    def answer(self, text: str) -> None:
        request_id = self.generated[-1].request_id
        self.answering = False
        self.inbox += [
            PromptFitted(
                request_id=request_id,
                sent="sent",
                sources_used=tuple(source.n for source in self.generated[-1].sources),
                turns_left_out=0,
                sources_left_out=0,
                prompt_tokens=3,
                cached_tokens=0,
            ),
            Chunk(request_id=request_id, text=text),
            AnswerDone(request_id=request_id, stop="eos", text=text),
        ]

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)

    def poll(self) -> list[Any]:
        inbox, self.inbox = self.inbox, []
        return inbox

    def stop(self) -> None:
        self.stopped = True


class FakeLibrary:
    """Writes down what it is asked; has a LibraryClient's calls."""

    def __init__(self) -> None:
        self.inbox: list[Any] = []
        self.calls: list[tuple[Any, ...]] = []
        self.giving_way: list[bool] = []

    def __getattr__(self, name: str) -> Any:
        def call(*arguments: Any) -> str:
            self.calls.append((name, *arguments))
            return f"{name}{len(self.calls)}"

        return call

    def give_way(self, active: bool) -> None:
        self.giving_way.append(active)

    def poll(self) -> list[Any]:
        inbox, self.inbox = self.inbox, []
        return inbox


GARDEN = FolderState(
    folder_id="f",
    name="Garden",
    path="/g",
    files=1,
    indexed=1,
    skipped=0,
    passages=1,
    state="ready",
)
HIT = Hit(
    rank=1,
    passage_id=1,
    section_id=1,
    folder_id="f",
    file="duties.md",
    path="/g/duties.md",
    page=None,
    heading="Watering",
    text="The beds are watered every Friday.",
    section="The beds are watered every Friday.",
    content_hash="h",
    score=0.9,
)


class Stage:
    """An open application, its scripted children, and everything it told."""

    def __init__(self, paths: Paths) -> None:
        self.engine, self.library = FakeEngine(), FakeLibrary()
        self.app = App(
            paths,
            lambda: None,
            engine=self.engine,  # type: ignore[arg-type]
            library=self.library,  # type: ignore[arg-type]
        )
        self.told: list[AppEvent] = []
        self.app.subscribe(self.told.append)
        self.app.open()

    def hear(self, *events: Any) -> None:
        self.library.inbox += events
        self.app.pump()

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.told if isinstance(event, kind)]

    def loaded(self) -> None:
        self.app.models.choose(self.app.models.all()[0].ref)
        self.engine.finish_loading()
        self.app.pump()


@pytest.fixture
def stage(root: Paths, starter_model: Path) -> Iterator[Stage]:
    made = Stage(root)
    yield made
    made.app.close()


def test_a_question_travels_and_comes_back(stage: Stage) -> None:
    stage.loaded()
    started = stage.app.ask("Hello?")
    assert stage.app.answering == started.turn_id
    stage.engine.answer("Hi.")
    stage.app.pump()
    assert stage.app.answering is None
    (finished,) = stage.of(AnswerFinished)
    assert finished.text == "Hi."
    assert stage.of(AnswerStarted) == [started]
    assert stage.of(ChatsChanged)
    assert stage.app.chats.list()[0].title == "Hello?"
    assert stage.library.giving_way[0] is True
    assert stage.library.giving_way[-1] is False


def test_a_question_to_a_folder_searches_first(stage: Stage) -> None:
    stage.loaded()
    stage.hear(Folders(request_id="", folders=(GARDEN,)))
    stage.app.ask("When?", folder_ids=("f",))
    assert stage.engine.generated == []
    (search,) = [call for call in stage.library.calls if call[0] == "search"]
    assert search[1:3] == ("When?", ("f",))
    answer = stage.app._answer
    assert answer is not None
    stage.hear(SearchDone(request_id=answer.search_id, hits=(HIT,), seconds=0.1))
    assert stage.of(SearchFinished) == []
    stage.engine.answer("The beds are watered every Friday.")
    stage.app.pump()
    (finished,) = stage.of(AnswerFinished)
    assert finished.sources[0].folder == "Garden"
    assert [citation.n for citation in finished.citations] == [1]


def test_a_second_question_stops_the_first(stage: Stage) -> None:
    stage.loaded()
    first = stage.app.ask("One?")
    second = stage.app.ask("Two?")
    assert stage.engine.cancelled == [first.turn_id]
    (ended,) = stage.of(AnswerFinished)
    assert (ended.turn_id, ended.statistics.stop) == (first.turn_id, "cancelled")
    assert stage.app.answering == second.turn_id


def test_choosing_a_model_while_one_answers_waits(stage: Stage, tmp_path: Path) -> None:
    stage.loaded()
    other = Gguf().write(tmp_path / "other.gguf")
    stage.app.models.add(str(other))
    stage.app.ask("One?")
    stage.app.models.choose(str(other))
    assert len(stage.engine.loads) == 1
    stage.engine.answer("Yes.")
    stage.app.pump()
    assert stage.engine.loads[-1] == str(other)
    stage.engine.finish_loading()
    stage.app.pump()
    assert len(stage.of(ModelReady)) == 2


def test_a_chosen_model_is_chosen_after_a_restart(root: Paths, tmp_path: Path) -> None:
    other = Gguf().write(tmp_path / "other.gguf")
    stage = Stage(root)
    entry = stage.app.models.add(str(other))
    stage.app.models.choose(entry.ref)
    assert stage.of(ModelsChanged)
    stage.app.close()
    stage = Stage(root)
    chosen = stage.app.models.chosen()
    assert chosen is not None
    assert chosen.path == str(other)
    other.unlink()
    with pytest.raises(ModelError) as caught:
        stage.app.ask("Hello?")
    assert caught.value.code is Code.MODEL_GONE
    assert stage.app.chats.list() == ()
    stage.app.close()


def test_a_model_that_cannot_be_loaded_is_a_notice(stage: Stage) -> None:
    stage.app.models.choose(stage.app.models.all()[0].ref)
    stage.engine.inbox.append(Failed(request_id="load1", code=Code.MODEL_LOAD_FAILED))
    stage.app.pump()
    (notice,) = stage.of(Notice)
    assert (notice.key, notice.severity) == ("model", "error")


def test_a_model_that_fails_under_an_answer_fails_the_answer(stage: Stage) -> None:
    stage.app.ask("Hello?")
    stage.engine.inbox.append(Failed(request_id="load1", code=Code.MODEL_TOO_LARGE))
    stage.app.pump()
    (failed,) = stage.of(AnswerFailed)
    assert failed.problem.code == Code.MODEL_TOO_LARGE
    assert stage.of(Notice) == []
    assert stage.app.answering is None


def test_what_the_library_tells_is_put_into_words(stage: Stage) -> None:
    stage.hear(
        Folders(request_id="", folders=(GARDEN,)),
        FileSkipped(request_id="r", folder_id="f", file="a.pdf", code=Code.FILE_ENCRYPTED),
        SyncDone(request_id="r", folder=GARDEN, statistics=SyncStatistics(read=1)),
        Failed(request_id="x", code=Code.FOLDER_GONE, facts={"path": "/gone"}),
    )
    assert stage.app.folders.known == (GARDEN,)
    assert stage.of(FoldersChanged)[0].folders == (GARDEN,)
    assert "password" in stage.of(FolderFileSkipped)[0].problem.message
    assert stage.of(FolderSynced)[0].folder == GARDEN
    (failed,) = stage.of(RequestFailed)
    assert failed.request_id == "x"
    assert "/gone" in failed.problem.message


def test_a_root_has_one_owner_and_the_second_hands_over(stage: Stage, root: Paths) -> None:
    with pytest.raises(StorageError) as caught:
        Stage(root)
    assert caught.value.code is Code.ROOT_HELD
    hand_over(root, ["/some/folder"])
    stage.app.check_spool()
    assert stage.of(OpenRequested) == [OpenRequested(paths=("/some/folder",))]
    stage.app.check_spool()
    assert len(stage.of(OpenRequested)) == 1


def test_closing_keeps_what_was_written(root: Paths, starter_model: Path) -> None:
    stage = Stage(root)
    stage.loaded()
    started = stage.app.ask("Hello?")
    stage.engine.inbox.append(Chunk(request_id=started.turn_id, text="Half"))
    stage.app.pump()
    stage.app.close()
    assert stage.engine.stopped
    stage = Stage(root)
    turn = stage.app.chats.load(started.chat_id).turns[started.turn_id]
    assert (turn.text, turn.state) == ("Half", "cancelled")
    stage.app.close()


def test_damaged_chats_are_kept_aside_and_said(root: Paths, starter_model: Path) -> None:
    root.chats.write_bytes(b"no database at all" * 500)
    stage = Stage(root)
    stage.app.pump()
    (notice,) = stage.of(Notice)
    assert notice.problem.code == Code.DATABASE_DAMAGED
    assert "chats.db" in notice.problem.message
    stage.app.close()
