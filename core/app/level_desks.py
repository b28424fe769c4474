"""Builds what a front end asks about levels: the ladder's desk, and the one that makes them."""

from collections.abc import Callable

from core.app.events import AppEvent
from core.app.ladders import LadderDesk
from core.app.levels import LevelDesk
from core.app.models import ModelDesk
from core.app.wishes import Wishes
from core.engine.levels_client import LevelsClient
from core.models.measured import Measured
from core.paths import Paths


def open_levels(
    paths: Paths,
    wake: Callable[[], None],
    models: ModelDesk,
    wishes: Wishes,
    emit: Callable[[AppEvent], None],
) -> tuple[LadderDesk, LevelDesk]:
    """Open both; each has a child of its own, so that a ladder is shown while a level is made."""
    measured = Measured(paths.measured)
    planning, making = LevelsClient(paths, wake), LevelsClient(paths, wake)
    return (
        LadderDesk(planning, models, wishes, measured, emit),
        LevelDesk(making, paths, models, wishes, measured, emit),
    )
