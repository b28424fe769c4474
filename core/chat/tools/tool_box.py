"""Tool box: what an answer's model may call, as its run sees it."""

from typing import Any, Protocol

from msgspec import Struct

from core.chat.answering.answer_request import AnswerRequest
from core.chat.conversations.tool_calls import CallDecision
from core.ipc.reply import Reply
from core.messages import SearchHit


class OfferedTool(Struct, frozen=True, kw_only=True):
    """A tool as models know it; `parameters` is the JSON schema of its arguments.

    `server` is the name of the person's server it belongs to, "" for one of Inglenook's own.
    """

    name: str
    description: str
    parameters: dict[str, Any]
    server: str = ""


class ToolResult(Struct, frozen=True, kw_only=True):
    """What a call returned. `hits` are passages of documents, which become sources.

    A failure is told to the model in words, so that it can do something else.
    """

    text: str
    hits: tuple[SearchHit, ...] = ()
    is_failure: bool = False


class ToolBox(Protocol):
    """The tools there are, and who allowed them."""

    def offered_tools(self, request: AnswerRequest) -> tuple[OfferedTool, ...]:
        """Return what may be called for an answer."""

    def is_allowed(self, tool: OfferedTool, chat_id: str) -> bool:
        """Whether the person agreed beforehand to this tool's calls in a chat."""

    def remember_decision(self, tool: OfferedTool, chat_id: str, decision: CallDecision) -> None:
        """Keep what the person said, as far as it holds for later calls."""

    def call_tool(
        self, tool: OfferedTool, arguments: dict[str, Any], request: AnswerRequest
    ) -> Reply[Any, ToolResult]:
        """Begin a call. Its reply may be finished at once, and may be cancelled."""
