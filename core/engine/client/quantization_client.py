"""Quantization client, the front end's side of planning, making and measuring quantizations."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import structs

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.gguf import model_files
from core.ipc.child_process import ChildProcess
from core.ipc.client import Client
from core.messages import (
    ChildDied,
    Failed,
    MeasureQuality,
    PlanQuantizations,
    QuantizationEvent,
    Quantize,
    Request,
)
from core.sandbox.grants import Grants


class QuantizationClient(Client[QuantizationEvent]):
    """Sends what is asked of the quantization child. One thread uses it.

    The child ends when nothing is pending: it holds a model, or a graphics card. A dry run that
    ended the child is asked for again without.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        process: ChildProcess[QuantizationEvent] | None = None,
    ) -> None:
        super().__init__(
            process
            or ChildProcess("quantizer", QuantizationEvent, paths.logs / "quantizer.log", wake),
            ErrorCode.QUANTIZE_DIED,
            ends_when_idle=True,
        )
        self._models = str(paths.models)
        self.known_models: Callable[[], Iterable[str]] = tuple
        """Returns the files that may be asked for: else a running child has to be replaced."""

    def own_grants(self) -> Grants:
        """Return the known models, to read, and the folder in which quantizations are made."""
        return Grants(read=model_files(self.known_models()), write=(self._models,))

    def grants_for(self, request: Request[Any, Any]) -> Grants:
        """Return the files of models, and an importance matrix."""
        match request:
            case PlanQuantizations():
                made_of = (request.making.path,) if request.making else ()
                return Grants(read=model_files((*request.files, *made_of)))
            case Quantize():
                matrix = (request.matrix,) if request.matrix else ()
                return Grants(read=(*model_files([request.path]), *matrix))
            case MeasureQuality():
                return Grants(read=model_files(request.files))
            case _:
                return super().grants_for(request)

    def cancel(self, request_id: str) -> None:
        """End the child, which can't be stopped in any other way; all that is pending fails."""
        if request_id not in self._pending:
            return
        replies = [reply for _request, reply in self._pending.values()]
        self.stop()
        for reply in replies:
            reply.fail(Failed(request_id=reply.request_id, code=ErrorCode.CANCELLED))

    def retry_request(
        self, request: Request[Any, Any], _death: ChildDied
    ) -> Request[Any, Any] | None:
        """Ask once more without the dry run, which may have ended the child."""
        if isinstance(request, PlanQuantizations) and request.dry_run:
            return structs.replace(request, dry_run=False)
        return None
