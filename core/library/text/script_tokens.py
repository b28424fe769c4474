"""Word index tokens of scripts without spaces: bigrams of characters or of syllables.

FTS5 takes all letters between two punctuation marks for one word, which no question would match.
Texts and questions are written as bigrams; from a question, words that only make it a question are
removed first. Chinese, Japanese and Korean are paired by character, Thai, Lao, Khmer and Burmese by
syllable, as far as the letters alone show it. Combining marks of all scripts are encoded before.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from core.base.lazy_regex import lazy_pattern
from core.library.text.combining_marks import (
    MARK_LETTERS,
    encode_marks,
    has_combining_marks,
    letter_for_mark,
)

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HIRAGANA = "\u3041-\u309f"
_KATAKANA = "\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
_HANGUL = "\uac00-\ud7a3"
_OTHER_FORMS = "\u1100-\u11ff\u3130-\u318f\uff66-\uff9f"  # jamo, narrow kana
_THAI = "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46"
_LAO = "\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd\u0ec0-\u0ec6\u0edc-\u0edf"
_KHMER = "\u1780-\u17b3\u17d7\u17dc"
_BURMESE = "\u1000-\u102a\u103f\u1050-\u1055\uaa60-\uaa76"
_ZERO_WIDTH = "\u200b-\u200d\u2060"
"""Zero-width characters, which some authors put between words."""
_BY_SYLLABLE = lazy_pattern(f"[{_THAI}{_LAO}{_KHMER}{_BURMESE}]")
_BY_CHARACTER = lazy_pattern(f"[{_HAN}{_HIRAGANA}{_KATAKANA}{_HANGUL}{_OTHER_FORMS}]")
_KANA = lazy_pattern(f"[{_HIRAGANA}{_KATAKANA}]")
_RUN = lazy_pattern(
    f"(?P<han>[{_HAN}]+)|(?P<hiragana>[{_HIRAGANA}]+)"
    f"|(?P<katakana>[{_KATAKANA}]+)|(?P<hangul>[{_HANGUL}]+)"
    f"|(?P<syllables>[{_THAI}][{_THAI}{MARK_LETTERS}{_ZERO_WIDTH}]*|[{_LAO}][{_LAO}{MARK_LETTERS}{_ZERO_WIDTH}]*"
    f"|[{_KHMER}][{_KHMER}{MARK_LETTERS}{_ZERO_WIDTH}]*|[{_BURMESE}][{_BURMESE}{MARK_LETTERS}{_ZERO_WIDTH}]*)"
)
_STACKED = f"[{letter_for_mark(chr(0x17D2))}{letter_for_mark(chr(0x1039))}]"
_SILENCED = f"{letter_for_mark(chr(0x103A))}"
_SYLLABLE = lazy_pattern(
    # A vowel that is written before its consonant, the consonant, its marks, a vowel after it.
    f"(?:[\u0e40-\u0e44\u0ec0-\u0ec4](?=[^{MARK_LETTERS}]))?."
    # A consonant stacked below, and a Burmese consonant that only ends the syllable.
    f"(?:{_STACKED}[^{MARK_LETTERS}]|[{MARK_LETTERS}]|[{_BURMESE}](?=[{MARK_LETTERS}]?{_SILENCED}))*"
    "[\u0e30\u0e32\u0eb0\u0eb2]?"
)


def _normalized(text: str) -> str:
    return encode_marks(unicodedata.normalize("NFKC", text))


def _any_of(words: str) -> str:
    return "|".join(sorted(words.split(), key=len, reverse=True))


_CHINESE_QUESTION_WORDS = lazy_pattern(
    _any_of(
        "什么时候 什麼時候 为什么 為什麼 怎么样 怎麼樣 怎么 怎麼 什么 什麼 哪里 哪裡 哪个 哪個 哪些"
        " 哪 多少 多久 多长 多長 几个 幾個 如何 是否 请问 請問 可以 应该 應該"
        " 的 了 吗 嗎 呢 是 吧 们 們"
    )
)
_KANJI_QUESTION_WORDS = lazy_pattern(_any_of("何時 何処 何故 何人 何 誰"))
_JAPANESE_FUNCTION_WORDS = lazy_pattern(
    _any_of(
        "ですか でしょうか でした です ますか ました ません ます いつ どこ どの どれ だれ なに なぜ"
        " どう いくら いくつ から まで には では とは という について して した する ください"
        " ある いる こと もの この その あの"
    )
)
_PARTICLES = "のはがをにへとでもかやねよ"
_KOREAN_QUESTIONS = _any_of(
    "무엇 뭐 언제 어디 누구 어떻게 얼마 왜 몇 무슨 어느 있나요 있습니까 하나요 합니까 되나요"
)
_KOREAN = lazy_pattern(f"^(?:{_KOREAN_QUESTIONS})")
_KOREAN_PARTICLES = frozenset("은는이가을를에의로와과도만요")
_KOREAN_ENDINGS = lazy_pattern(
    "(?<=..)(?:"
    + _any_of(
        "입니까 습니까 인가요 이나요 나요 까지 부터 에서 에게 한테 으로 이란 라는"
        " 은 는 이 가 을 를 에 의 로 와 과 도 만 요"
    )
    + ")$"
)


@cache
def _syllabic_question_words() -> re.Pattern[str]:
    return re.compile(
        _any_of(
            _normalized(
                "เมื่อไหร่ เมื่อไร เมื่อใด เท่าไหร่ เท่าไร เท่าใด อะไร ที่ไหน ใคร ทำไม อย่างไร"
                " ยังไง หรือไม่ หรือเปล่า ไหม ครับ"
                " ເມື່ອໃດ ເທົ່າໃດ ຫຍັງ ຢູ່ໃສ ແມ່ນໃຜ ເປັນຫຍັງ ແນວໃດ"
                " ពេលណា ប៉ុន្មាន អ្វី នរណា ហេតុអ្វី យ៉ាងដូចម្តេច ដែរឬទេ ដែរឬ"
                " ဘယ်အချိန် ဘယ်လောက် ဘယ်တော့ ဘယ်သူ ဘယ်မှာ ဘယ်လို ဘာကြောင့် ဘာလဲ သလဲ သလား ပါလဲ လဲ"
            )
        )
    )


def needs_tokenizing(text: str) -> bool:
    """Return whether `tokenize_for_index` changes a text."""
    return not text.isascii() and (
        _BY_CHARACTER.search(text) is not None
        or has_syllable_scripts(text)
        or has_combining_marks(text)
    )


def has_syllable_scripts(text: str) -> bool:
    """Return whether a text holds a script that is paired by syllable."""
    if text.isascii():
        return False
    return _BY_SYLLABLE.search(text) is not None


def tokenize_for_index(text: str) -> str:
    """Return `text` as it is put into the word index."""
    if not needs_tokenizing(text):
        return text
    text = _normalized(text)
    return _RUN.sub(lambda run: f" {' '.join(_bigrams(_units(run)))} ", text)


def tokenize_question(question: str) -> str:
    """Return a question in the tokens of `tokenize_for_index`, without words that only ask."""
    if not needs_tokenizing(question):
        return question
    text = _normalized(question)
    japanese = _KANA.search(text) is not None
    tokens = _RUN.sub(
        lambda run: f" {' '.join(_informative_bigrams(run, japanese=japanese))} ", text
    )
    return tokens if re.search(r"\w", tokens) else tokenize_for_index(question)


def _informative_bigrams(run: re.Match[str], *, japanese: bool) -> Iterator[str]:
    """Yield the bigrams of one run, without those of words that only ask."""
    whole = _units(run)
    for piece in _pieces(run[0], run.lastgroup or "", japanese=japanese):
        units = _syllables(piece) if run.lastgroup == "syllables" else list(piece)
        if len(units) > 1 or units == whole:
            yield from _bigrams(units)


def _pieces(run: str, script: str, *, japanese: bool) -> list[str]:
    if script == "han":
        return (_KANJI_QUESTION_WORDS if japanese else _CHINESE_QUESTION_WORDS).split(run)
    if script == "hiragana":
        return [piece.strip(_PARTICLES) for piece in _JAPANESE_FUNCTION_WORDS.split(run)]
    if script == "hangul":
        return (
            [] if _KOREAN.match(run) or run in _KOREAN_PARTICLES else [_KOREAN_ENDINGS.sub("", run)]
        )
    if script == "syllables":
        return _syllabic_question_words().split(run)
    return [run]


def _units(run: re.Match[str]) -> list[str]:
    """Return the units that are paired: characters or syllables."""
    return _syllables(run[0]) if run.lastgroup == "syllables" else list(run[0])


def _syllables(run: str) -> list[str]:
    return _SYLLABLE.findall(re.sub(f"[{_ZERO_WIDTH}]", "", run))


def _bigrams(units: list[str]) -> list[str]:
    return ["".join(units[at : at + 2]) for at in range(len(units) - 1)] or units
