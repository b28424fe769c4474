"""The ladder of a model: asked of the child that plans, filled with what was measured here."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from msgspec import structs

from core.app.events import AppEvent, Notice, RequestFailed
from core.app.events_ladder import LadderReady
from core.app.ladder_rows import Known, build, levels_to_plan
from core.app.models import ModelDesk
from core.app.problems import problem_of, problem_of_failure
from core.app.siblings import Sibling, siblings_of
from core.app.wishes import Wishes
from core.engine.free_memory import available_memory
from core.engine.levels_client import LevelResult, LevelsClient
from core.engine.reads import plan_level
from core.errors import Code, ModelError
from core.messages import (
    AnswerDone,
    EngineEvent,
    Failed,
    LevelPlan,
    LevelsPlanned,
    MakingOf,
    ModelLoaded,
    Placement,
    TimeTypes,
    TypesTimed,
)
from core.models.catalog import CatalogModel, load_catalog
from core.models.catalog_header import header_of
from core.models.measured import Measured
from core.models.same_model import catalog_model
from core.paths import resources_folder

TIMINGS = 3
"""The first ladders measure the machine anew: it may have been busy."""
LEAST_ROWS = 256
LEAST_TOKENS = 32
"""An answer of fewer tells nothing of speed."""


@dataclass(slots=True)
class _Asked:
    """A ladder that is on its way: of files that are here, or of the catalog alone."""

    name: str
    wish: Placement
    siblings: Sequence[Sibling]
    catalog: CatalogModel | None
    planned: LevelsPlanned | None = field(default=None)

    @property
    def shape(self) -> tuple[int, int]:
        """Columns and rows of the matrices that most of a token's time goes into."""
        if self.siblings:
            header = self.siblings[0].header
            rows = header.figure("expert_feed_forward_length", header.figure("feed_forward_length"))
            return header.embedding_length, max(rows, LEAST_ROWS)
        figures = self.catalog.figures if self.catalog else None
        if figures is None:
            return LEAST_ROWS, LEAST_ROWS
        rows = figures.expert_feed_forward or figures.feed_forward
        return figures.embedding, max(rows, LEAST_ROWS)

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


