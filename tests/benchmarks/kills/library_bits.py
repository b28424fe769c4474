"""Libraries after one bit of library.db was turned over: what each of many places costs.

Run `python -m tests.benchmarks.kills.library_bits [--count 250] [--seed 3]`: for each place the
library's loop runs over a copy, lists folders and files, opens these, searches and is checked; then
folders are compared with the disk, and all is asked once more. Printed is how many places were not
noticed, how many mended, and each that cost more: folders lost, an internal error, another result.
"""

import argparse
import contextlib
import logging
import random
import shutil
import sys
import tempfile
import traceback
from collections import Counter, deque
from collections.abc import Sequence
from pathlib import Path

import msgspec

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.ipc.channel import ParentGone
from core.library import library_child
from core.library.serving.library_backends import LibraryBackends
from core.messages import (
    AddFolder,
    Failed,
    FoldersListed,
    FolderState,
    ListFiles,
    ListFolders,
    ListSkipped,
    ListStatus,
    LoadDocument,
    SearchDone,
    SearchFolders,
    VerifyLibrary,
)
from tests.library.conftest import ScriptedEmbedder

_FOLDERS, _FILES = 3, 12
_QUESTIONS = ("ripe apples of crate 3", "When were the strawberries sown?", "crate 7")


class _ScriptedChannel:
    """Hands out requests; the parent hangs up as soon as nothing is left to be done."""

    def __init__(self, requests: Sequence[object]) -> None:
        self.requests = deque(requests)
        self.sent: list[msgspec.Struct] = []

    def post_request(self, request: object) -> None:
        self.requests.append(request)

    def send(self, message: msgspec.Struct) -> None:
        self.sent.append(message)

    def receive(self, timeout: float | None = None) -> object | None:
        if self.requests:
            return self.requests.popleft()
        if timeout is None:
            raise ParentGone
        return None


_BACKENDS = LibraryBackends(open_embedder=ScriptedEmbedder, open_judge=None)


def main() -> int:
    """Print what the places cost; 1 if folders were lost, or an error was none of the program's."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=250)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    logging.disable()
    dice, kinds = random.Random(options.seed), Counter[str]()
    with tempfile.TemporaryDirectory() as place:
        made = _MadeLibrary(Path(place))
        for _number in range(options.count):
            offset, bit = dice.randrange(len(made.content)), dice.randrange(8)
            kind = made.outcome_of(offset, bit)
            kinds[kind.split(":")[0]] += 1
            if ":" in kind:
                print(f"{offset} bit {bit}: {kind}", flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    return int(bool(kinds.keys() - {"unnoticed", "read anew"}))


class _MadeLibrary:
    """A library of a few folders, one bit of which is turned over at a time."""

    def __init__(self, place: Path) -> None:
        self._root = Paths(place / "root")
        self._names = [f"papers{number}" for number in range(_FOLDERS)]
        for name in self._names:
            folder = place / name
            folder.mkdir()
            for number in range(_FILES):
                text = f"Crate {number} of {name} holds {number} ripe apples."
                (folder / f"note{number}.txt").write_text(text)
            (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
        self._compare_folders()
        self._found = _texts(self._serve(_searches("search")))
        self.content = self._root.library.read_bytes()
        self._files = {
            path: path.read_bytes() for path in self._root.root.rglob("*") if path.is_file()
        }

    def outcome_of(self, offset: int, bit: int) -> str:
        """Return what one changed bit costs: a kind, and after a colon what was said."""
        shutil.rmtree(self._root.root)
        for path, content in self._files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        changed = bytearray(self.content)
        changed[offset] ^= 1 << bit
        self._root.library.write_bytes(changed)
        try:
            first = self._asked()
            self._compare_folders()
            second = self._asked()
        except Exception:  # noqa: BLE001 - whatever ends the child is what is looked for
            return f"ended: {traceback.format_exc()}"
        failures = [each for each in (*first, *second) if isinstance(each, Failed)]
        internal = {str(each.facts) for each in failures if each.code is ErrorCode.INTERNAL}
        lasting = [each for each in second if isinstance(each, Failed)]
        if internal:
            return f"internal: {internal}"
        listed = next(each for each in reversed(second) if isinstance(each, FoldersListed))
        if sorted(folder.name for folder in listed.folders) != self._names:
            return f"folders lost: {[folder.name for folder in listed.folders]}"
        found, expected = _texts(second), self._found
        if found != expected:
            return f"found otherwise: {len(found ^ expected)} of {len(expected)}, {failures}"
        if lasting:
            return f"lasting: {lasting}"
        return "read anew" if failures else "unnoticed"

    def _compare_folders(self) -> None:
        place = self._root.root.parent
        self._serve([AddFolder(request_id=name, path=str(place / name)) for name in self._names])

    def _asked(self) -> list[msgspec.Struct]:
        requests: list[object] = [
            ListFolders(request_id="folders"),
            ListStatus(request_id="status"),
        ]
        requests += _searches("search")
        for folder_id in [folder.folder_id for folder in self._listed()]:
            requests += [
                ListFiles(request_id=f"files {folder_id}", folder_id=folder_id),
                ListSkipped(request_id=f"skipped {folder_id}", folder_id=folder_id),
            ]
            requests += [
                LoadDocument(
                    request_id=f"{folder_id} {number}",
                    folder_id=folder_id,
                    file=f"note{number}.txt",
                )
                for number in range(_FILES)
            ]
        requests.append(VerifyLibrary(request_id="verify"))
        return self._serve([*requests, ListFolders(request_id="again"), *_searches("again")])

    def _listed(self) -> tuple[FolderState, ...]:
        (listed,) = [
            each
            for each in self._serve([ListFolders(request_id="folders")])
            if isinstance(each, FoldersListed) and each.request_id
        ]
        return listed.folders

    def _serve(self, requests: Sequence[object]) -> list[msgspec.Struct]:
        channel = _ScriptedChannel(requests)
        with contextlib.suppress(ParentGone):
            library_child.serve_library(channel, self._root, _BACKENDS)  # type: ignore[arg-type] # stands in for the pipe
        return channel.sent


def _searches(name: str) -> list[SearchFolders]:
    return [
        SearchFolders(request_id=f"{name}{number}", query=question)
        for number, question in enumerate(_QUESTIONS)
    ]


def _texts(sent: list[msgspec.Struct]) -> set[tuple[str, str, str]]:
    """Return (question's number, file, text) of what the last searches found."""
    done = [each for each in sent if isinstance(each, SearchDone)][-len(_QUESTIONS) :]
    return {(each.request_id[-1], hit.path, hit.text) for each in done for hit in each.hits}


if __name__ == "__main__":
    sys.exit(main())
