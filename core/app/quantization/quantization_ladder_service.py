"""Quantization ladder of a model, from the planning child process and local measurements."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Never

from msgspec import structs

from core.app.events.app_events import AppEvent, Notice
from core.app.loading.load_options import LoadOptions
from core.app.models.model_service import ModelService
from core.app.problems import problem_of
from core.app.quantization.quantization_files import QuantizationFile, find_quantization_files
from core.app.quantization.quantization_ladder_rows import (
    LadderInputs,
    build_ladder,
    quantizations_to_plan,
)
from core.base.errors import ErrorCode, ModelError
from core.engine.client.quantization_client import QuantizationClient
from core.engine.memory.free_memory import available_memory
from core.engine.memory.quantization_memory import plan_quantization
from core.engine.quantization.quality_text import load_quality_text
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import (
    Failed,
    Placement,
    PlanQuantizations,
    QuantizationPlan,
    QuantizationsPlanned,
    QuantizationTargets,
    TensorTypesTimed,
    TimeTensorTypes,
)
from core.models.model_catalog import CatalogModel, load_catalog
from core.models.quantizations.catalog_header import estimate_header
from core.models.quantizations.measurement_store import MeasurementStore
from core.models.quantizations.quantization_ladder import QuantizationLadder
from core.models.quantizations.same_model import find_catalog_model

MIN_TIMINGS = 3
"""The first ladders measure the machine anew: it may have been busy."""
MIN_ROWS = 256


@dataclass(frozen=True, slots=True)
class _LadderRequest:
    """The model of a ladder: files that are here, or an entry of the catalog alone."""

    name: str
    placement: Placement
    siblings: Sequence[QuantizationFile]
    catalog: CatalogModel | None

    @property
    def shape(self) -> tuple[int, int]:
        """Columns and rows of the matrices that most of a token's time goes into."""
        if self.siblings:
            header = self.siblings[0].header
            rows = header.architecture_number(
                "expert_feed_forward_length", header.architecture_number("feed_forward_length")
            )
            return header.embedding_length, max(rows, MIN_ROWS)
        figures = self.catalog.figures if self.catalog else None
        if figures is None:
            return MIN_ROWS, MIN_ROWS
        rows = figures.expert_feed_forward or figures.feed_forward
        return figures.embedding, max(rows, MIN_ROWS)

    @property
    def machine(self) -> str:
        """The name of everything that the speed of weights depends on, on this machine."""
        from importlib import metadata  # noqa: PLC0415 - not for the first paint

        try:
            version = metadata.version("llama-cpp-python")
        except metadata.PackageNotFoundError:  # a bundle may come without
            version = ""
        columns, rows = self.shape
        return f"{version}, {self.placement.threads or 'all'} threads, {columns} x {rows}"


