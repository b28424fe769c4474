"""Chat import: untrusted JSON exports, checked and given new ids.

A file may come from anyone: it is checked before anything is saved, every turn gets a new id, and
nothing in it can name a file that would be opened here.
"""

import math
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from core.base.errors import ErrorCode, StorageError, storage_error_from_os
from core.base.i18n import _
from core.chat.conversations.assurance import Assurance
from core.chat.conversations.chat_titles import title_from_question
from core.chat.conversations.conversation import (
    AnswerStatistics,
    Citation,
    Conversation,
    ConversationSummary,
    JudgedSentence,
    Role,
    SentenceVerdict,
    Source,
    Turn,
    TurnState,
)
from core.chat.export.chat_export_json import FORMAT, VERSION, ChatFile, ChatRecord
from core.chat.store.chat_database import new_id

MOST_BYTES = 256 << 20
MOST_TURNS = 200_000
_MOST_PAGES = 10_000_000
_MOST_NUMBER = 1e12
_DAY = 86_400.0


class _Head(Struct):
    """The part of a file that identifies its format."""

    format: str = ""
    version: int = 0


def read_chats(path: Path, folders: Mapping[str, str]) -> tuple[Conversation, ...]:
    """Return the chats of a file, with fresh ids. Raises StorageError(IMPORT_REFUSED).

    `folders` holds ids and paths of the folders in this library: a source keeps the path of its
    document only if that is in one of them.
    """
    data = _bytes(path)
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.format != FORMAT:
            raise import_refused(path, _("it is no file of exported chats"))
        if head.version > VERSION:
            raise import_refused(path, _("it was written by a newer Inglenook"))
        file = msgspec.json.decode(data, type=ChatFile)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        detail = _("it is no file of exported chats")
        if isinstance(error, msgspec.ValidationError):
            detail = _("a part of it is not as it should be ({part})").format(part=error)
        raise import_refused(path, detail) from error
    if sum(len(chat.turns) for chat in file.chats) > MOST_TURNS:
        raise import_refused(path, _("it holds too many messages"))
    if not file.chats:
        raise import_refused(path, _("there is no chat in it"))
    return tuple(_conversation(record, path, folders) for record in file.chats)


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():  # also a pipe or a device, which may never end
            raise StorageError(
                ErrorCode.IMPORT_REFUSED, file=path.name, detail=_("there is no file")
            )
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise storage_error_from_os(error, str(path)) from error
    if len(data) > MOST_BYTES:
        raise import_refused(path, _("it is too long"))
    return data


def _conversation(record: ChatRecord, path: Path, folders: Mapping[str, str]) -> Conversation:
    ids: dict[str, str] = {}
    turns: dict[str, Turn] = {}
    for turn in _in_order(record, path):
        ids[turn.turn_id] = new_id()
        parent_id = ids[turn.parent_id] if turn.parent_id is not None else None
        turns[ids[turn.turn_id]] = _cleaned(turn, ids[turn.turn_id], parent_id, folders)
    leaf_id = ids.get(record.leaf_id or "", next(reversed(turns)))
    first = next((turn.text for turn in turns.values() if turn.role is Role.USER), "")
    created = _time(record.created)
    return Conversation(
        chat_id=new_id(),
        title=title_from_question(_visible(record.title)) or title_from_question(_visible(first)),
        created=created,
        updated=max(created, _time(record.updated)),
        turns=turns,
        leaf_id=leaf_id,
        folder_ids=tuple(each for each in record.folder_ids if each in folders),
        summaries=_summaries(record.summaries, ids),
        chat_style=structs.replace(record.chat_style, preset=_preset(record.chat_style.preset)),
    )


def _in_order(record: ChatRecord, path: Path) -> Sequence[Turn]:
    """Return the turns, each after its parent. Raises StorageError if they are no tree."""
    known = {turn.turn_id for turn in record.turns}
    if not known:
        raise import_refused(path, _("a chat in it has no messages"))
    if len(known) < len(record.turns):
        raise import_refused(path, _("two messages in it have the same id"))
    children: dict[str | None, list[Turn]] = {}
    for turn in record.turns:
        if turn.parent_id is not None and turn.parent_id not in known:
            raise import_refused(path, _("a message in it answers one that isn't there"))
        children.setdefault(turn.parent_id, []).append(turn)
    ordered = list(children.get(None, []))
    for turn in ordered:  # grows while it is walked
        ordered += children.get(turn.turn_id, [])
    if len(ordered) < len(record.turns):
        raise import_refused(path, _("messages in it answer each other in a circle"))
    return ordered


