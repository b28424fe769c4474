"""Chat titles: by rules from the first question, better by the model when it is idle."""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from core.base.lazy_regex import lazy_pattern
from core.base.sentences import sentence_spans
from core.chat.conversations.conversation import Conversation, Role
from core.messages import Generate, PromptTurn, Sampling

TITLE_LENGTH = 60
_TOKENS = 24
_CHARACTERS = 500
"""Characters of question and answer in the prompt: enough for their subject, and soon read."""
_MOST_WORDS = 9
_SAMPLING = Sampling(temperature=0.0, repeat_penalty=1.0, thinking=False)
_REQUEST = (
    "Question: {question}\n\nAnswer: {answer}\n\nWrite a title of two to six words for this "
    "conversation, in its language. Write the title and nothing else."
)
_WORD = lazy_pattern(r"\w+")
_LABEL = lazy_pattern(r"^(?:\W{0,3}(?:title|titel|titre|título)\b\W*)+", re.IGNORECASE)
_REFUSAL = lazy_pattern(
    r"^(?:I|I['’]m|I['’]ll|We|You|As an|Sorry|Unfortunately|Sure|Certainly|Of course"
    r"|Here (?:is|are)|Ich|Wir|Leider|Gerne|Natürlich|Hier (?:ist|sind)|Je|Désolée?"
    r"|Voici|Lo siento|Aquí)\b",
    re.IGNORECASE,
)
"""How models begin that speak of themselves in place of giving a title."""
_WRAPPING = " \t\"'“”„«»*_#`.:-"
_STEM = 5
"""Characters that are compared: so "filters" counts as "filter"."""
_SHORT_QUESTION, _LEAST_STEMS = 40, 2
"""Characters that fit the list of chats, and the words that tell what a question is about."""
_UNENDING = frozenset(
    # English, German, French and Spanish
    (
        *("is", "are", "was", "were", "be", "the", "a", "an", "of", "to", "in", "on", "at"),
        *("for", "and", "or", "with", "by", "from", "that", "as"),
        *("ist", "sind", "war", "der", "die", "das", "den", "dem", "ein", "eine", "und", "oder"),
        *("von", "zu", "mit", "für", "im", "est", "sont", "le", "la", "les", "un", "une", "de"),
        *("du", "des", "et", "ou", "à", "en", "pour", "avec"),
        *("es", "son", "el", "los", "las", "y", "o", "para", "con", "por"),
    )
)
"""Words with which no title ends, but a sentence that was given up."""
_LITTLE = 3
"""Words up to this length are taken as function words."""


def title_from_question(question: str) -> str:
    """Return the first words of a question as a chat's title."""
    line = " ".join(question.split())
    if len(line) <= TITLE_LENGTH:
        return line
    return line[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


def title_after_talk(conversation: Conversation, is_talk: Callable[[str], bool]) -> str:
    """Return the title of a chat that began with a greeting; "" for any other.

    It is that of the first question that is no talk, and is there as soon as it was answered.
    """
    first, _ = _beginning(conversation)
    question, _ = _beginning(conversation, is_talk)
    return title_from_question(question) if question != first else ""


def title_request(
    conversation: Conversation, request_id: str, is_talk: Callable[[str], bool] | None = None
) -> Generate | None:
    """Return the request for a title from the first question and answer; None without both.

    None too for a short question: its own words name the chat better than a small model does.
    Questions that `is_talk` are passed over.
    """
    question, answer = _beginning(conversation, is_talk)
    if not question or not answer or _is_title(question):
        return None
    return Generate(
        request_id=request_id,
        turns=(_request(question, answer),),
        sampling=_SAMPLING,
        max_tokens=_TOKENS,
        drafting=False,
    )


def accepted_title(
    text: str,
    conversation: Conversation,
    *,
    cut_off: bool,
    is_talk: Callable[[str], bool] | None = None,
) -> str:
    """Return the model's title if it is usable, else "".

    It is one line of a few words, at least half of them from question and answer and one of them
    from the question, but not just their beginning, nor what a model says of itself or a word again
    and again: small models often do something else than they are asked.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    line = _LABEL.sub("", lines[0]).strip(_WRAPPING) if lines else ""
    line = " ".join(line.split())
    ended = not cut_off or len(lines) > 1
    words = _WORD.findall(line)
    if not words or len(words) > _MOST_WORDS or len(line) > TITLE_LENGTH or not ended:
        return ""
    if words[-1].casefold() in _UNENDING:
        return ""
    if len(sentence_spans(line)) > 1 or _REFUSAL.match(line) or _repeats_a_word(words):
        return ""
    beginning = _beginning(conversation, is_talk)
    if any(_start(text).casefold().startswith(line.casefold()) for text in beginning):
        return ""
    new, known = _content_stems(line), _content_stems(" ".join(beginning))
    if not new or len(new & known) * 2 < len(new) or not new & _content_stems(beginning[0]):
        return ""
    return line


def _is_title(question: str) -> bool:
    line = question.strip()
    is_short = len(line) <= _SHORT_QUESTION and "\n" not in line
    return is_short and len(_content_stems(line)) >= _LEAST_STEMS


def _repeats_a_word(words: Sequence[str]) -> bool:
    counted = Counter(word.casefold() for word in words if len(word) > _LITTLE)
    return any(count > 2 for count in counted.values())


def _beginning(
    conversation: Conversation, is_talk: Callable[[str], bool] | None = None
) -> tuple[str, str]:
    """Return the first question that was answered and is no talk, and its answer.

    Where all of it is talk: the first of it, without an answer.
    """
    question, talk = "", ""
    for turn in conversation.path():
        if turn.role is Role.USER:
            question = turn.text
        elif turn.role is Role.ASSISTANT and turn.text.strip():
            if is_talk is None or not is_talk(question):
                return question, turn.text
            talk = talk or question
    return talk or question, ""


def _request(question: str, answer: str) -> PromptTurn:
    text = _REQUEST.format(question=_start(question), answer=_start(answer))
    return PromptTurn(role="user", text=text, plain=text)


def _start(text: str) -> str:
    return " ".join(text.split())[:_CHARACTERS]


def _content_stems(text: str) -> set[str]:
    words = (word.casefold() for word in _WORD.findall(text))
    return {word[:_STEM] for word in words if len(word) > _LITTLE or word.isdigit()}
