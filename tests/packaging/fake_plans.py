"""A plan desk that has seen what the test says."""

from core.messages import Device
from core.messages.planner_messages import SkippedBackend


class FakePlans:
    """Devices and backends as they were last seen; counts how often it is asked to look."""

    def __init__(self, *devices: Device) -> None:
        self.devices = devices
        self.skipped_backends: tuple[SkippedBackend, ...] = ()
        self.looks = 0

    def refresh_devices(self) -> None:
        self.looks += 1
