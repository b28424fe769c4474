"""A folder asked about its own texts: what is found, what isn't and why."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import Paths
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.folder_test.folder_evaluation import FolderEvaluator
from core.library.tasks.temporary_library import TemporaryLibrary
from core.messages import (
    DocumentPage,
    EvaluateFolder,
    EvaluationProgress,
    FolderEvaluated,
    SearchHit,
)
from tests.library.conftest import ScriptedEmbedder

LEASE = (
    "This contract begins in March. The tenant pays for small repairs up to 110 euros each in the"
    " whole flat. The landlady mends the heating before winter begins every single year. It ends."
)
BIKE = (
    "The bicycle was bought second hand. Its insurance covers theft from locked cellars during the"
    " night and costs 84 euros yearly. The frame number is stamped below the saddle clamp. Enough."
)


@pytest.fixture
def library(root: Paths) -> Iterator[TemporaryLibrary]:
    with TemporaryLibrary(root, ScriptedEmbedder()) as library:
        pages = {
            "home/lease.txt": DocumentPage(number=1, heading="Small repairs", text=LEASE),
            "bike.txt": DocumentPage(number=2, heading="Bicycle insurance", text=BIKE),
            "copy of bike.txt": DocumentPage(number=2, heading="Bicycle insurance", text=BIKE),
        }
        for _done in library.add_documents((name, (page,)) for name, page in pages.items()):
            pass
        yield library


def evaluated(
    library: TemporaryLibrary, hits: Any = None, **changes: Any
) -> tuple[FolderEvaluated, list[EvaluationProgress]]:
    """Evaluate the only folder, with hits of the real search or of a function."""
    (folder,) = library.records.active_folders()
    request = EvaluateFolder(
        request_id="1", folder_id=changes.pop("folder_id", folder.id), **changes
    )
    searcher = library.new_searcher()

    def search(question: str) -> Sequence[SearchHit]:
        if hits is not None:
            return tuple(hits(question))
        return searcher.search_passages(question, (folder.id,), request.k).hits

    sent: list[Any] = []
    evaluator = FolderEvaluator(
        library.records,
        request,
        search,
        lambda question, scope: list(searcher.rank_passages(question, scope).scores),
    )
    for _step in evaluator.evaluate_in_steps(sent.append):
        pass
    *progress, result = sent
    assert isinstance(result, FolderEvaluated)
    return result, progress


def test_what_a_folder_holds_is_found(library: TemporaryLibrary) -> None:
    result, progress = evaluated(library)
    assert result.questions
    assert {each.kind for each in result.questions} >= {"sentence", "figure"}
    assert all(each.rank == 1 for each in result.questions)
    assert all(each.file_rank >= 1 for each in result.questions)
    assert result.files == 3
    assert progress[0].step == "asking"
    # A heading that stands in two files asks for nothing in particular.
    assert {each.question for each in result.questions if each.kind == "heading"} <= {
        "What is said about “Small repairs”?"
    }


def test_the_same_seed_asks_the_same(library: TemporaryLibrary) -> None:
    first = [each.question for each in evaluated(library, seed=7)[0].questions]
    assert first == [each.question for each in evaluated(library, seed=7)[0].questions]
    assert len(evaluated(library, questions=2)[0].questions) == 2


def test_a_miss_says_why(library: TemporaryLibrary) -> None:
    result, _progress = evaluated(library, hits=lambda _question: ())
    assert {each.reason for each in result.questions} <= {"further_down", "unranked"}
    assert all(each.rank == 0 for each in result.questions)
    further = [each for each in result.questions if each.reason == "further_down"]
    assert further
    assert all(each.place >= 1 for each in further)


def test_what_is_nearly_the_same_is_a_reason(library: TemporaryLibrary) -> None:
    (folder,) = library.records.active_folders()
    nearly = (LEASE + BIKE).replace(" ", "  ").replace("pays", "pays for").replace("theft", "loss")
    nearly = nearly.replace("mends", "repairs").replace("stamped", "engraved").replace("hand", "x")
    result, _progress = evaluated(library, hits=lambda _question: [hit(folder.id, nearly)])
    assert "repeated" in {each.reason for each in result.questions}


def hit(folder_id: str, text: str) -> SearchHit:
    return SearchHit(
        rank=1, passage_id=99, section_id=99, folder_id=folder_id, file="x", path="/x", page=None,
        heading="", text=text, section=text, content_hash="99", score=1.0,
    )  # fmt: skip


def test_what_can_not_be_found_at_all_is_counted(library: TemporaryLibrary) -> None:
    records = library.records
    (folder,) = records.active_folders()
    for name, code in (
        ("scan.pdf", ErrorCode.FILE_NO_TEXT),
        ("locked.pdf", ErrorCode.FILE_ENCRYPTED),
        ("node_modules", ErrorCode.PART_GENERATED),
    ):
        records.skip_file(folder.id, ScannedEntry(name, 1, 1), code, {})
    records.mark_waiting(folder.id, [ScannedEntry("new.txt", 1, 1)])
    result, _progress = evaluated(library)
    assert (result.pictures, result.skipped, result.waiting) == (1, {"file_encrypted": 1}, 1)


def test_a_folder_that_is_not_there(library: TemporaryLibrary) -> None:
    with pytest.raises(LibraryError) as caught:
        evaluated(library, folder_id="nowhere")
    assert caught.value.code == ErrorCode.FOLDER_UNKNOWN


def test_an_empty_folder_has_no_questions(root: Paths) -> None:
    with TemporaryLibrary(root, ScriptedEmbedder(), root=os.sep) as empty:
        result, _progress = evaluated(empty)
        assert result.questions == ()
        assert result.files == 0
