"""Trainer client, the front end's side of training: a child that ends when nothing is pending."""

from collections.abc import Callable
from typing import Any

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.gguf import model_files
from core.ipc.child_process import ChildProcess
from core.ipc.client import Client
from core.messages import Request, TrainAdapter, TrainerEvent
from core.sandbox.grants import Grants


class TrainerClient(Client[TrainerEvent]):
    """Sends what is to be trained. One thread uses it.

    The child may read that model and write into the folder of the training, nothing else.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        process: ChildProcess[TrainerEvent] | None = None,
    ) -> None:
        super().__init__(
            process or ChildProcess("trainer", TrainerEvent, paths.logs / "trainer.log", wake),
            ErrorCode.TRAINER_DIED,
            ends_when_idle=True,
        )
        self._folder = str(paths.training_folder)

    def own_grants(self) -> Grants:
        """Return the folder in which it works."""
        return Grants(write=(self._folder,))

    def grants_for(self, request: Request[Any, Any]) -> Grants:
        """Return the files of the model."""
        if isinstance(request, TrainAdapter):
            return Grants(read=model_files([request.path]))
        return super().grants_for(request)
