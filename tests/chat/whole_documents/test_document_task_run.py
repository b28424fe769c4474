"""A task over documents from the question to the saved answer: progress, stop, resume, erasure."""

import pytest
from msgspec import structs

from core.chat.answering.answer_events import AnswerFailed, AnswerFinished, AnswerStage
from core.chat.answering.answer_protocols import AnswerEngine
from core.chat.conversations.conversation import TurnState
from core.chat.store.digest_store import DigestOrigin, DigestStore, digest_key
from core.chat.whole_documents.document_task import TaskDocument
from core.chat.whole_documents.document_task_run import DocumentTaskRun, TaskTools
from core.chat.whole_documents.meant_documents import MeantDocuments
from core.ipc.reply import Reply
from core.messages import AnswerDone, Failed, SearchHit
from tests.chat.answer_bench import AnswerBench, OneModelEngine, hit

QUESTION = "Summarise my folder"
TEXT = "The garden club met in May and Anna was elected chair of it for the coming two years. " * 12


class Shelf:
    """Documents that are there at once."""

    def __init__(self, *files: str) -> None:
        self.loaded: list[str] = []
        self.unread_files = 0
        self._documents = tuple(
            TaskDocument(
                file=file, path=f"/g/{file}", folder_id="f", title="", content_hash=file, words=900
            )
            for file in files
        )

    def find_documents(self) -> Reply[None, MeantDocuments]:
        return Reply.finished(MeantDocuments(documents=self._documents))

    def load_passages(self, document: TaskDocument) -> Reply[None, tuple[SearchHit, ...]]:
        self.loaded.append(document.file)
        passage = structs.replace(hit(1, f"{document.file}. {TEXT}"), file=document.file)
        return Reply.finished((structs.replace(passage, path=document.path),))


def start(
    bench: AnswerBench, *files: str, text: str = QUESTION, unread_files: int = 0
) -> DocumentTaskRun:
    engine: AnswerEngine = OneModelEngine(bench._engine_client)
    request = bench.request(text, bench.chats.new_conversation("t"), folder_ids=("f",))
    shelf = Shelf(*files)
    shelf.unread_files = unread_files
    tools = TaskTools(engine, shelf, bench.chats.digests)
    run = DocumentTaskRun(request, bench.saving, tools, bench.told.append, lambda: bench.now)
    run.start()
    return run


def write(bench: AnswerBench, text: str, stop: str = "eos") -> None:
    """Answer the last prompt."""
    request_id = bench.generated[-1].request_id
    bench.engine_says(AnswerDone(request_id=request_id, stop=stop, text=text))


def progress(bench: AnswerBench) -> list[tuple[int, int]]:
    stages = [each for each in bench.told if isinstance(each, AnswerStage)]
    return [(each.tokens, each.total) for each in stages if each.stage == "documents"]


def last(bench: AnswerBench) -> AnswerFinished:
    finished = bench.told[-1]
    assert isinstance(finished, AnswerFinished)
    return finished


def test_it_says_how_far_it_is_and_how_long_the_rest_takes(bench: AnswerBench) -> None:
    start(bench, "a.md", "b.md")
    bench.now = 60.0
    write(bench, "About a.")
    stages = [each for each in bench.told if isinstance(each, AnswerStage) and each.total]
    assert [each.seconds_left for each in stages] == [None, None, pytest.approx(60.0)], "no guess"
    write(bench, "About b.")
    assert progress(bench) == [(0, 2), (0, 2), (1, 2)]
    write(bench, "About both.")
    assert last(bench).text == "About both.\n\n- **a.md**: About a.\n- **b.md**: About b."
    assert last(bench).note == "Gone through from beginning to end: 2 documents."
    assert {source.file for source in last(bench).sources} == {"a.md", "b.md"}
    assert len(last(bench).citations) == 3


def test_what_is_done_stays_when_it_is_stopped(bench: AnswerBench) -> None:
    run = start(bench, "a.md", "b.md")
    write(bench, "About a.")
    run.stop()
    write(bench, "", stop="cancelled")
    assert last(bench).text == "- **a.md**: About a."
    assert last(bench).note.startswith("1 of 2 documents are done.")
    turn = bench.chats.load_conversation(last(bench).chat_id).turns[run.turn_id]
    assert turn.state is TurnState.CANCELLED


def test_asked_again_it_goes_on_where_it_was(bench: AnswerBench) -> None:
    run = start(bench, "a.md", "b.md")
    write(bench, "About a.")
    run.close()
    asked = len(bench.generated)
    start(bench, "a.md", "b.md")
    assert "b.md" in bench.generated[-1].turns[0].text
    assert len(bench.generated) == asked + 1
    write(bench, "About b.")
    write(bench, "Both.")
    start(bench, "a.md", "b.md")
    assert len(bench.generated) == asked + 2, "the second time nothing is asked"
    assert last(bench).text.startswith("Both.")


def test_a_folder_without_documents_is_said_to_be_empty(bench: AnswerBench) -> None:
    start(bench)
    assert last(bench).text == "There is no document to go through yet."
    assert last(bench).statistics.unread_files == 0
    assert bench.generated == []


def test_files_that_could_not_be_gone_through_yet_are_counted(bench: AnswerBench) -> None:
    start(bench, unread_files=3)
    assert last(bench).statistics.unread_files == 3
    start(bench, "a.md", unread_files=3)
    write(bench, "About a.")
    assert last(bench).statistics.unread_files == 3


def test_a_dead_engine_keeps_what_was_written(bench: AnswerBench) -> None:
    start(bench, "a.md", "b.md")
    write(bench, "About a.")
    request_id = bench.generated[-1].request_id
    bench.engine_says(Failed(request_id=request_id, code="engine_died"))
    assert isinstance(bench.told[-1], AnswerFailed)
    start(bench, "a.md")
    assert last(bench).text == "- About a."


def test_digests_go_with_their_folder_and_their_files(bench: AnswerBench) -> None:
    store: DigestStore = bench.chats.digests
    keys = [digest_key(name) for name in "abc"]
    store.save_digest(keys[0], "a", DigestOrigin("f", "1"))
    store.save_digest(keys[1], "b", DigestOrigin("f", "2"))
    store.save_digest(keys[2], "c", DigestOrigin())
    store.forget_missing("f", ["1", "2"])
    assert [store.find_digest(key) for key in keys] == ["a", "b", "c"]
    store.forget_missing("f", ["1"])
    assert [store.find_digest(key) for key in keys] == ["a", None, None]
    store.forget_folder("f")
    assert store.find_digest(keys[0]) is None
