"""Rounds of a graph on the real processor: how many are computed, and how many of them count."""

import contextlib
from itertools import count
from typing import Any

from core.engine.devices.graph_timer import GraphTimer


class CountedGgml:
    """The functions of ggml, which counts how often a graph is computed."""

    def __init__(self, ggml: Any) -> None:
        self._ggml = ggml
        self.computed = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ggml, name)

    def ggml_backend_graph_compute(self, backend: int, graph: int) -> int:
        self.computed += 1
        return int(self._ggml.ggml_backend_graph_compute(backend, graph))


def timed(*, is_card: bool, limit: float) -> tuple[int, int]:
    """Return how many of three rounds counted and were computed, each of one second."""
    ticks = count()
    with (
        GraphTimer("CPU", 1, lambda: float(next(ticks))) as timer,
        contextlib.ExitStack() as undo,
    ):
        arena = timer.new_arena(undo)
        matrix = timer.ggml.ggml_new_tensor_2d(arena, 0, 32, 32)
        graph = timer.ggml.ggml_new_graph(arena)
        timer.ggml.ggml_build_forward_expand(graph, timer.ggml.ggml_mul_mat(arena, matrix, matrix))
        assert timer.allocate(undo, arena, timer.plain_memory)
        assert not timer.is_card
        timer.is_card = is_card
        counted = CountedGgml(timer.ggml)
        timer.ggml = counted
        rounds = len(list(timer.round_seconds(graph, 3, limit)))
        timer.ggml = counted._ggml
        return rounds, counted.computed


def test_on_a_card_a_first_round_does_not_count_and_a_single_one_never_decides() -> None:
    assert timed(is_card=True, limit=0.0) == (2, 3)
    assert timed(is_card=True, limit=100.0) == (3, 4)
    assert timed(is_card=False, limit=0.0) == (1, 1)
    assert timed(is_card=False, limit=100.0) == (3, 3)
