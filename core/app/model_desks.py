"""Builds what a front end asks about models, from one root: each part knows only what it needs."""

from collections.abc import Callable
from typing import NamedTuple

from core.app.adapters import AdapterDesk
from core.app.alarm import Alarm
from core.app.checksums import ChecksumDesk
from core.app.events import AppEvent
from core.app.fitting import fits_with, plan_key
from core.app.loads import LoadDesk, Users
from core.app.model_settings import ModelSettingsDesk
from core.app.models import ModelDesk
from core.app.quarantine import Quarantine
from core.app.remembered import Remembered
from core.app.shelf import ShelfDesk
from core.app.states import States
from core.app.wishes import Wishes
from core.engine.client import EngineClient
from core.messages import Device, Placement
from core.models.model_settings import ModelSettingsStore
from core.models.shelf import Shelf
from core.paths import Paths
from core.settings import Settings


class Machine(NamedTuple):
    """What is known of this machine when it is asked: devices, and those that are left alone."""

    devices: Callable[[], tuple[Device, ...]]
    avoided: Callable[[Placement], Placement]


class ModelDesks(NamedTuple):
    """The parts, for the application to hand on."""

    models: ModelDesk
    loads: LoadDesk
    shelf: ShelfDesk
    checksums: ChecksumDesk
    settings: ModelSettingsDesk
    adapters: AdapterDesk
    wishes: Wishes


def _shelf(
    paths: Paths,
    wishes: Wishes,
    machine: Machine,
    quarantine: Quarantine,
    store: ModelSettingsStore,
) -> Shelf:
    return Shelf(
        paths,
        fits_with(wishes.as_set, machine.devices),
        quarantine.problem,
        plan_key=plan_key(wishes.as_set, machine.devices),
        has_own_template=lambda path: bool(store.of(path).template),
    )


def open_models(
    paths: Paths,
    settings: Settings,
    engine: EngineClient,
    states: States,
    machine: Machine,
    users: Users,
    *,
    emit: Callable[[AppEvent], None],
    wake: Callable[[], None],
) -> ModelDesks:
    """Open the shelf of a root and what stands around it; starts no child and no thread."""
    store = ModelSettingsStore(paths.model_settings)
    quarantine = Quarantine(paths)
    wishes = Wishes(
        settings,
        Remembered(paths.placements),
        machine.devices,
        machine.avoided,
        lambda path, general: own.placement(path, general),  # noqa: PLW0108 - it is made below
    )
    shelf = _shelf(paths, wishes, machine, quarantine, store)
    own = ModelSettingsDesk(store, settings, shelf, emit)
    loads = LoadDesk(
        shelf,
        engine,
        emit,
        settings=settings,
        quarantine=quarantine,
        states=states,
        wishes=wishes,
        own=own,
        users=users,
        alarm=Alarm(wake),
    )
    models = ModelDesk(shelf, quarantine, settings, emit, loads.want)
    checksums = ChecksumDesk(shelf, emit, wake)
    work = ShelfDesk(paths, shelf, settings, emit, wake, checksums=checksums, release=loads.release)
    adapters = AdapterDesk(shelf, models.chosen)
    return ModelDesks(models, loads, work, checksums, own, adapters, wishes)
