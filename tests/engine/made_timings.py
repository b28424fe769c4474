"""Made-up timings of a model, of rows and of the cells that each of them reads."""

from collections.abc import Iterable

from core.messages import AttentionTiming, EngineTuning, WeightsTiming

ROWS = (1, 16, 64, 128, 256, 512)


def made_timings(
    row: float, fused: tuple[float, float], separate: float, depths: Iterable[int]
) -> EngineTuning:
    """Return timings by seconds: a row's weights; a row's cell, fused below the tile and else."""
    small, large = fused
    return EngineTuning(
        machine="here",
        shape="small",
        flash_attention="auto",
        batch=512,
        gain=1.0,
        seconds=1.0,
        attention=tuple(
            AttentionTiming(
                rows=count,
                depth=depth,
                fused=count * depth * (small if count < 64 else large),
                separate=count * depth * separate,
            )
            for count in ROWS
            for depth in depths
        ),
        weights=tuple(WeightsTiming(rows=count, seconds=count * row) for count in ROWS),
    )
