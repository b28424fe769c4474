"""Answer fields: sources, citations, verdicts and agreement of an answer as scripts get them."""

import datetime as dt

import msgspec

from core.chat.conversations.assurance import Agreement, RecalledAnswer
from core.chat.conversations.conversation import (
    AnswerStatistics,
    Citation,
    JudgedSentence,
    Source,
)
from core.chat.conversations.tool_calls import RecordedCall
from core.messages.search_fields import count_or_none


def agreement_fields(agreement: Agreement) -> dict[str, object]:
    """Return how many answers agree, and what the others say, as scripts get it."""
    fields: dict[str, object] = msgspec.to_builtins(agreement)
    return fields


def recalled_fields(recalled: RecalledAnswer) -> dict[str, object]:
    """Return the earlier answer that an answer repeats, as scripts get it."""
    answered = dt.datetime.fromtimestamp(recalled.answered, dt.UTC)
    return {
        "chat": recalled.chat_id,
        "turn": recalled.turn_id,
        "answered": answered.isoformat(timespec="milliseconds"),
        "question": recalled.question or None,
    }


def source_fields(source: Source) -> dict[str, object]:
    """Return a source as scripts get it."""
    return {
        "n": source.n,
        "file": source.file,
        "path": source.path,
        "page": source.page,
        "heading": source.heading,
        "text": source.text,
        "score": round(source.score, 4),
    }


def citation_fields(citation: Citation) -> dict[str, object]:
    """Return a citation as scripts get it; positions count characters of answer and source."""
    return {
        "n": citation.n,
        "start": citation.start,
        "end": citation.end,
        "source_start": citation.source_start,
        "source_end": citation.source_end,
    }


def sentence_fields(sentence: JudgedSentence) -> dict[str, object]:
    """Return the verdict on a sentence as scripts get it."""
    return {
        "start": sentence.start,
        "end": sentence.end,
        "verdict": sentence.verdict.value,
        "n": sentence.n or None,
        "source_start": sentence.source_start,
        "source_end": sentence.source_end,
        "support": round(sentence.support, 4),
        "contradiction": round(sentence.contradiction, 4),
    }


def verdict_fields(statistics: AnswerStatistics) -> dict[str, object]:
    """Return what the documents say on a question."""
    return {
        "verdict": statistics.verdict,
        "confidence": round(statistics.confidence, 4),
        "refused": statistics.is_refused,
        "unread_files": count_or_none(statistics.unread_files),
    }


def call_fields(call: RecordedCall) -> dict[str, object]:
    """Return a call of a tool; arguments that are no JSON stay as they were written."""
    try:
        arguments = msgspec.json.decode(call.arguments or "{}")
    except msgspec.DecodeError:
        arguments = call.arguments
    return {
        "n": call.n,
        "tool": call.tool,
        **({"server": call.server} if call.server else {}),
        "arguments": arguments,
        "state": call.state.value,
        "result": call.result,
        "seconds": round(call.seconds, 3),
    }
