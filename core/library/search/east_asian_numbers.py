"""East Asian numbers: names with numbers where no space parts them: Chinese, Japanese, Korean.

"第18条", "合同18号", "제18조": the sign after a number says that it names something, and what.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_DIGITS, _UNITS = "零一二三四五六七八九", {"十": 10, "百": 100}
_FIGURES = rf"\d{{1,6}}|[{_DIGITS}〇两十百]{{1,6}}"
_NUMBER = rf"(?P<number>{_FIGURES})"
_NAME = r"(?P<name>[\u3400-\u9fff\u30a1-\u30fa\u30fc]{2}|[\uac00-\ud7a3]{2,}(?= ?\d))"
_ORDINAL = re.compile(
    rf"[第제] ?{_NUMBER} ?"
    r"(?P<sign>[条條章节節款项項版卷巻課课号號조장항호과권])"
)
"""The ordinal mark and a counted part: an article, a chapter. Not so an event ("第50届"): passages
about it often don't count it."""
_NAMED = re.compile(
    rf"{_NAME}第? ?{_NUMBER}"
    r"(?P<sign>[号號](?:[楼樓室线線])?|[栋棟幢室]|番地?|丁目|[호동](?!안)|번지)"
)
"""A name with its number: a contract, a house, a room. Two signs before the number are compared:
where a longer name begins, nothing shows."""
_NO_NAME_ENDS = "月年日第每共约約有"
"""After these the number counts, or is a day of a month ("每月3号")."""
_RANGE = re.compile(
    rf"({_FIGURES})\w?[-–—~～〜至到から부터]{{1,2}}[第제]? ?({_FIGURES}) ?(\w{{0,2}})"
)


_LETTERS_BEFORE = re.compile(r"[^\W\d_]{1,8}$")


class NamedNumber(NamedTuple):
    """A number with what it names: `name` is what stands before it, "" after an ordinal mark.

    `before` are the letters before `text`, to which a longer name may belong.
    """

    text: str
    name: str
    value: int
    sign: str
    before: str

    @property
    def spellings(self) -> list[str]:
        """As what it may stand in a document, without an ordinal mark before it."""
        figures = [str(self.value).zfill(width) for width in range(1, 5)]
        numbers = list(dict.fromkeys([*figures, numeral(self.value)]))
        marks = ("", "第") if self.name else ("",)
        return [f"{self.name}{mark}{each}{self.sign}" for each in numbers for mark in marks]


def named_numbers(text: str) -> list[NamedNumber]:
    """Return the named numbers of a text, in order of their kind."""
    plain = unicodedata.normalize("NFKC", text)
    return [*_found(_ORDINAL, plain), *_found(_NAMED, plain)]


def other_numbers(question: str, texts: Sequence[str]) -> Iterator[tuple[NamedNumber, NamedNumber]]:
    """Yield each number of a question that the texts lack, and their nearest one of that name."""
    asked = named_numbers(question)
    there = [each for text in texts for each in named_numbers(text)] if asked else []
    plain = [unicodedata.normalize("NFKC", text) for text in texts] if there else []
    ranges = [found for text in plain for found in _RANGE.findall(text)]
    for one in asked:
        others = [each for each in there if (each.name, each.sign) == (one.name, one.sign)]
        is_inside = any(
            sign.startswith(one.sign) and _value(first) <= one.value <= _value(last)
            for first, last, sign in ranges
        )
        if others and not is_inside and all(each.value != one.value for each in others):
            yield one, min(others, key=lambda each: abs(each.value - one.value))


def whole_names(one: NamedNumber, other: NamedNumber) -> tuple[str, str]:
    """Return the texts of two numbers, longer by what stands before both of them."""
    pairs = zip(reversed(one.before), reversed(other.before), strict=False)
    count = sum(1 for _pair in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    shared = one.before[len(one.before) - count :]
    return shared + one.text, shared + other.text


def numeral(value: int) -> str:
    """Return a number below 1,000 in Chinese signs; of a larger one its figures."""
    if not 0 < value < 1000:
        return str(value)
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    said = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        said += f"{_DIGITS[tens] if hundreds or tens > 1 else ''}十"
    elif hundreds and ones:
        said += _DIGITS[0]
    return said + (_DIGITS[ones] if ones else "")


def _found(pattern: re.Pattern[str], text: str) -> Iterator[NamedNumber]:
    for match in pattern.finditer(text):
        name = match.groupdict().get("name") or ""
        if not name or name[-1] not in _NO_NAME_ENDS:
            before = _LETTERS_BEFORE.search(text[: match.start()]) if name else None
            said = before[0] if before else ""
            yield NamedNumber(match[0], name, _value(match["number"]), match["sign"], said)


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    total = ones = 0
    for sign in number.replace("〇", "零").replace("两", "二"):
        if sign in _UNITS:
            total, ones = total + (ones or 1) * _UNITS[sign], 0
        else:
            ones = 10 * ones + _DIGITS.index(sign)
    return total + ones