class QuantizationLadderService:
    """Computes ladders, and lists the catalog. One thread uses it."""

    def __init__(
        self,
        client: QuantizationClient,
        models: ModelService,
        load_options: LoadOptions,
        measurements: MeasurementStore,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._client = client
        self._models = models
        self._load_options = load_options
        self._measurements = measurements
        self._emit = emit

    def list_catalog(self) -> tuple[CatalogModel, ...]:
        """Return the models that can be downloaded. Raises ModelError for a damaged list."""
        return load_catalog()

    def request_ladder(
        self, ref: str = "", *, context: int = 0
    ) -> Reply[Never, QuantizationLadder]:
        """Ask for the ladder of a registered model, or of the catalog's by its id.

        `context` 0: as set. Raises ModelError for a name that means neither.
        """
        catalog = self._catalog_or_none()
        by_id = next((each for each in catalog if each.id == ref), None)
        if by_id and by_id.kind == "chat":
            request = self._request_for_catalog_model(by_id)
        else:
            request = self._request_for_file(ref, catalog)
        if context:
            request = replace(
                request, placement=structs.replace(request.placement, context=context)
            )
        making = None
        if request.siblings:
            levels = quantizations_to_plan(request.siblings, request.catalog)
            named = tuple((level.name, level.file_type) for level in levels)
            making = QuantizationTargets(path=request.siblings[0].entry.path, levels=named)
        files = tuple(each.entry.path for each in request.siblings)
        plans = self._client.send(
            PlanQuantizations(
                request_id=new_request_id(), files=files, making=making, placement=request.placement
            )
        )
        timed = plans.then(lambda planned: self._time_types(request, planned))
        return timed.convert(lambda planned: self._build_ladder(request, planned))

    def _request_for_file(self, ref: str, catalog: tuple[CatalogModel, ...]) -> _LadderRequest:
        entry = self._models.find_usable_model(ref)
        siblings = find_quantization_files(entry, self._models.registry.list_models())
        known = find_catalog_model(siblings[0].header, catalog)
        name = known.name if known else entry.family
        return _LadderRequest(name, self._load_options.placement_for(entry.path), siblings, known)

    def _request_for_catalog_model(self, model: CatalogModel) -> _LadderRequest:
        """Return a request for a catalog model, with its files if some are here."""
        for entry in self._models.registry.list_models():
            if entry.problem_code or entry.architecture != model.architecture:
                continue
            siblings = find_quantization_files(entry, self._models.registry.list_models())
            if find_catalog_model(siblings[0].header, (model,)):
                return _LadderRequest(
                    model.name, self._load_options.placement_for(entry.path), siblings, model
                )
        return _LadderRequest(model.name, self._load_options.default_placement, (), model)

    def _catalog_or_none(self) -> tuple[CatalogModel, ...]:
        try:
            return load_catalog()
        except ModelError as error:
            self._emit(Notice(key="catalog", severity="warning", problem=problem_of(error)))
            return ()

    def _time_types(
        self, request: _LadderRequest, planned: QuantizationsPlanned
    ) -> Reply[Never, QuantizationsPlanned]:
        """Measure the speeds that are missing; return the plans when they are known."""
        if not request.siblings and request.catalog:
            plans = _catalog_plans(request.catalog, request.placement, planned)
            planned = structs.replace(planned, plans=plans)
        reads = {(read.device, read.type) for plan in planned.plans for read in plan.reads}
        machine = self._measurements.machine_speeds(request.machine)
        known = {(each.device, each.type) for each in machine.speeds}
        missing = reads - known if machine.times >= MIN_TIMINGS else reads
        if not missing:
            return Reply.finished(planned)
        cards = {device.name for device in planned.devices if device.is_card}
        timing = self._client.send(
            TimeTensorTypes(
                request_id=new_request_id(),
                types=tuple(sorted({type_ for _device, type_ in missing} | {"F16"})),
                columns=request.shape[0],
                rows=request.shape[1],
                threads=request.placement.threads,
                devices=tuple(sorted(cards & {device for device, _type in missing})),
            )
        )

        def save_speeds(timed: TensorTypesTimed) -> QuantizationsPlanned:
            self._measurements.save_machine_speeds(request.machine, timed.speeds)
            return planned

        def go_without_speeds(failed: Failed) -> QuantizationsPlanned:
            if failed.code == ErrorCode.CANCELLED:
                raise ModelError(ErrorCode.CANCELLED)
            return planned

        return timing.convert(save_speeds, recover=go_without_speeds)

    def _build_ladder(
        self, request: _LadderRequest, planned: QuantizationsPlanned
    ) -> QuantizationLadder:
        return build_ladder(
            LadderInputs(
                name=request.name,
                context=request.placement.context,
                siblings=request.siblings,
                catalog=request.catalog,
                planned=planned,
                speeds=self._measurements.machine_speeds(request.machine).speeds,
                measured=self._measurements,
                text=text_fingerprint(load_quality_text()),
            )
        )


def text_fingerprint(text: str) -> str:
    """Return a short hash that names a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _catalog_plans(
    model: CatalogModel, requested: Placement, planned: QuantizationsPlanned
) -> tuple[QuantizationPlan, ...]:
    """Plan each quantization from the dimensions in the catalog, if there are any."""
    available = available_memory()
    plans = []
    for file in model.files:
        header = estimate_header(model, file.level)
        if header:
            plans.append(
                plan_quantization(header, file.level, requested, planned.devices, available)
            )
    return tuple(plans)
