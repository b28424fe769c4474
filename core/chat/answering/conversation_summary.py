"""Conversation summary: the request that sums up early turns when a chat outgrows the context.

A summary is the model's answer to one more request over the transcript that it has read, so most of
its prompt is in the cache. The following prompts contain it as that request and its answer: as
words of the model, never of the person.
"""

from typing import NamedTuple

from msgspec import structs

from core.base.sentences import sentence_spans
from core.chat.conversations.conversation import ConversationSummary
from core.messages import AnswerDone, Generate, PromptTurn, Sampling

SUMMARISE, ASK, LEAVE_OUT = "summarise", "ask", "leave_out"
"""The choices of the setting `when_full`."""

SUMMARY_TOKENS = 256
SUMMARY_SHARE = 1 / 8
"""Most tokens of a summary, and its largest share of the context: small models ramble, and a
summary of early turns must not crowd out the turns that are still in the prompt."""
SHARE_AFTER_SUMMARY = 1 / 2
"""Share of the context that the prompt takes after a summary, so that not every turn needs one."""
MAX_SUMMARY_ROUNDS = 4
"""Most summaries for one answer; a chat from a longer context may need several."""

SUMMARY_REQUEST = (
    "Sum up our conversation so far in at most five short sentences, in its language. Keep names, "
    "figures, decisions and open questions. Write the summary alone."
)
SUMMARY_SAMPLING = Sampling(temperature=0.2, repeat_penalty=1.0, dry_multiplier=0.8, thinking=False)


class TranscriptTurn(NamedTuple):
    """A turn as the model reads it, and the id of the saved turn, "" for a summary's."""

    turn_id: str
    turn: PromptTurn


def summary_token_limit(context: int) -> int:
    """Return the most tokens that a summary may have."""
    return max(1, min(SUMMARY_TOKENS, int(context * SUMMARY_SHARE)))


def summary_turns(
    summary: ConversationSummary, fingerprint: str
) -> tuple[TranscriptTurn, TranscriptTurn]:
    """Return the turns that replace those that `summary` covers."""
    known = summary.token_ids if summary.fingerprint == fingerprint else ()
    return (
        TranscriptTurn("", PromptTurn(role="user", text=SUMMARY_REQUEST, plain=SUMMARY_REQUEST)),
        TranscriptTurn("", PromptTurn(role="assistant", text=summary.text, token_ids=known)),
    )


def summary_request(answer: Generate, early: int, context: int) -> Generate:
    """Return the request to summarise the first `early` turns of the request for an answer."""
    turns = (
        *answer.turns[:early],
        PromptTurn(role="user", text=SUMMARY_REQUEST, plain=SUMMARY_REQUEST),
    )
    return structs.replace(
        answer,
        turns=turns,
        sources=(),
        sampling=SUMMARY_SAMPLING,
        max_tokens=summary_token_limit(context),
        state_folder="",
        may_leave_out=True,
        shortens_ahead=False,
        begun="",
        begun_ids=(),
    )


def complete_sentences(done: AnswerDone) -> tuple[str, tuple[int, ...]]:
    """Return a summary's text and tokens; one that was cut off ends after its last sentence."""
    text = done.text.strip()
    if done.stop != "length":
        return text, done.token_ids
    spans = sentence_spans(text)
    whole = text[: spans[-2][1]] if len(spans) > 1 else text
    return whole, done.token_ids if whole == done.text else ()
