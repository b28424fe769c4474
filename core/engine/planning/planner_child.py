"""Planner child: asks llama.cpp for devices and memory layouts, then ends."""

import logging
from pathlib import Path
from typing import BinaryIO

from core import gguf
from core.base.errors import ErrorCode, InglenookError
from core.engine.devices.device_list import list_devices, skipped_backends
from core.engine.devices.machine_name import machine_name
from core.engine.llama.llama_parameters import main_device
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.free_memory import available_memory
from core.engine.memory.model_footprint import compute_footprint
from core.engine.memory.placement_planner import choose_or_minimal_placement
from core.engine.memory.placement_tuning import find_tuning
from core.engine.planning.dry_run import dry_run
from core.ipc.channel import Channel, ParentGone
from core.messages import (
    Cancel,
    DevicesListed,
    Failed,
    ListDevices,
    ModelPlanned,
    PlanModel,
    PlannerRequest,
)

_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up; raises ParentGone then."""
    channel: Channel[PlannerRequest] = Channel(PlannerRequest, incoming, outgoing)
    channel.start("planner")
    while True:
        request = channel.receive()
        assert request is not None  # without a timeout there is always one
        if not isinstance(request, Cancel):
            _answer(request, channel)


def _answer(request: ListDevices | PlanModel, channel: Channel[PlannerRequest]) -> None:
    try:
        if isinstance(request, ListDevices):
            listed = DevicesListed(
                request_id=request.request_id, devices=list_devices(), skipped=skipped_backends()
            )
            channel.send(listed)
        else:
            channel.send(_plan(request))
    except InglenookError as error:
        channel.send(Failed.from_error(request.request_id, error))
    except ParentGone:
        raise
    except Exception as error:  # noqa: BLE001 - the border of a process: say it and go on
        _log.exception("planning failed")
        facts = {"detail": type(error).__name__, "logs": "planner.log"}
        channel.send(Failed(request_id=request.request_id, code=ErrorCode.INTERNAL, facts=facts))


def _plan(request: PlanModel) -> ModelPlanned:
    path = Path(request.path)
    header = gguf.read_header(path)
    gguf.check_architecture(header, anyway=request.any_architecture)
    devices, available = list_devices(), available_memory()
    placed = choose_or_minimal_placement(header, request.placement, devices, available)
    if shape := model_shape(header):
        device = main_device(placed.placement, header.block_count + 1)
        machine = machine_name(request.placement, device)
        if tuning := find_tuning(request.tunings, shape.name, machine):
            placed = choose_or_minimal_placement(
                header, request.placement, devices, available, tuning
            )
    placement, plan = placed.placement, placed.plan
    measured = dry_run(path, placement, plan) if request.dry_run else None
    return ModelPlanned(
        request_id=request.request_id,
        path=request.path,
        placement=placement,
        plan=measured or plan,
        layers=header.block_count + 1,
        expert_layers=compute_footprint(header).expert_layer_count,
    )
