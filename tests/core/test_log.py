"""Logs: one file per process, kept short, let go of at the end."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base import log
from core.base.paths import program_folder


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    log.close()
    logging.getLogger().setLevel(level)


def test_lines_arrive_and_the_file_is_let_go(tmp_path: Path) -> None:
    path = tmp_path / "front-end.log"
    log.to_file(path)
    logging.getLogger("core.test").info("a line with ümlauts")
    log.close()
    logging.getLogger("core.test").info("after the end")
    text = path.read_text(encoding="utf-8")
    assert "INFO core.test: a line with ümlauts" in text
    assert "after the end" not in text


def test_a_long_log_loses_its_oldest_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "engine.log"
    path.write_bytes(b"".join(b"line %06d\n" % number for number in range(100_000)))
    log.trim_log(path)
    lines = path.read_text().splitlines()
    assert path.stat().st_size <= log.MAX_BYTES // 2
    assert lines[-1] == "line 099999"
    assert all(len(line) == len("line 000000") for line in lines)


def test_a_short_or_absent_log_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "engine.log"
    log.trim_log(path)
    assert not path.exists()
    path.write_text("short\n")
    log.trim_log(path)
    assert path.read_text() == "short\n"


def test_a_fatal_signal_leaves_a_trace_in_the_log(tmp_path: Path) -> None:
    path = tmp_path / "front-end.log"
    script = (
        "import faulthandler\nfrom pathlib import Path\nfrom core.base import log\n"
        f"log.to_file(Path({str(path)!r}))\nfaulthandler._sigabrt()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=program_folder(), capture_output=True, check=False
    )
    assert ended.returncode != 0
    assert "Fatal Python error: Aborted" in path.read_text()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is full")
def test_a_full_disk_loses_lines_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    log.to_file(Path("/dev/full"))
    logging.getLogger("core.test").error("a line")
    log.close()
    assert capsys.readouterr().err == ""
