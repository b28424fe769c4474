"""Choices of a chat completion: message, tool calls, log probabilities, usage."""

from collections.abc import Sequence
from typing import Any

from core.api.generation import new_call_id
from core.base.tool_call_reader import read_tool_calls
from core.messages import AnswerDone, ScoredToken, TokenScore

FINISH_REASONS = {"eos": "stop", "stop": "stop", "length": "length"}


def chat_choice(
    number: int, done: AnswerDone, *, has_tools: bool, with_scores: bool
) -> dict[str, Any]:
    """Return an answer as an entry of “choices”; a finished call is no part of its text."""
    text, calls = read_tool_calls(done.text) if has_tools else (done.text, [])
    message: dict[str, object] = {
        "role": "assistant",
        "content": text if text or not calls else None,
        "refusal": None,
        "annotations": [],
    }
    if done.thinking:
        message["reasoning_content"] = done.thinking
    reason = FINISH_REASONS.get(done.stop, "stop")
    if calls:
        reason = "tool_calls" if reason == "stop" else reason
        message["tool_calls"] = [
            {
                "id": f"call_{new_call_id()}",
                "type": "function",
                "function": {"name": name, "arguments": arguments},
            }
            for name, arguments in calls
        ]
    return {
        "index": number,
        "message": message,
        "logprobs": score_fields(done.scores) if with_scores else None,
        "finish_reason": reason,
    }


def score_fields(scores: Sequence[ScoredToken]) -> dict[str, Any]:
    """Return log probabilities as chat completions have them."""
    return {
        "content": [
            {**_score(each), "top_logprobs": [_score(other) for other in each.likeliest]}
            for each in scores
        ],
        "refusal": None,
    }


def usage_of(done: list[AnswerDone]) -> dict[str, object]:
    """Return the tokens of answers to one prompt; those that were cached count as read."""
    read = max((each.prompt_tokens for each in done), default=0)
    written = sum(each.completion_tokens for each in done)
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {
            "cached_tokens": min((each.cached_tokens for each in done), default=0),
            "audio_tokens": 0,
        },
        "completion_tokens_details": {
            "reasoning_tokens": sum(each.thinking_tokens for each in done),
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _score(score: TokenScore) -> dict[str, Any]:
    return {
        "token": score.raw.decode(errors="replace"),
        "logprob": max(score.logprob, -9999.0),
        "bytes": list(score.raw),
    }
