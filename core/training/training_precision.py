"""Training precision: whole floats, or halves where the processor multiplies those faster."""

import time

import torch

_ROWS, _COLUMNS, _TOKENS = 1024, 1024, 64
_ROUNDS = 5
_MARGIN = 1.3
"""How much faster halves must be: they are less exact."""


def faster_precision() -> torch.dtype:
    """Return bfloat16 where matrices of it are multiplied clearly faster, else float32.

    Some hundredths of a second of processor time; what is trained lies in float32 all the same.
    """
    whole = _shortest(torch.float32)
    return torch.bfloat16 if whole > _MARGIN * _shortest(torch.bfloat16) else torch.float32


def _shortest(precision: torch.dtype) -> float:
    values = torch.ones(_TOKENS, _COLUMNS, dtype=precision)
    matrix = torch.ones(_ROWS, _COLUMNS, dtype=precision)
    seconds = []
    for _round in range(_ROUNDS + 1):  # the first one also prepares
        started = time.thread_time()
        torch.nn.functional.linear(values, matrix)
        seconds.append(time.thread_time() - started)
    return min(seconds[1:])
