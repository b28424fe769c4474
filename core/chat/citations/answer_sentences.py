"""Answer sentences: what of an answer is judged, as spans: sentences, rows, entries, lines of code.

Common phrases are left out: greetings, lead-ins, headings, questions back, and what the answer says
of its own lack of sources.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.base.lazy_regex import lazy_pattern
from core.base.sentences import sentence_spans
from core.chat.citations.sentence_features import answer_features
from core.chat.citations.tables.table_rows import object_spans

_LINE = lazy_pattern(r"[^\n]+")
_BARRED = lazy_pattern(r"[^\n]* \| [^\n]*")
MIN_ROWS = 2
"""Lines with bars between their cells that make a table."""
_FENCE = lazy_pattern(r"\s*(?:```|~~~)")
_HEADING = lazy_pattern(r"\s*(?:#{1,6}\s.*|\*\*[^*]+\*\*:?|__[^_]+__:?|[-*_=]{3,})\s*$")
_TABLE_ROW = lazy_pattern(r"\s*\|.*\|\s*$")
_TABLE_RULE = lazy_pattern(r"\s*\|[\s:|-]+\|\s*$")
_LIST_ITEM = lazy_pattern(r"\s*(?:[-*+•‣–]|\d{1,3}[.)])\s+")
_NOTHING_SAID = lazy_pattern(r"[\W\d_]*")
_QUESTION = lazy_pattern(r"[?？؟]\W*$")
_CODE_WORDS = lazy_pattern(r"[^\W_]{2,}.*[^\W_]{2,}|[^\W_]{5,}")
_PHRASES = lazy_pattern(
    r"""\W*(?:
    (?:hello|hi|hey|greetings|good\s(?:morning|evening|day)|dear)\b(?:,?\s\w+){0,3}
    |(?:yes|no|ok|okay|sure|of\scourse|certainly|absolutely|great|thanks?|thank\syou|welcome)
      (?:\s(?:for|to|so|very|much|your|you|asking|question)){0,4}
    |(?:(?:yes|ok|okay|sure|of\scourse|certainly|absolutely|great)\W+)?
      i(?:['’]d|['’]ll|\scan|\swill|\swould)\s(?:help|assist|be\s(?:happy|glad)|love\sto)\b.*
    |(?:you['’]?re|you\sare)\swelcome.{0,20}
    |(?:i\shope|hope)\s(?:this|that|it)\b.*
    |(?:please\s)?(?:let\sme\sknow|feel\sfree|don['’]t\shesitate)\b.*
    |(?:i['’]?m|i\sam)\s(?:happy|glad|here|sorry|afraid)\b.*
    |(?:if\syou\s(?:have|need)\b.{0,25}(?:question|help|information|assistance).*)
    |(?:here|these|those|this|below|the\sfollowing)\b[^.]{0,60}(?:list|answer|steps|summary|table|overview|follow\w*):?
    |(?:in\s(?:summary|short|conclusion)|to\s(?:summari[sz]e|sum\sup)|overall|note|example|for\sexample)[:,]?
    |as\san\s(?:ai|assistant)\b.*
    |(?:unfortunately|sorry|i\sapologi[sz]e)\b[,.]?.{0,30}
    |(?:hallo|guten\s(?:tag|morgen|abend)|gerne?|natürlich|selbstverständlich|vielen\sdank|danke)
      \b(?:,?\s\w+){0,3}
    |(?:ich\shoffe|falls\ssie|wenn\ssie\sweitere|lassen\ssie)\b.*
    |hier\s(?:ist|sind|folgt)\b[^.]{0,60}:
    |(?:bonjour|salut|bien\ssûr|merci|hola|claro|gracias)\b(?:,?\s\w+){0,3}
    |(?:j['’]espère|n['’]hésitez|espero\sque|no\sdude)\b.*
    )\W*""",
    66,  # re.IGNORECASE | re.VERBOSE
)
_ABOUT_SOURCES = lazy_pattern(
    r"""(?:
    (?:document|passage|text|source|context|information|folder|file|excerpt)s?\b.{0,40}
      \b(?:do(?:es)?\s?n['’]o?t|do(?:es)?\snot|not\s(?:say|mention|contain|state|provide|specify|include)|no\s(?:information|mention))
    |\b(?:i\s(?:don['’]t|do\snot|can(?:['’]t|not))\s(?:know|find|have\s(?:any|enough|access))
    |(?:there\sis|have|provides?|is)\sno\s(?:information|mention)|not\s(?:mentioned|stated|specified|provided)\sin\sthe)
    |(?:dokument|text|quelle|abschnitt|unterlagen)\w*\b.{0,40}\b(?:nicht|keine?)\b.{0,30}(?:erwähn|genannt|angab|inform|steht|enthalt|enthält)
    )""",
    66,
)


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """Characters `start` to `end` of an answer; `context` is what it needs to be understood.

    That is the line that leads to a list, or the header of a table.
    """

    start: int
    end: int
    context: str
    is_code: bool = False


def answer_sentences(text: str) -> list[AnswerSentence]:
    """Return what of an answer is judged, in order; a line ends a sentence."""
    found: list[AnswerSentence] = []
    lead = header = ""
    is_code = False
    for line in _LINE.finditer(text):
        words = line[0]
        if _FENCE.match(words):
            is_code = not is_code
            continue
        if is_code:
            if _CODE_WORDS.search(words):
                found.append(_trimmed(text, line.start(), line.end(), is_code=True))
            continue
        if _TABLE_ROW.match(words):
            if header and not _TABLE_RULE.match(words):
                found.append(_trimmed(text, line.start(), line.end(), context=header))
            header = header or words.strip(" |")
            continue
        header = ""
        if _HEADING.match(words):
            continue
        is_item = bool(_LIST_ITEM.match(words))
        lead = lead if is_item else ""
        if words.rstrip().endswith(":") and not is_item:
            lead = words.strip()
        found += _sentences(text, line.start(), line.end(), lead)
    return found


def source_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence of a source, each row of its tables, each flat object."""
    at = 0
    for start, end in object_spans(text):
        yield from _sentences_and_rows(text, at, start)
        yield start, end
        at = end
    yield from _sentences_and_rows(text, at, len(text))


def _sentences_and_rows(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    for start, end in sentence_spans(text, first, last):
        rows = list(_BARRED.finditer(text, start, end))
        if len(rows) < MIN_ROWS:
            yield start, end
            continue
        at = start
        for row in rows:
            if text[at : row.start()].strip():
                yield at, row.start()
            yield row.span()
            at = row.end()
        if text[at:end].strip():
            yield at, end


def answer_sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of each sentence, white space outside; a line ends a sentence."""
    for line in _LINE.finditer(text):
        yield from sentence_spans(text, line.start(), line.end())


def _sentences(text: str, start: int, end: int, lead: str) -> Iterator[AnswerSentence]:
    for first, last in sentence_spans(text, start, end):
        words = text[first:last]
        if not is_common_phrase(words):
            yield AnswerSentence(first, last, context="" if words.strip() == lead else lead)


def is_common_phrase(sentence: str) -> bool:
    """Whether a sentence states nothing that sources could support or contradict."""
    if _QUESTION.search(sentence) or _ABOUT_SOURCES.search(sentence):
        return True
    if sentence.rstrip().endswith(":") and not any(map(str.isdigit, sentence)):
        return True
    features = answer_features(sentence)
    if features.numbers:
        return False
    return not features.words or bool(_PHRASES.fullmatch(sentence))


def is_number_only(text: str) -> bool:
    """Whether a sentence has no letters: the number of a list's entry, or a bare figure."""
    return bool(_NOTHING_SAID.fullmatch(text))


def _trimmed(
    text: str, start: int, end: int, *, context: str = "", is_code: bool = False
) -> AnswerSentence:
    line: Sequence[str] = text[start:end]
    words = text[start:end].strip()
    first = start + (len(line) - len(text[start:end].lstrip()))
    return AnswerSentence(first, first + len(words), context, is_code)
