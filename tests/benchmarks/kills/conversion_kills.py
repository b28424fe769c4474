"""Kills the program while it encrypts a data folder or writes it plain again.

Usage: python -m tests.benchmarks.kills.conversion_kills [--kills 100] [--seed 1]
Chats, a library, settings, contacts, pasted texts, copies and a log, with rare words in each. A
kill counts when the key file says that a conversion has begun and not ended. Every third is
followed by one while it goes on; the others by an opening, after which all has to be as it was, and
while it is encrypted none of the words may be readable. Lives are forked; scrypt is cheap in them.
"""

import argparse
import hashlib
import os
import random
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path

from core.app.app import App
from core.app.encryption import key_wrapping
from core.app.encryption.key_file import EncryptionState, read_key_file
from core.app.encryption.key_wrapping import new_recovery_code
from core.base.data_files import read_data_file
from core.base.paths import Paths
from core.base.settings.app_settings import MODEL
from core.chat.store.chat_database import ChatDatabase
from core.courier.connection.contact_log import ContactLog, read_contacts
from core.library.store.library_records import LibraryRecords
from tests.benchmarks.kills.killed_functions import run_and_kill, run_to_end
from tests.chat.talk import say
from tests.library.shelving import put
from tests.planted_words import find_words, rare_words

WORDS = rare_words(40, seed=29)
_CHATS = 30
_CODE = new_recovery_code()
_EVERY = 3
"""One kill of so many is followed by a kill of what goes on with the conversion."""


def fill(paths: Paths) -> None:
    """Keep words in each kind of file."""
    paths.create_folders()
    app = App(paths, lambda: None)
    app.open_root()
    for number in range(_CHATS):
        word = WORDS[number % 20]
        chat = say(app.chats, f"What is {word}?", f"It is {word}. " * 60)
        pasted = app.attachments.save_text(f"Notes on {word}. " * 20)
        app.chat_service.note_files(chat.chat_id, (pasted,))
    app.settings.set_value(MODEL, WORDS[20])
    app.close()
    ContactLog(paths.contacts).open_contact("example.org", 443, "list", WORDS[21])
    records = LibraryRecords(paths)
    folder = records.add_folder("/papers")
    for word in WORDS[22:]:
        put(records, folder, f"{word}.txt", f"Letter about {word}. " * 40)
    records.close()
    (paths.backups / "chats-2026-12-01.db").write_bytes(paths.chats.read_bytes())
    (paths.logs / "engine.log").write_text(f"couldn't open {WORDS[0]}.pdf")


def convert(paths: Paths, *, on: bool) -> None:
    """Go on with a conversion, or begin one; say so just before."""
    vars(key_wrapping)["_COST"] = 2**4
    app = App(paths, lambda: None)
    if _state(paths) in {EncryptionState.ENCRYPTING, EncryptionState.DECRYPTING}:
        print("goes on", flush=True)
        app.open_root()
    else:
        app.open_root()
        if on:
            app.encryption.switch_on("", _CODE)
        else:
            app.encryption.switch_off()
        print("begins", flush=True)
    app.close()


def print_digest(paths: Paths) -> None:
    """Open the folder, which ends what was begun, and print a digest of all that it keeps."""
    app = App(paths, lambda: None)
    app.open_root()
    kept: list[object] = [app.settings.get_value(MODEL)]
    kept += _chats(app.chats)
    copy = ChatDatabase(paths.backups / "chats-2026-12-01.db", paths.spool)
    kept += _chats(copy)
    copy.close()
    kept += [contact.about for contact in read_contacts(paths.contacts)]
    kept += sorted((each.name, read_data_file(each)) for each in paths.attachments.iterdir())
    records = LibraryRecords(paths)
    kept += records.connection.execute("SELECT * FROM passage ORDER BY id").fetchall()
    kept += records.connection.execute("SELECT text FROM section ORDER BY id").fetchall()
    kept += records.connection.execute("SELECT key, data FROM vector ORDER BY id").fetchall()
    records.close()
    app.close()
    print(hashlib.sha256(repr(kept).encode()).hexdigest())


def _chats(chats: ChatDatabase) -> list[object]:
    listed = sorted(chats.list_chats(), key=lambda chat: chat.chat_id)
    paths = (chats.load_conversation(chat.chat_id).path() for chat in listed)
    return [[(turn.role, turn.text, turn.raw) for turn in path] for path in paths]


def _state(paths: Paths) -> EncryptionState:
    kept = read_key_file(paths)
    return kept.state if kept else EncryptionState.OFF


class ConversionKilling:
    """A data folder, converted again and again: how often in the midst, and what is wrong then."""

    def __init__(self, paths: Paths, dice: random.Random) -> None:
        self._paths = paths
        self._dice = dice
        run_to_end(partial(fill, paths))
        self._digest = run_to_end(partial(print_digest, paths))
        began = time.monotonic()
        for on in (True, False):
            run_to_end(partial(convert, paths, on=on))
        self._longest = (time.monotonic() - began) / 2
        self.kills: Counter[str] = Counter()
        self.lost = self.readable = 0

    def kill(self, kills: int) -> None:
        """Kill so often in the midst of a conversion."""
        while self.kills.total() < kills:
            on = _state(self._paths) is EncryptionState.OFF
            run_and_kill(partial(convert, self._paths, on=on), self._dice, self._longest)
            state = _state(self._paths)
            if state in {EncryptionState.ENCRYPTING, EncryptionState.DECRYPTING}:
                self.kills[state.value] += 1
            if self._dice.randrange(_EVERY):
                self._look()
            told = ", ".join(f"{each} {count}" for each, count in self.kills.items())
            sys.stderr.write(f"\r{told}; lost {self.lost}, readable {self.readable}   ")
        self._look()

    def _look(self) -> None:
        try:
            digest = run_to_end(partial(print_digest, self._paths))
        except RuntimeError:
            digest = []
        self.lost += digest != self._digest
        found = find_words([self._paths.root], WORDS)
        if _state(self._paths) is EncryptionState.ON and found:
            self.readable += 1
            print(f"\nreadable: {found}", file=sys.stderr)


def main() -> int:
    """Kill so many times; 1 if anything was lost, or could be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PYTHON_KEYRING_BACKEND"] = "tests.courier.file_keyring.FileKeyring"
        os.environ["TEST_KEYS"] = str(Path(folder, "keys.json"))
        killing = ConversionKilling(Paths(Path(folder, "root")), random.Random(options.seed))
        killing.kill(options.kills)
    wrong = killing.lost + killing.readable
    kinds = ", ".join(f"{kind} {count}" for kind, count in killing.kills.items())
    took = time.monotonic() - began
    print(f"converting: killed {killing.kills.total()} ({kinds}), wrong {wrong}, {took:.0f} s")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
