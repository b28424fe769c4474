"""Application behind a window, with the children that a test scripts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from core.app.app import App
from core.app.network.update_service import UpdateSource
from core.app.root_lock import RootLock
from core.base.errors import ErrorCode, StorageError
from core.base.settings.app_settings import MODEL, TITLES
from core.chat.conversations.conversation import Conversation, Turn
from core.messages import AnswerDone, FolderState, Generate, SearchHit
from tests.fakes.app import FakeChildren, prepare_root
from tests.fakes.child_process import Sent
from tests.fakes.models import tiny_gguf, write_huge_model
from tests.gguf.writing import Gguf


class OpenApp:
    """An open application, and what its children were sent."""

    def __init__(self, folder: Path, *models: Path, wake: Callable[[], None]) -> None:
        self.paths = prepare_root(folder, *models)
        self._wake = wake
        self.children = FakeChildren()
        self.engine, self.library = self.children.engine, self.children.library
        self.courier, self.planner = self.children.courier, self.children.planner
        self.app = self._open_app()
        self.settings = self.app.settings
        self.settings.set_value(TITLES, value=False)  # a chat is found by its question
        self.settings.set_value(MODEL, self.app.registry.list_models()[-1].path)

    def open_again(self) -> None:
        """Open the root once more, after it was closed."""
        self.app = self._open_app()
        self.settings = self.app.settings

    def close(self) -> None:
        """Let go of the root, if that was not done by a window."""
        if not self.is_closed:
            self.app.close()

    def pump(self) -> None:
        """Process what the children delivered, and what they answer to that."""
        self.app.process_events()
        while any(child.has_events for child in self.children.all_children):
            self.app.process_events()

    @property
    def is_closed(self) -> bool:
        """Whether the application has let go of its root, so that another one may have it."""
        lock = RootLock(self.paths)
        try:
            lock.acquire()
        except StorageError:
            return False
        lock.release()
        return True

    def _open_app(self) -> App:
        app = self.children.make_app(self.paths, self._wake)
        app.open_root()
        return app

    @property
    def questions(self) -> list[Generate]:
        """What the engine was asked to answer, the first one first."""
        return self.engine.all_sent(Generate)

    @property
    def last_question(self) -> str:
        """The question that the engine was given last, as it was typed."""
        turn = self.questions[-1].turns[-1]
        return turn.plain or turn.text

    def last_sent(self, kind: type[Sent]) -> Sent:
        """Return the last message of a kind to any child but those of quantization."""
        children = (self.engine, self.library, self.courier, self.planner)
        return next(child for child in children if child.all_sent(kind)).last_sent(kind)

    def know_update_address(self, address: str) -> None:
        """Make this a build whose makers put in where news are; a checkout knows no address."""
        self.app.updates._source = UpdateSource(address=address, public_key="ab" * 32)


class ModelFiles(OpenApp):
    """The files of models that a test puts there."""

    def put_model(self, ref: str, name: str = "SmolLM2", **figures: Any) -> Path:
        """Register a small model under this name, and return its file."""
        path = tiny_gguf(name, **figures).write(self.model_path(ref))
        self._know_checksum(path)
        self.app.models.add_model(str(path))
        return path

    def put_huge_model(self, ref: str) -> Path:
        """Register a model that fits no machine, and return its file."""
        path = write_huge_model(self.model_path(ref))
        self._know_checksum(path)
        self.app.models.add_model(str(path))
        return path

    def put_own_model(self, ref: str, gguf: Gguf | None = None) -> Path:
        """Put a model into the app's own folder, and return its file."""
        path = (gguf or tiny_gguf()).write(self.paths.models / f"{ref}.gguf")
        self._know_checksum(path)
        return path

    def model_path(self, ref: str) -> Path:
        """Return where the file of a model of this name lies, outside the root."""
        return self.paths.root.parent / "models" / f"{ref}.gguf"

    def _know_checksum(self, path: Path) -> None:
        """Spare the application the work; a checksum that differs for each file will do."""
        self.app.models.record_checksum(str(path), sha256(str(path).encode()).hexdigest())


