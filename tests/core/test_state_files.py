"""State files: any bytes give a value or a report, never a traceback, and nothing is lost."""

import random
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.base import state_files
from core.base.data_files import write_data_file
from core.base.errors import ErrorCode, StorageError
from core.base.settings.app_settings import Settings
from core.base.state_files import read_plain_state, read_state_file, take_damage_reports
from core.models.server_registry import ServerRegistry
from tests.library.pipes import make_pipe

DAMAGED = {
    "random bytes": random.Random(7).randbytes(600),
    "nested": b'{"a":' * 100_000,
    "nothing": b"",
    "half": b'{"theme": "da',
    "a list": b"[1, 2]",
    "not utf-8": b'{"theme": "\xff\xfe"}',
}


UNLIKE_JSON = {
    "no number": b'{"text_size": NaN}',
    "no end": b'{"text_size": 1e999}',
    "half a letter": b'{"theme": "\\ud800"}',
    "a mark before it": b'\xef\xbb\xbf{"theme": "dark"}',
}


@pytest.mark.parametrize("content", [*DAMAGED.values(), *UNLIKE_JSON.values()])
def test_settings_are_read_as_strictly_without_msgspec(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    for read in (read_plain_state, partial(read_state_file, kind=dict[str, Any])):
        path.write_bytes(content)
        assert read(path) is None
        assert len(take_damage_reports(tmp_path)) == 1


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_damage_is_moved_aside_and_reported(
    tmp_path: Path, content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert read_state_file(path, dict[str, Any]) is None
    (report,) = take_damage_reports(tmp_path)
    assert report.code == ErrorCode.STATE_DAMAGED
    assert report.facts == {"file": "settings.json", "aside": "settings.damaged.json"}
    assert (tmp_path / "settings.damaged.json").read_bytes() == content
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes that have a file's name")
def test_a_pipe_in_a_files_place_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    make_pipe(path)
    assert read_state_file(path, dict[str, Any]) is None
    (report,) = take_damage_reports(tmp_path)
    assert report.facts == {"file": "settings.json", "aside": "settings.damaged.json"}


@pytest.mark.skipif(sys.platform == "win32", reason="links want a right of their own")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "settings.json"
    kept.parent.mkdir()
    kept.write_bytes(b"{}")
    path = tmp_path / "settings.json"
    path.symlink_to(kept)
    write_data_file(path, b'{"theme": "dark"}')
    assert path.is_symlink()
    assert kept.read_bytes() == b'{"theme": "dark"}'
    assert [each.name for each in kept.parent.iterdir()] == ["settings.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="links want a right of their own")
def test_a_link_that_leads_nowhere_is_said_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.symlink_to(tmp_path / "a drive that is away" / "settings.json")
    assert read_state_file(path, dict[str, Any]) is None
    (report,) = take_damage_reports(tmp_path)
    assert report.code == ErrorCode.STATE_LINK_DEAD
    assert report.facts == {"file": "settings.json"}
    with pytest.raises(StorageError):
        write_data_file(path, b"{}")
    assert path.is_symlink()


def test_a_second_damage_keeps_the_first_copy(tmp_path: Path) -> None:
    path = tmp_path / "models.json"
    for content in (b"first", b"second"):
        path.write_bytes(content)
        read_state_file(path, dict[str, Any])
    assert [report.facts["aside"] for report in take_damage_reports(tmp_path)] == [
        "models.damaged.json",
        "models.damaged-2.json",
    ]
    assert (tmp_path / "models.damaged.json").read_bytes() == b"first"


def test_no_file_is_no_damage(tmp_path: Path) -> None:
    assert read_state_file(tmp_path / "none.json", dict[str, Any]) is None
    assert take_damage_reports(tmp_path) == ()


def test_a_file_past_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_files, "MAX_STATE_BYTES", 10)
    path = tmp_path / "settings.json"
    path.write_bytes(b'{"theme": "dark"}')
    assert read_state_file(path, dict[str, Any]) is None
    assert len(take_damage_reports(tmp_path)) == 1


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_settings_and_servers_open_with_any_content(tmp_path: Path, content: bytes) -> None:
    for name in ("settings.json", "servers.json"):
        (tmp_path / name).write_bytes(content)
    Settings(tmp_path / "settings.json")
    assert not ServerRegistry(tmp_path / "servers.json").list_servers()
    assert len(take_damage_reports(tmp_path)) >= 1  # what nobody asks for is not looked at
