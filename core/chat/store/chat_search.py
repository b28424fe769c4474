"""Full-text search in all chats: titles, questions and answers, with an FTS5 index."""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TypeVar

import apsw
from msgspec import Struct

from core.base.database import Migration, transaction
from core.base.lazy_regex import lazy_pattern
from core.chat.conversations.conversation import Role

MIGRATIONS: tuple[Migration, ...] = (
    (
        "2026-11-searching",
        # Three letters in a row are a token: that finds parts of words, in any script. A turn that
        # is still written is left out, since it is saved every second. The rowids of `turns` are
        # its keys, so the table must never be made anew, nor the file be compacted by VACUUM.
        """
        CREATE VIRTUAL TABLE turn_words USING fts5(
            text, content = 'turns', content_rowid = 'rowid',
            tokenize = 'trigram remove_diacritics 1'
        );
        INSERT INTO turn_words (turn_words, rank) VALUES ('secure-delete', 1);
        CREATE TRIGGER turn_words_of_new AFTER INSERT ON turns WHEN NEW.state <> 'streaming' BEGIN
            INSERT INTO turn_words (rowid, text) VALUES (NEW.rowid, NEW.text);
        END;
        CREATE TRIGGER turn_words_of_gone AFTER DELETE ON turns WHEN OLD.state <> 'streaming' BEGIN
            INSERT INTO turn_words (turn_words, rowid, text)
            VALUES ('delete', OLD.rowid, OLD.text);
        END;
        CREATE TRIGGER turn_words_of_changed AFTER UPDATE OF text, state ON turns
        WHEN OLD.text <> NEW.text OR (OLD.state = 'streaming') <> (NEW.state = 'streaming') BEGIN
            INSERT INTO turn_words (turn_words, rowid, text)
            SELECT 'delete', OLD.rowid, OLD.text WHERE OLD.state <> 'streaming';
            INSERT INTO turn_words (rowid, text)
            SELECT NEW.rowid, NEW.text WHERE NEW.state <> 'streaming';
        END;
        INSERT INTO turn_words (rowid, text)
        SELECT rowid, text FROM turns WHERE state <> 'streaming';
        """,
    ),
)
MOST_CHATS = 30
MOST_OF_CHAT = 3
_MOST_ROWS = 400
_TOKEN = 3
_LAST_ACCENTED = 0x2000
"""Letters with case or accents (Latin, Greek, Cyrillic and others) have lower code points."""
_AROUND = 56
"""Characters of an excerpt before the first match; three times as many follow it."""
_log = logging.getLogger(__name__)
Result = TypeVar("Result")
_TERM = lazy_pattern(r'"([^"]+)"|(\S+)')


def rebuild_word_index(db: apsw.Connection) -> None:
    """Build the index of words anew from the turns. Raises StorageError, apsw.CorruptError."""
    with transaction(db):  # FTS5's own "rebuild" reads the damaged index first
        for name in ("new", "gone", "changed"):
            db.execute(f"DROP TRIGGER IF EXISTS turn_words_of_{name}")
        db.execute("DROP TABLE turn_words")
        for _name, statements in MIGRATIONS:
            db.execute(str(statements))


def with_word_index(db: apsw.Connection, work: Callable[[], Result]) -> Result:
    """Do `work`; if the index of words is damaged, build it anew and do `work` once more."""
    try:
        return work()
    except apsw.CorruptError:
        _log.warning("the index of words in chats is built anew")
        rebuild_word_index(db)
        return work()


class ChatHit(Struct, frozen=True, kw_only=True):
    """A match in a chat: a turn, or the title if `turn_id` is "".

    `excerpt` is on one line; `marks` are the spans of the found words in it.
    """

    chat_id: str
    title: str
    updated: float
    turn_id: str = ""
    role: str = ""
    excerpt: str
    marks: tuple[tuple[int, int], ...]


