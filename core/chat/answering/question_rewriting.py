"""Question rewriting: a follow-up written anew by the model so that it stands alone."""

from collections.abc import Sequence

from core.base.lazy_regex import lazy_pattern
from core.chat.answering.follow_up import is_function_word
from core.chat.conversations.conversation import Conversation, Role, Turn
from core.messages import Generate, PromptTurn, Sampling

REWRITING_SECONDS = 2.0
"""After so long the rules decide: whoever asked waits for the search."""
_TOKENS = 48
_TURNS = 4
_CHARACTERS = 400
"""Of each of the last turns, so many are shown: enough for its subject, and soon read."""
_LONGEST = 30
"""Words of a question; more than that, the model has begun to answer."""
_SAMPLING = Sampling(temperature=0.0, repeat_penalty=1.0)
_REQUEST = (
    "{conversation}\n\nWrite the last question anew so that it can be understood without the rest."
    " Keep its words, and put names and things for words like “it” and “that one”. Write one"
    " question and nothing else.\n\nLast question: {question}"
)
_WORD = lazy_pattern(r"\w+")
_LABEL = lazy_pattern(r"^[\w ]{1,24}:\s+")
_STEM = 5
"""Words that begin alike are one: "filters" keeps "filter"."""


def rewrite_request(conversation: Conversation, question: str, request_id: str) -> Generate:
    """Return the request that writes `question` anew."""
    shown = "\n".join(_line(turn) for turn in _earlier(conversation))
    text = _REQUEST.format(conversation=shown, question=question)
    return Generate(
        request_id=request_id,
        turns=(PromptTurn(role="user", text=text, plain=text),),
        sampling=_SAMPLING,
        max_tokens=_TOKENS,
    )


def accepted_rewrite(text: str, conversation: Conversation, question: str) -> str:
    """Return what the model wrote if it can be trusted, else "".

    It keeps every telling word of the question, adds at least one, and none that nobody said.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    line = _LABEL.sub("", lines[0]).strip(" \"'“”„*") if lines else ""
    words = _WORD.findall(line.casefold())
    asked = _telling(question)
    known = _telling(" ".join(turn.text for turn in _earlier(conversation)))
    new = _telling(line) - asked
    if not asked <= _telling(line) or not new or not new <= known or len(words) > _LONGEST:
        return ""
    return line


def _earlier(conversation: Conversation) -> Sequence[Turn]:
    spoken = [turn for turn in conversation.path() if turn.role is not Role.SYSTEM and turn.text]
    return spoken[-_TURNS:]


def _line(turn: Turn) -> str:
    speaker = "Question" if turn.role is Role.USER else "Answer"
    return f"{speaker}: {' '.join(turn.text.split())[:_CHARACTERS]}"


def _telling(text: str) -> set[str]:
    """Return the beginnings of the words that say what is meant."""
    return {word[:_STEM] for word in _WORD.findall(text.casefold()) if not is_function_word(word)}
