"""Kills the library child at random moments while it reads a folder, and looks for what was lost.

Usage: tests/benchmarks/kills/library_kills.py [--kills 100] [--files 300] [--seed 7] [--model]
A stand-in takes the model's place, so that a life lasts a second; --model takes the real one.
The library that was killed again and again is compared with one that was built in peace: files,
texts, passages, vectors, and the ten best passages for some questions.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.app.library.folder_service import FolderService
from core.base.paths import Paths
from core.library.client.library_client import LibraryClient
from core.library.store.library_records import LibraryRecords
from core.messages import SyncProgress
from tests.benchmarks.library_driver import wait_for

_LONGEST_LIFE = 2.0
"""Seconds, from the moment that the first file of a life is done; every third dies before."""
_THINGS = ("apples", "bolts", "candles", "drums", "eggs", "forks", "gloves", "hats", "irons")
_PLACES = ("attic", "barn", "cellar", "den", "entry", "forge", "garage", "hall")
_STAND_IN = [sys.executable, str(Path(__file__).with_name("library_kills_child.py")), "library"]

NewClient = Callable[[Paths], LibraryClient]


def main() -> None:
    """Build one library in peace and one between kills, and compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--model", action="store_true")
    arguments = parser.parse_args()
    command = None if arguments.model else _STAND_IN

    def new_client(paths: Paths) -> LibraryClient:
        return LibraryClient(paths, lambda: None, command=command)

    dice = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as place:
        base = Path(place)
        questions = _make_folder(base / "papers", arguments.files, dice)
        peaceful, killed = _root(base / "peaceful"), _root(base / "killed")
        _read(new_client(peaceful), base / "papers")
        lives = Lives(new_client, killed, base / "papers", dice)
        for number in range(arguments.kills):
            lives.live_and_die()
            sys.stderr.write(f"\r{number + 1} of {arguments.kills} kills")
        _read(new_client(killed), base / "papers")
        sys.stdout.write(f"\n{lives.at_work} of {arguments.kills} kills while it read\n")
        _compare(peaceful, killed)
        tops = [_tops(new_client(paths), questions) for paths in (peaceful, killed)]
    equal = sum(a == b for a, b in zip(*tops, strict=True))
    sys.stdout.write(f"ten best passages the same for {equal} of {len(questions)} questions\n")


def _root(path: Path) -> Paths:
    paths = Paths(path)
    paths.create_folders()
    return paths


def _make_folder(folder: Path, files: int, dice: random.Random) -> list[str]:
    """Write texts of many lengths, some twice, one long enough to be kept in several steps."""
    folder.mkdir()
    questions = []
    for number in range(files):
        lines = []
        for line in range(dice.choice([5, 20, 60, 120])):
            thing, place, amount = dice.choice(_THINGS), dice.choice(_PLACES), dice.randrange(900)
            lines.append(f"Box {number}.{line} in the {place} holds {amount} {thing}.")
        text = " ".join(lines)
        (folder / f"{number:03}.txt").write_text(text)
        if number % 9 == 0:
            (folder / f"copy {number}").mkdir()
            (folder / f"copy {number}" / f"{number:03}.txt").write_text(text)
        if number % 10 == 0:
            questions.append(f"How many {thing} are in box {number}.{line} in the {place}?")
    facts = [f"Fact {n}: crate {n * n} holds {n} pears." for n in range(100 * files)]
    (folder / "manual.txt").write_text(" ".join(facts))
    return questions


def _read(client: LibraryClient, folder: Path) -> None:
    folders = FolderService(client, emit=lambda _event: None)
    wait_for(client, folders.add_folder(str(folder)))
    client.stop()


