"""Tool layout: how one request shows its tools to the model, and how its calls are read.

A model whose template knows tools gets them from it, and writes calls in its own form; to any
other they are described in the system message.
"""

import json

from msgspec import Struct, structs

from core.base.errors import ModelError
from core.engine.chat_template.tool_form import CALL_ID, PYTHON_TAG, ToolForm
from core.engine.chat_template.tool_prompt import turns_with_described_tools, turns_with_tools
from core.engine.chat_template.transcript_tokenizer import TranscriptTokenizer
from core.engine.runtime.call_translation import CallTranslation
from core.messages import TOOL_ROLE, Generate


class ToolLayout(Struct, frozen=True):
    """A request as its model reads it."""

    request: Generate
    transcript: TranscriptTokenizer
    form: ToolForm | None = None
    """That of calls, if the request has tools and its model a form of its own."""
    translation: CallTranslation | None = None


def lay_out_tools(request: Generate, transcript: TranscriptTokenizer) -> ToolLayout:
    """Return the layout of a request, whether it has tools or not."""
    sampling = request.sampling
    tools = "" if sampling.grammar or sampling.json_schema else sampling.tools
    if not tools and all(turn.role != TOOL_ROLE for turn in request.turns):
        return ToolLayout(request, transcript)
    form = transcript.tool_form
    if form is not None:
        own = transcript.with_tools(tools)
        shown = _with_shown_tools(request, form) if tools else request
        try:
            own.prompt_tokens(shown.turns)
        except ModelError:  # it takes no chat like this one
            form = None
        else:
            return _own_layout(shown, own, form if tools else None)
    plain = turns_with_tools(request.turns, tools)
    return ToolLayout(structs.replace(request, turns=plain), transcript)


def _with_shown_tools(request: Generate, form: ToolForm) -> Generate:
    if form.shows_tools:
        return request
    call = f"{form.opening}FUNCTION_NAME{form.middle}{{…}}{form.closing}".replace(CALL_ID, "")
    turns = turns_with_described_tools(request.turns, request.sampling.tools, call)
    return structs.replace(request, turns=turns)


def _own_layout(
    request: Generate, transcript: TranscriptTokenizer, form: ToolForm | None
) -> ToolLayout:
    if form is None:
        return ToolLayout(request, transcript)
    tools = {tool["name"]: tool for tool in json.loads(request.sampling.tools)}
    texts = [*form.fixed_texts, *([] if form.start_mark else [PYTHON_TAG])]
    spelled = transcript.control_tokens("".join(texts).split(CALL_ID))
    return ToolLayout(request, transcript, form, CallTranslation(form, list(tools), spelled, tools))
