"""Measures levels in a process of its own, as the program does: a request in, figures out."""

import sys

import msgspec

from core.engine.quantization.quality_measurement import measure_quality
from core.messages import MeasureQuality

if __name__ == "__main__":
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=MeasureQuality)
    sys.stdout.buffer.write(msgspec.json.encode(measure_quality(request, lambda *_each: None)))
