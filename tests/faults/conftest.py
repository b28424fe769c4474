"""Fixtures of the rooms that faults are injected into."""

from tests.engine.conftest import driver, loaded
from tests.library.conftest import records

__all__ = ["driver", "loaded", "records"]
