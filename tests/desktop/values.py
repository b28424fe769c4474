"""Values for the tests of the window: turns, passages, folders, text layers."""

import time
from array import array
from typing import Any

from msgspec import structs

from core.base.paths import Paths
from core.chat.conversations.conversation import AnswerStatistics, Role, Source, Turn, TurnState
from core.messages import DownloadTarget, FolderState, FoundFile, PageLetters, SearchHit, TextBox
from core.models.downloads.download_plan import DownloadPlan

COST = AnswerStatistics(
    prompt_tokens=1260,
    cached_tokens=1204,
    completion_tokens=86,
    seconds_to_first_token=0.42,
    tokens_per_second=41.3,
    checks=40,
    drafted_tokens=120,
    accepted_tokens=84,
    stop="eos",
)


def question(turn_id: str, text: str) -> Turn:
    """Return a question as a turn."""
    return Turn(
        turn_id=turn_id,
        parent_id=None,
        role=Role.USER,
        state=TurnState.DONE,
        text=text,
        created=time.time(),
    )


def answer(
    turn_id: str, text: str, *, state: TurnState = TurnState.DONE, sources: tuple[Source, ...] = ()
) -> Turn:
    """Return an answer as a turn."""
    return Turn(
        turn_id=turn_id,
        parent_id=None,
        role=Role.ASSISTANT,
        state=state,
        text=text,
        created=time.time(),
        model="smollm2-135m-q4_1",
        sources=sources,
        statistics=COST,
    )


def source(n: int, text: str = "", **changes: Any) -> Source:
    """Return a passage of a folder."""
    base = Source(
        n=n,
        folder_id="folder-1",
        folder="Home",
        file=f"garden/duties {n}.odt",
        path=f"/home/me/Home/garden/duties {n}.odt",
        page=n + 1,
        heading="Watering",
        text=text or "Every second Friday the long beds are watered before nine in the morning.",
        content_hash="0" * 64,
        score=0.8,
    )
    return structs.replace(base, **changes)


def found_file(file: str) -> FoundFile:
    """Return a file as a question about the library finds it."""
    return FoundFile(
        folder_id="folder-1", folder="Garden", file=file, path=f"/g/{file}", size=1, modified=0
    )


def hit(n: int, text: str = "", **changes: Any) -> SearchHit:
    """Return a passage as a search finds it; sent with a question, it becomes `source(n)`."""
    found = source(n, text)
    base = SearchHit(
        rank=n,
        passage_id=n,
        section_id=n,
        folder_id=found.folder_id,
        folder=found.folder,
        file=found.file,
        path=found.path,
        page=found.page,
        heading=found.heading,
        text=found.text,
        section=found.text,
        content_hash=found.content_hash,
        score=found.score,
    )
    return structs.replace(base, **changes)


def folder(folder_id: str = "folder-1", name: str = "Home", **changes: Any) -> FolderState:
    """Return a folder as a person sees it."""
    base = FolderState(
        folder_id=folder_id,
        name=name,
        path=f"/home/me/{name}",
        files=120,
        indexed=118,
        skipped=2,
        passages=2310,
        state="ready",
    )
    return structs.replace(base, **changes)


def download_plan(paths: Paths) -> DownloadPlan:
    """Return what is fetched after a press: one file of the catalog, into the app's own folder."""
    return DownloadPlan(
        download_id="fetch-1",
        request="qwen3-4b:Q4_K_M",
        host="hub.example",
        endpoint="https://hub.example",
        repository="unsloth/Qwen3-4B-GGUF",
        commit="main",
        files=(
            DownloadTarget(
                name="Qwen3-4B-Q4_K_M.gguf",
                target=str(paths.models / "Qwen3-4B-Q4_K_M.gguf"),
                size=2_497_281_120,
                digest="sha256:" + "ab" * 32,
            ),
        ),
        licence="Apache-2.0",
    )


LINE = TextBox(left=0.1, top=0.5, right=0.6, bottom=0.52)
"""Where a passage stands on a page."""


def letters(page: int, text: str, request_id: str = "") -> PageLetters:
    """Return letters in one line across the page."""
    step = 65535 // (len(text) + 1)
    places = array("H", [s for n in range(len(text)) for s in (n * step, 600, (n + 1) * step, 900)])
    return PageLetters(request_id=request_id, page=page, text=text, places=places.tobytes())
