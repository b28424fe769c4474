"""States in memory and on disk: found by what they spare, damaged ones never used, oldest gone."""

import os
import random
from pathlib import Path

import pytest

from core.engine.runtime.kv_snapshots import KvSnapshot, KvSnapshotStore, common_prefix_length

KEY, OTHER = "a" * 64, "b" * 64


def snapshot(*tokens: int, size: int = 1000) -> KvSnapshot:
    return KvSnapshot(tokens, bytearray(random.Random(repr(tokens)).randbytes(size)))


@pytest.fixture
def chat(tmp_path: Path) -> str:
    folder = tmp_path / "states" / "chat"
    folder.mkdir(parents=True)
    return str(folder)


def kept_in(folder: str, *, disk: int = 1 << 20, memory: int = 1 << 20) -> KvSnapshotStore:
    snapshots = KvSnapshotStore()
    snapshots.configure_limits(str(Path(folder).parent), disk, memory)
    return snapshots


def write(folder: str, kept: KvSnapshot, key: str = KEY, **limits: int) -> Path:
    snapshots = kept_in(folder, **limits)
    snapshots.write_to_disk(key, folder, kept)
    snapshots.close()
    return Path(folder, f"{key[:32]}.state")


@pytest.mark.parametrize(
    ("ours", "theirs", "common"),
    [((), (1,), 0), ((1, 2), (1, 2, 3), 2), ((1, 2, 3), (1, 2), 2), ((1, 9, 3), (1, 2, 3), 1)],
)
def test_common_prefix(ours: tuple[int, ...], theirs: tuple[int, ...], common: int) -> None:
    assert common_prefix_length(ours, theirs) == common


def test_what_spares_most_is_found(chat: str) -> None:
    snapshots = kept_in(chat)
    short, long = snapshot(1, 2), snapshot(1, 2, 3, 9)
    snapshots.keep_in_memory(KEY, short)
    snapshots.keep_in_memory(KEY, long)
    snapshots.keep_in_memory(OTHER, snapshot(1, 2, 3, 4))
    assert snapshots.find_longest(KEY, "", [1, 2, 3, 4]) is long
    assert snapshots.find_longest(KEY, "", [7]) is None
    assert snapshots.find_longest(OTHER, "", [2]) is None


def test_a_state_survives_on_disk(chat: str) -> None:
    kept = snapshot(1, 2, 3)
    write(chat, kept)
    found = kept_in(chat).find_longest(KEY, chat, [1, 2, 3, 4])
    assert found == kept
    assert kept_in(chat).find_longest(OTHER, chat, [1, 2, 3, 4]) is None
    assert kept_in(chat).find_longest(KEY, chat, [4, 3]) is None


def test_the_state_in_memory_is_preferred_to_an_older_file(chat: str) -> None:
    write(chat, snapshot(1, 2))
    snapshots = kept_in(chat)
    newer = snapshot(1, 2, 3)
    snapshots.keep_in_memory(KEY, newer)
    assert snapshots.find_longest(KEY, chat, [1, 2, 3, 4]) is newer


def test_no_damage_is_ever_handed_on(chat: str) -> None:
    kept = snapshot(1, 2, 3, size=200)
    content = write(chat, kept).read_bytes()
    path = Path(chat, f"{KEY[:32]}.state")
    draw = random.Random(7)
    places = [*range(24), *(draw.randrange(len(content)) for _ in range(100))]
    for place in places:
        damaged = bytearray(content)
        damaged[place] ^= 1 << draw.randrange(8)
        path.write_bytes(damaged)
        assert kept_in(chat).find_longest(KEY, chat, [1, 2, 3, 4]) is None
    for length in range(0, len(content), 7):
        path.write_bytes(content[:length])
        assert kept_in(chat).find_longest(KEY, chat, [1, 2, 3, 4]) is None
        assert not path.exists(), "it would be read in vain each time"


def test_memory_is_bounded_and_the_oldest_go(chat: str) -> None:
    snapshots = kept_in(chat, memory=2500)
    first, second, third = snapshot(1), snapshot(2), snapshot(3)
    for each in (first, second):
        snapshots.keep_in_memory(KEY, each)
    assert (
        snapshots.find_longest(KEY, "", [1, 5]) is first
    )  # used again, so the second is older now
    snapshots.keep_in_memory(KEY, third)
    assert snapshots.find_longest(KEY, "", [2, 5]) is None
    assert snapshots.find_longest(KEY, "", [1, 5]) is first


def test_a_longer_state_replaces_its_beginning(chat: str) -> None:
    snapshots = kept_in(chat, memory=1500)
    longer = snapshot(1, 2)
    snapshots.keep_in_memory(KEY, snapshot(1))
    snapshots.keep_in_memory(KEY, longer)
    assert snapshots.find_longest(KEY, "", [1, 2]) is longer


def test_the_disk_is_bounded_and_what_was_not_used_goes(chat: str) -> None:
    parent = Path(chat).parent
    paths = []
    for number in range(3):
        folder = parent / f"chat{number}"
        folder.mkdir()
        paths.append(write(str(folder), snapshot(number), disk=3500))
        os.utime(paths[-1], (number + 1, number + 1))
    write(chat, snapshot(9), disk=3500)
    assert [path.exists() for path in paths] == [False, True, True]


def test_what_a_kill_left_half_written_counts_and_goes(chat: str) -> None:
    half = Path(chat, f"{OTHER[:32]}.state.part")
    half.write_bytes(bytes(3000))
    os.utime(half, (1, 1))
    path = write(chat, snapshot(9), disk=3500)
    assert path.exists()
    assert not half.exists()


def test_a_folder_that_is_gone_is_not_made(tmp_path: Path) -> None:
    gone = str(tmp_path / "states" / "deleted")
    write(gone, snapshot(1, 2))
    assert not Path(gone).exists()


def test_without_a_limit_nothing_is_written(chat: str) -> None:
    write(chat, snapshot(1, 2), disk=0)
    assert list(Path(chat).iterdir()) == []
