"""An application with a script: the calls the window makes, and events when a test says so."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from msgspec import structs

from core.app.events import (
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerText,
    AppEvent,
    ChatsChanged,
    DocumentReady,
    FolderForgotten,
    FolderProgress,
    FoldersChanged,
    FolderSynced,
    ModelReady,
    ModelsChanged,
    OpenRequested,
    Problem,
    RequestFailed,
    SkippedListed,
)
from core.chat.conversation import (
    ChatSummary,
    Citation,
    Conversation,
    Role,
    Source,
    Statistics,
    Turn,
    TurnState,
)
from core.errors import Code, InglenookError, ModelError, StorageError
from core.messages import Document, FileSkipped, FolderState, SyncStatistics
from core.models.entry import ModelEntry
from core.paths import Paths
from core.settings import Settings

COST = Statistics(
    prompt_tokens=412,
    completion_tokens=86,
    seconds_to_first_token=0.42,
    tokens_per_second=41.3,
    stop="eos",
)


class FakeChats:
    """Chats in memory."""

    def __init__(self) -> None:
        self.saved: dict[str, Conversation] = {}

    def list(self) -> tuple[ChatSummary, ...]:
        """Return all chats, the latest first."""
        ordered = sorted(self.saved.values(), key=lambda chat: chat.updated, reverse=True)
        return tuple(
            ChatSummary(
                chat_id=chat.chat_id,
                title=chat.title,
                created=chat.created,
                updated=chat.updated,
                turns=len(chat.turns),
            )
            for chat in ordered
        )

    def load(self, chat_id: str) -> Conversation:
        """Return one chat."""
        if chat_id not in self.saved:
            raise StorageError(Code.CHAT_UNKNOWN, ref=chat_id)
        return self.saved[chat_id]

    def rename(self, chat_id: str, title: str) -> None:
        """Give a chat another title."""
        self.saved[chat_id] = structs.replace(self.saved[chat_id], title=title)

    def delete(self, chat_id: str) -> None:
        """Delete a chat."""
        del self.saved[chat_id]

    def put(self, title: str, turns: tuple[Turn, ...], *, age: float = 0.0) -> str:
        """Save a finished chat, `age` seconds old."""
        chat_id = f"chat-{len(self.saved) + 1}"
        then = time.time() - age
        conversation = Conversation(
            chat_id=chat_id, title=title, created=then, updated=then, turns={}
        )
        for turn in turns:
            linked = structs.replace(turn, parent_id=conversation.leaf_id)
            conversation = conversation.with_turn(linked)
        self.saved[chat_id] = conversation
        return chat_id


def question(turn_id: str, text: str) -> Turn:
    """Return a question as a turn."""
    return Turn(
        turn_id=turn_id,
        parent_id=None,
        role=Role.USER,
        state=TurnState.DONE,
        text=text,
        created=time.time(),
    )


def answer(
    turn_id: str, text: str, *, state: TurnState = TurnState.DONE, sources: tuple[Source, ...] = ()
) -> Turn:
    """Return an answer as a turn."""
    return Turn(
        turn_id=turn_id,
        parent_id=None,
        role=Role.ASSISTANT,
        state=state,
        text=text,
        created=time.time(),
        model="smollm2-135m-q4_1",
        sources=sources,
        statistics=COST,
    )


def model(ref: str, path: str = "", **changes: object) -> ModelEntry:
    """Return a file of the shelf."""
    entry = ModelEntry(
        ref=ref,
        path=path or f"/models/{ref}.gguf",
        family="SmolLM2",
        architecture="llama",
        parameters=134_515_008,
        quantization="Q4_1",
        bytes_on_disk=98_362_432,
        context=8192,
        fits="yes",
        memory_needed=300_000_000,
        has_template=True,
    )
    return structs.replace(entry, **changes)


@dataclass(slots=True)
class FakeApp:
    """Records every call; `emit` and the `answer_*` calls play the children's part."""

    paths: Paths
    settings: Settings
    chats: FakeChats = field(default_factory=FakeChats)
    answering: str | None = None
    folders: tuple[FolderState, ...] = ()
    shelf: list[ModelEntry] = field(default_factory=lambda: [model("smollm2-135m-q4_1")])
    chosen: str = "smollm2-135m-q4_1"
    calls: list[tuple[object, ...]] = field(default_factory=list)
    refusal: InglenookError | None = None
    closed: bool = False
    _listeners: list[Callable[[AppEvent], None]] = field(default_factory=list)
    _queue: list[AppEvent] = field(default_factory=list)
    _started: AnswerStarted | None = None
    _said: list[str] = field(default_factory=list)
    _sources: tuple[Source, ...] = ()
    _number: int = 0

    @classmethod
    def at(cls, folder: Path) -> "FakeApp":
        """Return one that keeps its settings in `folder`."""
        paths = Paths(folder)
        paths.create()
        return cls(paths=paths, settings=Settings(paths.settings))

    # ------------------------------------------------------------ the front's calls

    def subscribe(self, listener: Callable[[AppEvent], None]) -> None:
        """Tell `listener` every event."""
        self._listeners.append(listener)

    def warm_up(self) -> None:
        """Record it."""
        self.calls.append(("warm_up",))

    def close(self) -> None:
        """Record it."""
        self.closed = True

    def pump(self) -> None:
        """Tell what was queued."""
        queue, self._queue = self._queue, []
        for event in queue:
            self.emit(event)

    def check_spool(self) -> None:
        """Nothing is ever handed over here."""

    def ask(
        self, text: str, *, chat_id: str | None = None, folder_ids: tuple[str, ...] = ()
    ) -> AnswerStarted:
        """Save the question; the answer is the test's to give."""
        self.calls.append(("ask", text, chat_id, folder_ids))
        self._refuse()
        self._number += 1
        n = self._number
        if chat_id is None:
            chat_id = self.chats.put(text[:60], ())
        chat = structs.replace(
            self.chats.saved[chat_id], updated=time.time(), folder_ids=folder_ids
        )
        chat = chat.with_turn(
            structs.replace(question(f"question-{n}", text), parent_id=chat.leaf_id)
        )
        streaming = structs.replace(
            answer(f"answer-{n}", "", state=TurnState.STREAMING), parent_id=chat.leaf_id
        )
        self.chats.saved[chat_id] = chat.with_turn(streaming)
        self._started = AnswerStarted(
            chat_id=chat_id,
            question_id=f"question-{n}",
            turn_id=f"answer-{n}",
            model=self.chosen,
        )
        self._said, self._sources = [], ()
        self.answering = self._started.turn_id
        self.emit(self._started)
        self.emit(ChatsChanged())
        return self._started

    def stop_answer(self) -> None:
        """End the answer as it is, at the next pump."""
        self.calls.append(("stop_answer",))
        if self._started is not None:
            self._queue.append(self._finished(statistics=structs.replace(COST, stop="cancelled")))

    def add_folder(self, path: str) -> str:
        """Record it."""
        return self._request("add_folder", path)

    def sync_folder(self, folder_id: str) -> str:
        """Record it."""
        return self._request("sync_folder", folder_id)

    def remove_folder(self, folder_id: str) -> str:
        """Forget it at the next pump."""
        request_id = self._request("remove_folder", folder_id)
        self.folders = tuple(f for f in self.folders if f.folder_id != folder_id)
        self._queue.append(FolderForgotten(request_id=request_id, folder_id=folder_id))
        return request_id

    def list_skipped(self, folder_id: str) -> str:
        """Record it."""
        return self._request("list_skipped", folder_id)

    def open_document(self, folder_id: str, file: str) -> str:
        """Record it."""
        return self._request("open_document", folder_id, file)

    def cancel(self, request_id: str) -> None:
        """Record it."""
        self.calls.append(("cancel", request_id))

    def models(self) -> tuple[ModelEntry, ...]:
        """Return the shelf."""
        return tuple(self.shelf)

    def chosen_model(self) -> ModelEntry | None:
        """Return the chosen file."""
        return next((entry for entry in self.shelf if entry.ref == self.chosen), None)

    def choose_model(self, ref: str) -> ModelEntry:
        """Choose a file."""
        self.calls.append(("choose_model", ref))
        self._refuse()
        self.chosen = ref
        self.emit(ModelsChanged())
        return next(entry for entry in self.shelf if entry.ref == ref)

    def add_model(self, path: str) -> ModelEntry:
        """Put a file on the shelf."""
        self.calls.append(("add_model", path))
        self._refuse()
        if Path(path).read_bytes()[:4] != b"GGUF":
            raise ModelError(Code.NOT_GGUF, file=Path(path).name)
        entry = model(Path(path).stem, path)
        self.shelf.append(entry)
        self.emit(ModelsChanged())
        return entry

    def forget_model(self, ref: str) -> None:
        """Take a file off the shelf."""
        self.calls.append(("forget_model", ref))
        self.shelf = [entry for entry in self.shelf if entry.ref != ref]
        self.emit(ModelsChanged())

    # ------------------------------------------------------------ the children's part

    def emit(self, event: AppEvent) -> None:
        """Tell an event now."""
        for listener in list(self._listeners):
            listener(event)

    def answer_stage(self, stage: str, tokens: int = 0) -> None:
        """Say what the answer waits for."""
        started = self._running()
        self.emit(
            AnswerStage(
                chat_id=started.chat_id, turn_id=started.turn_id, stage=stage, tokens=tokens
            )
        )

    def answer_sources(self, sources: tuple[Source, ...]) -> None:
        """Give the answer its passages."""
        started = self._running()
        self._sources = sources
        self.emit(AnswerSources(chat_id=started.chat_id, turn_id=started.turn_id, sources=sources))

    def answer_text(self, *pieces: str) -> None:
        """Stream."""
        started = self._running()
        for piece in pieces:
            self._said.append(piece)
            self.emit(AnswerText(chat_id=started.chat_id, turn_id=started.turn_id, text=piece))

    def answer_finished(self, citations: tuple[Citation, ...] = (), note: str = "") -> None:
        """End the answer."""
        self.emit(self._finished(citations=citations, note=note))

    def answer_failed(self, message: str, hint: str) -> None:
        """End the answer in a problem."""
        started = self._running()
        self.answering = self._started = None
        problem = Problem(code="engine_died", message=message, hint=hint)
        self._keep(started, TurnState.FAILED, (), message)
        self.emit(AnswerFailed(chat_id=started.chat_id, turn_id=started.turn_id, problem=problem))

    def folder_seen(self, request_id: str, folder: FolderState) -> None:
        """A folder is known and being read."""
        others = tuple(f for f in self.folders if f.folder_id != folder.folder_id)
        self.folders = (*others, folder)
        self.emit(FoldersChanged(folders=self.folders))

    def folder_progress(self, request_id: str, folder_id: str, **numbers: int) -> None:
        """A folder is being read."""
        self.emit(
            FolderProgress(
                request_id=request_id,
                folder_id=folder_id,
                current="notes/garden/long beds.md",
                done=numbers.get("done", 0),
                total=numbers.get("total", 0),
                skipped=numbers.get("skipped", 0),
            )
        )

    def folder_synced(self, request_id: str, folder: FolderState) -> None:
        """A folder is in step."""
        others = tuple(f for f in self.folders if f.folder_id != folder.folder_id)
        self.folders = (*others, folder)
        self.emit(FolderSynced(request_id=request_id, folder=folder, statistics=SyncStatistics()))

    def skipped_listed(self, request_id: str, files: tuple[FileSkipped, ...]) -> None:
        """The skipped files are here."""
        self.emit(SkippedListed(request_id=request_id, files=files))

    def document_ready(self, document: Document) -> None:
        """A document is here."""
        self.emit(DocumentReady(request_id=document.request_id, document=document))

    def request_failed(self, request_id: str, message: str, hint: str) -> None:
        """A request ended in a problem."""
        problem = Problem(code="folder_gone", message=message, hint=hint)
        self.emit(RequestFailed(request_id=request_id, problem=problem))

    def model_ready(self) -> None:
        """The chosen model is loaded."""
        self.emit(ModelReady(ref=self.chosen, context=8192, threads=2, seconds=0.8))

    def open_requested(self, *paths: str) -> None:
        """A second start handed over its paths."""
        self.emit(OpenRequested(paths=paths))

    def last(self, call: str) -> tuple[object, ...]:
        """Return the arguments of the last such call."""
        return next(made[1:] for made in reversed(self.calls) if made[0] == call)

    def count(self, call: str) -> int:
        """Return how often a call was made."""
        return sum(made[0] == call for made in self.calls)

    def _finished(
        self,
        *,
        citations: tuple[Citation, ...] = (),
        note: str = "",
        statistics: Statistics = COST,
    ) -> AnswerFinished:
        started = self._running()
        self.answering = self._started = None
        stopped = statistics.stop == "cancelled"
        self._keep(started, TurnState.CANCELLED if stopped else TurnState.DONE, citations, note)
        return AnswerFinished(
            chat_id=started.chat_id,
            turn_id=started.turn_id,
            text="".join(self._said),
            citations=citations,
            sources=self._sources,
            statistics=statistics,
            note=note,
        )

    def _keep(
        self,
        started: AnswerStarted,
        state: TurnState,
        citations: tuple[Citation, ...],
        note: str,
    ) -> None:
        chat = self.chats.saved[started.chat_id]
        turn = structs.replace(
            chat.turns[started.turn_id],
            text="".join(self._said),
            state=state,
            sources=self._sources,
            citations=citations,
            note=note,
        )
        self.chats.saved[started.chat_id] = chat.with_turn(turn)

    def _running(self) -> AnswerStarted:
        assert self._started is not None, "no answer runs"
        return self._started

    def _request(self, *call: object) -> str:
        self._refuse()
        self.calls.append(call)
        return f"request-{len(self.calls)}"

    def _refuse(self) -> None:
        if self.refusal is not None:
            refusal, self.refusal = self.refusal, None
            raise refusal


def source(n: int, text: str = "", **changes: object) -> Source:
    """Return a passage of a folder."""
    base = Source(
        n=n,
        folder="Home",
        file=f"garden/duties {n}.odt",
        path=f"/home/me/Home/garden/duties {n}.odt",
        page=n + 1,
        heading="Watering",
        text=text or "Every second Friday the long beds are watered before nine in the morning.",
        content_hash="0" * 64,
        score=0.8,
    )
    return structs.replace(base, **changes)


def folder(folder_id: str = "folder-1", name: str = "Home", **changes: object) -> FolderState:
    """Return a folder as a person sees it."""
    base = FolderState(
        folder_id=folder_id,
        name=name,
        path=f"/home/me/{name}",
        files=120,
        indexed=118,
        skipped=2,
        passages=2310,
        state="ready",
    )
    return structs.replace(base, **changes)