class ChatSearch:
    """Part of `ChatDatabase`, on its thread. Chats in the trash are not found."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db

    def find_hits(self, query: str) -> tuple[ChatHit, ...]:
        """Return matches of every word of `query`, those of one chat together.

        "Words in quotation marks" are one term. Chats with matching titles come first, then those
        with the best matching turns.
        """
        terms = search_terms(query)
        if not terms:
            return ()
        titles = self._titles(terms)
        places = with_word_index(self._db, lambda: self._turns(terms))
        hits: list[ChatHit] = []
        for chat_id in list(dict.fromkeys([*titles, *places]))[:MOST_CHATS]:
            if chat_id in titles:
                hits.append(titles[chat_id])
            hits += [self._hit(row, terms) for row in places.get(chat_id, [])[:MOST_OF_CHAT]]
        return tuple(hits)

    def _titles(self, terms: Sequence[str]) -> dict[str, ChatHit]:
        rows: Iterable[tuple[str, str, float]] = self._db.execute(
            "SELECT chat_id, title, updated FROM chats WHERE trashed IS NULL ORDER BY updated DESC"
        )
        found: dict[str, ChatHit] = {}
        for chat_id, title, updated in rows:
            text = fold_text(title)
            if all(term in text for term in terms):
                marks = tuple(term_spans(title, terms))
                found[chat_id] = ChatHit(
                    chat_id=chat_id, title=title, updated=updated, excerpt=title, marks=marks
                )
        return found

    def _turns(self, terms: Sequence[str]) -> dict[str, list[str]]:
        """Return the ids of matching turns by chat, the best first."""
        long = [term for term in terms if len(term) >= _TOKEN]
        short = [term for term in terms if len(term) < _TOKEN]
        tables = "turns JOIN chats USING (chat_id)"
        order = "turns.turn_id DESC"
        wants = ["chats.trashed IS NULL", *["turns.text GLOB ?" for _ in short]]
        values = [_glob(term) for term in short]
        if long:
            tables = f"turn_words JOIN turns ON turns.rowid = turn_words.rowid {tables[6:]}"
            order = "turn_words.rank"
            wants.insert(0, "turn_words MATCH ?")
            values.insert(0, " ".join('"' + term.replace('"', '""') + '"' for term in long))
        rows = self._db.execute(
            f"""SELECT turns.chat_id, turns.turn_id FROM {tables}
                WHERE {" AND ".join(wants)} ORDER BY {order} LIMIT {_MOST_ROWS}""",  # noqa: S608 - only text of this function
            values,
        )
        found: dict[str, list[str]] = {}
        for chat_id, turn_id in rows:
            found.setdefault(str(chat_id), []).append(str(turn_id))
        return found

    def _hit(self, turn_id: str, terms: Sequence[str]) -> ChatHit:
        chat_id, title, updated, role, text = self._db.execute(
            """SELECT chat_id, title, updated, role, text
               FROM turns JOIN chats USING (chat_id) WHERE turn_id = ?""",
            (turn_id,),
        ).fetchone() or ("", "", 0.0, Role.USER, "")
        excerpt, marks = make_excerpt(text, terms)
        return ChatHit(
            chat_id=chat_id,
            title=title,
            updated=updated,
            turn_id=turn_id,
            role=role,
            excerpt=excerpt,
            marks=marks,
        )


def search_terms(query: str) -> tuple[str, ...]:
    """Return the terms of a query, without case and accents."""
    found = (match[1] or match[2].replace('"', "") for match in _TERM.finditer(query))
    terms = (fold_text(" ".join(term.split())).replace("\0", "") for term in found)
    return tuple(dict.fromkeys(filter(None, terms)))


def fold_text(text: str) -> str:
    """Return `text` without case and accents, character for character."""
    if text.isascii():
        return text.lower()
    return text.translate(_PLAIN)


def term_spans(text: str, terms: Iterable[str]) -> list[tuple[int, int]]:
    """Return the spans of the terms in `text`, in order, overlapping ones merged."""
    plain = fold_text(text)
    found = sorted(
        (match.start(), match.end())
        for term in terms
        for match in re.finditer(re.escape(term), plain)
    )
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def make_excerpt(text: str, terms: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return the part of `text` around the first term, on one line, and the spans of all in it."""
    flat = " ".join(text.split())
    where = term_spans(flat, terms)
    first = where[0][0] if where else 0
    begin = max(0, first - _AROUND)
    if begin:
        space = flat.find(" ", begin, first)
        begin = space + 1 if space >= 0 else begin
    end = min(len(flat), first + 3 * _AROUND)
    lead = "…" if begin else ""
    shown = lead + flat[begin:end].rstrip() + ("…" if end < len(flat) else "")
    moved = len(lead) - begin
    marks = tuple((s + moved, e + moved) for s, e in where if begin <= s and e <= end)
    return shown, marks


def _folded(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter)[0].lower()
    return plain if len(plain) == 1 else letter


class _Plain(dict[int, str]):
    """Letters without case and accents, each computed when it is first needed."""

    def __missing__(self, code: int) -> str:
        self[code] = _folded(chr(code))
        return self[code]


_PLAIN = _Plain()


def _glob(term: str) -> str:
    """Return a GLOB pattern for texts with a term in any case and with any accents."""
    return f"*{''.join(map(_any_of, term))}*"


def _any_of(letter: str) -> str:
    others = "".join({letter.upper(), *_variants().get(letter, "")} - {letter})
    return f"[{letter}{others}]" if others or letter in "*?[" else letter


@cache
def _variants() -> dict[str, str]:
    """Return, by plain letter, the letters that differ from it in case and accents only."""
    found: dict[str, str] = {}
    for place in range(0x80, _LAST_ACCENTED):
        letter = chr(place)
        plain = _folded(letter)
        if plain != letter and letter.isalpha():
            found[plain] = found.get(plain, "") + letter
    return found
