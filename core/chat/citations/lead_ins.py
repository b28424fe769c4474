"""Lead-ins of answers: words before what an answer states, which no source holds.

"The answer is: 940 pounds" states what "940 pounds" does. Read with its lead-in, a right answer
loses its mark, and a wrong one isn't called contradicted
(`tests/benchmarks/sentences/short_answers.py`).
"""

import re

from core.base.lazy_regex import lazy_pattern

_ANSWER_IS = lazy_pattern(
    r"""\W*(?:
    (?:(?:so|therefore|thus|hence),?\s)?(?:the|your|my)\s(?:correct\s|right\s|short\s|final\s)?answer
      (?:\sto\s(?:the|this|that|your)\squestion)?\s(?:is|would\sbe)(?:\sthat)?\b
    |die\s(?:richtige\s|kurze\s)?antwort(?:\sauf\s(?:die|diese|deine|ihre)\sfrage)?\s(?:ist|lautet)\b
    |la\s(?:bonne\s)?réponse(?:\sà\s(?:la|cette|votre|ta)\squestion)?\sest\b(?:\sque\b)?
    |la\srespuesta(?:\s(?:correcta|a\s(?:la|esta|su|tu)\spregunta))?\ses\b(?:\sque\b)?
    |la\srisposta(?:\salla\s(?:tua\s|sua\s)?domanda)?\sè\b(?:\sche\b)?
    |a\sresposta(?:\s[àa]\s(?:sua\s|tua\s)?pergunta)?\sé\b(?:\sque\b)?
    |het\santwoord(?:\sop\s(?:de|deze|je|uw)\svraag)?\s(?:is|luidt)\b(?:\sdat\b)?
    |odpowiedź(?:\sna\s(?:to\s|twoje\s)?pytanie)?\s(?:to|brzmi)\b
    |odpověď(?:\sna\sotázku)?\s(?:je|zní)\b
    |(?:правильный\s)?ответ(?:\sна\s(?:этот\s|ваш\s|твой\s)?вопрос)?\s?(?=[:—–-])
    |відповідь(?:\sна\s(?:це\s|ваше\s)?(?:за)?питання)?\s?(?=[:—–-])
    |(?:answer|antwort|réponse|respuesta|risposta|resposta|antwoord|cevap|yanıt|उत्तर|odpowiedź
      |odpověď)\s?(?=[:：])
    |(?:الجواب|الإجابة)(?:\sعلى\sالسؤال)?\s(?:هو|هي)\b
    |(?:正确)?答案(?:是|为|為|(?=[:：]))
    |(?:答え|回答)(?:は|(?=[:：]))
    )[\s:：,，、—–-]*""",
    re.IGNORECASE | re.VERBOSE,
)
_BY_SOURCES = lazy_pattern(
    r"""\W*(?:(?:
    (?:based\son|according\sto|as\s(?:stated|mentioned|described|shown)\sin)\s(?:the|your)\s
      (?:provided\s|given\s|above\s|available\s)?(?:text|context|passage|document|source|information
      |excerpt|file|folder)s?(?:\s(?:provided|given|above|you\sprovided))?
    |in\sthe\s(?:provided\s|given\s)?(?:text|passage|document|excerpt)s?(?:\sprovided)?
    |(?:d['’]après|selon)\s(?:le|les)\s(?:texte|contexte|passage|document|source|information)s?
      (?:\sfourni(?:e?s)?)?
    |(?:según|de\sacuerdo\scon)\s(?:el|la|los|las)\s(?:texto|contexto|pasaje|documento|fuente
      |información)s?(?:\sproporcionad[oa]s?)?
    |secondo\s(?:il|i|la|le)\s(?:testo|testi|contesto|documento|documenti|font[ei])
    |(?:segundo|de\sacordo\scom|conforme)\s(?:o|a|os|as)\s(?:texto|contexto|documento|fonte
      |informaç(?:ão|ões))s?
    |согласно\s(?:тексту|документу|документам|контексту|источнику)
    |(?:згідно\sз|відповідно\sдо)\s(?:текст(?:ом|у)|документ(?:ом|а)|контекст(?:ом|у))
    |根据(?:所提供的|提供的|上述|给定的)?(?:文本|文档|上下文|资料|信息|文件)
    )\s?[,，、:]\s*
    |(?:
    the\s(?:provided\s|given\s)?(?:text|passage|document|excerpt|source)s?\s
      (?:says?|states?|mentions?|indicates?|explains?)\sthat
    |(?:im\s(?:text|dokument|abschnitt)\ssteht|(?:der\stext|das\sdokument)\s(?:besagt|sagt)),\sdass
    |le\s(?:texte|document|passage)\s(?:dit|indique|précise)\sque
    |el\s(?:texto|documento|pasaje)\s(?:dice|indica|menciona)\sque
    )\s+)""",
    re.IGNORECASE | re.VERBOSE,
)


def lead_in_length(sentence: str) -> int:
    """Return how many characters of a sentence lead to what it states; 0 if all of it states."""
    at = 0
    for pattern in (_BY_SOURCES, _ANSWER_IS):
        if found := pattern.match(sentence, at):
            at = found.end()
    return at
