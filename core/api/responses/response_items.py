"""Items of a response: what the answer consists of, and the fields around them."""

import time
from typing import Any

from core.api.generation import new_call_id
from core.api.openai.folder_fields import annotations_of, folder_fields
from core.api.responses.response_schema import FUNCTION, ContentItem, InputItem, ResponseBody
from core.base.tool_call_reader import read_tool_calls
from core.messages import AnswerDone, FoldersAnswered

Item = dict[str, Any]


def message_item(
    text: str, annotations: list[Any] | None = None, *, status: str = "completed"
) -> Item:
    """Return an item of text."""
    return {
        "id": f"msg_{new_call_id()}",
        "type": "message",
        "status": status,
        "role": "assistant",
        "content": [text_part(text, annotations)] if status == "completed" else [],
    }


def text_part(text: str, annotations: list[Any] | None = None) -> Item:
    """Return a part of a message."""
    return {
        "type": "output_text",
        "text": text,
        "annotations": annotations or [],
        "logprobs": [],
    }


def call_item(tool: str, arguments: str, *, status: str = "completed") -> Item:
    """Return a call of a function."""
    return {
        "id": f"fc_{new_call_id()}",
        "type": "function_call",
        "status": status,
        "call_id": f"call_{new_call_id()}",
        "name": tool,
        "arguments": arguments,
    }


def reasoning_item(text: str, *, name: str = "") -> Item:
    """Return the thinking before an answer."""
    return {
        "id": name or f"rs_{new_call_id()}",
        "type": "reasoning",
        "summary": [],
        "content": [{"type": "reasoning_text", "text": text}],
    }


def items_of(done: AnswerDone, answered: FoldersAnswered | None, *, has_tools: bool) -> list[Item]:
    """Return the items of a whole answer."""
    text, calls = read_tool_calls(done.text) if has_tools else (done.text, [])
    items = [reasoning_item(done.thinking)] if done.thinking else []
    if text or not calls:
        items.append(message_item(text, flat_annotations(answered)))
    return items + [call_item(name, arguments) for name, arguments in calls]


def input_items(body: ResponseBody) -> list[Item]:
    """Return the items of a request as they are listed, each with an id of its own."""
    if isinstance(body.input, str):
        return [_input_item(InputItem(content=body.input))]
    return [_input_item(each) for each in body.input]


def _input_item(item: InputItem) -> Item:
    status = item.status or "completed"
    if item.type == "function_call":
        called = {"call_id": item.call_id, "name": item.name, "arguments": item.arguments}
        return {
            "id": item.id or f"fc_{new_call_id()}",
            "type": item.type,
            "status": status,
        } | called
    if item.type == "function_call_output":
        returned = {"call_id": item.call_id, "output": item.output}
        return {
            "id": item.id or f"fco_{new_call_id()}",
            "type": item.type,
            "status": status,
            **returned,
        }
    if item.type == "reasoning":
        made = {"id": item.id or f"rs_{new_call_id()}", "type": item.type}
        return made | {"summary": item.summary or [], "content": _parts(item)}
    made = {"id": item.id or f"msg_{new_call_id()}", "type": item.type, "status": status}
    return made | {"role": item.role, "content": _parts(item)}


def _parts(item: InputItem) -> list[Item]:
    """Return a content as parts; a text alone is one of what its role says."""
    content = item.content or []
    if not isinstance(content, str):
        return [_part(each) for each in content]
    if item.role == "assistant":
        return [text_part(content)]
    return [{"type": "input_text", "text": content}]


def _part(part: ContentItem) -> Item:
    if part.type == "refusal":
        return {"type": "refusal", "refusal": part.refusal}
    if part.type == "output_text":
        return text_part(part.text)
    return {"type": part.type, "text": part.text}


def flat_annotations(answered: FoldersAnswered | None) -> list[Item]:
    """Return citations as responses have them."""
    if answered is None:
        return []
    flat: list[Item] = []
    for each in annotations_of(answered):
        place = each["url_citation"]
        assert isinstance(place, dict)
        flat.append({"type": "url_citation", **place})
    return flat


def response_fields(
    name: str,
    body: ResponseBody,
    output: list[Item],
    done: AnswerDone | None,
    answered: FoldersAnswered | None = None,
) -> Item:
    """Return a response, without `done` one that is on its way."""
    is_cut = done is not None and done.stop == "length"
    status = "in_progress" if done is None else "incomplete" if is_cut else "completed"
    fields: Item = {
        "id": name,
        "object": "response",
        "created_at": int(time.time()),
        "completed_at": int(time.time()) if status == "completed" else None,
        "status": status,
        "incomplete_details": {"reason": "max_output_tokens"} if is_cut else None,
        "error": None,
        "output": output,
        **_asked_fields(body),
        **_fixed_fields(body),
        "usage": None if done is None else _usage(done),
    }
    if answered is not None:
        fields["inglenook"] = folder_fields(answered)
    return fields


def _asked_fields(body: ResponseBody) -> Item:
    """Return what was asked for."""
    form = body.text.format
    return {
        "model": body.model,
        "previous_response_id": body.previous_response_id,
        "instructions": body.instructions,
        "tools": [
            {
                "type": FUNCTION,
                "name": each.name,
                "description": each.description,
                "parameters": each.parameters,
                "strict": bool(each.strict),
            }
            for each in body.tools
            if each.type == FUNCTION
        ],
        "tool_choice": body.tool_choice,
        "parallel_tool_calls": body.parallel_tool_calls is not False,
        "text": {"format": {"type": "text"} if form.type == "text" else form},
        "reasoning": {"effort": body.reasoning.effort if body.reasoning else None, "summary": None},
        "temperature": 1.0 if body.temperature is None else body.temperature,
        "top_p": 1.0 if body.top_p is None else body.top_p,
        "presence_penalty": body.presence_penalty or 0.0,
        "frequency_penalty": body.frequency_penalty or 0.0,
        "max_output_tokens": body.max_output_tokens,
    }


def _fixed_fields(body: ResponseBody) -> Item:
    """Return what is the same here for every response, and what is handed back as it came."""
    return {
        "truncation": "disabled",
        "top_logprobs": 0,
        "background": False,
        "service_tier": "default",
        "store": body.store is not False,
        "max_tool_calls": body.max_tool_calls,
        "metadata": body.metadata or {},
        "safety_identifier": body.safety_identifier,
        "prompt_cache_key": body.prompt_cache_key,
        "user": body.user,
    }


def _usage(done: AnswerDone) -> Item:
    return {
        "input_tokens": done.prompt_tokens,
        "input_tokens_details": {"cached_tokens": done.cached_tokens},
        "output_tokens": done.completion_tokens,
        "output_tokens_details": {"reasoning_tokens": done.thinking_tokens},
        "total_tokens": done.prompt_tokens + done.completion_tokens,
    }
