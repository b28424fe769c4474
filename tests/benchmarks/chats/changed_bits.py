"""Chats after one bit of their file was turned over: what each of many places costs.

Run `python -m tests.benchmarks.chats.changed_bits [--count 500] [--chats 60] [--seed 8]`: plain,
encrypted, and encrypted with a daily copy that holds half of the chats. For each it prints how many
places cost nothing, one chat's answer or two, how many answers came back in part, and how many
chats were not listed.
"""

import argparse
import contextlib
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from core.base.data_key import DataFileCipher, no_key, use_data_key
from core.base.errors import StorageError
from core.base.paths import Paths
from core.chat.conversations.conversation import Role
from core.chat.store.chat_backups import make_backup
from core.chat.store.chat_database import ChatDatabase
from tests.chat.saved_chats import save_chats

_DAY = 86_400.0
_BLURRED = 60
"""Characters before the end of what came back that may be wrong."""


@dataclass
class Costs:
    """What the changed bits cost."""

    answers: Counter[int] = field(default_factory=Counter)
    """Places by how many answers were not as before."""
    in_part: int = 0
    not_listed: int = 0


def main() -> int:
    """Print a line for each kind of file; 1 if a chat was not listed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--chats", type=int, default=60)
    parser.add_argument("--seed", type=int, default=8)
    options = parser.parse_args()
    logging.disable()  # each damage has its traceback
    is_bad = False
    for name, encrypted, copied in (
        ("plain", False, 0),
        ("encrypted", True, 0),
        ("encrypted, copy of half", True, options.chats // 2),
        ("encrypted, copy of all", True, options.chats),
    ):
        with tempfile.TemporaryDirectory() as place, _key_of(Path(place), encrypted=encrypted):
            costs = _measure(Path(place), options.chats, copied, options.count, options.seed)
        counts = ", ".join(
            f"{places} cost {lost}" for lost, places in sorted(costs.answers.items())
        )
        print(
            f"{name}: {options.count} bits; {counts}; {costs.in_part} answers in part,"
            f" {costs.not_listed} chats not listed",
            flush=True,
        )
        is_bad |= costs.not_listed > 0
    return int(is_bad)


@contextlib.contextmanager
def _key_of(root: Path, *, encrypted: bool) -> Iterator[None]:
    if encrypted:
        key = bytes(range(32))
        use_data_key(lambda: key, partial(DataFileCipher, root), proven_for=root)
    yield
    use_data_key(no_key)


def _measure(place: Path, chats: int, copied: int, count: int, seed: int) -> Costs:
    root, dice, costs = Paths(place), random.Random(seed), Costs()
    root.create_folders()
    texts = save_chats(root, range(copied))
    if copied:
        make_backup(root.chats, root.backups, _DAY)
    texts |= save_chats(root, range(copied, chats))
    content = root.chats.read_bytes()
    for _number in range(count):
        flipped = bytearray(content)
        flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
        for file in place.glob("chats.db*"):
            file.unlink()
        root.chats.write_bytes(flipped)
        _add_costs(root, texts, costs)
    return costs


def _add_costs(root: Paths, texts: Mapping[str, str], costs: Costs) -> None:
    chats = ChatDatabase(root.chats, root.backups, lambda _error: None)
    listed = {entry.chat_id for entry in chats.list_chats()}
    lost = 0
    for chat_id, text in texts.items():
        costs.not_listed += chat_id not in listed
        found = _answer(chats, chat_id)
        lost += found != text
        costs.in_part += (
            found != text and text.startswith(found[:-_BLURRED]) and len(found) > 2 * _BLURRED
        )
    chats.close()
    costs.answers[lost] += 1


def _answer(chats: ChatDatabase, chat_id: str) -> str:
    try:
        turns = chats.load_conversation(chat_id).turns.values()
    except StorageError:
        return ""
    return next((each.text for each in turns if each.role is Role.ASSISTANT), "")


if __name__ == "__main__":
    sys.exit(main())
