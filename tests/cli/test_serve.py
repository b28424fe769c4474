"""Command `serve`: its token over scripted children, and what it prints of requests."""

import contextlib
import io
import json
import os
import signal
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from core.channel.standard_output import discard_output
from core.cli.console import Console, OutputClosed
from core.cli.main import main
from core.cli.serving.request_printer import MOST_WAITING, RequestPrinter
from core.messages import ApiActivity, LoadModel, OpenApi
from tests.fakes.app import FakeChildren, prepare_root


def test_the_token_is_printed_and_no_port_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    children = FakeChildren()
    paths = prepare_root(tmp_path)
    code = main(["--root", str(paths.root), "serve", "token"], make_app=children.make_app)
    first = capsys.readouterr().out
    assert code == 0
    assert first.startswith("ing-")
    code = main(
        ["--root", str(paths.root), "serve", "token", "--renew"], make_app=children.make_app
    )
    assert code == 0
    assert capsys.readouterr().out not in {"", first}
    assert not children.api.all_sent(OpenApi)
    assert children.api.pid is None


@pytest.mark.skipif(sys.platform == "win32", reason="a process can't send itself Ctrl-C there")
def test_the_model_is_loaded_before_the_first_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    children = FakeChildren()
    receive = children.engine.receive

    def end_after(request: msgspec.Struct) -> None:
        receive(request)
        if isinstance(request, LoadModel):
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(children.engine, "receive", end_after)
    given_up = threading.Timer(20, os.kill, (os.getpid(), signal.SIGINT))
    given_up.start()
    root = str(prepare_root(tmp_path).root)
    assert main(["--root", root, "serve"], make_app=children.make_app) == 0
    given_up.cancel()
    given_up.join()
    assert len(children.engine.all_sent(LoadModel)) == 1
    assert children.api.all_sent(OpenApi)


def test_tokens_are_listed_and_taken_away(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    children = FakeChildren()
    paths = prepare_root(tmp_path)

    def run(*words: str) -> str:
        command = ["--root", str(paths.root), "serve", "token", *words]
        assert main(command, make_app=children.make_app) == 0
        return capsys.readouterr().out

    run("editor", "--scope", "chat", "--scope", "search")
    assert "editor  chat, search" in run("--list")
    assert json.loads(run("--list", "--json")) == {"name": "editor", "scopes": ["chat", "search"]}
    assert run("editor", "--forget") == ""
    assert run("editor", "--scope", "search", "--scope", "search").startswith("ing-")
    assert json.loads(run("--list", "--json"))["scopes"] == ["search"]
    assert children.api.pid is None


REQUESTS = 5000
"""Far more than a pipe and the printer hold."""


def _activity(number: int) -> ApiActivity:
    return ApiActivity(
        client="default",
        agent="",
        path="/v1/chat/completions",
        status=200,
        began=0.0,
        seconds=0.1,
        tokens_read=number,
    )


def test_requests_are_taken_in_though_nobody_reads_their_lines() -> None:
    reading, writing = os.pipe()
    out = os.fdopen(writing, "w")
    printer = RequestPrinter(Console(out, io.StringIO(), as_json=True))
    with os.fdopen(reading, encoding="utf-8") as lines:
        for number in range(REQUESTS):
            printer.add_request(_activity(number))
        told = shown = 0
        while told <= REQUESTS:
            line = json.loads(lines.readline())
            if line["event"] == "requests_skipped":
                told += line["count"]
                continue
            assert line["tokens_read"] == told
            told, shown = told + 1, shown + 1
            printer.add_request(_activity(REQUESTS + shown - 1))
    printer.close()
    with contextlib.suppress(BrokenPipeError):
        out.close()
    assert MOST_WAITING <= shown < REQUESTS  # a slow printer has written none before it is read


def test_a_reader_who_left_is_told_of_at_the_next_request() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as out:
        console = Console(out, io.StringIO(), as_json=True)
        printer = RequestPrinter(console)
        printer.add_request(_activity(1))
        printer.close()
        with pytest.raises(OutputClosed):
            printer.add_request(_activity(2))
        discard_output(out)