class Lives:
    """Reads a folder in many short lives; `at_work` counts those that ended while it read."""

    def __init__(
        self, new_client: NewClient, paths: Paths, folder: Path, dice: random.Random
    ) -> None:
        self._new_client = new_client
        self._paths = paths
        self._folder = folder
        self._dice = dice
        self.at_work = 0

    def live_and_die(self) -> None:
        """Read until a random moment. When all is read, half of it is forgotten for the next."""
        client = self._new_client(self._paths)
        updates: list[SyncProgress] = []
        folders = FolderService(client, emit=lambda _event: None)
        reply = folders.add_folder(str(self._folder)).on_progress(
            lambda update: updates.append(update) if isinstance(update, SyncProgress) else None
        )
        begun = None if self._dice.random() < 0.67 else time.monotonic()
        life = self._dice.uniform(0.0, _LONGEST_LIFE)
        while not reply.is_done and (begun is None or time.monotonic() - begun < life):
            client.poll()
            if begun is None and any(
                update.done > updates[0].done or update.part > 0 for update in updates
            ):
                begun = time.monotonic()
            time.sleep(0.002)
        self.at_work += not reply.is_done
        client.kill()
        client.stop()
        if reply.is_done:
            _forget_half(self._paths, self._dice)


def _forget_half(paths: Paths, dice: random.Random) -> None:
    records = LibraryRecords(paths)
    for folder in records.active_folders():
        known = list(records.known_files(folder.id).values())
        records.remove_files(dice.sample(known, len(known) // 2))
    records.close()


# ---------------------------------------------------------------- comparing


def _compare(peaceful: Paths, killed: Paths) -> None:
    one, other = LibraryRecords(peaceful), LibraryRecords(killed)
    files, files_again = _files(one), _files(other)
    passages, passages_again = _passages(one), _passages(other)
    half = [name for name, parts in files_again.items() if files.get(name) != parts]
    same = sum(
        float(np.dot(passages[key], passages_again[key])) > 0.999
        for key in passages.keys() & passages_again.keys()
    )
    sys.stdout.write(
        f"files: {len(files)} in peace, {len(files_again)} between kills;"
        f" lost {len(files.keys() - files_again.keys())},"
        f" too many {len(files_again.keys() - files.keys())}, half or doubled {len(half)}\n"
        f"passages: {len(passages)} and {len(passages_again)};"
        f" lost {len(passages.keys() - passages_again.keys())},"
        f" too many {len(passages_again.keys() - passages.keys())},"
        f" with the same vector {same}\n"
        f"rows without owner: {_strays(other)}\n"
    )
    one.close()
    other.close()


def _files(records: LibraryRecords) -> dict[str, list[tuple[object, ...]]]:
    """Return each file with its passages in order, as text."""
    rows = records.connection.execute(
        "SELECT file.name, substr(section.text, start + 1, length), page, heading FROM file"
        " LEFT JOIN passage USING (content_id) LEFT JOIN section ON section.id = section_id"
        " WHERE NOT waiting ORDER BY passage.id"
    )
    found: dict[str, list[tuple[object, ...]]] = {}
    for name, *passage in rows:
        found.setdefault(str(name), []).append(tuple(passage))
    return found


def _passages(records: LibraryRecords) -> dict[object, np.ndarray]:
    """Return the vectors that passages refer to, by what was embedded."""
    rows = records.connection.execute(
        "SELECT DISTINCT key, data FROM vector JOIN passage ON vector_id = vector.id"
    )
    return {key: np.frombuffer(bytes(data), "<f2").astype(np.float32) for key, data in rows}


def _strays(records: LibraryRecords) -> int:
    """Return how many contents, vectors and indexed words belong to nothing."""
    statements = (
        "SELECT count(*) FROM content WHERE id NOT IN (SELECT ifnull(content_id, 0) FROM file)",
        "SELECT count(*) FROM vector WHERE id NOT IN (SELECT vector_id FROM passage)",
        "SELECT count(*) FROM passage_words_docsize WHERE id NOT IN (SELECT id FROM passage)",
        "SELECT count(*) FROM passage WHERE id NOT IN (SELECT id FROM passage_words_docsize)",
    )
    counts = (records.connection.execute(each).fetchall()[0][0] for each in statements)
    return sum(int(str(each)) for each in counts)


def _tops(client: LibraryClient, questions: Sequence[str]) -> list[list[tuple[str, str]]]:
    tops = []
    for question in questions:
        answer = wait_for(client, client.search_folders(question, (), 10))
        tops.append([(hit.content_hash, hit.text) for hit in answer.hits])
    client.stop()
    return tops


if __name__ == "__main__":
    main()
