"""Conversion between saved turns and engine messages: earlier turns, sources, statistics, notes."""

from collections.abc import Sequence

from core.base.i18n import _, ngettext
from core.chat.answering.conversation_summary import TranscriptTurn, summary_turns
from core.chat.answering.tool_transcript import answer_turns
from core.chat.conversations.conversation import (
    AnswerStatistics,
    Conversation,
    Role,
    Source,
    Turn,
)
from core.messages import AnswerDone, PromptFitted, PromptSource, PromptTurn, SearchHit


def turns_for_model(
    conversation: Conversation, answer_id: str, fingerprint: str
) -> tuple[TranscriptTurn, ...]:
    """Return what leads to the answer `answer_id`, as the model with `fingerprint` reads it.

    A summary replaces the turns that it covers. A question without an answer of the model (it was
    stopped or failed before its first word, or the app said that nothing was found) is left out
    together with that answer: templates require questions and answers in turn.
    """
    path = [turn for turn in conversation.path() if turn.turn_id != answer_id]
    turns: list[TranscriptTurn] = []
    summary = conversation.applicable_summary()
    if summary is not None:
        last = next(place for place, turn in enumerate(path) if turn.turn_id == summary.last_id)
        turns += summary_turns(summary, fingerprint)
        path = path[last + 1 :]
    for place, turn in enumerate(path):
        if turn.role is Role.ASSISTANT:
            if _is_from_model(turn):
                known = turn.token_ids if turn.fingerprint == fingerprint else ()
                turns += [TranscriptTurn(turn.turn_id, each) for each in answer_turns(turn, known)]
            continue
        following = path[place + 1] if place + 1 < len(path) else None
        if following is None or following.role is not Role.ASSISTANT or _is_from_model(following):
            prompt = PromptTurn(role=turn.role, text=turn.sent or turn.text, plain=turn.text)
            turns.append(TranscriptTurn(turn.turn_id, prompt))
    return tuple(turns)


def _is_from_model(turn: Turn) -> bool:
    return bool(turn.raw and turn.fingerprint)


def sources_from_hits(hits: Sequence[SearchHit]) -> tuple[Source, ...]:
    """Return the hits as sources, numbered from 1; they are copies, which outlive re-indexing."""
    return tuple(
        Source(
            n=n,
            folder_id=hit.folder_id,
            folder=hit.folder,
            file=hit.file,
            path=hit.path,
            page=hit.page,
            heading=hit.heading,
            text=hit.text,
            content_hash=hit.content_hash,
            score=hit.score,
        )
        for n, hit in enumerate(hits, start=1)
    )


def prompt_sources(hits: Sequence[SearchHit]) -> tuple[PromptSource, ...]:
    """Return the hits as sources of a prompt, with the same numbers."""
    return tuple(
        PromptSource(n=n, label=_label(hit), passage=hit.text, section=hit.section, whole=hit.whole)
        for n, hit in enumerate(hits, start=1)
    )


def _label(hit: SearchHit) -> str:
    """Return file, page and heading for the model; names often decide between similar passages."""
    parts = [hit.file]
    if hit.page is not None:
        parts.append(f"page {hit.page}")
    if hit.heading:
        parts.append(hit.heading)
    return ", ".join(parts)


def answer_statistics(
    done: AnswerDone,
    seconds_to_first_token: float,
    seconds_of_thinking: float,
    context: int,
) -> AnswerStatistics:
    """Return the statistics; `seconds_to_first_token` count from the question, search included."""
    return AnswerStatistics(
        prompt_tokens=done.prompt_tokens,
        cached_tokens=done.cached_tokens,
        completion_tokens=done.completion_tokens,
        thinking_tokens=done.thinking_tokens,
        seconds_to_first_token=seconds_to_first_token,
        seconds_of_thinking=seconds_of_thinking,
        tokens_per_second=done.tokens_per_second,
        checks=done.checks,
        drafted_tokens=done.drafted_tokens,
        accepted_tokens=done.accepted_tokens,
        stop=done.stop,
        context=context,
    )


def thought_only_note() -> str:
    """Return the note that nothing but thinking came."""
    return _("The model only thought, and came to no answer; a longer limit may let it.")


def searched_note(query: str) -> str:
    """Return the note on the query; "" if it was the question as it was asked."""
    return _("Searched for: “{query}”.").format(query=query) if query else ""


def left_out_note(fitted: PromptFitted) -> str:
    """Return the note on what did not fit; "" if everything did."""
    notes: list[str] = []
    if fitted.turns_left_out:
        notes.append(
            ngettext(
                "{count} early message of this chat no longer fits the model's context.",
                "{count} early messages of this chat no longer fit the model's context.",
                fitted.turns_left_out,
            ).format(count=fitted.turns_left_out)
        )
    if fitted.sources_left_out:
        notes.append(
            ngettext(
                "{count} less relevant passage was left out.",
                "{count} less relevant passages were left out.",
                fitted.sources_left_out,
            ).format(count=fitted.sources_left_out)
        )
    return " ".join(notes)
