"""Tool permissions: tool servers and which tools may be called, kept in the data folder's file."""

from enum import StrEnum
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from core.app.tools.tool_server import ToolServer
from core.base.data_files import write_data_file
from core.base.state_files import read_state_file


class ToolRule(StrEnum):
    """What holds for all calls of a tool: each is asked for, none is, or it isn't offered."""

    ASK = "ask"
    ALWAYS = "always"
    OFF = "off"


class ToolsFile(Struct, frozen=True, kw_only=True):
    """Content of the file: rules that differ from the usual ones, by the key of a tool."""

    version: int = 1
    rules: dict[str, ToolRule] = {}
    servers: tuple[ToolServer, ...] = ()


class ToolPermissions:
    """What holds in one data folder, and what was allowed for single chats while it is open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = read_state_file(path, ToolsFile) or ToolsFile()
        self._chats: set[tuple[str, str]] = set()

    @property
    def servers(self) -> tuple[ToolServer, ...]:
        """The servers that the person added, by name."""
        return self._file.servers

    def set_servers(self, servers: tuple[ToolServer, ...]) -> None:
        """Keep these servers; what holds for others' tools is forgotten. Raises StorageError."""
        names = {server.name for server in servers} | {""}
        self._chats = {each for each in self._chats if each[0].split("/")[0] in names}
        rules = {key: rule for key, rule in self._file.rules.items() if key.split("/")[0] in names}
        self._save(structs.replace(self._file, servers=servers, rules=rules))

    def rule_for(self, key: str, usual: ToolRule) -> ToolRule:
        """Return the rule of a tool, `usual` unless the person set one."""
        return self._file.rules.get(key, usual)

    def set_rule(self, key: str, rule: ToolRule) -> None:
        """Set the rule of a tool, also where it was allowed in a chat. Raises StorageError."""
        self._chats = {each for each in self._chats if each[0] != key}
        self._save(structs.replace(self._file, rules={**self._file.rules, key: rule}))

    def allow_in_chat(self, key: str, chat_id: str) -> None:
        """Allow a tool in one chat until the application closes."""
        self._chats.add((key, chat_id))

    def is_allowed_in_chat(self, key: str, chat_id: str) -> bool:
        """Whether it was allowed there."""
        return (key, chat_id) in self._chats

    def _save(self, changed: ToolsFile) -> None:
        write_data_file(self._path, msgspec.json.format(msgspec.json.encode(changed)))
        self._file = changed
