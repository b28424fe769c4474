"""Which documents of a folder a task goes through: the named, the one that is meant, or all."""

from msgspec import structs

from core.app.chats.question_documents import QuestionDocuments
from core.chat.answering.answer_events import AnswerFinished
from core.chat.answering.answer_protocols import AnswerEngine
from core.chat.verification.sentence_checks import doubtful_sentences
from core.chat.whole_documents.document_task_run import DocumentTaskRun, TaskTools
from core.messages import FilesFound, FoundFile, ListPassages, QueryFiles
from tests.chat.answer_bench import AnswerBench, OneModelEngine, hit

FILES = ("2021_mv.txt", "hv.txt", "plum.txt")


def start(bench: AnswerBench, text: str) -> DocumentTaskRun:
    """Ask, and let the library list its files."""
    engine: AnswerEngine = OneModelEngine(bench._engine_client)
    request = bench.request(text, bench.chats.new_conversation("t"), folder_ids=("f",))
    documents = QuestionDocuments(bench._library_client, request)
    tools = TaskTools(engine, documents, bench.chats.digests)
    run = DocumentTaskRun(request, bench.saving, tools, bench.told.append, lambda: bench.now)
    run.start()
    files = tuple(
        FoundFile(
            folder_id="f", folder="Flat", file=each, path=f"/f/{each}", size=9, modified=0, words=9
        )
        for each in FILES
    )
    (listed,) = bench.library.all_sent(QueryFiles)
    found = FilesFound(
        request_id=listed.request_id, files=files, total=3, mentions=0, types={}, skipped=0,
        unread_files=2,
    )  # fmt: skip
    bench.library_says(found)
    return run


def test_a_certain_document_that_is_not_clear_is_asked_for(bench: AnswerBench) -> None:
    run = start(bench, "Übersetze das Schreiben vom Vermieter")
    assert bench.queries == ["Übersetze das Schreiben vom Vermieter"]
    bench.found(
        *(
            structs.replace(hit(n, "Text."), file=file, confidence=0.2)
            for n, file in enumerate(FILES, start=1)
        )
    )
    asked = bench.told[-1]
    assert isinstance(asked, AnswerFinished)
    assert asked.text.startswith("Which document is meant? Of 3, these are the nearest:")
    assert [each.file for each in asked.sources] == list(FILES)
    assert asked.statistics.unread_files == 2
    turn = bench.chats.load_conversation(asked.chat_id).turns[run.turn_id]
    assert turn.model == "Inglenook"
    assert doubtful_sentences(turn) == (), "what the app itself says is not checked"
    assert bench.generated == [], "no document is read"
    assert not run.holds_engine


def test_a_search_that_is_sure_chooses_it(bench: AnswerBench) -> None:
    start(bench, "Give me the gist of the landlord's letter")
    bench.found(structs.replace(hit(1, "Dear tenant"), file="hv.txt", confidence=0.8))
    assert bench.library.last_sent(ListPassages).file == "hv.txt"


def test_named_and_all_documents_need_no_search(bench: AnswerBench) -> None:
    start(bench, "Translate the letter hv.txt")
    assert bench.library.last_sent(ListPassages).file == "hv.txt"
    assert bench.queries == []


def test_all_documents_are_gone_through_where_none_is_singled_out(bench: AnswerBench) -> None:
    start(bench, "Summarise my folder")
    assert bench.library.last_sent(ListPassages).file == FILES[0]
    assert bench.queries == []
