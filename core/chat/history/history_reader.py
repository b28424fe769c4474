"""History reader: the chats at a path, whichever program wrote them, one after the other."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

import msgspec

from core.base.i18n import _
from core.chat.conversations.conversation import Conversation
from core.chat.export.chat_export_json import FORMAT
from core.chat.export.chat_import import import_refused
from core.chat.history import gpt4all_history, jan_history, open_webui_database
from core.chat.history.chatgpt_history import ChatGptHistory
from core.chat.history.claude_history import ClaudeHistory
from core.chat.history.foreign_chat import (
    ForeignChat,
    HistoryProgram,
    MalformedChatError,
    Record,
    SkippedChat,
)
from core.chat.history.history_conversion import to_conversation
from core.chat.history.history_files import HistoryFile, opened_history
from core.chat.history.json_elements import json_elements
from core.chat.history.json_values import text_of
from core.chat.history.lm_studio_history import LmStudioHistory
from core.chat.history.open_webui_history import OpenWebUiHistory

PROGRAMS: tuple[HistoryProgram, ...] = (
    ChatGptHistory(),
    ClaudeHistory(),
    OpenWebUiHistory(),
    LmStudioHistory(),
)
"""Programs that write chats as JSON objects; Jan and GPT4All have files of their own kind."""
_SIDE_FILES = frozenset(
    """
    user.json users.json projects.json memories.json message_feedback.json shared_conversations.json
    model_comparisons.json sora.json export_manifest.json user_settings.json group_chats.json
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
"""Files of an export that hold something else."""
_SNIFFED = 1 << 16
_THREAD_FILES = ("thread.json", "messages.jsonl")
_CHAT_FILES = (
    "threads/*/thread.json", "*/thread.json", "*.conversation.json", "*/*.conversation.json",
    "conversations/*.conversation.json", "gpt4all-*.chat",
)  # fmt: skip
"""Where Jan, LM Studio and GPT4All keep chats, in a folder that a person would name."""
_SIGNS = (b'"mapping"', b'"chat_messages"', b'"versions"', b'"currentId"')

HistoryItem = Conversation | SkippedChat


def read_history(path: Path) -> Iterator[tuple[HistoryItem, float]]:
    """Yield each chat at a path, or why it is left out, with the share that is done (0 to 1).

    Raises StorageError(IMPORT_REFUSED) if no chat of a known program is there.
    """
    found = False
    reasons: list[str] = []
    if path.is_file() and open_webui_database.is_database(path):
        yield from _items_of_database(path)
        return
    with opened_history(_thread_folder(path) or path) as files:
        whole, done = max(1, sum(file.size for file in files)), 0
        threads = {_folder(file.name): file for file in files if _base(file) == "messages.jsonl"}
        for file in files:
            read = _ReadBytes()
            for item in _items_of_file(file, threads, read):
                found = found or isinstance(item, Conversation)
                if isinstance(item, SkippedChat):
                    reasons.append(item.reason)
                yield item, (done + min(read.count, file.size)) / whole
            done += file.size
    if not found:
        one = reasons[0] if len(reasons) == 1 and reasons[0] != _not_known() else ""
        raise import_refused(path, one or _("no chat of a program that is known here is in it"))


def _thread_folder(path: Path) -> Path | None:
    """Return the folder of a thread of Jan, of which a person chose one of its two files."""
    is_part = path.name in _THREAD_FILES and path.is_file()
    is_whole = is_part and all((path.parent / each).is_file() for each in _THREAD_FILES)
    return path.parent if is_whole else None


def _not_known() -> str:
    return _("it is no chat of a program that is known here")


def is_own_export(path: Path) -> bool:
    """Return whether a file is one that `core.chat.export` wrote."""
    try:
        with path.open("rb") as file:
            return f'"{FORMAT}"'.encode() in file.read(_SNIFFED)
    except OSError:
        return False