class Chats(OpenApp):
    """Chats as they are on disk."""

    def put_chat(
        self, title: str, turns: tuple[Turn, ...], *, age: float = 0.0, **more: Any
    ) -> str:
        """Save a finished chat, `age` seconds old, and return its id: chat-1, chat-2 …."""
        made = self.app.chats.new_conversation(title)
        then = made.created - age
        chat = structs.replace(
            made,
            chat_id=f"chat-{len(self.app.chats.chat_ids()) + 1}",
            created=then,
            updated=then,
            **more,
        )
        for turn in turns:
            chat = chat.with_turn(structs.replace(turn, parent_id=chat.leaf_id))
        self.app.chats.import_conversations((chat,))
        return chat.chat_id

    def saved_chat(self, chat_id: str) -> Conversation:
        """Return a chat as it is on disk."""
        return self.app.chats.load_conversation(chat_id)

    @contextmanager
    def unwritable_chats(self) -> Iterator[None]:
        """Let chats be read but not written, as on a disk that has become read-only."""
        database = self.app.chats._db
        database.execute("PRAGMA query_only = 1")
        yield
        database.execute("PRAGMA query_only = 0")


class Answers(OpenApp):
    """The engine's part, about the answer that was asked for last or the one in `chat`."""

    def answer_text(self, *pieces: str, chat: str = "") -> None:
        """Stream."""
        self.engine.write(*pieces, request_id=self._turn_id(chat))
        self.pump()

    def answer_thought(self, *pieces: str, chat: str = "") -> None:
        """Stream what is thought before the answer."""
        self.engine.think(*pieces, request_id=self._turn_id(chat))
        self.pump()

    def answer_read(self, *, chat: str = "", **changes: Any) -> None:
        """Say that the prompt was laid out, and is being read."""
        self.engine.fit_prompt(request_id=self._turn_id(chat), **changes)
        self.pump()

    def answer_finished(self, *, chat: str = "", **changes: Any) -> None:
        """End the answer; `changes` are to AnswerDone."""
        self.engine.finish_answer(request_id=self._turn_id(chat), **changes)
        self.pump()

    def write_part(self, text: str) -> None:
        """End the part of a whole document that the engine was asked for last."""
        request_id = self.questions[-1].request_id
        self.engine.deliver(AnswerDone(request_id=request_id, stop="eos", text=text))
        self.pump()

    def answer_failed(
        self, code: ErrorCode = ErrorCode.INTERNAL, *, chat: str = "", **facts: str
    ) -> None:
        """End the answer in a failure of the engine."""
        self.engine.fail_answer(code, request_id=self._turn_id(chat), **facts)
        self.pump()

    def engine_dies(self, exit_code: int = -11) -> None:
        """End the engine's child, and all its answers with it."""
        self.engine.die(exit_code)
        self.pump()

    def _turn_id(self, chat: str) -> str:
        """Return the running answer in a chat, "" for the one asked for last."""
        self.pump()
        if not chat:
            return ""
        turns = self.app.chat_service.load_chat(chat).turns
        return next(each for each in self.engine.running if each in turns)


class Folders(OpenApp):
    """The library's part."""

    def folder_seen(self, folder: FolderState) -> None:
        """A folder is known, and the library says how it is by now."""
        self.library.put_folder(folder)
        self.pump()

    def read_folder(self, folder: FolderState) -> None:
        """Begin to read a folder, known or not."""
        self.folder_seen(folder)
        self.app.folders.sync_folder(folder.folder_id)
        self.pump()

    def folder_progress(self, done: int, total: int, **changes: Any) -> None:
        """The folder that is being read is so far."""
        self.library.report_sync(done, total, **changes)
        self.pump()

    def folder_synced(self, **changes: Any) -> None:
        """The folder that is being read is in step; `changes` are to how it was added."""
        self.library.finish_sync(**changes)
        self.pump()

    def found(self, *hits: SearchHit) -> None:
        """Let all searches find this from now on."""
        self.library.hits = hits

    def library_answers(self, kind: type[msgspec.Struct], **content: Any) -> None:
        """Let the library answer what waits longest."""
        self.library.answer(kind, **content)
        self.pump()

    def library_fails(self, code: ErrorCode, request_id: str = "", **facts: str) -> None:
        """Let the library refuse what waits longest, or the request named."""
        self.library.fail(code, request_id, **facts)
        self.pump()

    def library_dies(self, exit_code: int = -9) -> None:
        """End the library's child."""
        self.library.die(exit_code)
        self.pump()


class ScriptedBackend(ModelFiles, Chats, Answers, Folders):
    """An open application over scripted children.

    What a test says for a child is processed at once, as if its message had just come.
    """
