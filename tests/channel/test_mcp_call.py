"""Commands `mcp allow` and `mcp call` over scripted children."""

import io
import json
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.channel.remote_command import runs_alone
from core.cli.mcp.mcp_call_command import MAX_CHARACTERS
from core.cli.mcp.mcp_requests import TOOLS, request_schema
from core.cli.mcp.mcp_server import CommandCalls, ProtocolServer
from core.messages import Document, DocumentPage, LoadDocument, SearchFolders
from tests.cli.conftest import Inglenook, Ran
from tests.waiting import wait_for

Call = Callable[..., Ran]


@pytest.fixture
def inglenook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Inglenook:
    return Inglenook(tmp_path / "root", capsys)


@pytest.fixture
def call(inglenook: Inglenook, monkeypatch: pytest.MonkeyPatch) -> Call:
    def answer(tool: str, **arguments: Any) -> Ran:
        given = io.TextIOWrapper(io.BytesIO(json.dumps(arguments).encode()))
        monkeypatch.setattr(sys, "stdin", given)
        return inglenook("--json", "mcp", "call", tool)

    return answer


@pytest.fixture
def two_folders(inglenook: Inglenook, tmp_path: Path) -> tuple[str, str]:
    for name in ("open", "secret"):
        (tmp_path / name).mkdir()
        assert inglenook("folder", "add", str(tmp_path / name)).code == 0
    return "open", "secret"


def test_nothing_is_allowed_until_somebody_says_so(
    inglenook: Inglenook, call: Call, two_folders: tuple[str, str]
) -> None:
    for tool, arguments in (
        ("list_folders", {}),
        ("search", {"query": "pears"}),
        ("read_document", {"folder": "open", "file": "a.txt"}),
        ("ask", {"question": "Who?"}),
        ("list_documents", {}),
    ):
        ran = call(tool, **arguments)
        assert (ran.code, ran.objects[0]["code"]) == (1, "no_folder_allowed")
    assert not inglenook.library.all_sent(SearchFolders)
    assert "No folder is allowed" in inglenook("mcp", "allow", "--list").err


def test_only_allowed_folders_are_named_searched_and_read(
    inglenook: Inglenook, call: Call, two_folders: tuple[str, str]
) -> None:
    assert inglenook("mcp", "allow", "open").out == "open\n"
    (listed,) = call("list_folders").objects
    assert [each["name"] for each in listed["folders"]] == ["open"]
    call("search", query="pears")
    (asked,) = inglenook.library.all_sent(SearchFolders)
    assert asked.folder_ids == ("folder-1",)
    for tool, arguments in (
        ("search", {"query": "pears", "folders": ["secret"]}),
        ("read_document", {"folder": "secret", "file": "a.txt"}),
        ("read_document", {"folder": "/etc", "file": "passwd"}),
        ("ask", {"question": "Who?", "folders": ["open", "secret"]}),
    ):
        assert call(tool, **arguments).objects[0]["code"] == "folder_not_allowed"
    assert len(inglenook.library.all_sent(SearchFolders)) == 1
    assert not inglenook.library.all_sent(LoadDocument)


def test_all_and_none(inglenook: Inglenook, call: Call, two_folders: tuple[str, str]) -> None:
    inglenook("mcp", "allow", "--all")
    (listed,) = call("list_folders").objects
    assert [each["name"] for each in listed["folders"]] == ["open", "secret"]
    inglenook("mcp", "allow", "--none")
    assert call("list_folders").code == 1


def test_a_long_document_comes_in_parts(
    inglenook: Inglenook, call: Call, two_folders: tuple[str, str]
) -> None:
    inglenook("mcp", "allow", "open")
    pages = tuple(
        DocumentPage(number=number, heading="", text=str(number) * 50_000) for number in (1, 2, 3)
    )
    inglenook.library.documents["folder-1", "a.txt"] = Document(
        request_id="", file="a.txt", path="/there/a.txt", pages=pages
    )
    (read,) = call("read_document", folder="open", file="a.txt").objects
    assert ([page["page"] for page in read["pages"]], read["next"], read["parts"]) == ([1], 2, 3)
    (read,) = call("read_document", folder="open", file="a.txt", first=3, last=9).objects
    assert ([page["page"] for page in read["pages"]], read["next"]) == ([3], None)
    (read,) = call("read_document", folder="open", file="a.txt", first=4).objects
    assert read["pages"] == []


def test_a_page_that_is_too_long_comes_in_pieces(
    inglenook: Inglenook, call: Call, two_folders: tuple[str, str]
) -> None:
    inglenook("mcp", "allow", "open")
    texts = ("word " * 30_000, "line\n" * 13_000, "x" * 130_000, "short")
    pages = tuple(
        DocumentPage(number=number, heading="", text=text)
        for number, text in enumerate(texts, start=1)
    )
    inglenook.library.documents["folder-1", "a.txt"] = Document(
        request_id="", file="a.txt", path="/there/a.txt", pages=pages
    )
    first, found = 1, dict.fromkeys(range(1, 5), "")
    while first:
        (read,) = call("read_document", folder="open", file="a.txt", first=first).objects
        assert sum(len(page["text"]) for page in read["pages"]) <= MAX_CHARACTERS
        for page in read["pages"]:
            assert page.get("continues", False) == bool(found[page["page"]])
            found[page["page"]] += page["text"]
        first = read["next"]
    assert tuple(found.values()) == texts
    assert read["parts"] == 3 + 2 + 3 + 1


def test_wrong_arguments_are_told_in_one_sentence(call: Call) -> None:
    ran = call("search", query="", k=0)
    assert (ran.code, ran.objects[0]["code"]) == (1, "tool_arguments")
    assert call("search", query="x", path="/etc/passwd").objects[0]["code"] == "tool_arguments"


def test_schemas_are_those_of_objects_and_bare_mcp_runs_alone() -> None:
    for kind in TOOLS.values():
        schema = request_schema(kind)
        assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    assert runs_alone(["--root", "/x", "mcp"])
    assert runs_alone(["--root", "mcp", "mcp"])
    assert runs_alone(["--root=mcp", "mcp"])
    assert not runs_alone(["--root", "/x", "mcp", "call", "ask"])


def test_requests_that_have_ended_are_forgotten() -> None:
    calls = CommandCalls([sys.executable, "-c", "print('{}')"])
    out = io.BytesIO()
    server = ProtocolServer(calls, out)
    lines = []
    for number in range(6):
        call = {"name": "search", "arguments": {}}
        lines.append({"id": number, "method": "tools/call", "params": call})
        cancelled = {"requestId": number}
        lines.append({"method": "notifications/cancelled", "params": cancelled})
        lines.append({"method": "notifications/cancelled", "params": {"requestId": "never"}})
    text = "".join(json.dumps({"jsonrpc": "2.0", **line}) + "\n" for line in lines)
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as coming, os.fdopen(writing, "wb") as going:
        thread = threading.Thread(target=server.serve, args=(coming,))
        thread.start()
        going.write(text.encode())
        going.flush()
        wait_for(lambda: calls.open_count == 0)
        going.close()
        thread.join()
    assert b'"result"' not in out.getvalue(), "nobody waited for them"
