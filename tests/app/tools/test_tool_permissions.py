"""What a person allowed: for one tool, in one chat, of servers that are still there."""

from pathlib import Path

import pytest

from core.app.tools.tool_permissions import ToolPermissions, ToolRule
from core.app.tools.tool_server import ToolServer

OWN, THEIRS = "/calculator", "garden/water"


@pytest.fixture
def permissions(tmp_path: Path) -> ToolPermissions:
    return ToolPermissions(tmp_path / "tools.json")


def test_a_tool_is_allowed_in_the_chat_where_it_was(permissions: ToolPermissions) -> None:
    permissions.allow_in_chat(THEIRS, "one")
    assert permissions.is_allowed_in_chat(THEIRS, "one")
    assert not permissions.is_allowed_in_chat(THEIRS, "other")
    assert not permissions.is_allowed_in_chat(OWN, "one")


def test_a_new_rule_ends_what_was_allowed_before(permissions: ToolPermissions) -> None:
    for key in (OWN, THEIRS):
        permissions.allow_in_chat(key, "one")
    permissions.set_rule(THEIRS, ToolRule.ASK)
    assert not permissions.is_allowed_in_chat(THEIRS, "one")
    assert permissions.is_allowed_in_chat(OWN, "one")


def test_a_server_that_comes_back_is_asked_for_anew(
    permissions: ToolPermissions, tmp_path: Path
) -> None:
    """Another program may go by the name of one that was removed."""
    permissions.set_servers((ToolServer(name="garden", command=("garden",)),))
    for key in (OWN, THEIRS):
        permissions.set_rule(key, ToolRule.ALWAYS)
        permissions.allow_in_chat(key, "one")
    permissions.set_servers(())
    for kept in (permissions, ToolPermissions(tmp_path / "tools.json")):
        assert kept.rule_for(THEIRS, ToolRule.ASK) is ToolRule.ASK
        assert kept.rule_for(OWN, ToolRule.ASK) is ToolRule.ALWAYS
    assert not permissions.is_allowed_in_chat(THEIRS, "one")
    assert permissions.is_allowed_in_chat(OWN, "one")
