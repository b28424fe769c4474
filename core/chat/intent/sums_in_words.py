"""Sums in words: "what is twelve times 7", in ten languages; all match folded text."""

# ruff: noqa: E501 - a line is one list of alternatives

import re
from collections.abc import Iterable
from functools import cache

from core.base.lazy_regex import lazy_pattern
from core.chat.intent.number_words import (
    ARTICLES,
    CHINESE_LETTERS,
    DOZEN,
    HUNDRED,
    JOINERS,
    MILLION,
    THOUSAND,
    compound_parts,
    counting_values,
)

_LEADS = lazy_pattern(
    r"^(?:what(?:'s| is| are| does| do)|how much (?:is|are|does)|calculate|compute|work out|tell me"
    r"|was (?:ist|sind|ergibt|ergeben|macht)|wie ?viel (?:ist|sind|macht|ergibt|gibt)|rechne(?: mir)?(?: bitte)?(?: aus)?|berechne"
    r"|combien (?:font|fait|vaut|ça fait)|que (?:fait|font|vaut)|calcule(?:z)?(?:[- ]moi)?"
    r"|cu[áa]nto (?:es|son|da|hace|vale)|calcula(?:r|me)?|quanto (?:fa|fanno|é|è|e|dá|da|são)|calcola"
    r"|сколько(?: будет| это)?|посчитай(?:те)?|вычисли(?:те)?|чему равно"
    r"|كم (?:يساوي|حاصل|ناتج|هو|يكون)|كم|ما (?:هو )?(?:ناتج|حاصل)|احسب"
    r"|(?:请问|请|问|帮我)*(?:计算|算)?(?:一下)?)[\s:,]*"
)
_TAILS = lazy_pattern(
    r"[\s,]*(?:(?:is|equals?|makes?) what|equals?(?: to what)?|ergibt(?: was)?|gleich|égale?|(?:font|fait) combien"
    r"|es igual a(?: cuánto)?|равно(?: сколько)?|يساوي(?: كم)?|等于(?:多少|几)?|是多少|得(?:多少|几)"
    r"|は(?:いくつ|何|なに|いくら)?(?:ですか|になりますか|でしょうか)?|please|bitte|por favor|s'il (?:te|vous) plaît|пожалуйста)$"
)
_OPERATORS = lazy_pattern(
    r"\s*(?:[+*/×÷]|加上?|减去?|乘以?|除以|足す|たす|引く|ひく|かける|掛ける|割る|わる|プラス|マイナス"
    r"|(?<!\w)(?:x|plus|minus|times|multiplied by|divided by|to the power of|mal|(?:geteilt |dividiert )?durch|multipliziert mit|hoch"
    r"|fois|moins|(?:divisé|multiplié)e? par|por|más|mas|menos|entre|(?:dividido|multiplicado) (?:entre|por|para)|vezes|mais"
    r"|per|più|meno|diviso(?: per)?|moltiplicato per|плюс|минус|(?:у|по)множить на|умноженное на|(?:раз|по)?делить на"
    r"|زائد|ناقص|ضرب|في|على|(?:مضروبا?ً?|ضرب) في|(?:مقسوما?ً?|تقسيم|قسمة) على"
    r"|(?:percent|per cent) of|prozent von|pour cent de|por ciento de|per cento di|por cento de|процентов от)(?!\w)"
    r"|% (?:of|von|de|di|от))\s*"
)


@cache
def _number_pattern() -> re.Pattern[str]:
    """Return what one number matches: figures, or up to nine words of numbers."""
    german, italian = compound_parts()
    words = set(counting_values())
    for line in (*HUNDRED.values(), *THOUSAND.values()):
        words.update(line.split())
    words |= {MILLION, DOZEN, *JOINERS, *ARTICLES}
    word = (
        rf"(?:{_any_of(german)}){{1,9}}|(?:{_any_of(italian)}){{1,6}}|و?(?:{_any_of(words)})"
        rf"|[{''.join(sorted(CHINESE_LETTERS))}]{{1,12}}"
    )
    return re.compile(rf"[-−]?[\d٠-٩][\d٠-٩.,]*%?|(?:{word})(?:[- ](?:{word})){{0,8}}")


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=lambda each: (-len(each), each)))


def sum_matter(folded: str) -> str:
    """Return a message without the words that ask what a sum makes."""
    return _TAILS.sub("", _LEADS.sub("", folded.strip(" ?!.=؟。？"), count=1))


def is_sum_in_words(folded: str) -> bool:
    """Return whether a message is only numbers with operators between them, in words or digits."""
    numbers = _OPERATORS.split(sum_matter(folded))
    return len(numbers) > 1 and all(_number_pattern().fullmatch(number) for number in numbers)
