"""The walk sees regular files only, follows nothing and stays out of what is no document."""

import os
import sys
from pathlib import Path

import pytest

from core.errors import Code
from core.library.scanner import Found, is_document, walk
from tests.library.pipes import make_pipe

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")


def seen(root: Path, excluded: Path | None = None) -> dict[str, Found]:
    return {found.relative: found for found in walk(root, excluded) if is_document(found)}


def put(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_carry_size_and_time(tmp_path: Path) -> None:
    file = put(tmp_path / "a" / "b.txt")
    found = seen(tmp_path)["a/b.txt"]
    assert (found.size, found.modified_ns, found.code) == (4, file.stat().st_mtime_ns, None)


def test_hidden_and_generated_folders_are_left_out(tmp_path: Path) -> None:
    for name in (".git/x", ".ssh/id", "node_modules/p/readme.md", "__pycache__/a.pyc", ".hidden"):
        put(tmp_path / name)
    put(tmp_path / "env" / "pyvenv.cfg")
    put(tmp_path / "env" / "lib" / "licence.txt")
    put(tmp_path / "~$open.docx")
    put(tmp_path / "kept.txt")
    assert list(seen(tmp_path)) == ["kept.txt"]


def test_the_apps_own_root_is_left_out(tmp_path: Path) -> None:
    put(tmp_path / "data" / "chats.txt")
    put(tmp_path / "kept.txt")
    assert list(seen(tmp_path, tmp_path / "data")) == ["kept.txt"]


@posix
def test_links_and_pipes_are_named_and_not_opened(tmp_path: Path) -> None:
    outside = put(tmp_path / "outside" / "secret.txt")
    root = tmp_path / "root"
    put(root / "kept.txt")
    (root / "link.txt").symlink_to(outside)
    (root / "linked-folder").symlink_to(outside.parent)
    (root / "loop").symlink_to(root)
    make_pipe(root / "pipe")
    codes = {name: found.code for name, found in seen(root).items()}
    assert codes == {
        "kept.txt": None,
        "link.txt": Code.FILE_LINK,
        "linked-folder": Code.FILE_LINK,
        "loop": Code.FILE_LINK,
        "pipe": Code.FILE_SPECIAL,
    }


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux takes any bytes as a name")
def test_names_of_odd_bytes_survive(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    put(tmp_path / name)
    assert name in seen(tmp_path)


def test_a_vanished_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        list(walk(tmp_path / "gone"))
