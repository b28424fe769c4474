"""Answer context: a hash of all that an answer depends on but its question."""

import hashlib
from typing import Any

import msgspec

from core.chat.answering.answer_request import AnswerRequest, DocumentUse
from core.chat.conversations.conversation import Conversation
from core.chat.store.answer_keys import AnswerKey

VERSION = 1
"""Counts up when answers come about in another way: then no earlier one is repeated."""


def may_be_repeated(request: AnswerRequest) -> bool:
    """Whether the answer to a request would be the same each time.

    That is so from folders, which are answered close to their words, and elsewhere if nothing is
    left to chance. Files that were picked may change unseen; the rest of an answer is none; another
    use of the documents is wanted for once.
    """
    if request.document_use is not DocumentUse.AUTO:
        return False
    if request.files or request.begun is not None:
        return False
    is_fixed = request.sampling.temperature == 0 or request.sampling.seed is not None
    return bool(request.folder_ids) or is_fixed


def is_first_question(request: AnswerRequest) -> bool:
    """Whether nothing was said before, so that another wording of it asks for the same."""
    return not request.conversation.path()


def answer_key(request: AnswerRequest, model: str, folders: str, version: str) -> AnswerKey:
    """Return the key of a request: what else its answer depends on, and its question.

    `model` names the weights and settings of the model, `folders` what is found in the folders,
    `version` that of the program.
    """
    context = (
        VERSION,
        version,
        model,
        folders,
        request.folder_ids and sorted(request.folder_ids),
        request.sampling,
        request.max_tokens,
        request.only_proven,
        request.adapters,
        request.system,
        request.document_use,
        request.only_proven,
        request.conversation.chat_style,
        _history(request.conversation),
    )
    return AnswerKey(_digest(context), _digest(" ".join(request.text.split())))


def _history(conversation: Conversation) -> Any:  # noqa: ANN401 - plain values
    summary = conversation.applicable_summary()
    turns = [(turn.role, turn.sent or turn.text, turn.raw) for turn in conversation.path()]
    return turns, summary.text if summary else ""


def _digest(value: Any) -> bytes:  # noqa: ANN401 - any values that msgpack holds
    return hashlib.sha256(msgspec.msgpack.encode(value)).digest()
