"""A search in a terminal: without the whole application, and beside others that hold the folder."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.app.root_lock import RootLock
from core.base.paths import Paths
from core.cli.argument_parser import build_parser
from core.cli.library.lone_search import search_alone
from core.cli.main import main
from tests.house.sources import ROOT

_SEARCH = (
    "import sys\n"
    "from desktop.__main__ import main\n"
    "code = main(sys.argv[1:])\n"
    "print(code, *(name for name in ('core.app.app', 'core.chat') if name in sys.modules))\n"
)


def test_a_search_loads_neither_the_application_nor_chats(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-P", "-c", _SEARCH, "--root", str(tmp_path), "search", "rent"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "INGLENOOK_LANGUAGE": "en"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "There are no folders to search yet." in ended.stderr
    assert ended.stdout.split()[0] == "1"
    assert "core.app.app" not in ended.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["search"],
        ["search", "--help"],
        ["search", "rent", "-k", "none"],
        ["search", "rent", "--unknown"],
        ["search", "rent", "--folder", "new"],
        ["chat", "search", "rent"],
    ],
)
def test_the_whole_program_does_what_a_lone_search_does_not(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search_alone(["--root", str(tmp_path), *words]) is None
    assert capsys.readouterr() == ("", "")


def test_a_command_goes_on_when_a_holder_ends_that_never_listened(tmp_path: Path) -> None:
    lock = RootLock(Paths(tmp_path))
    lock.acquire()
    closing = threading.Timer(0.5, lock.release)
    closing.start()
    assert main(["--root", str(tmp_path), "folder", "list"]) == 0
    closing.join()


def test_a_lone_search_leaves_a_held_folder_to_its_holder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = RootLock(Paths(tmp_path))
    lock.acquire()
    try:
        assert search_alone(["--root", str(tmp_path), "search", "rent"]) is None
    finally:
        lock.release()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "words",
    [
        ["search"],
        ["search", "rent", "--unknown"],
        ["--json", "search", "rent", "-k", "0"],
        ["--root", "here", "pack", "frob"],
        ["model", "get", "--frob"],
        ["--frob", "search", "rent"],
        ["searc", "rent"],
        ["man", "--help"],
        ["--help"],
    ],
)
def test_a_parser_of_the_typed_command_says_what_that_of_all_says(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = []
    for parser in (build_parser(), build_parser(typed=words)):
        with pytest.raises(SystemExit) as ended:
            parser.parse_args(words)
        said.append((ended.value.code, capsys.readouterr()))
    assert said[0] == said[1]
