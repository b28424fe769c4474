"""Prints what encryption costs: indexing, searching and opening a chat, paired in one run.

Both data folders grow in turns and are asked in turns, so that other programs slow both. Figures
are medians and 95th percentiles in processor time of this process, and how encrypted is to plain.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as the library's child says before NumPy is imported
sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.base.data_key import DataFileCipher, no_key, use_data_key
from core.base.paths import Paths, embedding_model
from core.chat.conversations.conversation import Conversation
from core.chat.store.chat_database import ChatDatabase
from core.library.index.chroma_store import open_chroma_store
from core.library.index.vector_index import VectorIndex
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.searcher import Searcher
from core.library.store.library_records import LibraryRecords
from tests.benchmarks.made_up import MadeUp, Near
from tests.chat.talk import say

BLOCK, TURNS, OPENINGS = 2_000, 300, 20
KEY = os.urandom(32)


class Side:
    """One data folder, encrypted or plain; `enter` before anything is done with it."""

    def __init__(self, folder: Path, *, is_encrypted: bool) -> None:
        self.paths = Paths(folder)
        self._is_encrypted = is_encrypted
        self.enter()
        self.paths.create_folders()
        self.records = LibraryRecords(self.paths)
        self.made = MadeUp(self.records.connection)
        self.times: dict[str, list[float]] = {}

    def enter(self) -> None:
        """Let this process have the key of this folder, or none."""
        if self._is_encrypted:
            root = self.paths.root
            use_data_key(lambda: KEY, partial(DataFileCipher, root), proven_for=root)
        else:
            use_data_key(no_key)

    def measure(self, what: str, work: Callable[[], object]) -> None:
        """Note the processor time of one piece of work."""
        self.enter()
        began = time.process_time()
        work()
        self.times.setdefault(what, []).append(time.process_time() - began)

    def prepare_search(self) -> None:
        """Build the index as the library does, and open the search."""
        self.enter()
        index = VectorIndex(self.paths.index, self.records.connection, open_chroma_store)
        for _step in index.update_in_steps():
            pass
        connection = self.records.connection
        rankings = CandidateRankings(connection, Near(connection), index)
        judge = EvidenceJudge(connection, embedding_model().name)
        self.search = Searcher(connection, rankings, judge).search_passages

    def write_chat(self) -> None:
        """Keep a chat of many turns."""
        self.enter()
        chats = ChatDatabase(self.paths.chats, self.paths.backups)
        chat: Conversation | None = None
        for number in range(TURNS // 2):
            chat = say(chats, f"What about {number}?", "A sentence. " * 120, chat=chat)
        chats.close()

    def open_chat(self) -> None:
        """Open the database and the chat in it, as a start does."""
        chats = ChatDatabase(self.paths.chats, self.paths.backups)
        for chat in chats.list_chats():
            chats.load_conversation(chat.chat_id)
        chats.close()


def main() -> None:
    """Grow and ask both folders in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", nargs="?", type=int, default=20_000)
    count: int = parser.parse_args().passages
    with tempfile.TemporaryDirectory(prefix="encryption-cost-") as folder:
        plain = Side(Path(folder, "plain"), is_encrypted=False)
        sealed = Side(Path(folder, "encrypted"), is_encrypted=True)
        sides = (plain, sealed)
        for wanted in range(BLOCK, count + 1, BLOCK):
            for side in sides if wanted // BLOCK % 2 else sides[::-1]:
                side.measure("indexing", partial(side.made.grow, wanted))
        for side in sides:
            side.prepare_search()
            side.write_chat()
            side.search(plain.made.questions[0], (), 8)
        for question in plain.made.questions:
            for side in sides:
                side.measure("search", partial(side.search, question, (), 8))
        for _number in range(OPENINGS):
            for side in sides:
                side.measure("opening a chat", side.open_chat)
        print(f"{count} passages")
        for what in plain.times:
            _print(what, plain.times[what], sealed.times[what])


def _print(what: str, plain: list[float], sealed: list[float]) -> None:
    def shown(values: list[float]) -> str:
        high = statistics.quantiles(values, n=20)[-1]
        return f"{statistics.median(values) * 1e3:.1f} ms, p95 {high * 1e3:.1f}"

    middle = statistics.median(sealed) / statistics.median(plain)
    high = statistics.quantiles(sealed, n=20)[-1] / statistics.quantiles(plain, n=20)[-1]
    print(
        f"{what}: plain {shown(plain)}; encrypted {shown(sealed)}; × {middle:.2f}, p95 × {high:.2f}"
    )


if __name__ == "__main__":
    main()
