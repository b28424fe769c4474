"""What a download refuses before it asks anyone, and in which order its files appear."""

import hashlib
import os
import shutil
import threading
from collections import namedtuple
from pathlib import Path
from typing import Any, cast

import pytest

from core.base.errors import ErrorCode, NetworkError
from core.courier.connection.http_connections import HttpConnections
from core.courier.downloads.download_job import RESERVED_BYTES, DownloadJob
from core.courier.downloads.part_file import PartFile
from core.messages import DownloadFiles, DownloadTarget

CONTENT = b"words"
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil has it


class NoConnections:
    """Hosts may be named, and none is asked."""

    def allow_address(self, _address: object) -> None:
        """Do nothing."""

    def create_client(self, **_options: object) -> None:
        raise AssertionError("nobody is asked")


def target(folder: Path, name: str = "a.gguf", **changes: Any) -> DownloadTarget:
    digest = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"
    values = {"size": len(CONTENT), "digest": digest, **changes}
    return DownloadTarget(name=name, target=str(folder / name), **values)


def job(*files: DownloadTarget) -> DownloadJob:
    request = DownloadFiles(
        request_id="1", endpoint="http://127.0.0.1:9", repository="a/b", commit="main", files=files
    )
    http = cast("HttpConnections", NoConnections())
    return DownloadJob(request, http, threading.Event(), lambda _progress: None)


@pytest.mark.parametrize(
    "changes",
    [
        {"size": 0},
        {"size": -1},
        {"digest": ""},
        {"digest": "sha256:abc"},
        {"digest": "md5:" + 32 * "a"},
    ],
)
def test_what_could_not_be_proven_is_not_begun(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(NetworkError) as refused:
        job(target(tmp_path, **changes)).run()
    assert refused.value.code == ErrorCode.FETCH_UNPROVABLE
    assert not list(tmp_path.iterdir())


def test_some_room_is_left_for_the_program_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = RESERVED_BYTES + len(CONTENT) - 1
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(2 * free, free, free))
    with pytest.raises(NetworkError) as refused:
        job(target(tmp_path)).run()
    assert refused.value.code == ErrorCode.FETCH_NO_ROOM


def test_the_first_part_of_a_split_model_appears_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is what makes a model of the files, on the disk before any has its name."""
    done: list[tuple[str, str]] = []
    for step in ("flush_to_disk", "rename_to_target"):
        plain = getattr(PartFile, step)

        def noted(part: PartFile, step: str = step, plain: Any = plain) -> None:
            done.append((step, part.target.name))
            plain(part)

        monkeypatch.setattr(PartFile, step, noted)
    monkeypatch.setattr(os, "fsync", lambda _descriptor: done.append(("fsync", "")))
    parts = []
    for name in ("m-00001-of-00002.gguf", "m-00002-of-00002.gguf"):
        part = PartFile(target(tmp_path, name), "main")
        part.open_files()
        part.write_chunk(0, CONTENT)
        while part.verify_next_chunk():
            pass
        parts.append(part)
    job(*(part.file for part in parts))._verify_and_rename(parts)
    steps = [step for step, _name in done]
    assert steps[:5] == ["flush_to_disk", "fsync", "flush_to_disk", "fsync", "rename_to_target"]
    renamed = [name for step, name in done if step == "rename_to_target"]
    assert renamed == ["m-00002-of-00002.gguf", "m-00001-of-00002.gguf"]
