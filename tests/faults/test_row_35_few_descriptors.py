"""Fault 35: few file descriptors, and few processes or threads."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.dying_program import REPOSITORY

if sys.platform == "win32":
    pytest.skip("signals, rights and limits are those of Unix here", allow_module_level=True)
import resource

pytestmark = pytest.mark.slow

_LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]),) * 2)
sys.argv = ["inglenook", *sys.argv[2:]]
runpy.run_module("desktop", run_name="__main__")
"""


def run(files: int, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _LIMITED, str(files), *map(str, words)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


@pytest.mark.parametrize("files", [16, 28])
def test_with_hardly_any_it_ends_with_a_sentence(tmp_path: Path, files: int) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "note.txt").write_text("The strawberries were sown on 3 April.")
    done = run(files, "--root", tmp_path / "root", "--json", "folder", "add", papers)
    assert "Traceback" not in done.stdout + done.stderr
    if done.returncode:
        assert done.stderr.strip() or done.stdout.strip()


def test_with_64_a_folder_is_read_and_searched(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] >= 64
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "note.txt").write_text("The strawberries were sown on 3 April.")
    root = ("--root", tmp_path / "root", "--json")
    assert run(64, *root, "folder", "add", papers).returncode == 0
    found = run(64, *root, "search", "When were the strawberries sown?")
    assert found.returncode == 0, found.stderr
    assert any("note.txt" in json.dumps(json.loads(line)) for line in found.stdout.splitlines())
