"""Document task: what is to be done over whole documents, and over which, read from the question."""

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


class DocumentTask(Struct, frozen=True, kw_only=True):
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


_TRANSLATION = lazy_pattern(
    r"translat|übersetz|tradui|traduc|traduz|traduç|ترجم|翻译|译成|перевед"
    r"|vertaal|vertaling|tłumacz|çevir|tercüme|переклад|翻訳|訳して|अनुवाद"
)
_COMPARISON = lazy_pattern(
    r"compar|differen|versus|\bvs\b|vergleich|unterschied|différen|diferenc|قارن|مقارنة|الفرق|比较|对比|区别|сравни"
    r"|confront|paragon[ai]|vergelijk|verschil|porówn|różnic|karşılaştır|порівня|відмінн|比較|比べ|違い|तुलना|अंतर"
)
_LIST = lazy_pattern(
    r"\blist|\ball (?:the )?(?:names|dates|deadlines|amounts|people|persons|places|tasks)|extract|timeline|table of|auflist|\bzähle?\b|\balle (?:namen|termine|fristen|beträge|personen)|énumèr|tou(?:s|tes) les|enumera|\blista|tod[oa]s l[oa]s|اسرد|اذكر|قائمة|جميع|列出|所有"
    r"|\belenc[ai]|tutt[ei] (?:le|i|gli)|\bnoem\b.*\balle|\bsom\b.*\bop\b|lijst|wypisz|wymień|wszystkie|listele|sırala|bütün|tüm |переліч|перерах|випиш|\b[ув]сі\b|一覧|挙げ|すべて|全て|सूची|सभी"
)
_TARGETS = (
    (
        "English",
        r"english|englische?|anglais|inglés|inglese|inglês|engels|angielski",
        r"الإنجليزية|英[文语]|ingilizceye|англійською|英語[にへ]|अंग्रेज\u093c?ी में",
    ),
    (
        "German",
        r"german|deutsche?|allemand|alemán|tedesco|alemão|duits|niemiecki",
        r"الألمانية|德[文语]|almancaya|німецькою|ドイツ語[にへ]|जर्मन में",
    ),
    (
        "French",
        r"french|französische?|français|francés|francese|francês|frans|francuski",
        r"الفرنسية|法[文语]|fransızcaya|французькою|フランス語[にへ]|(?:फ्रेंच|फ्रांसीसी) में",
    ),
    (
        "Spanish",
        r"spanish|spanische?|espagnol|español|spagnolo|espanhol|spaans|hiszpański",
        r"الإسبانية|西班牙[文语]|ispanyolcaya|іспанською|スペイン語[にへ]|स्पेनिश में",
    ),
    (
        "Italian",
        r"italian|italienische?|italien|italiano|italiaans|włoski",
        r"الإيطالية|意大利[文语]|italyancaya|італійською|イタリア語[にへ]|इतालवी में",
    ),
    (
        "Arabic",
        r"arabic|arabische?|arabe|árabe|arabo|arabisch|arabski",
        r"العربية|阿拉伯[文语]|arapçaya|арабською|アラビア語[にへ]|अरबी में",
    ),
    (
        "Chinese",
        r"chinese|chinesische?|chinois|chino|cinese|chinês|chinees|chiński",
        r"الصينية|[中汉][文语]|çinceye|китайською|中国語[にへ]|चीनी में",
    ),
    (
        "Portuguese",
        r"portuguese|portugiesische?|portugais|portugués|portoghese|português|portugees|portugalski",
        r"portekizceye|португальською|ポルトガル語[にへ]|पुर्तगाली में",
    ),
    (
        "Dutch",
        r"dutch|niederländische?|néerlandais|neerlandés|olandese|neerlandês|holandês|nederlands|niderlandzki",
        r"(?:hollandaca|felemenkçe)ya|нідерландською|オランダ語[にへ]|डच में",
    ),
    (
        "Polish",
        r"polish|polnische?|polonais|polaco|polacco|polonês|pools|polski",
        r"lehçeye|польською|ポーランド語[にへ]|पोलिश में",
    ),
    (
        "Turkish",
        r"turkish|türkische?|turc|turco|turks|turecki",
        r"türkçeye|турецькою|トルコ語[にへ]|तुर्की में",
    ),
    (
        "Ukrainian",
        r"ukrainian|ukrainische?|ukrainien|ucraniano|ucraino|oekraïens|ukraiński",
        r"ukraynacaya|українською|ウクライナ語[にへ]|यूक्रेनी में",
    ),
    (
        "Russian",
        r"russian|russische?|russe|ruso|russo|russisch|rosyjski",
        r"rusçaya|російською|на русский|ロシア語[にへ]|रूसी में",
    ),
    (
        "Japanese",
        r"japanese|japanische?|japonais|japonés|giapponese|japonês|japans|japoński",
        r"日[文语]|japoncaya|японською|日本語[にへ]|जापानी में",
    ),
    (
        "Hindi",
        r"hindi",
        r"hintçeye|хінді|ヒンディー語[にへ]|हिन्दी में|हिंदी में",
    ),
)
"""The names of a language behind a word as "into", and those that say so by themselves."""
_BEHIND = r"\b(?:into|to|in|ins|auf|en|al|au|in das|para|para o|em|naar het|in het|na) "
_TARGET_PATTERNS = tuple(
    (name, lazy_pattern(rf"{_BEHIND}(?:{words})\b|{alone}")) for name, words, alone in _TARGETS
)
_LANGUAGES = {
    "german": "German",
    "french": "French",
    "spanish": "Spanish",
    "italian": "Italian",
    "portuguese": "Portuguese",
    "dutch": "Dutch",
    "devanagari": "Hindi",
    "arabic": "Arabic",
    "han": "Chinese",
    "kana": "Japanese",
    "cyrillic": "Russian",
}
_TELLING_LETTERS = (
    ("Ukrainian", lazy_pattern("[іїєґ]")),
    ("Polish", lazy_pattern("[ąćęłńśźż]")),
    ("Turkish", lazy_pattern("[ışğ]")),
)
"""Letters by which a language is told that shares its function words or has none of the known."""
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
_FEWEST_SHARED = 2
"""Words that a name and a question share at least: one may stand in both by chance."""


