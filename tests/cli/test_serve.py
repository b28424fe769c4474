"""Command `serve token` over scripted children."""

from pathlib import Path

import pytest

from core.cli.main import main
from core.messages import OpenApi
from tests.fakes.app import FakeChildren, prepare_root


def test_the_token_is_printed_and_no_port_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    children = FakeChildren()
    paths = prepare_root(tmp_path)
    code = main(["--root", str(paths.root), "serve", "token"], make_app=children.make_app)
    assert (code, capsys.readouterr().out) == (0, "ing-0\n")
    code = main(
        ["--root", str(paths.root), "serve", "token", "--renew"], make_app=children.make_app
    )
    assert (code, capsys.readouterr().out) == (0, "ing-1\n")
    assert not children.api.all_sent(OpenApi)
    assert children.api.pid is None