def _cleaned(turn: Turn, turn_id: str, parent_id: str | None, folders: Mapping[str, str]) -> Turn:
    sources = {source.n: source for source in turn.sources if 0 < source.n <= MOST_TURNS}
    length = len(turn.text)
    citations = {
        (cite.start, cite.n): _within_source(cite, len(sources[cite.n].text))
        for cite in turn.citations
        if cite.n in sources and 0 <= cite.start <= cite.end <= length
    }
    state = TurnState.INTERRUPTED if turn.state is TurnState.STREAMING else turn.state
    return structs.replace(
        turn,
        turn_id=turn_id,
        parent_id=parent_id,
        state=state,
        created=_time(turn.created),
        token_ids=(),
        sources=tuple(_source(source, folders) for source in sources.values()),
        citations=tuple[Citation, ...](citations.values()),
        sentences=tuple(each for each in turn.sentences if _is_within(each, length, sources)),
        statistics=_statistics(turn.statistics),
        rating=min(max(turn.rating, -1), 1),
        assurance=_assurance(turn.assurance, length),
        prompt=None,
    )


def _is_within(sentence: JudgedSentence, length: int, sources: Mapping[int, Source]) -> bool:
    """Whether a sentence and what is said to support or contradict it are there."""
    source = sources.get(sentence.n)
    text = "" if source is None else source.text
    return (
        0 <= sentence.start <= sentence.end <= length
        and (source is not None or sentence.verdict is SentenceVerdict.UNSUPPORTED)
        and 0 <= sentence.source_start <= sentence.source_end <= len(text)
        and 0 <= sentence.support <= 1
        and 0 <= sentence.contradiction <= 1
    )


def _within_source(citation: Citation, length: int) -> Citation:
    """Return a citation that names the characters of its source only if they are there."""
    if 0 <= citation.source_start <= citation.source_end <= length:
        return citation
    return structs.replace(citation, source_start=0, source_end=0)


def _assurance(assurance: Assurance, length: int) -> Assurance:
    """Return what is known of an answer of `length`, without where it was repeated from.

    That names a chat that is not here.
    """
    checks = assurance.checks and tuple(
        check for check in assurance.checks if 0 <= check.start <= check.end <= length
    )
    return structs.replace(assurance, recalled=None, checks=checks)


def _source(source: Source, folders: Mapping[str, str]) -> Source:
    """Return a source with the path of its document only if that is in a known folder."""
    folder = folders.get(source.folder_id, "")
    parts = Path(source.file).parts
    plain = bool(folder) and not Path(source.file).is_absolute() and ".." not in parts
    page = source.page if source.page is not None and 0 < source.page <= _MOST_PAGES else None
    return structs.replace(
        source,
        path=str(Path(folder) / source.file) if plain else "",
        folder_id=source.folder_id if plain else "",
        page=page,
        score=source.score if math.isfinite(source.score) else 0.0,
    )


def _statistics(statistics: AnswerStatistics) -> AnswerStatistics:
    """Return the statistics if all numbers are plausible, else empty ones."""
    numbers = [value for value in structs.astuple(statistics) if isinstance(value, int | float)]
    are_plausible = all(math.isfinite(value) and 0 <= value <= _MOST_NUMBER for value in numbers)
    return statistics if are_plausible else AnswerStatistics()


def _summaries(
    summaries: Sequence[ConversationSummary], ids: Mapping[str, str]
) -> tuple[ConversationSummary, ...]:
    return tuple(
        structs.replace(
            summary,
            summary_id=new_id(),
            last_id=ids[summary.last_id],
            turns=min(max(summary.turns, 1), len(ids)),
            created=_time(summary.created),
            token_ids=(),
        )
        for summary in summaries
        if summary.last_id in ids
    )


def _preset(name: str) -> str:
    return name if name.isalpha() and len(name) < 20 else ""


def _time(seconds: float) -> float:
    """Return a time if it is plausible, else the present."""
    now = time.time()
    return seconds if math.isfinite(seconds) and 0 <= seconds <= now + _DAY else now


def _visible(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def import_refused(path: Path, detail: str) -> StorageError:
    """Return the error that nothing can be taken from a file or folder."""
    return StorageError(ErrorCode.IMPORT_REFUSED, file=path.name, detail=detail)