def read_document_task(question: str) -> DocumentTask:
    """Return what a question wants made of whole documents; a summary where nothing else is."""
    folded = folded_message(question)
    language = _language(question, folded)
    if _TRANSLATION.search(folded):
        target = next((name for name, each in _TARGET_PATTERNS if each.search(folded)), language)
        return DocumentTask(
            kind=TaskKind.TRANSLATION, question=question, language=target or "English"
        )
    kind = TaskKind.SUMMARY
    if _COMPARISON.search(folded):
        kind = TaskKind.COMPARISON
    elif _LIST.search(folded):
        kind = TaskKind.LIST
    return DocumentTask(kind=kind, question=question, language=language)


def _language(question: str, folded: str) -> str:
    found = _LANGUAGES.get(detect_language(question), "")
    if found not in {"", "Russian"}:
        return found
    return next((name for name, letters in _TELLING_LETTERS if letters.search(folded)), found)


def choose_documents(question: str, documents: Sequence[TaskDocument]) -> tuple[TaskDocument, ...]:
    """Return the documents that a question names, all of them if it names none."""
    named = named_documents(question, documents)
    return named or folder_documents(question, documents) or tuple(documents)


def named_documents(question: str, documents: Sequence[TaskDocument]) -> tuple[TaskDocument, ...]:
    """Return the documents that a question names by file, else by title.

    Else those that share most words with it, "letter_landlord.txt" with "the letter from the
    landlord", where these are several words; else none.
    """
    folded = folded_message(question)
    whole_names = tuple(each for each in documents if _has_whole_name(each, folded))
    if whole_names:
        return whole_names
    asked = _tokens(question)
    for names in (_file_names, _title_names):
        named = tuple(
            each for each in documents if any(_is_in(name, asked) for name in names(each))
        )
        if named:
            return named
    if folder_documents(question, documents):
        return ()
    shared = [_shared_words(each, asked) for each in documents]
    most = max(shared, default=0)
    if most < _FEWEST_SHARED:
        return ()
    return tuple(each for each, count in zip(documents, shared, strict=True) if count == most)


def folder_documents(question: str, documents: Sequence[TaskDocument]) -> tuple[TaskDocument, ...]:
    """Return the documents of the subfolders that a question names."""
    asked = _tokens(question)
    return tuple(
        each for each in documents if any(_is_in(name, asked) for name in _folder_names(each))
    )


def _has_whole_name(document: TaskDocument, folded: str) -> bool:
    """Whether a question has a file's name with its ending, however little that says by itself."""
    name = folded_message(document.file.rpartition("/")[2])
    before, found, after = folded.partition(name)
    return bool(found and "." in name) and not (before[-1:].isalnum() or after[:1].isalnum())


def _shared_words(document: TaskDocument, asked: Sequence[str]) -> int:
    """Return how many words of a document's name or title stand anywhere in a question."""
    names = (*_file_names(document), *_title_names(document))
    return max(len(set(name).intersection(asked).difference(_COMMON)) for name in names)


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
