"""Commands of `inglenook tools`: what models may call, and servers of the person's own."""

import argparse

from core.app.tools.own_tools import tool_title
from core.app.tools.tool_permissions import ToolRule
from core.app.tools.tool_server import ToolServer, format_left_out
from core.base.i18n import _, ngettext
from core.chat.tools.tool_box import OfferedTool
from core.cli.consent_prompt import ask_to_start
from core.cli.console import Console
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.sandbox.program_start import can_seal_programs


def list_tools(session: Session, console: Console, _options: argparse.Namespace) -> int:
    """List the tools by whose they are."""
    tools = session.app.tools
    rows: list[tuple[str, str, str]] = []
    for tool in tools.list_tools():
        rule = tools.rule_of(tool)
        if console.as_json:
            console.print_json(
                {"event": "tool", "name": tool.name, "server": tool.server, "rule": rule.value,
                 "description": tool.description, "parameters": tool.parameters}
            )  # fmt: skip
        else:
            rows.append((tool.name, format_rule(rule), _about(tool)))
    if rows:
        console.print_table((_("NAME"), _("STATE"), _("WHAT IT DOES")), rows)
    for server in tools.servers:
        if not console.as_json:
            console.print_line(format_server(server))
        else:
            console.print_json(
                {"event": "server", "name": server.name, "command": list(server.command),
                 "read": list(server.read), "write": list(server.write),
                 "network": server.network, "sealed": not server.unsealed}
            )  # fmt: skip
    return 0


def set_rule(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Set what holds for the calls of a tool."""
    tools = session.app.tools
    tool = tools.find_tool(options.name)
    tools.set_rule(tool, ToolRule(options.rule))
    if not console.as_json:
        console.print_line(f"{tool.name}: {format_rule(ToolRule(options.rule))}")
    return 0


def add_server(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Say what a server would be allowed, start it after a yes, and keep it with its tools."""
    server = ToolServer(
        name=options.name,
        command=tuple(options.program),
        environment=dict(options.env),
        read=tuple(str(absolute_path(path)) for path in options.read),
        write=tuple(str(absolute_path(path)) for path in options.write),
        network=options.network,
        unsealed=not can_seal_programs(),
    )
    checked = session.app.tools.check_server(server)
    question = f"{format_server(checked)}\n{_('Start it, and keep it?')}"
    ask_to_start(console, question, checked.name, beforehand=options.yes)
    try:
        added = session.wait_for(session.app.tools.add_server(checked))
    except BaseException:  # also Ctrl-C
        session.app.tools.stop_server(checked.name)
        raise
    words = ngettext("{count} tool: {names}", "{count} tools: {names}", len(added.tools))
    names = ", ".join(tool.name for tool in added.offered_tools())
    if console.as_json:
        tools = [each.name for each in added.tools]
        console.print_json({"event": "done", "tools": tools, "left_out": added.left_out})
    else:
        console.print_line(words.format(count=len(added.tools), names=names))
    if added.left_out:
        console.print_note(format_left_out(added.left_out))
    return 0


def remove_server(session: Session, _console: Console, options: argparse.Namespace) -> int:
    """End and forget a server."""
    session.app.tools.remove_server(options.name)
    return 0


def format_rule(rule: ToolRule) -> str:
    """Return a rule in words."""
    words = {
        ToolRule.ASK: lambda: _("asked for"),
        ToolRule.ALWAYS: lambda: _("allowed"),
        ToolRule.OFF: lambda: _("off"),
    }
    return words[rule]()


def format_server(server: ToolServer) -> str:
    """Return what a server is and may do, in some lines."""
    lines = [f"{server.name}: {' '.join(server.command)}"]
    if server.unsealed:
        lines.append(_("This system can't hold it to anything: it may do all that you may."))
        return "\n".join(lines)
    none = _("nothing of yours")
    lines.append("  " + _("reads: {paths}").format(paths=", ".join(server.read) or none))
    lines.append("  " + _("changes: {paths}").format(paths=", ".join(server.write) or none))
    lines.append("  " + (_("network: yes") if server.network else _("network: no")))
    return "\n".join(lines)


def _about(tool: OfferedTool) -> str:
    return tool.description.split("\n")[0][:80] if tool.server else tool_title(tool.name)
