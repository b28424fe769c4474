"""Trainer child: trains one adapter at a time; a cancel ends it, with a checkpoint."""

import hashlib
import logging
import os
import time
from pathlib import Path
from typing import BinaryIO

import msgspec
import psutil
import torch

from core import gguf
from core.base.data_files import write_data_file
from core.base.errors import ErrorCode, InglenookError, ModelError
from core.ipc.channel import Channel, ParentGone
from core.ipc.child_priority import lower_priority
from core.messages import (
    AdapterTrained,
    Cancel,
    Failed,
    TrainAdapter,
    TrainerRequest,
    TrainingProgress,
)
from core.training.adapter_file import adapter_content
from core.training.adapter_trainer import AdapterTrainer
from core.training.lora_layers import LoraLinear, add_lora
from core.training.network_weights import open_network, tensor_names
from core.training.trainable_models import check_trainable, trained_weights
from core.training.training_checkpoint import (
    TrainingCheckpoint,
    checkpoint_tensors,
    read_checkpoint,
    write_checkpoint,
)
from core.training.training_precision import faster_precision

CHECKPOINT_SECONDS = 20.0
PROGRESS_SECONDS = 0.2
DIFFERENCE, RELATIVE_DIFFERENCE = 0.25, 0.15
"""How far the losses of engine and trainer may be apart, in nats: quantized weights are multiplied
in other ways, which was some hundredths; a layer that is laid out wrongly costs more than one."""
_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up."""
    channel: Channel[TrainerRequest] = Channel(TrainerRequest, incoming, outgoing)
    lower_priority()  # before torch starts its threads
    channel.start("trainer")
    try:
        while True:
            request = channel.receive()
            if isinstance(request, TrainAdapter):
                _answer(request, channel)
    except ParentGone:
        os._exit(0)  # Python takes 2 seconds to take torch apart


def _answer(request: TrainAdapter, channel: Channel[TrainerRequest]) -> None:
    try:
        channel.send(AdapterTraining(request, channel).run())
    except InglenookError as error:
        channel.send(Failed.from_error(request.request_id, error))
    except ParentGone:
        raise
    except Exception as error:  # noqa: BLE001 - the border of a process: say it and go on
        _log.exception("training failed")
        facts = {"detail": type(error).__name__, "logs": "trainer.log"}
        channel.send(Failed(request_id=request.request_id, code=ErrorCode.INTERNAL, facts=facts))


class AdapterTraining:
    """One request: the network is opened, compared with the engine's, and trained."""

    def __init__(self, request: TrainAdapter, channel: Channel[TrainerRequest]) -> None:
        self._request = request
        self._channel = channel
        self._process = psutil.Process()
        self._memory = 0
        self._difference = 0.0
        self._trained_seconds = 0.0
        self._free_step_seconds = 0.0
        self._saved_at = self._told_at = time.monotonic()
        if request.threads:
            torch.set_num_threads(request.threads)

    def run(self) -> AdapterTrained:
        """Train, or time some steps. Raises ModelError, StorageError; CANCELLED after a cancel."""
        request, started = self._request, time.monotonic()
        path = Path(request.path)
        header = gguf.read_header(path)
        check_trainable(header, path.name)
        self._tell(TrainingProgress(request_id=request.request_id, stage="opening"))
        network = open_network(path, faster_precision())
        names = tensor_names(header, network)
        wanted = {own for own, name in names.items() if name in trained_weights(header)}
        settings = request.settings
        added = add_lora(network, wanted, settings.rank, settings.scale, settings.seed)
        layers = {names[own]: layer for own, layer in added.items()}
        trainer = AdapterTrainer(network, layers, request.examples, request.held_out, settings)
        loaded = time.monotonic() - started
        self._check_same_model(trainer)
        if request.seconds:
            step_seconds = self._time_steps(trainer)
            return self._result(trainer, layers, step_seconds, loaded)
        self._train(trainer)
        content = adapter_content(header, layers, request.name)
        write_data_file(Path(request.adapter), content)
        result = self._result(trainer, layers, self._trained_seconds / trainer.steps, loaded)
        return msgspec.structs.replace(result, curve=tuple(trainer.curve), bytes=len(content))

    def _check_same_model(self, trainer: AdapterTrainer) -> None:
        """Raise ModelError if the engine predicts the held-out answers differently."""
        expected = self._request.expected
        if not expected:
            return
        found = trainer.losses(self._request.held_out[: len(expected)])
        self._difference = max(abs(one - two) for one, two in zip(expected, found, strict=True))
        engine, here = sum(expected) / len(expected), sum(found) / len(found)
        _log.info("loss of held-out answers: engine %.3f, trainer %.3f", engine, here)
        if abs(engine - here) > max(DIFFERENCE, RELATIVE_DIFFERENCE * engine):
            file = Path(self._request.path).name
            detail = f"{here:.2f}, {engine:.2f}"
            raise ModelError(ErrorCode.TRAINING_DIFFERS, file=file, detail=detail)

    def _time_steps(self, trainer: AdapterTrainer) -> float:
        """Return the seconds that a step takes beside whatever else runs now."""
        deadline = time.monotonic() + self._request.seconds
        trainer.timed_step()  # the first one also allocates
        computed = time.process_time()
        seconds = [trainer.timed_step()]
        while time.monotonic() < deadline and trainer.step < trainer.steps:
            self._check_cancelled()
            seconds.append(trainer.timed_step())
        computed = time.process_time() - computed  # of all threads, which wait for each other
        mean = sum(seconds) / len(seconds)
        self._free_step_seconds = min(mean, computed / torch.get_num_threads() / len(seconds))
        return mean

    def _train(self, trainer: AdapterTrainer) -> None:
        request = self._request
        found = read_checkpoint(Path(request.checkpoint), self._job)
        if found is not None:
            trainer.restore(checkpoint_tensors(found), found.step, found.curve)
            self._trained_seconds = found.seconds
        self._saved_at = time.monotonic()
        while trainer.step < trainer.steps:
            started = time.monotonic()
            point = trainer.take_step()
            self._trained_seconds += time.monotonic() - started
            left = (trainer.steps - trainer.step) * self._trained_seconds / trainer.step
            progress = TrainingProgress(
                request_id=request.request_id,
                stage="training",
                step=trainer.step,
                steps=trainer.steps,
                loss=point.loss,
                held_out=point.held_out,
                seconds_left=left,
            )
            self._tell(progress, anyway=point.held_out is not None)
            try:
                if self._is_cancelled() or time.monotonic() - self._saved_at > CHECKPOINT_SECONDS:
                    self._save(trainer)
                self._check_cancelled()
            except ParentGone:  # it gives some seconds
                self._save(trainer)
                raise

    @property
    def _job(self) -> str:
        """What a checkpoint must have been made for."""
        request = self._request
        parts = (request.path, request.examples, request.held_out, request.settings)
        return hashlib.sha256(msgspec.msgpack.encode(parts)).hexdigest()

    def _save(self, trainer: AdapterTrainer) -> None:
        checkpoint = TrainingCheckpoint(
            job=self._job,
            step=trainer.step,
            curve=tuple(trainer.curve),
            seconds=self._trained_seconds,
            tensors=b"",
        )
        write_checkpoint(Path(self._request.checkpoint), checkpoint, trainer.state_tensors())
        self._saved_at = time.monotonic()

    def _is_cancelled(self) -> bool:
        """Whether a cancel has come; it is the only thing that can while one request is pending."""
        request = self._channel.receive(0)
        if request is not None:
            self._channel.post_request(request)
        return isinstance(request, Cancel)

    def _check_cancelled(self) -> None:
        if self._is_cancelled():
            raise InglenookError(ErrorCode.CANCELLED)

    def _tell(self, progress: TrainingProgress, *, anyway: bool = False) -> None:
        self._memory = max(self._memory, self._process.memory_info().rss)
        now = time.monotonic()
        if anyway or now - self._told_at >= PROGRESS_SECONDS or not progress.step:
            self._told_at = now
            self._channel.send(progress)

    def _result(
        self,
        trainer: AdapterTrainer,
        layers: dict[str, LoraLinear],
        step_seconds: float,
        load_seconds: float,
    ) -> AdapterTrained:
        self._memory = max(self._memory, self._process.memory_info().rss)
        return AdapterTrained(
            request_id=self._request.request_id,
            parameters=sum(each.lora_a.numel() + each.lora_b.numel() for each in layers.values()),
            steps=trainer.steps,
            step_seconds=step_seconds,
            load_seconds=load_seconds,
            memory=self._memory,
            free_step_seconds=self._free_step_seconds,
            difference=self._difference,
        )
