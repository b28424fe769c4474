"""Training checkpoint: all that a killed training needs to go on, in one data file."""

import contextlib
from pathlib import Path

import msgspec
import torch
from msgspec import Struct
from safetensors.torch import load, save

from core.base.data_files import read_data_file, write_data_file
from core.messages import LossPoint


class TrainingCheckpoint(Struct, frozen=True, kw_only=True):
    """State after `step` steps; `job` names what is trained: another one's state is of no use."""

    job: str
    step: int
    curve: tuple[LossPoint, ...]
    seconds: float
    tensors: bytes


def write_checkpoint(
    path: Path, checkpoint: TrainingCheckpoint, tensors: dict[str, torch.Tensor]
) -> None:
    """Replace the checkpoint. Raises StorageError."""
    whole = msgspec.structs.replace(checkpoint, tensors=save(tensors))
    write_data_file(path, msgspec.msgpack.encode(whole))


def read_checkpoint(path: Path, job: str) -> TrainingCheckpoint | None:
    """Return the checkpoint of a job, None if there is none. Raises StorageError."""
    with contextlib.suppress(FileNotFoundError, ValueError, msgspec.MsgspecError):
        found = msgspec.msgpack.decode(read_data_file(path), type=TrainingCheckpoint)
        return found if found.job == job else None
    return None


def checkpoint_tensors(checkpoint: TrainingCheckpoint) -> dict[str, torch.Tensor]:
    """Return what was learnt and the optimizer's state by name, as safetensors holds them."""
    tensors: dict[str, torch.Tensor] = load(checkpoint.tensors)
    return tensors
