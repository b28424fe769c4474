"""Kills the library child at each stage of its work, and looks for what was lost.

Usage: tests/benchmarks/kills/library_kills.py [STAGE…] [--kills 20] [--files 24] [--seed 7]
[--model]
So many kills at each stage: files are listed (waiting), reading, embedding, writing, indexing; and
as many at random moments (random). A stand-in takes the model's place, and children are forked, so
that a life lasts a second; --model takes the real ones, with kills at random moments alone. After
each kill the database must be sound, and what it holds of a file must be all of it. After the kills
of a stage the library is compared with one that was built in peace: files, texts, passages,
vectors, and the ten best passages for some questions.
"""

import argparse
import contextlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.app.library.folder_service import FolderService
from core.base.paths import Paths
from core.library.client.library_client import LibraryClient
from core.library.store.library_records import LibraryRecords
from core.messages import SyncProgress
from tests.benchmarks.kills.forked_children import forked_children
from tests.benchmarks.kills.library_kills_child import main as child_main
from tests.benchmarks.library_driver import wait_for

_LONGEST_LIFE = 2.0
"""Seconds, from the moment that the first file of a life is done; every third dies before."""
_LATEST_NTH = {"waiting": 1, "indexing": 1}
"""A stage is killed at one of its first so many beginnings of a life, 6 unless it stands here,"""
_LONGEST_IN_STAGE = 0.01
"""and at most so many seconds after it began."""
_LONGEST_UNTIL_INDEX = 60.0
_FORGOTTEN = {"indexing": 0.15}
"""How much is forgotten of a library that is whole, a half unless it stands here."""
_LIVES_A_KILL = 8
"""Most lives that a kill may cost; a stage that is reached more seldom has too few kills."""
_THINGS = ("apples", "bolts", "candles", "drums", "eggs", "forks", "gloves", "hats", "irons")
_PLACES = ("attic", "barn", "cellar", "den", "entry", "forge", "garage", "hall")
_CHILD = str(Path(__file__).with_name("library_kills_child.py"))
STAGES = ("waiting", "reading", "embedding", "writing", "indexing")
RANDOM = "random"

NewClient = Callable[[Paths, str], LibraryClient]
"""Makes a client; its child is killed as the text says, "" by nobody but us."""


@dataclass(frozen=True, slots=True)
class Damage:
    """What a library between kills has otherwise than one that was built in peace."""

    kills: int
    """Lives that ended in the middle of their work."""
    torn: int
    """Databases that were not sound after a kill, and files that they held a part of."""
    lost: int
    too_many: int
    half: int
    passages_lost: int
    other_vectors: int
    strays: int
    other_tops: int

    @property
    def total(self) -> int:
        """Everything that should not be."""
        return (
            self.torn
            + self.lost
            + self.too_many
            + self.half
            + self.passages_lost
            + self.other_vectors
            + self.strays
            + self.other_tops
        )


def stand_in_client(paths: Paths, kill: str) -> LibraryClient:
    """Return a client whose child embeds without a model."""
    killed = ["--kill", kill] if kill else []
    return LibraryClient(paths, lambda: None, command=[sys.executable, _CHILD, *killed, "library"])


def forked_stand_ins() -> AbstractContextManager[None]:
    """Let the children of `stand_in_client` be forked in there."""
    return forked_children({_CHILD: child_main})


def _real_client(paths: Paths, _kill: str) -> LibraryClient:
    return LibraryClient(paths, lambda: None)


