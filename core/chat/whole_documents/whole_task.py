"""Whole task: what is to be done over whole documents, and over which, read from the question."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern
from core.base.text_language import detect_language
from core.chat.intent.message_intent import folded_message
from core.messages import SearchHit

# ruff: noqa: E501 - a line is one list of alternatives


class TaskKind(StrEnum):
    """What is made of the documents."""

    SUMMARY = "summary"
    LIST = "list"
    COMPARISON = "comparison"
    TRANSLATION = "translation"


class WholeTask(Struct, frozen=True, kw_only=True):
    """A task in the person's own words. `language`: the English name of the one to write in."""

    kind: TaskKind
    question: str
    language: str


class TaskDocument(Struct, frozen=True, kw_only=True):
    """A document to go through; `hits` are its passages where they are known already."""

    file: str
    path: str
    folder_id: str = ""
    title: str
    content_hash: str
    words: int
    hits: tuple[SearchHit, ...] = ()


_TRANSLATION = lazy_pattern(r"translat|übersetz|tradui|traduc|ترجم|翻译|译成|перевед")
_COMPARISON = lazy_pattern(
    r"compar|differen|versus|\bvs\b|vergleich|unterschied|différen|diferenc|قارن|مقارنة|الفرق|比较|对比|区别|сравни"
)
_LIST = lazy_pattern(
    r"\blist|\ball (?:the )?(?:names|dates|deadlines|amounts|people|persons|places|tasks)|extract|timeline|table of|auflist|\bzähle?\b|\balle (?:namen|termine|fristen|beträge|personen)|énumèr|tou(?:s|tes) les|enumera|\blista|tod[oa]s l[oa]s|اسرد|اذكر|قائمة|جميع|列出|所有"
)
_TARGETS = (
    (
        "English",
        r"(?:into|to|in|ins|auf|en|al|in das) (?:english|englische?|anglais|inglés)|الإنجليزية|英[文语]",
    ),
    (
        "German",
        r"(?:into|to|in|ins|auf|en|al) (?:german|deutsche?|allemand|alemán)|الألمانية|德[文语]",
    ),
    (
        "French",
        r"(?:into|to|in|ins|auf|en|al) (?:french|französische?|français|francés)|الفرنسية|法[文语]",
    ),
    (
        "Spanish",
        r"(?:into|to|in|ins|auf|en|al) (?:spanish|spanische?|espagnol|español)|الإسبانية|西班牙[文语]",
    ),
    (
        "Italian",
        r"(?:into|to|in|ins|auf|en|al) (?:italian|italienische?|italien|italiano)|الإيطالية|意大利[文语]",
    ),
    (
        "Arabic",
        r"(?:into|to|in|ins|auf|en|al) (?:arabic|arabische?|arabe|árabe)|العربية|阿拉伯[文语]",
    ),
    (
        "Chinese",
        r"(?:into|to|in|ins|auf|en|al) (?:chinese|chinesische?|chinois|chino)|الصينية|(?:中|汉)[文语]",
    ),
)
_TARGET_PATTERNS = tuple((name, lazy_pattern(pattern)) for name, pattern in _TARGETS)
_LANGUAGES = {
    "german": "German",
    "french": "French",
    "spanish": "Spanish",
    "italian": "Italian",
    "portuguese": "Portuguese",
    "arabic": "Arabic",
    "han": "Chinese",
    "kana": "Japanese",
    "cyrillic": "Russian",
}
_TOKENS = lazy_pattern(r"[^\W_]+")
_COMMON = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "to",
        "for",
        "and",
        "or",
        "with",
        "my",
        "this",
        "that",
        "all",
        "file",
        "files",
        "folder",
        "document",
        "documents",
        "readme",
        "index",
        "untitled",
        "new",
        "final",
        "copy",
        "scan",
        "der",
        "die",
        "das",
        "und",
        "le",
        "la",
        "les",
        "el",
        "los",
    ]
)
_SHORTEST_NAME = 3


def read_whole_task(question: str) -> WholeTask:
    """Return what a question wants made of whole documents; a summary where nothing else is."""
    folded = folded_message(question)
    language = _LANGUAGES.get(detect_language(question), "")
    if _TRANSLATION.search(folded):
        target = next((name for name, each in _TARGET_PATTERNS if each.search(folded)), language)
        return WholeTask(kind=TaskKind.TRANSLATION, question=question, language=target or "English")
    kind = TaskKind.SUMMARY
    if _COMPARISON.search(folded):
        kind = TaskKind.COMPARISON
    elif _LIST.search(folded):
        kind = TaskKind.LIST
    return WholeTask(kind=kind, question=question, language=language)


def choose_documents(question: str, documents: Sequence[TaskDocument]) -> tuple[TaskDocument, ...]:
    """Return the documents that a question names: by file, else by title, else by subfolder.

    All of them where it names none.
    """
    asked = _tokens(question)
    for names in (_file_names, _title_names, _folder_names):
        named = tuple(
            each for each in documents if any(_is_in(name, asked) for name in names(each))
        )
        if named:
            return named
    return tuple(documents)


def _tokens(text: str) -> list[str]:
    return [each.removesuffix("s") for each in _TOKENS.findall(folded_message(text))]


def _file_names(document: TaskDocument) -> list[list[str]]:
    stem = document.file.rpartition("/")[2].rpartition(".")[0] or document.file
    return [_tokens(stem)]


def _title_names(document: TaskDocument) -> list[list[str]]:
    return [_tokens(document.title.partition(" > ")[0])]


def _folder_names(document: TaskDocument) -> list[list[str]]:
    return [_tokens(part) for part in document.file.split("/")[:-1]]


def _is_in(name: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether the words of a name stand side by side in a question, if they say anything."""
    telling = [each for each in name if each not in _COMMON and not each.isdigit()]
    if not telling or sum(map(len, telling)) < _SHORTEST_NAME:
        return False
    width = len(name)
    return any(list(name) == list(asked[at : at + width]) for at in range(len(asked) - width + 1))
