"""Fault 13: a document that this person may not read."""

import os
import sys
from pathlib import Path

import pytest

from core.base.paths import Paths
from tests.faults import dying_program

if sys.platform == "win32":
    pytest.skip("signals, rights and limits are those of Unix here", allow_module_level=True)

pytestmark = pytest.mark.slow
_LIKE_ANYBODY = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
"""Root may read every file; without these two capabilities it may not."""
_READING = """
import sys
from pathlib import Path
from core.base.paths import Paths
from core.library.reading.file_reader import FileReader
from core.library.store.library_records import LibraryRecords
from core.library.sync.folder_sync import FolderSync, SyncDependencies
from core.messages import FileSkipped
from tests.library.conftest import ScriptedEmbedder
paths = Paths(Path(sys.argv[1]))
sent = []
records = LibraryRecords(paths)
folder = records.add_folder(sys.argv[2])
tools = SyncDependencies(
    records=records, embedder=ScriptedEmbedder(), app_root=paths.root, send=sent.append,
    new_reader=lambda: FileReader(paths.logs / "extractor.log", lambda: None),
)
for step in FolderSync(tools, folder, "sync").sync_in_steps():
    pass
for name, file in records.known_files(folder.id).items():
    print("kept" if file.content_id else "left", name)
for each in sent:
    if isinstance(each, FileSkipped):
        print("skipped", each.file, each.code, *each.facts.items())
"""


def test_it_is_listed_as_skipped_and_the_others_are_read(root: Paths, tmp_path: Path) -> None:
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "mine.txt").write_text("The strawberries were sown on 3 April.")
    (papers / "hers.txt").write_text("The rent is due on the first.")
    (papers / "hers.txt").chmod(0)
    before = _LIKE_ANYBODY if os.geteuid() == 0 else ()
    _code, lines = dying_program.run_to_end(_READING, root.root, papers, before=before)
    assert "kept mine.txt" in lines
    assert "kept hers.txt" not in lines
    (skipped,) = [line for line in lines if line.startswith("skipped")]
    assert skipped == "skipped hers.txt file_unreadable"
