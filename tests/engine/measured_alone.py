"""Measures levels in a process of its own, as the program does: a request in, figures out."""

import sys

import msgspec

from core.engine.quality import measure_levels
from core.messages import MeasureLevels

if __name__ == "__main__":
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=MeasureLevels)
    sys.stdout.buffer.write(msgspec.json.encode(measure_levels(request, lambda *_each: None)))