def may_hold_history(path: Path) -> bool:
    """Return whether a file looks like chats of another program, by its name and beginning.

    Of a folder: whether a program keeps its chats there, by the names in it.
    """
    name = path.name.lower()
    try:
        if path.is_dir():
            return any(next(path.glob(each), None) is not None for each in _CHAT_FILES)
        if name.endswith(".zip"):
            with opened_history(path) as files:
                return any(
                    _base(file).startswith("conversations")
                    or file.name.endswith((".chat", ".conversation.json", "/messages.jsonl"))
                    for file in files
                )
        if name.endswith(".db"):
            return open_webui_database.holds_chats(path)
        if not name.endswith((".json", ".chat")) or not path.is_file():
            return _thread_folder(path) is not None
        with path.open("rb") as file:
            head = file.read(_SNIFFED)
    except Exception:  # noqa: BLE001 - a guess about a file of any kind: it is opened otherwise
        return False
    is_known = head.startswith(gpt4all_history.MAGIC) or any(sign in head for sign in _SIGNS)
    return is_known or _thread_folder(path) is not None


class _ReadBytes:
    """How much of a file is read: one alone may hold all chats."""

    def __init__(self) -> None:
        self.count = 0

    def read_from(self, stream: IO[bytes], size: int) -> bytes:
        """Read and count."""
        content = stream.read(size)
        self.count += len(content)
        return content


def _items_of_database(path: Path) -> Iterator[tuple[HistoryItem, float]]:
    """Yield the chats of Open WebUI's own file. Raises StorageError(IMPORT_REFUSED) for another."""
    if not open_webui_database.holds_chats(path):
        raise import_refused(path, _("no chat of a program that is known here is in it"))
    program = OpenWebUiHistory()
    done = 0.0
    try:
        for title, record, done in open_webui_database.read_chats(path):
            if record is None or not program.recognizes(record):
                yield SkippedChat(title, _("a part of it is damaged")), done
            else:
                yield _converted(title, partial(program.read_chat, record, path.name)), done
    except MalformedChatError as error:
        yield SkippedChat(path.name, str(error)), done


def _items_of_file(
    file: HistoryFile, threads: Mapping[str, HistoryFile], read: _ReadBytes
) -> Iterator[HistoryItem]:
    name, folder = _base(file), _folder(file.name)
    if name in _SIDE_FILES or name.endswith(".jsonl"):
        return
    if name.endswith(".chat"):
        yield _converted(file.name, lambda: gpt4all_history.read_chat_file(file.read_all()))
    elif name == "thread.json" and folder in threads:
        yield _converted(file.name, lambda: _thread(file, threads[folder], folder))
    else:
        yield from _items_of_json(file, read)


def _items_of_json(file: HistoryFile, read: _ReadBytes) -> Iterator[HistoryItem]:
    number = 0
    try:
        with file.open() as stream:
            for number, element in enumerate(json_elements(partial(read.read_from, stream)), 1):
                place = f"{file.name} {number}"
                try:
                    record = msgspec.json.decode(element)
                    program = _program(record)
                except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
                    yield SkippedChat(place, _("a part of it is damaged"))
                    continue
                if program is None:
                    yield SkippedChat(place, _not_known())
                    continue
                name = text_of(record, "title", "name") or place
                yield _converted(name, partial(program.read_chat, record, file.name))
    except MalformedChatError as error:
        yield SkippedChat(f"{file.name} {number + 1}", str(error))


def _program(record: object) -> HistoryProgram | None:
    if not isinstance(record, dict):
        return None
    return next((each for each in PROGRAMS if each.recognizes(record)), None)


def _converted(name: str, read: Callable[[], ForeignChat]) -> HistoryItem:
    """Return a chat as one of ours, or why it can't be."""
    try:
        return to_conversation(read())
    except MalformedChatError as error:
        return SkippedChat(name, str(error))
    except (RecursionError, AttributeError, TypeError, ValueError, KeyError, OverflowError):
        return SkippedChat(name, _("a part of it is damaged"))


def _thread(file: HistoryFile, lines: HistoryFile, folder: str) -> ForeignChat:
    """Return a chat of Jan from its two files; lines that are damaged are left out."""
    thread = _decoded(file.read_all())
    if not thread:
        raise MalformedChatError(_("a part of it is damaged"))
    messages = [_decoded(line) for line in lines.read_all().splitlines() if line.strip()]
    return jan_history.read_thread(thread, [each for each in messages if each], folder)


def _decoded(data: bytes) -> Record:
    try:
        value: Any = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _base(file: HistoryFile) -> str:
    return PurePosixPath(file.name).name.lower()


def _folder(name: str) -> str:
    return PurePosixPath(name).parent.as_posix()
