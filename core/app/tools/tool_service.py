"""Tool service: the tools there are, their rules, and the calls that answers make."""

from typing import Any

from core.app.tools.own_tools import HARMLESS, OWN_TOOLS, OwnTools
from core.app.tools.tool_permissions import ToolPermissions, ToolRule
from core.chat.answering.answer_request import AnswerRequest
from core.chat.conversations.tool_calls import CallDecision
from core.chat.tools.tool_box import OfferedTool, ToolResult
from core.ipc.reply import Reply


class ToolService:
    """Belongs to the thread of the application. It is the tool box of answers."""

    def __init__(self, own: OwnTools, permissions: ToolPermissions) -> None:
        self._own = own
        self._permissions = permissions

    def list_tools(self) -> tuple[OfferedTool, ...]:
        """Return all tools, also those that are off."""
        return OWN_TOOLS

    def rule_of(self, tool: OfferedTool) -> ToolRule:
        """Return what holds for the calls of a tool."""
        is_harmless = not tool.server and tool.name in HARMLESS
        usual = ToolRule.ALWAYS if is_harmless else ToolRule.ASK
        return self._permissions.rule_for(tool_key(tool), usual)

    def set_rule(self, tool: OfferedTool, rule: ToolRule) -> None:
        """Set what holds from now on. Raises StorageError."""
        self._permissions.set_rule(tool_key(tool), rule)

    def offered_tools(self, _request: AnswerRequest) -> tuple[OfferedTool, ...]:
        """Return what may be called for an answer."""
        return tuple(each for each in self.list_tools() if self.rule_of(each) is not ToolRule.OFF)

    def is_allowed(self, tool: OfferedTool, chat_id: str) -> bool:
        """Whether the person agreed beforehand to this tool's calls in a chat."""
        if self.rule_of(tool) is ToolRule.ALWAYS:
            return True
        return self._permissions.is_allowed_in_chat(tool_key(tool), chat_id)

    def remember_decision(self, tool: OfferedTool, chat_id: str, decision: CallDecision) -> None:
        """Keep what the person said, as far as it holds for later calls. Raises StorageError."""
        if decision is CallDecision.ALWAYS:
            self.set_rule(tool, ToolRule.ALWAYS)
        elif decision is CallDecision.CHAT:
            self._permissions.allow_in_chat(tool_key(tool), chat_id)

    def call_tool(
        self, tool: OfferedTool, arguments: dict[str, Any], request: AnswerRequest
    ) -> Reply[Any, ToolResult]:
        """Begin a call."""
        return self._own.call_tool(tool.name, arguments, request)


def tool_key(tool: OfferedTool) -> str:
    """Return the name under which a tool's rule is kept."""
    return f"{tool.server}/{tool.name}"
