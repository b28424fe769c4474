"""Quantization ladder of a model, from the planning child process and local measurements."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from core.app.events.app_events import AppEvent, Notice, RequestFailed
from core.app.events.model_events import QuantizationLadderReady
from core.app.loading.load_options import LoadOptions
from core.app.models.model_service import ModelService
from core.app.problems import problem_of, problem_of_failure
from core.app.quantization.quantization_files import QuantizationFile, find_quantization_files
from core.app.quantization.quantization_ladder_rows import (
    LadderInputs,
    build_ladder,
    quantizations_to_plan,
)
from core.base.errors import ErrorCode, ModelError
from core.base.paths import resources_folder
from core.engine.client.quantization_client import QuantizationClient, QuantizationResult
from core.engine.memory.free_memory import available_memory
from core.engine.memory.quantization_memory import plan_quantization
from core.messages import (
    Failed,
    Placement,
    QuantizationPlan,
    QuantizationsPlanned,
    QuantizationTargets,
    TensorTypesTimed,
    TimeTensorTypes,
)
from core.models.model_catalog import CatalogModel, load_catalog
from core.models.quantizations.catalog_header import estimate_header
from core.models.quantizations.measurement_store import MeasurementStore
from core.models.quantizations.same_model import find_catalog_model

MIN_TIMINGS = 3
"""The first ladders measure the machine anew: it may have been busy."""
MIN_ROWS = 256


@dataclass(slots=True)
class _LadderRequest:
    """A ladder that is on its way: of files that are here, or of the catalog alone."""

    name: str
    wish: Placement
    siblings: Sequence[QuantizationFile]
    catalog: CatalogModel | None
    planned: QuantizationsPlanned | None = field(default=None)

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
        """What the speeds of weights depend on, beside the machine itself."""
        from importlib import metadata  # noqa: PLC0415 - not for the first paint

        try:
            version = metadata.version("llama-cpp-python")
        except metadata.PackageNotFoundError:  # a bundle may come without
            version = ""
        columns, rows = self.shape
        return f"{version}, {self.wish.threads or 'all'} threads, {columns} x {rows}"


class QuantizationLadderService:
    """Ladders and the catalog. One thread uses it."""

    def __init__(
        self,
        client: QuantizationClient,
        models: ModelService,
        wishes: LoadOptions,
        measured: MeasurementStore,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._client = client
        self._models = models
        self._load_options = wishes
        self._measured = measured
        self._emit = emit
        self._requests: dict[str, _LadderRequest] = {}

    def list_catalog(self) -> tuple[CatalogModel, ...]:
        """Return the models that can be fetched. Raises ModelError when the list is damaged."""
        return load_catalog()

    def request_ladder(self, ref: str = "", *, context: int = 0) -> str:
        """Ask for the ladder of a model of the shelf, or of the catalog's by its id.

        QuantizationLadderReady or RequestFailed carries the returned id. `context` 0: as set.
        Raises ModelError for a name that means neither.
        """
        catalog = self._catalog_or_none()
        by_id = next((each for each in catalog if each.id == ref), None)
        if by_id and by_id.kind == "chat":
            asked = self._request_for_catalog_model(by_id)
        else:
            asked = self._request_for_file(ref, catalog)
        if context:
            asked.wish = structs.replace(asked.wish, context=context)
        making = None
        if asked.siblings:
            levels = quantizations_to_plan(asked.siblings, asked.catalog)
            named = tuple((level.name, level.file_type) for level in levels)
            making = QuantizationTargets(path=asked.siblings[0].entry.path, levels=named)
        files = tuple(each.entry.path for each in asked.siblings)
        request_id = self._client.plan_quantizations(files, making, asked.wish)
        self._requests[request_id] = asked
        return request_id

    def cancel(self, request_id: str) -> None:
        """Ask no more for a ladder; its RequestFailed says so."""
        for ended in self._client.cancel(request_id):
            self._fail(ended, Failed(request_id=ended, code=ErrorCode.CANCELLED))

    def process_child_events(self) -> None:
        """Pass on what the child found."""
        for event in self._client.poll():
            self._on_event(event)

    def close(self) -> None:
        """End the child."""
        self._requests.clear()
        self._client.stop()

    def _request_for_file(self, ref: str, catalog: tuple[CatalogModel, ...]) -> _LadderRequest:
        entry = self._models.find_usable_model(ref)
        siblings = find_quantization_files(entry, self._models.list_models())
        known = find_catalog_model(siblings[0].header, catalog)
        name = known.name if known else entry.family
        return _LadderRequest(name, self._load_options.placement_for(entry.path), siblings, known)

    def _request_for_catalog_model(self, model: CatalogModel) -> _LadderRequest:
        """The catalog's model, with its files where some are here."""
        for entry in self._models.list_models():
            if entry.problem_code or entry.architecture != model.architecture:
                continue
            siblings = find_quantization_files(entry, self._models.list_models())
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

    def _on_event(self, event: QuantizationResult) -> None:
        asked = self._requests.get(event.request_id)
        if asked is None:
            return
        if isinstance(event, QuantizationsPlanned):
            asked.planned = event
            self._time_or_finish(asked, event)
        elif isinstance(event, TensorTypesTimed):
            assert asked.planned is not None  # speeds are asked for afterwards
            self._measured.save_machine_speeds(asked.machine, event.speeds)
            self._finish(event.request_id, asked, asked.planned)
        elif isinstance(event, Failed) and asked.planned:
            self._finish(event.request_id, asked, asked.planned)  # a ladder without speeds
        elif isinstance(event, Failed):
            self._fail(event.request_id, event)

    def _time_or_finish(self, asked: _LadderRequest, planned: QuantizationsPlanned) -> None:
        if not asked.siblings and asked.catalog:
            plans = _catalog_plans(asked.catalog, asked.wish, planned)
            planned = asked.planned = structs.replace(planned, plans=plans)
        reads = {(read.device, read.type) for plan in planned.plans for read in plan.reads}
        machine = self._measured.machine_speeds(asked.machine)
        known = {(each.device, each.type) for each in machine.speeds}
        missing = reads - known if machine.times >= MIN_TIMINGS else reads
        if not missing:
            self._finish(planned.request_id, asked, planned)
            return
        cards = {device.name for device in planned.devices if device.kind in {"gpu", "igpu"}}
        self._client.send_request(
            TimeTensorTypes(
                request_id=planned.request_id,
                types=tuple(sorted({type_ for _device, type_ in missing} | {"F16"})),
                columns=asked.shape[0],
                rows=asked.shape[1],
                threads=asked.wish.threads,
                devices=tuple(sorted(cards & {device for device, _type in missing})),
            )
        )

    def _finish(
        self, request_id: str, asked: _LadderRequest, planned: QuantizationsPlanned
    ) -> None:
        del self._requests[request_id]
        known = LadderInputs(
            name=asked.name,
            context=asked.wish.context,
            siblings=asked.siblings,
            catalog=asked.catalog,
            planned=planned,
            speeds=self._measured.machine_speeds(asked.machine).speeds,
            measured=self._measured,
            text=text_fingerprint(load_quality_text()),
        )
        self._emit(QuantizationLadderReady(request_id=request_id, ladder=build_ladder(known)))

    def _fail(self, request_id: str, event: Failed) -> None:
        self._requests.pop(request_id, None)
        self._emit(RequestFailed(request_id=request_id, problem=problem_of_failure(event)))


def load_quality_text() -> str:
    """Return the text that ships for measuring quality; it was written for that, and for no other.

    Raises ModelError when it is gone.
    """
    path = resources_folder() / "catalog" / "quality.txt"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        detail = error.strerror or str(error)
        raise ModelError(ErrorCode.CATALOG_INVALID, file=path.name, detail=detail) from error


def text_fingerprint(text: str) -> str:
    """Return what tells a text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _catalog_plans(
    model: CatalogModel, wish: Placement, planned: QuantizationsPlanned
) -> tuple[QuantizationPlan, ...]:
    """Plan each level from the catalog's figures; none for a model without."""
    available = available_memory()
    plans = []
    for file in model.files:
        header = estimate_header(model, file.level)
        if header:
            plans.append(plan_quantization(header, file.level, wish, planned.devices, available))
    return tuple(plans)
