"""One answer over the real clients of an engine and a library whose children are scripted."""

import functools
from collections.abc import Callable
from typing import Any

from core.app.chats.answer_service import search_sources
from core.base.errors import StorageError
from core.base.paths import Paths
from core.chat.answering.answer_events import AnswerStage
from core.chat.answering.answer_protocols import AnswerEngine, AnswerReply, LoadReply
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.answer_run import AnswerRun
from core.chat.conversations.conversation import Conversation
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.retrying_saver import RetryingSaver
from core.engine.client.engine_client import EngineClient
from core.ipc.client import new_request_id
from core.library.client.library_client import LibraryClient
from core.messages import (
    AnswerDone,
    Cancel,
    Generate,
    LoadModel,
    ModelLoaded,
    PromptFitted,
    Sampling,
    SearchDone,
    SearchFiles,
    SearchFolders,
    SearchHit,
    SearchVerdict,
)
from tests.fakes.child_process import FakeChildProcess


class OneModelEngine(AnswerEngine):
    """The engine without an application around it: loads what is asked for."""

    def __init__(self, client: EngineClient) -> None:
        self.client = client

    def prepare_model(self, path: str) -> ModelLoaded | LoadReply | None:
        request = LoadModel(request_id=new_request_id(), path=path)
        return self.client.loaded or self.client.load_model(request)

    def loaded_model(self, path: str) -> ModelLoaded | None:
        return self.client.loaded

    def start_generation(self, request: Generate) -> AnswerReply:
        return self.client.send(request)


class AnswerBench:
    """What an answer needs, with everything it told and a clock that stands still."""

    def __init__(self, root: Paths) -> None:
        self.chats = ChatDatabase(root.chats, root.backups)
        self.reports: list[StorageError | None] = []
        self.saving = RetryingSaver(self.chats, self.reports.append)
        self.engine, self.library = FakeChildProcess("engine"), FakeChildProcess("library")
        self._engine_client = EngineClient(root, lambda: None, process=self.engine)
        self._library_client = LibraryClient(root, lambda: None, process=self.library)
        self.told: list[Any] = []
        self.on_event: Callable[[AnswerRun, object], object] = lambda _run, _event: None
        self.now = 0.0

    def load(self) -> None:
        """Have the model in memory before anyone asks."""
        self._engine_client.load_model(LoadModel(request_id="load", path="/m.gguf"))
        self.finish_loading()

    def finish_loading(self) -> None:
        """Say that the model that is being loaded is ready."""
        request = self.engine.last_sent(LoadModel)
        self.engine_says(
            ModelLoaded(
                request_id=request.request_id,
                path=request.path,
                fingerprint="print",
                context=2048,
                threads=1,
                prompt_tokens_per_second=100,
                seconds=1,
            )
        )

    def unload(self) -> None:
        """Have no model in memory."""
        self._engine_client.unload_model()

    def request(self, text: str, conversation: Conversation, **more: Any) -> AnswerRequest:
        """Return what is asked for with a question."""
        options = {
            "folder_ids": (),
            "folder_names": {"f": "Garden"},
            "model": "m",
            "model_path": "/m.gguf",
            "sampling": Sampling(),
            "max_tokens": 0,
            **more,
        }
        return AnswerRequest(conversation=conversation, text=text, **options)

    def start(self, request: AnswerRequest) -> AnswerRun:
        """Start an answer."""

        def emit(event: object) -> None:
            self.told.append(event)
            self.on_event(answer, event)

        answer = AnswerRun(
            request,
            self.saving,
            functools.partial(search_sources, self._library_client, request),
            OneModelEngine(self._engine_client),
            emit,
            lambda: self.now,
            self._library_client,
        )
        answer.start()
        return answer

    def ask(
        self,
        text: str = "When?",
        folder_ids: tuple[str, ...] = (),
        *,
        conversation: Conversation | None = None,
        **more: Any,
    ) -> AnswerRun:
        """Ask a question."""
        chat = conversation or self.chats.new_conversation("title")
        return self.start(self.request(text, chat, folder_ids=folder_ids, **more))

    # ------------------------------------------------------------ what the children hear and say

    @property
    def generated(self) -> list[Generate]:
        return self.engine.all_sent(Generate)

    @property
    def cancelled(self) -> list[str]:
        children = (self.engine, self.library)
        return [each.request_id for child in children for each in child.all_sent(Cancel)]

    @property
    def searches(self) -> list[SearchFolders | SearchFiles]:
        sent = self.library.sent
        return [each for each in sent if isinstance(each, SearchFolders | SearchFiles)]

    @property
    def queries(self) -> list[str]:
        return [search.query for search in self.searches]

    def engine_says(self, *events: Any) -> None:
        self.engine.deliver(*events)
        self._engine_client.poll()

    def library_says(self, *events: Any) -> None:
        self.library.deliver(*events)
        self._library_client.poll()

    def found(
        self,
        *hits: SearchHit,
        verdict: SearchVerdict = SearchVerdict.ANSWERED,
        confidence: float = 0.9,
        subject: tuple[str, str] = ("", ""),
        missing_value: str = "",
    ) -> None:
        """Answer the last search."""
        request_id = self.searches[-1].request_id
        done = SearchDone(
            request_id=request_id, hits=hits, seconds=0, verdict=verdict, confidence=confidence,
            asked_subject=subject[0], found_subject=subject[1], missing_value=missing_value,
        )  # fmt: skip
        self.library_says(done)

    # ------------------------------------------------------------ what came of it

    def kinds(self) -> list[type]:
        return [type(event) for event in self.told if not isinstance(event, AnswerStage)]

    def saved(self, answer: AnswerRun) -> Any:
        return self.chats.load_conversation(answer.draft.conversation.chat_id).turns[answer.turn_id]


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
