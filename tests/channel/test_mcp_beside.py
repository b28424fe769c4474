"""The package's own client and `inglenook mcp`, whose requests the holder of the data answers."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from mcp import ClientSession, McpError, StdioServerParameters
from mcp.client.stdio import get_default_environment, stdio_client
from pydantic import AnyUrl

from core.base.paths import Paths
from core.messages import Cancel, Document, DocumentPage, FolderFile
from tests.channel.holder import Holder, run_terminal
from tests.house.sources import ROOT
from tests.waiting import wait_for

pytestmark = pytest.mark.slow


@pytest.fixture
def holder(root: Paths, tmp_path: Path) -> Iterator[Holder]:
    """A process that has the data open, and one folder allowed."""
    opened = Holder(root)
    opened.open()
    folder = tmp_path / "My garden"
    folder.mkdir()
    run_terminal(root, "folder", "add", str(folder))
    library = opened.children.library
    file = "notes/år 1.pdf"
    library.files["folder-1"] = (FolderFile(file=file, size=9, modified=0.0),)
    page = DocumentPage(number=1, heading="", text="Pears\nand plums")
    library.documents["folder-1", file] = Document(
        request_id="", file=file, path=str(folder / file), pages=(page, page)
    )
    yield opened
    opened.close()


def server(paths: Paths) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable,
        args=["-P", "-m", "desktop", "--root", str(paths.root), "mcp"],
        env=get_default_environment() | {"PYTHONPATH": str(ROOT)},
    )


def test_a_program_searches_reads_and_asks(holder: Holder) -> None:
    anyio.run(use_all_tools, holder.paths)


async def use_all_tools(paths: Paths) -> None:
    async with stdio_client(server(paths)) as streams, ClientSession(*streams) as session:
        greeting = await session.initialize()
        assert greeting.serverInfo.name == "inglenook"
        await session.send_ping()
        tools = (await session.list_tools()).tools
        assert [each.name for each in tools] == ["list_folders", "search", "read_document", "ask"]
        assert all(each.annotations and each.annotations.readOnlyHint for each in tools)
        refused = await session.call_tool("list_folders")
        assert refused.isError
        run_terminal(paths, "mcp", "allow", "My garden")

        listed = await session.call_tool("list_folders")
        assert listed.structuredContent
        assert listed.structuredContent["folders"][0]["name"] == "My garden"
        answered = await session.call_tool("ask", {"question": "Who planted the pears?"})
        assert answered.structuredContent
        assert answered.structuredContent["answer"].startswith("Aunt Mathilda planted it.")
        assert not answered.isError

        (resource,) = (await session.list_resources()).resources
        (text,) = (await session.read_resource(resource.uri)).contents
        assert text.text == "Pears\nand plums\n\nPears\nand plums"  # type: ignore[union-attr]
        for uri in ("inglenook://documents/other/a.txt", "file:///etc/passwd"):
            with pytest.raises(McpError):
                await session.read_resource(AnyUrl(uri))
        wrong = await session.call_tool("search", {"query": "", "nothing": 1})
        assert wrong.isError


def test_a_program_that_leaves_ends_its_answer(holder: Holder) -> None:
    run_terminal(holder.paths, "mcp", "allow", "--all")
    engine = holder.children.engine
    engine.samples = 2  # so that it is not answered
    given = server(holder.paths)
    call = (
        b'{"jsonrpc":"2.0","id":"a","method":"tools/call",'
        b'"params":{"name":"ask","arguments":{"question":"Who?"}}}\n'
    )
    with subprocess.Popen(
        [given.command, *given.args], env=given.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        process.stdin.write(call)
        process.stdin.flush()
        wait_for(lambda: engine.running)
        out, _err = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, b"")
    wait_for(lambda: engine.all_sent(Cancel))
