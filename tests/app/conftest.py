"""Fixtures: an open application over scripted children."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base.paths import Paths
from tests.app.stage import Stage


@pytest.fixture
def stage(root: Paths, starter_model: Path) -> Iterator[Stage]:
    made = Stage(root)
    yield made
    made.app.close()
