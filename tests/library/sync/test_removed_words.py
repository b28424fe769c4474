"""Words of removed texts: none is left in library.db once nobody waits."""

import random
import string
from pathlib import Path

from core.base.errors import InglenookError
from core.base.paths import Paths
from core.library.embedding.embedder import Embedder
from core.library.maintenance.reembedding import Reembedding
from core.library.maintenance.text_erasure import RETRY_SECONDS, TextErasure
from core.library.store.library_records import LibraryRecords
from core.library.store.removed_words import erase_removed_words
from tests.library.shelving import put


def rare_words(count: int) -> list[str]:
    chance = random.Random(5)
    return ["".join(chance.choices(string.ascii_lowercase, k=14)) for _number in range(count)]


def left(root: Paths, words: list[str]) -> list[str]:
    """Return the words whose later letters stand in a file: terms share their beginnings."""
    content = b"".join(path.read_bytes() for path in root.root.rglob("*") if path.is_file())
    return [word for word in words if word[5:].encode() in content]


def no_embedder(_folder: Path, _tuning: str) -> Embedder:
    raise AssertionError("nothing is embedded anew")


def no_error(error: Exception) -> InglenookError:
    raise error


def test_no_word_of_a_removed_text_is_left(root: Paths, tmp_path: Path) -> None:
    records = LibraryRecords(root)
    folder = records.add_folder(str(tmp_path / "notes"))
    words, common = rare_words(30), " the same words stand in every letter of this folder."
    for number, word in enumerate(words):
        put(records, folder, f"{number}.txt", f"Letter about {word}.{common * 20}")
    removed, kept = words[::3], [word for word in words if word not in words[::3]]
    known = records.known_files(folder.id)
    records.remove_files([known[f"{number}.txt"] for number in range(0, len(words), 3)])
    for _step in records.contents.delete_orphans():
        pass
    records.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert left(root, removed), "FTS5 erases them by itself now; is this still needed?"
    assert list(erase_removed_words(records.connection))
    assert left(root, removed) == []
    assert left(root, kept) == kept
    assert list(erase_removed_words(records.connection)) == []
    records.close()


def test_a_reader_delays_the_erasing_and_nothing_is_left_after_it(
    root: Paths, records: LibraryRecords, tmp_path: Path
) -> None:
    folder = records.add_folder(str(tmp_path / "notes"))
    words = rare_words(12)
    for number, word in enumerate(words):
        put(records, folder, f"{number}.txt", f"Letter about {word}. " * 20)
    known = records.known_files(folder.id)
    records.remove_files(list(known.values()))
    for _step in records.contents.delete_orphans():
        pass
    reader = records.connection.execute(
        "SELECT key, data FROM vector UNION SELECT key, value FROM note"
    )
    reader.fetchone()
    now = [100.0]
    reembedding = Reembedding(root, records, no_embedder, lambda _event: None, no_error)
    erasure = TextErasure(records, reembedding, clock=lambda: now[0])
    list(erasure.erase_removed_texts())
    for _time in range(3):
        assert erasure.seconds_until_retry == RETRY_SECONDS
        now[0] += RETRY_SECONDS
        assert erasure.seconds_until_retry == 0
        list(erasure.try_again())
    reader.close()
    assert left(root, words)
    list(erasure.try_again())
    assert erasure.seconds_until_retry is None
    assert left(root, words) == []
