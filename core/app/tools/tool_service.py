"""Tool service: the tools there are, their rules, and the calls that answers make."""

import re
import shutil
from collections.abc import Callable
from typing import Any

from msgspec import structs

from core.app.tools.own_tools import HARMLESS, OWN_TOOLS, OwnTools
from core.app.tools.tool_permissions import ToolPermissions, ToolRule
from core.app.tools.tool_server import (
    ToolListing,
    ToolServer,
    ToolServerConnection,
    offered_name,
)
from core.base.errors import ErrorCode, ModelError
from core.chat.answering.answer_request import AnswerRequest
from core.chat.conversations.tool_calls import CallDecision
from core.chat.tools.tool_box import OfferedTool, ToolResult
from core.ipc.reply import Reply

_SERVER_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class ToolService:
    """Belongs to the thread of the application. It is the tool box of answers.

    Servers are started by their first call, and end with the application.
    """

    def __init__(
        self,
        own: OwnTools,
        permissions: ToolPermissions,
        wake: Callable[[], None],
        data_folder: str,
    ) -> None:
        self._own = own
        self._permissions = permissions
        self._wake = wake
        self._hidden = (data_folder,)
        self._connections: dict[str, ToolServerConnection] = {}

    # ------------------------------------------------------------ servers

    @property
    def servers(self) -> tuple[ToolServer, ...]:
        """The servers that the person added."""
        return self._permissions.servers

    def check_server(self, server: ToolServer) -> ToolServer:
        """Return the server with the whole path of its program. Raises ModelError."""
        taken = {each.name for each in self.servers}
        if not _SERVER_NAME.fullmatch(server.name) or server.name in taken:
            raise ModelError(ErrorCode.TOOL_SERVER_NAME, name=server.name)
        program = shutil.which(server.command[0])
        if program is None:
            raise ModelError(ErrorCode.PROGRAM_MISSING, name=server.command[0])
        return structs.replace(server, command=(program, *server.command[1:]))

    def add_server(self, server: ToolServer) -> Reply[Any, ToolServer]:
        """Start a checked server and keep it, with its tools, if it answers."""
        connection = self._new_connection(server)
        self._connections[server.name] = connection

        def keep(listed: ToolListing) -> ToolServer:
            added = structs.replace(server, tools=listed.tools, left_out=listed.left_out)
            self._permissions.set_servers((*self.servers, added))
            return added

        return connection.list_tools().convert(keep)

    def remove_server(self, name: str) -> None:
        """End and forget a server. Raises ModelError(TOOL_SERVER_UNKNOWN) and StorageError."""
        left = tuple(each for each in self.servers if each.name != name)
        if len(left) == len(self.servers):
            raise ModelError(ErrorCode.TOOL_SERVER_UNKNOWN, name=name)
        self._permissions.set_servers(left)
        self.stop_server(name)

    def stop_server(self, name: str) -> None:
        """End a server if it runs; its next call starts it again."""
        if connection := self._connections.pop(name, None):
            connection.stop()

    def poll_servers(self) -> None:
        """Deliver what servers have sent; to be called often."""
        for connection in tuple(self._connections.values()):
            connection.poll()

    def stop_servers(self) -> None:
        """End all servers."""
        connections, self._connections = self._connections, {}  # a failed reply may end its server
        for connection in connections.values():
            connection.stop()

    # ------------------------------------------------------------ tools

    def list_tools(self) -> tuple[OfferedTool, ...]:
        """Return all tools, also those that are off."""
        theirs = (tool for server in self.servers for tool in server.offered_tools())
        return (*OWN_TOOLS, *theirs)

    def find_tool(self, name: str) -> OfferedTool:
        """Return the tool of this name. Raises ModelError(TOOL_UNKNOWN)."""
        for tool in self.list_tools():
            if tool.name == name:
                return tool
        raise ModelError(ErrorCode.TOOL_UNKNOWN, name=name)

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
        rule = self.rule_of(tool)
        if rule is not ToolRule.ASK:
            return rule is ToolRule.ALWAYS
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
        """Begin a call; one to a server that was removed since fails."""
        for server in self.servers:
            for remote in server.tools:
                if tool.server == server.name and tool.name == offered_name(
                    server.name, remote.name
                ):
                    return self._connection(server).call_tool(remote.name, arguments)
        if tool.server:
            gone = f"The tool {tool.name} is no longer there."
            return Reply.finished(ToolResult(text=gone, is_failure=True))
        return self._own.call_tool(tool.name, arguments, request)

    def _connection(self, server: ToolServer) -> ToolServerConnection:
        if server.name not in self._connections:
            self._connections[server.name] = self._new_connection(server)
        return self._connections[server.name]

    def _new_connection(self, server: ToolServer) -> ToolServerConnection:
        return ToolServerConnection(server, self._wake, hidden=self._hidden)


def tool_key(tool: OfferedTool) -> str:
    """Return the name under which a tool's rule is kept."""
    return f"{tool.server}/{tool.name}"
