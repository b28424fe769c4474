"""The courier child by script: a hub and servers that are nowhere."""

from pathlib import Path
from typing import Any

from core.messages import (
    AnswerChunk,
    AnswerDone,
    AskServer,
    CheckUpdate,
    DownloadFiles,
    FilesDownloaded,
    HubFile,
    ListRepository,
    ListServerModels,
    RepositoryListed,
    Request,
    ServerChosen,
    ServerModel,
    ServerModels,
    TransferProgress,
)
from tests.fakes.scripted_child import ScriptedChild


class FakeCourierChild(ScriptedChild):
    """Lists and asks servers at once; downloads and answers are a test's to go on with.

    `repositories` are the files of each repository, `server_models` what any server offers.
    `script` answers questions to servers with these pieces.
    """

    def __init__(self) -> None:
        super().__init__("courier")
        self.repositories: dict[str, tuple[HubFile, ...]] = {}
        self.server_models: tuple[ServerModel, ...] = ()
        self.script: tuple[str, ...] | None = None
        self._written: dict[str, str] = {}

    def serve(self, request: Request[Any, Any]) -> None:
        request_id = request.request_id
        match request:
            case ListRepository():
                if files := self.repositories.get(request.repository):
                    self.answer(
                        RepositoryListed,
                        request_id,
                        repository=request.repository,
                        commit="c0ffee",
                        files=files,
                    )
            case ListServerModels():
                if self.server_models:
                    self.answer(ServerModels, request_id, models=self.server_models, seconds=0.1)
            case AskServer() if self.script is not None:
                self.write(*self.script)
                self.finish_answer()
            case AskServer() | CheckUpdate() | DownloadFiles():
                pass  # a test's to answer
            case _:
                raise AssertionError(request)

    # ------------------------------------------------------------ downloads

    def report_transfer(self, done: int, bytes_per_second: float = 0.0, checked: int = 0) -> None:
        """Say how far the download is that was begun last."""
        request = self._last(DownloadFiles)
        total = sum(file.size for file in request.files)
        self.deliver(
            TransferProgress(
                request_id=request.request_id,
                done=done,
                total=total,
                checked=checked,
                bytes_per_second=bytes_per_second,
            )
        )

    def finish_download(self, content: bytes) -> None:
        """Put the files where they were wanted."""
        request = self._last(DownloadFiles)
        for file in request.files:
            Path(file.target).parent.mkdir(parents=True, exist_ok=True)
            Path(file.target).write_bytes(content)
        received = len(content) * len(request.files)
        self.answer(FilesDownloaded, request.request_id, received=received)

    # ------------------------------------------------------------ answers of servers

    def write(self, *pieces: str) -> None:
        """Stream pieces of the answer that was asked for last."""
        request = self._last(AskServer)
        request_id = request.request_id
        if request_id not in self._written:
            self.deliver(ServerChosen(request_id=request_id, address=request.servers[0].address))
        for piece in pieces:
            self._written[request_id] = self._written.get(request_id, "") + piece
            self.deliver(AnswerChunk(request_id=request_id, text=piece))

    def finish_answer(self, **changes: Any) -> None:
        """End the answer with what was written."""
        request = self._last(AskServer)
        text = self._written.pop(request.request_id, "")
        content = {"stop": "eos", "text": text, **changes}
        self.answer(AnswerDone, request.request_id, **content)

    def _last(self, kind: type[Any]) -> Any:
        waiting = self.waiting_for(kind)
        assert waiting, f"no {kind.__name__} waits"
        return waiting[-1]
