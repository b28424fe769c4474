"""Refusal phrases: whether a reply says that the answer isn't there, by its words.

Used where a reply carries no verdict of its own: a plain chat, an own server, an imported result.
A reply that goes on to answer is no refusal, so only its beginning counts, and a short reply whole.
"""

import re

_BEGINNING = 240
"""Characters of a reply that are looked at."""
_ENGLISH = (
    r"\b(?:do(?:es)?|did|is|are|was|were|can|could)(?: not|n['’]t) (?:\w+ ){0,4}?(?:mention|state"
    r"|sa(?:y|id)|specif|contain|provide|tell|indicate|answer|know|find|found|determine|appear"
    r"|available|information)"
    r"|\b(?:cannot|can['’]t|unable to|not able to|could not) (?:\w+ ){0,2}?(?:find|answer|determine"
    r"|tell|provide|say)"
    r"|\bno (?:\w+ ){0,3}?(?:information|mention|answer|passage|document|evidence|details?)\b"
    r"|\bnothing (?:about|on|in|was found)\b|\bI don['’]t know\b|\bunknown\b"
    r"|\bnot (?:mentioned|stated|specified|given|provided|found|available|included|listed|named"
    r"|known)\b"
)
_GERMAN = (
    r"\b(?:nicht|keine?[nrms]?) (?:\w+ ){0,4}?(?:erwähnt|genannt|angegeben|enthalten|gefunden"
    r"|beantwort|angaben?|information|hinweis|antwort|bekannt|auskunft|hervor)"
    r"|\bnichts (?:\w+ ){0,3}?(?:gefunden|darüber|dazu)\b|\bweiß (?:\w+ )?nicht\b"
    r"|\bkann (?:\w+ ){0,3}?nicht (?:\w+ )?(?:beantwort|finden|sagen)"
)
_FRENCH = (
    r"\b(?:ne |n['’])\w+ (?:\w+ )?(?:pas|rien|aucune?)\b.{0,60}?(?:mention|indiqu|précis|contien"
    r"|répon|fourni|trouv|information|dit)"
    r"|\bne (?:mentionne|contient|précise|fournit|indique|sais)\w* pas\b"
    r"|\baucune (?:information|mention|réponse)\b"
)
_SPANISH = (
    r"\bno (?:se )?(?:menciona|indica|especifica|contiene|proporciona|encuentra|encontr|aparece|sé"
    r"|puedo|hay (?:\w+ )?información)|\bninguna (?:información|mención)"
)
_RUSSIAN = "не (?:упомина|указан|содерж|найден|сказан|знаю|могу)|нет (?:информации|ответа|данных)"
_CHINESE = (
    "(?:没有|沒有|未|无法|無法|不).{0,6}?(?:提到|提及|说明|說明|信息|資訊|答案|回答|包含)"
    "|找不到|不知道"
)
_ARABIC = r"لا (?:ي|ت|أ)\w+|لم (?:ي|ت)\w+|غير (?:مذكور|موجود|متوفر|معروف)"
_JAPANESE = (
    "見つかりません|記載(?:が|は)(?:ない|ありません)|わかりません|分かりません|書かれていません"
)
_THAI_OR_HINDI = "ไม่(?:มีข้อมูล|พบ|ทราบ|ระบุ)|(?:जानकारी|उल्लेख|उत्तर) नहीं"
_LANGUAGES = (
    _ENGLISH, _GERMAN, _FRENCH, _SPANISH, _RUSSIAN, _CHINESE, _ARABIC, _JAPANESE, _THAI_OR_HINDI,
)  # fmt: skip
_PHRASES = re.compile("|".join(_LANGUAGES), re.IGNORECASE)


def is_refusal(reply: str) -> bool:
    """Return whether a reply only says that it isn't there; an empty one is a refusal, too."""
    beginning = " ".join(reply.split())[:_BEGINNING]
    return not beginning or _PHRASES.search(beginning) is not None
