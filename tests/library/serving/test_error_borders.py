"""Whatever fails inside the library child: each request ends in words, and searches go on."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import msgspec
import pytest

from core.base.errors import ErrorCode, LibraryError, StorageError, describe_error
from core.base.paths import Paths, embedding_model
from core.ipc.channel import ParentGone
from core.library import library_child
from core.library.maintenance.library_maintenance import UNCLEAN_KEY
from core.library.search.searcher import Searcher
from core.library.serving.library_backends import LibraryBackends
from core.library.store.library_records import LibraryRecords
from core.library.sync.folder_sync import FolderSync
from core.messages import (
    AddFolder,
    Cancel,
    ChooseEmbedder,
    Document,
    EmbedderMeasured,
    EmbedderProgress,
    Failed,
    FolderRemoved,
    LibraryStatus,
    LibraryVerified,
    ListFolders,
    ListStatus,
    LoadDocument,
    MeasureEmbedder,
    RemoveFolder,
    SearchDone,
    SearchFolders,
    SyncDone,
    VerifyLibrary,
)
from tests.library.conftest import ScriptedEmbedder


class ScriptedChannel:
    """Hands out requests; the parent hangs up as soon as nothing is left to be done."""

    def __init__(self) -> None:
        self.requests: deque[object] = deque()
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


class LoadedEmbedder(ScriptedEmbedder):
    """The scripted embedder, where loading it may fail."""

    failure: Exception | None = None

    def __init__(self, folder: Path | None = None, remembered: str = "") -> None:
        super().__init__(folder, remembered)
        self.is_loaded = False

    def load_model(self) -> None:
        """Pretend to import a model."""
        if self.failure:
            raise self.failure
        self.is_loaded = True


Ask = Callable[..., list[msgspec.Struct]]
SEARCH = SearchFolders(request_id="search", query="When were the strawberries sown?")


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "note.txt").write_text("The strawberries were sown on 3 April.")
    return folder


@pytest.fixture
def ask(root: Paths) -> Ask:
    """Ask a fresh library some requests, and return what it sent until it had nothing to do."""
    backends = LibraryBackends(open_embedder=LoadedEmbedder, open_judge=None)

    def answers(*requests: object) -> list[msgspec.Struct]:
        channel = ScriptedChannel()
        channel.requests.extend(requests)
        with pytest.raises(ParentGone):
            library_child.serve_library(channel, root, backends)  # type: ignore[arg-type] # stands in for the pipe
        return channel.sent

    return answers


def one(sent: list[msgspec.Struct], request_id: str) -> msgspec.Struct:
    """Return the only last event of a request."""
    ends = (Failed, SearchDone, SyncDone)
    (end,) = [e for e in sent if isinstance(e, ends) and e.request_id == request_id]
    return end


def failed(sent: list[msgspec.Struct], request_id: str) -> Failed:
    end = one(sent, request_id)
    assert isinstance(end, Failed), end
    assert "…" not in "".join(describe_error(end.code, end.facts))
    return end


def found(sent: list[msgspec.Struct]) -> list[str]:
    end = one(sent, "search")
    assert isinstance(end, SearchDone), end
    return [hit.file for hit in end.hits]


@contextmanager
def full_disk(connection: apsw.Connection) -> Iterator[None]:
    raise StorageError(ErrorCode.DISK_FULL, path=connection.filename)
    yield


def add(papers: Path) -> AddFolder:
    return AddFolder(request_id="add", path=str(papers))


@pytest.mark.slow
def test_a_disk_that_is_full_at_the_end_of_a_sync(
    ask: Ask, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = FolderSync.sync_in_steps

    def then_full(sync: FolderSync) -> Iterator[bool]:
        yield from steps(sync)
        monkeypatch.setattr("core.library.store.library_records.transaction", full_disk)

    monkeypatch.setattr(FolderSync, "sync_in_steps", then_full)
    assert failed(ask(add(papers)), "add").code == ErrorCode.DISK_FULL
    assert found(ask(SEARCH)) == ["note.txt"]


def test_a_sync_is_stopped_on_a_full_disk(
    ask: Ask, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = FolderSync.sync_in_steps

    def full_at_once(sync: FolderSync) -> Iterator[bool]:
        monkeypatch.setattr("core.library.store.library_records.transaction", full_disk)
        yield from steps(sync)

    monkeypatch.setattr(FolderSync, "sync_in_steps", full_at_once)
    sent = ask(add(papers), ListFolders(request_id="list"), Cancel(request_id="add"))
    assert isinstance(one(sent, "add"), SyncDone | Failed)


@pytest.mark.slow
def test_a_library_is_searched_on_a_full_disk(
    ask: Ask, root: Paths, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(add(papers))
    records = LibraryRecords(root)
    records.set_folder_state(records.active_folders()[0].id, "syncing")
    records.close()
    monkeypatch.setattr("core.library.store.library_records.transaction", full_disk)
    sent = ask(SEARCH, add(papers))
    assert found(sent) == ["note.txt"]
    assert failed(sent, "add").code == ErrorCode.DISK_FULL


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ImportError("libtorch"), ErrorCode.EMBEDDER_MISSING),
        (OSError("no such library"), ErrorCode.EMBEDDER_MISSING),
        (MemoryError(), ErrorCode.INTERNAL),
    ],
)
def test_an_embedder_that_can_not_be_imported(
    ask: Ask, papers: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: ErrorCode
) -> None:
    monkeypatch.setattr(LoadedEmbedder, "failure", failure)
    sent = ask(SEARCH, add(papers))
    assert failed(sent, "search").code == code
    assert failed(sent, "add").code == code


def test_our_own_mistake_in_a_sync_names_the_logs(
    ask: Ask, root: Paths, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mistaken(sync: FolderSync) -> Iterator[bool]:
        raise KeyError("ours")
        yield True

    monkeypatch.setattr(FolderSync, "sync_in_steps", mistaken)
    problem = failed(ask(add(papers)), "add")
    assert (problem.code, problem.facts["logs"]) == (ErrorCode.INTERNAL, str(root.logs))


@pytest.mark.slow
def test_a_document_whose_text_is_damaged_is_read_again(
    ask: Ask, root: Paths, papers: Path
) -> None:
    ask(add(papers))
    records = LibraryRecords(root)
    (folder_id,) = (folder.id for folder in records.active_folders())
    records.connection.execute("UPDATE content SET pages = x'00'")
    records.close()
    opening = LoadDocument(request_id="open", folder_id=folder_id, file="note.txt")
    (problem,) = [each for each in ask(opening) if isinstance(each, Failed)]
    assert problem.code == ErrorCode.FILE_TEXT_DAMAGED
    (document,) = [each for each in ask(opening) if isinstance(each, Document)]
    assert document.pages[0].text == "The strawberries were sown on 3 April."


def notices(sent: list[msgspec.Struct]) -> list[str]:
    return [e.code for e in sent if isinstance(e, Failed) and not e.request_id]


@pytest.mark.slow
def test_a_library_found_damaged_while_it_answers_is_read_anew(
    ask: Ask, root: Paths, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(add(papers))
    records = LibraryRecords(root)
    (before,) = (folder.id for folder in records.active_folders())
    records.close()
    search = Searcher.search_passages

    def damaged_once(*arguments: object) -> None:
        monkeypatch.setattr(Searcher, "search_passages", search)
        raise apsw.CorruptError("database disk image is malformed")

    monkeypatch.setattr(Searcher, "search_passages", damaged_once)
    sent = ask(SEARCH)
    problem = failed(sent, "search")
    assert problem.code == ErrorCode.DATABASE_DAMAGED
    assert (root.library.parent / problem.facts["aside"]).is_file()
    assert notices(sent) == [ErrorCode.DATABASE_DAMAGED]
    (again,) = [event for event in sent if isinstance(event, SyncDone)]
    assert (again.folder.folder_id, again.folder.indexed) == (before, 1)
    assert found(ask(SEARCH)) == ["note.txt"]


@pytest.mark.slow
def test_a_library_that_opens_damaged_keeps_its_folders(
    ask: Ask, root: Paths, papers: Path
) -> None:
    ask(add(papers))
    records = LibraryRecords(root)
    (page,) = records.connection.execute(
        "SELECT rootpage FROM sqlite_schema WHERE name = 'passage'"
    ).fetchone() or (0,)
    size = records.connection.pragma("page_size")
    records.close()
    with root.library.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    sent = ask(SEARCH)
    assert ErrorCode.DATABASE_DAMAGED in notices(sent)
    assert found(ask(SEARCH)) == ["note.txt"]


@pytest.mark.slow
@pytest.mark.parametrize("good", [b"CREATE VIRTUAL TABLE", b"contentless_delete"])
def test_a_library_whose_definitions_are_damaged_keeps_its_folders(
    ask: Ask, root: Paths, papers: Path, good: bytes
) -> None:
    ask(add(papers))
    content = root.library.read_bytes()
    assert good in content
    root.library.write_bytes(content.replace(good, b"%" + good[1:]))
    sent = ask(SEARCH)
    assert ErrorCode.DATABASE_DAMAGED in notices(sent)
    assert found(ask(SEARCH)) == ["note.txt"]


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    """Return the folder of another model, which is the one that ships under another path."""
    folder = tmp_path / "other-model"
    folder.symlink_to(embedding_model(), target_is_directory=True)
    return folder


def changes(sent: list[msgspec.Struct]) -> list[tuple[bool, bool]]:
    return [(e.changed, e.failed) for e in sent if isinstance(e, EmbedderProgress)]


def status(ask: Ask) -> LibraryStatus:
    (listed,) = [e for e in ask(ListStatus(request_id="s")) if isinstance(e, LibraryStatus)]
    return listed


def test_another_model_takes_over_and_the_folder_answers_as_before(
    ask: Ask, papers: Path, other_model: Path
) -> None:
    ask(add(papers))
    sent = ask(ChooseEmbedder(request_id="choose", path=str(other_model)))
    assert changes(sent)[-1] == (True, False)
    listed = status(ask)
    assert (listed.embedder, listed.next_embedder) == (str(other_model), "")
    assert [each.folder.indexed for each in listed.folders] == [1]
    assert found(ask(SEARCH)) == ["note.txt"]


def test_a_model_that_can_not_be_loaded_does_not_take_over(
    ask: Ask, papers: Path, other_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(embedder: LoadedEmbedder) -> None:
        if embedder.model_folder == other_model:
            raise LibraryError(ErrorCode.EMBEDDER_MISSING, path="other-model")
        embedder.is_loaded = True

    ask(add(papers))
    monkeypatch.setattr(LoadedEmbedder, "load_model", load)
    sent = ask(ChooseEmbedder(request_id="choose", path=str(other_model)))
    assert changes(sent) == [(False, True)]
    assert ErrorCode.EMBEDDER_MISSING in notices(sent)
    assert (status(ask).embedder, status(ask).next_embedder) == (str(embedding_model()), "")
    refused = ask(ChooseEmbedder(request_id="add", path=str(papers)))
    assert failed(refused, "add").code == ErrorCode.EMBEDDER_REFUSED


def test_an_unclean_end_is_followed_by_a_check(ask: Ask, root: Paths, papers: Path) -> None:
    ask(add(papers))
    records = LibraryRecords(root)
    assert records.get_metadata(UNCLEAN_KEY) == ""
    records.set_metadata(UNCLEAN_KEY, "1")
    records.connection.execute("DELETE FROM passage_words")
    records.close()
    ask(ListFolders(request_id="list"))
    sent = ask(VerifyLibrary(request_id="verify"))
    (verified,) = [event for event in sent if isinstance(event, LibraryVerified)]
    assert (verified.passages, verified.vectors, verified.findings) == (1, 1, ())
    assert found(ask(SEARCH)) == ["note.txt"]


def test_a_text_that_a_check_let_go_is_read_again(ask: Ask, root: Paths, papers: Path) -> None:
    ask(add(papers))
    records = LibraryRecords(root)
    records.connection.execute("UPDATE passage SET length = 9999")
    records.close()
    sent = ask(VerifyLibrary(request_id="verify"))
    (verified,) = [event for event in sent if isinstance(event, LibraryVerified)]
    assert [finding.kind for finding in verified.findings] == ["texts"]
    assert found(ask(SEARCH)) == ["note.txt"]


def test_the_model_alone_is_timed(ask: Ask, papers: Path) -> None:
    sent = ask(add(papers), MeasureEmbedder(request_id="measure"))
    (measured,) = [event for event in sent if isinstance(event, EmbedderMeasured)]
    assert measured.tokens > 5
    assert measured.batch_tokens == 512


def test_a_folder_is_removed_in_steps_and_never_answers_again(
    ask: Ask, root: Paths, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(add(papers))
    (folder,) = status(ask).folders
    gone = RemoveFolder(request_id="remove", folder_id=folder.folder.folder_id)
    sent = ask(gone, SEARCH)
    assert found(sent) == []
    kinds = [type(event) for event in sent]
    assert kinds.index(FolderRemoved) < kinds.index(SearchDone)
    records = LibraryRecords(root)
    rows = [
        records.connection.execute(f"SELECT count(*) FROM {each}").fetchall()
        for each in ("folder", "file", "content", "passage", "vector", "passage_words_docsize")
    ]
    assert rows == [[(0,)]] * 6
    records.close()
