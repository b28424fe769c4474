"""Lead-ins of answers: words before what an answer states, which no source holds.

"The answer is: 940 pounds" states what "940 pounds" does. Read with its lead-in, a right answer
loses its mark, and a wrong one isn't called contradicted
(`tests/benchmarks/sentences/short_answers.py`).
"""

import re
from typing import NamedTuple

from core.base.lazy_regex import lazy_pattern


class _LeadIns(NamedTuple):
    """Patterns of one language, in which "␣" is any white space."""

    answer_is: str = ""
    """With its border: "the answer is that"."""
    answer: str = ""
    """The word before a colon: "Answer: …"."""
    by_sources: str = ""
    """Before a comma or colon: "according to the document"."""
    says_that: str = ""
    """Before a space: "the document says that"."""


_LANGUAGES = {
    "en": _LeadIns(
        answer_is=(
            r"(?:(?:so|therefore|thus|hence),?␣)?(?:the|your|my)␣(?:(?:correct|right|short|final)␣)?"
            r"answer(?:␣to␣(?:the|this|that|your)␣question)?␣(?:is|would␣be)(?:␣that)?\b"
        ),
        answer="answer",
        by_sources=(
            r"(?:based␣on|according␣to|as␣(?:stated|mentioned|described|shown)␣in)␣(?:the|your)␣"
            r"(?:(?:provided|given|above|available)␣)?(?:text|context|passage|document|source"
            r"|information|excerpt|file|folder)s?(?:␣(?:provided|given|above|you␣provided))?"
            r"|in␣the␣(?:(?:provided|given)␣)?(?:text|passage|document|excerpt)s?(?:␣provided)?"
        ),
        says_that=(
            r"the␣(?:(?:provided|given)␣)?(?:text|passage|document|excerpt|source)s?␣"
            r"(?:says?|states?|mentions?|indicates?|explains?)␣that"
        ),
    ),
    "de": _LeadIns(
        answer_is=(
            r"die␣(?:(?:richtige|kurze)␣)?antwort(?:␣auf␣(?:die|diese|deine|ihre)␣frage)?␣"
            r"(?:ist|lautet)\b"
        ),
        answer="antwort",
        says_that=(
            r"(?:im␣(?:text|dokument|abschnitt)␣steht|(?:der␣text|das␣dokument)␣(?:besagt|sagt))"
            r",␣dass"
        ),
    ),
    "fr": _LeadIns(
        answer_is=(r"la␣(?:bonne␣)?réponse(?:␣à␣(?:la|cette|votre|ta)␣question)?␣est\b(?:␣que\b)?"),
        answer="réponse",
        by_sources=(
            r"(?:d['’]après|selon)␣(?:le|les)␣(?:texte|contexte|passage|document|source|information)s?"
            r"(?:␣fourni(?:e?s)?)?"
        ),
        says_that=r"le␣(?:texte|document|passage)␣(?:dit|indique|précise)␣que",
    ),
    "es": _LeadIns(
        answer_is=(r"la␣respuesta(?:␣(?:correcta|a␣(?:la|esta|su|tu)␣pregunta))?␣es\b(?:␣que\b)?"),
        answer="respuesta",
        by_sources=(
            r"(?:según|de␣acuerdo␣con)␣(?:el|la|los|las)␣(?:texto|contexto|pasaje|documento|fuente"
            r"|información)s?(?:␣proporcionad[oa]s?)?"
        ),
        says_that=r"el␣(?:texto|documento|pasaje)␣(?:dice|indica|menciona)␣que",
    ),
    "it": _LeadIns(
        answer_is=r"la␣risposta(?:␣alla␣(?:(?:tua|sua)␣)?domanda)?␣è\b(?:␣che\b)?",
        answer="risposta",
        by_sources=(
            r"secondo␣(?:il|i|la|le)␣(?:testo|testi|contesto|documento|documenti|font[ei])"
        ),
    ),
    "pt": _LeadIns(
        answer_is=r"a␣resposta(?:␣[àa]␣(?:(?:sua|tua)␣)?pergunta)?␣é\b(?:␣que\b)?",
        answer="resposta",
        by_sources=(
            r"(?:segundo|de␣acordo␣com|conforme)␣(?:o|a|os|as)␣(?:texto|contexto|documento|fonte"
            r"|informaç(?:ão|ões))s?"
        ),
    ),
    "nl": _LeadIns(
        answer_is=(r"het␣antwoord(?:␣op␣(?:de|deze|je|uw)␣vraag)?␣(?:is|luidt)\b(?:␣dat\b)?"),
        answer="antwoord",
    ),
    "pl": _LeadIns(
        answer_is=r"odpowiedź(?:␣na␣(?:(?:to|twoje)␣)?pytanie)?␣(?:to|brzmi)\b",
        answer="odpowiedź",
    ),
    "cs": _LeadIns(answer_is=r"odpověď(?:␣na␣otázku)?␣(?:je|zní)\b", answer="odpověď"),
    "ru": _LeadIns(
        answer_is=(r"(?:правильный␣)?ответ(?:␣на␣(?:(?:этот|ваш|твой)␣)?вопрос)?\s?(?=[:—–-])"),
        by_sources=r"согласно␣(?:тексту|документу|документам|контексту|источнику)",
    ),
    "uk": _LeadIns(
        answer_is=r"відповідь(?:␣на␣(?:(?:це|ваше)␣)?(?:за)?питання)?\s?(?=[:—–-])",
        by_sources=(
            r"(?:згідно␣з|відповідно␣до)␣(?:текст(?:ом|у)|документ(?:ом|а)|контекст(?:ом|у))"
        ),
    ),
    "tr": _LeadIns(answer="cevap|yanıt"),
    "hi": _LeadIns(answer="उत्तर"),
    "ar": _LeadIns(answer_is=r"(?:الجواب|الإجابة)(?:␣على␣السؤال)?␣(?:هو|هي)\b"),
    "zh": _LeadIns(
        answer_is=r"(?:正确)?答案(?:是|为|為|(?=[:：]))",
        by_sources=("根据(?:所提供的|提供的|上述|给定的)?(?:文本|文档|上下文|资料|信息|文件)"),
    ),
    "ja": _LeadIns(answer_is=r"(?:答え|回答)(?:は|(?=[:：]))"),
}


def _any_of(field: str) -> str:
    rows = (getattr(each, field) for each in _LANGUAGES.values())
    return "|".join(filter(None, rows)).replace("␣", r"\s")


_ANSWER_IS = lazy_pattern(
    rf"\W*(?:{_any_of('answer_is')}|(?:{_any_of('answer')})\s?(?=[:：]))[\s:：,，、—–-]*",
    re.IGNORECASE,
)
_BY_SOURCES = lazy_pattern(
    rf"\W*(?:(?:{_any_of('by_sources')})\s?[,，、:]\s*|(?:{_any_of('says_that')})\s+)",
    re.IGNORECASE,
)


def lead_in_length(sentence: str) -> int:
    """Return how many characters of a sentence lead to what it states; 0 if all of it states."""
    at = 0
    for pattern in (_BY_SOURCES, _ANSWER_IS):
        if found := pattern.match(sentence, at):
            at = found.end()
    return at
