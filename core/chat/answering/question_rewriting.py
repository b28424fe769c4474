"""Question rewriting: the model makes a follow-up question clear without the chat."""

from collections.abc import Sequence

from core.base.lazy_regex import lazy_pattern
from core.chat.answering.follow_up import is_function_word
from core.chat.conversations.conversation import Conversation, Role, Turn
from core.messages import Generate, PromptTurn, Sampling

REWRITING_SECONDS = 2.0
"""Longest wait for the model; after it the rules of `follow_up` make the query."""
_TOKENS = 48
_TURNS = 4
_CHARACTERS = 400
"""Characters of each of the last turns in the prompt: enough for its subject, and soon read."""
_LONGEST = 30
"""Most words of a question; with more, the model has begun to answer it."""
_SAMPLING = Sampling(temperature=0.0, repeat_penalty=1.0)
_REQUEST = (
    "{conversation}\n\nWrite the last question anew so that it can be understood without the rest."
    " Keep its words, and put names and things for words like “it” and “that one”. Write one"
    " question and nothing else.\n\nLast question: {question}"
)
_WORD = lazy_pattern(r"\w+")
_LABEL = lazy_pattern(r"^[\w ]{1,24}:\s+")
_STEM = 5
"""Characters that are compared: so "filters" counts as "filter"."""


def rewrite_request(conversation: Conversation, question: str, request_id: str) -> Generate:
    """Return the request to rewrite `question`."""
    shown = "\n".join(_line(turn) for turn in _earlier(conversation))
    text = _REQUEST.format(conversation=shown, question=question)
    return Generate(
        request_id=request_id,
        turns=(PromptTurn(role="user", text=text, plain=text),),
        sampling=_SAMPLING,
        max_tokens=_TOKENS,
    )


def accepted_rewrite(text: str, conversation: Conversation, question: str) -> str:
    """Return the model's question if it can be trusted, else "".

    It has every content word of the question, at least one more, and none that is not in the chat.
    """
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    line = _LABEL.sub("", lines[0]).strip(" \"'“”„*") if lines else ""
    words = _WORD.findall(line.casefold())
    asked = _content_stems(question)
    known = _content_stems(" ".join(turn.text for turn in _earlier(conversation)))
    new = _content_stems(line) - asked
    if not asked <= _content_stems(line) or not new or not new <= known or len(words) > _LONGEST:
        return ""
    return line


def _earlier(conversation: Conversation) -> Sequence[Turn]:
    turns = [turn for turn in conversation.path() if turn.role is not Role.SYSTEM and turn.text]
    return turns[-_TURNS:]


def _line(turn: Turn) -> str:
    speaker = "Question" if turn.role is Role.USER else "Answer"
    return f"{speaker}: {' '.join(turn.text.split())[:_CHARACTERS]}"


def _content_stems(text: str) -> set[str]:
    """Return the beginnings of the words that are no function words."""
    return {word[:_STEM] for word in _WORD.findall(text.casefold()) if not is_function_word(word)}
