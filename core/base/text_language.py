"""Text language: which language a text is in, as far as two texts need to be told apart.

The letters decide between scripts, function words between languages in Latin letters. Code, tables
and lists of names hold no function words: nothing is said of them.
"""

from collections import Counter

from core.base.lazy_regex import lazy_pattern

_WORD = lazy_pattern(r"[^\W\d_]+")
_SCRIPTS = (
    ("kana", "\u3041-\u30ff"),
    ("hangul", "\uac00-\ud7a3\u1100-\u11ff"),
    ("han", "\u3400-\u9fff"),
    ("cyrillic", "\u0400-\u052f"),
    ("greek", "\u0370-\u03ff"),
    ("arabic", "\u0600-\u06ff"),
    ("hebrew", "\u0590-\u05ff"),
    ("devanagari", "\u0900-\u097f"),
    ("thai", "\u0e00-\u0e7f"),
)
_LETTERS = tuple((name, lazy_pattern(f"[{letters}]")) for name, letters in _SCRIPTS)
_FUNCTION_WORDS = {
    "english": "the of and to in is that it was with be by are this from or an which what who when"
    " where how many did does do has have were can at as for on not they we you he she his her"
    " their its been will would there if but may must should could about after before than into",
    "german": "der die das und ist nicht mit den von zu dem ein eine auf für sich des wer was wann"
    " wo wie wird wurde welche welcher welches warum hat haben im in am an sind kann darf muss"
    " werden wurden einen einem einer eines es sie er ich wir aus bei nach zum zur dass oder auch"
    " aber nur bis vom kein keine sein war waren",
    "french": "le la les des et est une dans que qui pour pas sur au avec ce il du de quel quelle"
    " quand où comment combien un en par ne se sont aux elle ils nous vous cette ces son ses leur"
    " ou mais peut être était",
    "spanish": "el la los las en y una por con para del se un de qué quién cuándo dónde cómo cuál"
    " cuántos es que al fue su no son está hay sus como más pero le lo o muy ser esta este",
    "portuguese": "o os uma não com da do na em dos ao é um de que qual quem quando onde como por"
    " para são foi no e a as das nos nas pelo pela se mais mas ou está ser sua seu",
    "italian": "il di che non per è della con del una sono gli nel alla un la chi quando dove come"
    " quale cosa in e le lo i si da dei delle al dal più anche o ma questo questa essere",
    "dutch": "het een van dat niet zijn op te voor met de en is wie wat waar wanneer hoe welke in"
    " die er aan om ook als bij door maar naar uit deze wordt worden heeft hebben kan ik",
    "scandinavian": "og det er en et på av til som har ikke med den for hva hvem hvor når hvilken"
    " och att är som på av i vad vem var hvad hvornår inte om de ett ved fra från var men eller så"
    " kan vil",
    "polish": "i w z na do nie się jest że o po za od dla przez to jak co kto kiedy gdzie ile który"
    " która które są był była było być oraz ale lub tym tego czy ten ta jego jej ich pod przy może",
    "czech": "a v na je se že do s z o pro k za od po ve jsou byl byla bylo být ale nebo jako co"
    " kdo kdy kde kolik který která které jeho její jejich není tak při podle si ze to i",
    "turkish": "ve bir bu da de için ile ne olarak kim nerede nasıl kaç hangi olan daha çok en gibi"
    " kadar sonra önce değil var yok mi mı mu mü ama veya her ya ki o şu tarafından zaman olduğu",
    "hungarian": "a az és egy nem hogy is ez van meg de ki mi mikor hol hogyan mennyi milyen volt"
    " vagy csak már még mint el azt ezt lesz lehet kell",
    "finnish": "ja on ei se että oli hän joka kun mutta ovat myös mitä kuka missä milloin miten"
    " mikä kuinka tai sen jos niin voi ole olla",
    "romanian": "și în la de cu pe nu este un o din care să că se pentru au fost mai sunt sau ce"
    " cine când unde cum cât ale lui al a fi prin după dar",
    "indonesian": "yang dan di untuk dengan pada ini itu dari ke tidak adalah akan oleh apa siapa"
    " kapan berapa bagaimana dalam juga atau sebuah ada telah bisa dapat",
    "vietnamese": "và của là các có cho không được trong một những với đã này khi người tại từ về"
    " bao nào gì ai để ở bị",
}
_WORDS = {name: frozenset(words.split()) for name, words in _FUNCTION_WORDS.items()}
_FEWEST, _CLEARLY = 2, 2
"""Different function words that tell a language from another one, and how many for each of the
other's: "van", which English has too, may stand in every row of a table."""


def detect_language(text: str) -> str:
    """Return a script or, in Latin letters, a language; "" if that can't be told.

    Kana stands for Japanese, even among more Chinese characters.
    """
    counts = {name: len(letters.findall(text)) for name, letters in _LETTERS}
    if counts["kana"] * 5 >= counts["han"]:
        counts["kana"] += counts.pop("han")
    most = max(counts, key=lambda name: counts[name])
    if counts[most] * 2 > sum(letter.isalpha() for letter in text):
        return most
    return _latin_language(text)


def is_other_language(text: str, question: str, evidence: str) -> bool:
    """Return whether evidence is in another language than a text, as far as that can be told.

    Names may look like function words: each side must have twice as many of its own language as of
    the other's. A text that doesn't tell its own is taken to be in the language of its question.
    """
    read = detect_language(evidence)
    if not read:
        return False
    said = detect_language(text)
    if said == read:
        return False
    if not said or (said in _WORDS and not _is_clearly(text, said, read)):
        said = detect_language(question)
        if said in _WORDS and not _is_clearly(question, said, read):
            return False
    if not said or said == read:
        return False
    return said not in _WORDS or read not in _WORDS or _is_clearly(evidence, read, said)


def _is_clearly(text: str, language: str, other: str) -> bool:
    counts = _function_words(text)
    return counts[language] >= max(_FEWEST, _CLEARLY * counts[other])


def _latin_language(text: str) -> str:
    found = _function_words(text)
    (first, most), (_second, next_most) = found.most_common(2) or (("", 0), ("", 0))
    return first if most > next_most else ""


def _function_words(text: str) -> Counter[str]:
    present = set(_WORD.findall(text.lower()))
    return Counter({name: len(present & words) for name, words in _WORDS.items()})