def main() -> int:
    """Build one library in peace and one between kills, and compare them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="*", choices=[[], *STAGES, RANDOM], default=[])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--files", type=int, default=24)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--model", action="store_true")
    options = parser.parse_args()
    stages = (RANDOM,) if options.model else options.stages or (*STAGES, RANDOM)
    plan = dict.fromkeys(stages, options.kills)
    new_client = _real_client if options.model else stand_in_client
    forks = contextlib.nullcontext() if options.model else forked_stand_ins()
    with tempfile.TemporaryDirectory() as place, forks:
        found = kill_again_and_again(
            Path(place), plan, options.files, random.Random(options.seed), new_client
        )
    for stage, damage in found.items():
        sys.stdout.write(f"{stage}: killed {damage.kills}, wrong {damage.total}\n")
        if damage.total:
            sys.stdout.write(f"{damage}\n")
    is_short = any(damage.kills < options.kills for damage in found.values())
    return int(is_short or any(damage.total for damage in found.values()))


def kill_again_and_again(
    base: Path, plan: dict[str, int], files: int, dice: random.Random, new_client: NewClient
) -> dict[str, Damage]:
    """Kill so often at each stage, or `RANDOM`; compare with a library that was built in peace."""
    questions = _make_folder(base / "papers", files, dice)
    peaceful, killed = _root(base / "peaceful"), _root(base / "killed")
    _read(new_client(peaceful, ""), base / "papers")
    tops = _tops(new_client(peaceful, ""), questions)
    lives = Lives(new_client, killed, base / "papers", dice)
    found = {}
    for stage, kills in plan.items():
        torn, began = 0, time.monotonic()
        for _life in range(_LIVES_A_KILL * kills):
            if lives.kills[stage] >= kills:
                break
            lives.live_and_die(stage)
            torn += _torn(peaceful, killed, base / "copy")
            took = time.monotonic() - began
            sys.stderr.write(f"\r{stage}: {lives.kills[stage]} of {kills} kills, {took:.0f} s   ")
        _read(new_client(killed, ""), base / "papers")
        others = _tops(new_client(killed, ""), questions)
        other_tops = sum(a != b for a, b in zip(tops, others, strict=True))
        found[stage] = _compare(peaceful, killed, lives.kills[stage], torn, other_tops)
    return found


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
    """Reads a folder in many short lives; `kills` counts those that ended in their work."""

    def __init__(
        self, new_client: NewClient, paths: Paths, folder: Path, dice: random.Random
    ) -> None:
        self._new_client = new_client
        self._paths = paths
        self._folder = folder
        self._dice = dice
        self.kills: Counter[str] = Counter()

    def live_and_die(self, stage: str) -> None:
        """Read until the stage, or a random moment. When all is read, a part is forgotten."""
        kill = "" if stage == RANDOM else self._moment_in(stage)
        client = self._new_client(self._paths, kill)
        updates: list[SyncProgress] = []
        folders = FolderService(client, emit=lambda _event: None)
        reply = folders.add_folder(str(self._folder)).on_progress(
            lambda update: updates.append(update) if isinstance(update, SyncProgress) else None
        )
        begun = None if self._dice.random() < 0.67 else time.monotonic()
        life = self._dice.uniform(0.0, _LONGEST_LIFE)
        while not reply.is_done and (kill or begun is None or time.monotonic() - begun < life):
            client.poll()
            if begun is None and any(
                update.done > updates[0].done or update.part > 0 for update in updates
            ):
                begun = time.monotonic()
            time.sleep(0.002)
        is_whole = reply.is_done and reply.failure is None
        if is_whole and stage == "indexing":
            _wait_for_death(client)
        self.kills[stage] += client.pid is None if kill else not is_whole
        client.kill()
        client.stop()
        if is_whole:
            _forget(self._paths, self._dice, _FORGOTTEN.get(stage, 0.5))

    def _moment_in(self, stage: str) -> str:
        latest = _LATEST_NTH.get(stage, 6)
        nth = self._dice.randint(1, latest)
        return f"{stage}:{nth}:{self._dice.uniform(0.0, _LONGEST_IN_STAGE):.5f}"


def _wait_for_death(client: LibraryClient) -> None:
    """Wait until the child has ended, which builds its index when nothing else is to be done."""
    deadline = time.monotonic() + _LONGEST_UNTIL_INDEX
    while client.pid is not None and time.monotonic() < deadline:
        client.poll()
        time.sleep(0.002)


def _forget(paths: Paths, dice: random.Random, share: float) -> None:
    records = LibraryRecords(paths)
    for folder in records.active_folders():
        known = list(records.known_files(folder.id).values())
        records.remove_files(dice.sample(known, round(len(known) * share)))
    # Otherwise the files find their texts again, and nothing is read, embedded or written.
    for _step in records.contents.delete_orphans():
        pass
    records.close()


# ---------------------------------------------------------------- comparing


def _torn(peaceful: Paths, killed: Paths, folder: Path) -> int:
    """Look at a copy of what a kill left: 1 if it is not sound, and one for each file in parts."""
    folder.mkdir(exist_ok=True)
    copy = folder / killed.library.name
    for end in ("", "-wal", "-shm"):
        Path(f"{copy}{end}").unlink(missing_ok=True)
        if end != "-shm" and Path(f"{killed.library}{end}").exists():
            shutil.copyfile(f"{killed.library}{end}", f"{copy}{end}")
    if not copy.exists():
        return 0
    whole, left = LibraryRecords(peaceful), LibraryRecords(killed, file=copy)
    sound = left.connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    files, wanted = _files(left), _files(whole)
    whole.close()
    left.close()
    return (not sound) + sum(files[name] != wanted.get(name) for name in files)


def _compare(peaceful: Paths, killed: Paths, kills: int, torn: int, other_tops: int) -> Damage:
    one, other = LibraryRecords(peaceful), LibraryRecords(killed)
    files, files_again = _files(one), _files(other)
    passages, passages_again = _passages(one), _passages(other)
    both = passages.keys() & passages_again.keys()
    damage = Damage(
        kills=kills,
        torn=torn,
        lost=len(files.keys() - files_again.keys()),
        too_many=len(files_again.keys() - files.keys()),
        half=sum(files[name] != files_again[name] for name in files.keys() & files_again.keys()),
        passages_lost=len(passages.keys() ^ passages_again.keys()),
        other_vectors=sum(
            float(np.dot(passages[key], passages_again[key])) <= 0.999 for key in both
        ),
        strays=_strays(other),
        other_tops=other_tops,
    )
    one.close()
    other.close()
    return damage


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
    sys.exit(main())