class LadderDesk:
    """Ladders, the catalog, and what answers tell of speed. One thread uses it."""

    def __init__(
        self,
        client: LevelsClient,
        models: ModelDesk,
        wishes: Wishes,
        measured: Measured,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._client = client
        self._models = models
        self._wishes = wishes
        self._measured = measured
        self._emit = emit
        self._asked: dict[str, _Asked] = {}
        self._running: ModelLoaded | None = None

    def catalog(self) -> tuple[CatalogModel, ...]:
        """Return the models that can be fetched. Raises ModelError when the list is damaged."""
        return load_catalog()

    def show(self, ref: str = "", *, context: int = 0) -> str:
        """Ask for the ladder of a model of the shelf, or of the catalog's by its id.

        LadderReady or RequestFailed carries the returned id. `context` 0: as set. Raises ModelError
        for a name that means neither.
        """
        catalog = self._catalog_or_none()
        by_id = next((each for each in catalog if each.id == ref), None)
        if by_id and by_id.kind == "chat":
            asked = self._of_catalog(by_id)
        else:
            asked = self._of_shelf(ref, catalog)
        if context:
            asked.wish = structs.replace(asked.wish, context=context)
        making = None
        if asked.siblings:
            levels = levels_to_plan(asked.siblings, asked.catalog)
            named = tuple((level.name, level.file_type) for level in levels)
            making = MakingOf(path=asked.siblings[0].entry.path, levels=named)
        files = tuple(each.entry.path for each in asked.siblings)
        request_id = self._client.plan(files, making, asked.wish)
        self._asked[request_id] = asked
        return request_id

    def cancel(self, request_id: str) -> None:
        """Ask no more for a ladder; its RequestFailed says so."""
        for ended in self._client.cancel(request_id):
            self._fail(ended, Failed(request_id=ended, code=Code.CANCELLED))

    def watch(self, event: EngineEvent) -> None:
        """Learn from answers how fast the loaded model writes, placed as it is."""
        if isinstance(event, ModelLoaded):
            self._running = event
        elif isinstance(event, AnswerDone) and self._running:
            long_enough = event.completion_tokens >= LEAST_TOKENS
            if long_enough and not event.drafted_tokens and event.stop != "cancelled":
                self._measured.keep_speed(
                    self._running.fingerprint, self._running.placement, event.tokens_per_second
                )

    def pump(self) -> None:
        """Pass on what the child found."""
        for event in self._client.poll():
            self._on_event(event)

    def close(self) -> None:
        """End the child."""
        self._asked.clear()
        self._client.stop()

    def _of_shelf(self, ref: str, catalog: tuple[CatalogModel, ...]) -> _Asked:
        entry = self._models.find(ref)
        siblings = siblings_of(entry, self._models.all())
        known = catalog_model(siblings[0].header, catalog)
        name = known.name if known else entry.family
        return _Asked(name, self._wishes.of(entry.path), siblings, known)

    def _of_catalog(self, model: CatalogModel) -> _Asked:
        """The catalog's model, with its files where some are here."""
        for entry in self._models.all():
            if entry.problem_code or entry.architecture != model.architecture:
                continue
            siblings = siblings_of(entry, self._models.all())
            if catalog_model(siblings[0].header, (model,)):
                return _Asked(model.name, self._wishes.of(entry.path), siblings, model)
        return _Asked(model.name, self._wishes.settings, (), model)

    def _catalog_or_none(self) -> tuple[CatalogModel, ...]:
        try:
            return load_catalog()
        except ModelError as error:
            self._emit(Notice(key="catalog", severity="warning", problem=problem_of(error)))
            return ()

    def _on_event(self, event: LevelResult) -> None:
        asked = self._asked.get(event.request_id)
        if asked is None:
            return
        if isinstance(event, LevelsPlanned):
            asked.planned = event
            self._time_or_finish(asked, event)
        elif isinstance(event, TypesTimed):
            assert asked.planned is not None  # speeds are asked for afterwards
            self._measured.keep_machine(asked.machine, event.speeds)
            self._finish(event.request_id, asked, asked.planned)
        elif isinstance(event, Failed) and asked.planned:
            self._finish(event.request_id, asked, asked.planned)  # a ladder without speeds
        elif isinstance(event, Failed):
            self._fail(event.request_id, event)

    def _time_or_finish(self, asked: _Asked, planned: LevelsPlanned) -> None:
        if not asked.siblings and asked.catalog:
            plans = _catalog_plans(asked.catalog, asked.wish, planned)
            planned = asked.planned = structs.replace(planned, plans=plans)
        reads = {(read.device, read.type) for plan in planned.plans for read in plan.reads}
        machine = self._measured.machine(asked.machine)
        known = {(each.device, each.type) for each in machine.speeds}
        missing = reads - known if machine.times >= TIMINGS else reads
        if not missing:
            self._finish(planned.request_id, asked, planned)
            return
        cards = {device.name for device in planned.devices if device.kind in {"gpu", "igpu"}}
        self._client.ask(
            TimeTypes(
                request_id=planned.request_id,
                types=tuple(sorted({type_ for _device, type_ in missing} | {"F16"})),
                columns=asked.shape[0],
                rows=asked.shape[1],
                threads=asked.wish.threads,
                devices=tuple(sorted(cards & {device for device, _type in missing})),
            )
        )

    def _finish(self, request_id: str, asked: _Asked, planned: LevelsPlanned) -> None:
        del self._asked[request_id]
        known = Known(
            name=asked.name,
            context=asked.wish.context,
            siblings=asked.siblings,
            catalog=asked.catalog,
            planned=planned,
            speeds=self._measured.machine(asked.machine).speeds,
            measured=self._measured,
            text=text_name(quality_text()),
        )
        self._emit(LadderReady(request_id=request_id, ladder=build(known)))

    def _fail(self, request_id: str, event: Failed) -> None:
        self._asked.pop(request_id, None)
        self._emit(RequestFailed(request_id=request_id, problem=problem_of_failure(event)))


def quality_text() -> str:
    """Return the text that ships for measuring quality; it was written for that, and for no other.

    Raises ModelError when it is gone.
    """
    path = resources_folder() / "catalog" / "quality.txt"
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        detail = error.strerror or str(error)
        raise ModelError(Code.CATALOG_INVALID, file=path.name, detail=detail) from error


def text_name(text: str) -> str:
    """Return what tells a text from another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _catalog_plans(
    model: CatalogModel, wish: Placement, planned: LevelsPlanned
) -> tuple[LevelPlan, ...]:
    """Plan each level from the catalog's figures; none for a model without."""
    available = available_memory()
    plans = []
    for file in model.files:
        header = header_of(model, file.level)
        if header:
            plans.append(plan_level(header, file.level, wish, planned.devices, available))
    return tuple(plans)
