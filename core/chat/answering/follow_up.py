"""Follow-up questions: rules that find them, and the queries to search for."""

from core.base.lazy_regex import lazy_pattern
from core.chat.conversations.conversation import Conversation, Role

SHORT = 4
"""Most words of a question that is taken as a follow-up whatever it says."""

_WORD = lazy_pattern(r"[^\W\d_]+")
_QUOTES = str.maketrans("", "", '"“”„«»「」『』')
_REFERRING = frozenset(
    """and but or so also then it its this that these those they them their he she him her his
    there one ones above again more another other same previous earlier answer yours
    first second third last next former latter both
    explain summarise summarize translate shorter longer briefly rephrase continue elaborate
    und aber oder auch dann es das dies diese dieser dieses sie ihr ihnen er ihn ihm dort dazu davon
    nochmal mehr andere vorherige antwort erkläre übersetze kürzer länger erste zweite dritte letzte
    et mais ou aussi il elle ils elles ce cela ces leur encore plus autre même réponse explique
    y pero también él ella ellos eso esto esos otra otro más misma respuesta explica""".split()  # noqa: SIM905 - 100 quoted words read worse
)
_ASKING = frozenset(
    """a an the of in on at to for from by with about as is are was were be been has have had do
    does did can could will would should may might must what when where which who whom whose why
    how much many long far please tell me my you your i we our us if not no any some all each
    der die den dem des ein eine einer eines einem einen ist sind war waren wird werden hat haben
    was wann wo wer wen wem welche welcher welches warum wie viel viele lange bitte für von zu zum
    zur mit auf aus bei nach über in im an am ich wir mein unser
    le la les un une du de des est sont était a ont que qui quoi quand où comment combien pourquoi
    quel quelle dans pour par sur avec je nous mon notre
    los las unos unas es son era fue ha han qué quién cuándo dónde cómo cuánto cuál por para con
    en del al yo mi nuestro""".split()  # noqa: SIM905 - see above
)


def is_follow_up(conversation: Conversation, question: str) -> bool:
    """Return whether a question may refer to what was said before."""
    words = [word.casefold() for word in _WORD.findall(question)]
    short = len(words) <= SHORT or not _REFERRING.isdisjoint(words)
    return short and bool(_questions(conversation))


def search_queries(conversation: Conversation, question: str) -> list[str]:
    """Return the queries to try one after the other, until something is found.

    The question alone comes first, so that a change of subject is recognised. A follow-up is also
    searched for together with the question before it, and only so if it has no content words of
    its own ("and the second one?"). The last queries are the same without quotation marks, which
    would require an exact match.
    """
    queries = [question]
    if is_follow_up(conversation, question):
        both = f"{_questions(conversation)[-1]}\n{question}"
        has_content = not all(is_function_word(word) for word in _WORD.findall(question))
        queries = [question, both] if has_content else [both]
    unquoted = [query.translate(_QUOTES) for query in queries]
    return list(dict.fromkeys([*queries, *unquoted]))


def has_sources(conversation: Conversation) -> bool:
    """Whether passages were sent earlier in the shown path.

    Those of what the app itself said were not: it has no fingerprint of a model.
    """
    return any(turn.sources and turn.fingerprint for turn in conversation.path())


def is_function_word(word: str) -> bool:
    """Return whether a word only asks or refers, and says nothing about the subject."""
    return word.casefold() in _REFERRING or word.casefold() in _ASKING


def _questions(conversation: Conversation) -> list[str]:
    return [turn.text for turn in conversation.path() if turn.role is Role.USER]
