"""Times taking in chats of another program: 10,000 in 100 MB, stopped in the middle and whole.

Usage: python tests/benchmarks/chats/history_import.py [--chats 10000]
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core.app.chats.history_service import HistoryImported, HistoryProgress, HistoryService
from core.base.paths import Paths
from core.chat.store.chat_database import ChatDatabase
from core.messages import Failed
from tests.chat.history.foreign_files import chatgpt_chat

_LETTERS = 5_000
"""Of an answer: with its questions a chat takes some 10 kB."""
_SENTENCE = "The long beds are watered every second Friday before nine, {number} litres each. "


def main() -> None:
    """Stop one import in the middle, then take in everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=10_000)
    count = parser.parse_args().chats
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "conversations.json"
        _write_chats(path, count)
        sys.stdout.write(f"{count} chats, {path.stat().st_size / 1e6:.1f} MB\n")
        paths = Paths(Path(place) / "root")
        paths.create_folders()
        database = ChatDatabase(paths.chats, paths.backups)
        _run(database, path, "stopped in the middle", stop_at=0.5)
        _run(database, path, "to its end", stop_at=None)
        _run(database, path, "again", stop_at=None)
        database.close()


def _write_chats(path: Path, count: int) -> None:
    with path.open("w") as file:
        file.write("[")
        for number in range(count):
            chat = chatgpt_chat(number, answers=2)
            long = _SENTENCE.format(number=number) * (_LETTERS // len(_SENTENCE))
            for key in ("a0", "a1"):
                chat["mapping"][key]["message"]["content"]["parts"] = [long]
            file.write(("," if number else "") + json.dumps(chat))
        file.write("]")


def _run(database: ChatDatabase, path: Path, name: str, stop_at: float | None) -> None:
    woken = threading.Event()
    service = HistoryService(database, lambda _event: None, woken.set)
    reply = service.import_history(path)
    ended: list[HistoryImported | Failed] = []
    steps: list[float] = []
    stopped_at = 0.0
    shares: list[HistoryProgress] = []
    reply.on_progress(shares.append).on_done(ended.append).on_error(ended.append)
    started, used = time.monotonic(), time.process_time()
    while not ended:
        woken.wait(1.0)
        woken.clear()
        began = time.thread_time()
        service.tasks.poll()
        steps.append(time.thread_time() - began)
        if stop_at is not None and shares and shares[-1].share >= stop_at and not stopped_at:
            stopped_at = time.monotonic()
            reply.cancel()
    seconds, processor = time.monotonic() - started, time.process_time() - used
    sys.stdout.write(
        f"{name}: {seconds:.1f} s, {processor:.1f} s of processor time; longest step of the window"
        f" {max(steps) * 1000:.0f} ms; {len(database.chat_ids())} chats are there"
    )
    if stopped_at:
        sys.stdout.write(f"; ended {time.monotonic() - stopped_at:.2f} s after Stop")
    sys.stdout.write("\n")
    service.tasks.close()


if __name__ == "__main__":
    main()
